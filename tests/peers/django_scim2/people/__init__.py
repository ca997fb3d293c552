"""The one app of the project: who works here."""
