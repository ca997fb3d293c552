"""Requirements as data: one TOML file per RFC section, IdP and profile."""
