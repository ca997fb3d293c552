from __future__ import annotations

from pathlib import Path

import pytest

from harness.settings import Settings, SettingsError, from_file, from_table, merge


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "scim.toml"
    file.write_text(
        """
        [target]
        base_url = "https://app.example/scim/v2"
        profile = "full"
        allow = ["write"]
        timeout = 5
        [accounts]
        listed = ["ada@example.test"]
        [hooks]
        access = "https://app.example/hooks/access"
        [run]
        idps = ["okta:oin"]
        quick = true
        """
    )
    settings = from_file(file).checked()
    assert settings.target == "https://app.example/scim/v2"
    assert (settings.profile, settings.allow, settings.timeout) == ("full", ("write",), 5.0)
    assert (settings.accounts, settings.idps, settings.quick) == (("ada@example.test",), ("okta:oin",), True)
    assert settings.hooks == {"access": "https://app.example/hooks/access"}


def test_a_pyproject_keeps_the_settings_in_its_own_table(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n[tool.scimulator.target]\nprofile = "read-only"\n')
    assert from_file(file).profile == "read-only"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"targets": {}}, "unknown section [targets]; there are [target]"),
        ({"target": {"url": "x"}}, "unknown 'url' in [target]; there are base_url"),
        ({"target": {"base_url": 7}}, "[target] base_url: expected a string, found 7"),
        ({"run": {"idps": "okta"}}, "[run] idps: expected a list of strings, found 'okta'"),
        ({"run": {"quick": "yes"}}, "[run] quick: expected true or false, found 'yes'"),
        ({"target": "https://app.example"}, "unknown section [target]"),
    ],
)
def test_a_wrong_member_is_named_with_what_was_expected(table: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        from_table(table, "scim.toml")
    assert str(caught.value).startswith("scim.toml: ")
    assert said in str(caught.value)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    file = tmp_path / "scim.toml"
    file.write_text("[target\n")
    with pytest.raises(SettingsError, match=r"not TOML.*line 1"):
        from_file(file)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(target="app.example/scim/v2"), "expected https://HOST/PATH"),
        (Settings(allow=("everything",)), "expected read, write or delete"),
        (Settings(source="magic"), "expected one of jit, scim, listed, hook"),
        (Settings(fail_on="never"), "expected fail or warn"),
        (Settings(timeout=0), "above 0"),
        (Settings(target="https://app.example", defects=("x",)), "go without --target"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(settings: Settings, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings.checked()


def test_the_command_line_wins_and_leaves_the_rest_alone() -> None:
    base = Settings(profile="full", seed=3, idps=("okta",))
    merged = merge(base, {"profile": "", "seed": None, "idps": ("entra",), "stories": ()})
    assert (merged.profile, merged.seed, merged.idps) == ("full", 3, ("entra",))


def test_a_missing_key_says_where_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIMULATOR_TOKEN", "  ")
    with pytest.raises(SettingsError, match="environment variable SCIMULATOR_TOKEN"):
        Settings().token()
    monkeypatch.setenv("MY_KEY", " abc123 \n")
    assert Settings(token_env="MY_KEY").token().reveal() == "abc123"


def test_an_idp_is_set_up_in_its_own_words_and_a_json_file_stands_for_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "mapping.json").write_text('{"properties": {}}')
    file = tmp_path / "scim.toml"
    file.write_text('[idp.okta]\nupdate = true\nmapping = "mapping.json"\n[idp."okta:aiw"]\nauthorization = "basic"\n')
    assert from_file(file).setups == {
        "okta": {"update": True, "mapping": {"properties": {}}},
        "okta:aiw": {"authorization": "basic"},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("idp = 7", "unknown section [idp]"),
        ("[idp]\nokta = 7", "[idp] okta: expected a table"),
        ('[idp.okta]\nmapping = "none.json"', "[idp.okta] mapping: "),
        ('[idp.okta]\nmapping = "broken.json"', "is not JSON"),
    ],
)
def test_a_set_up_that_cannot_be_read_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "broken.json").write_text("{")
    file = tmp_path / "scim.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        from_file(file)
    assert said in str(refused.value)


def test_further_keys_come_from_the_variables_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEIGHBOUR", " other-key ")
    settings = Settings(second_token_env="NEIGHBOUR")
    assert {name: secret.reveal() for name, secret in settings.further_tokens().items()} == {"second": "other-key"}
    assert Settings().further_tokens() == {}
    with pytest.raises(SettingsError, match=r"expired_token_env names the environment variable OLD, which is unset"):
        Settings(expired_token_env="OLD").further_tokens()
