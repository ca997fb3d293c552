"""The wire: the only place that talks to a service, and the one choke point where secrets are taken out."""
