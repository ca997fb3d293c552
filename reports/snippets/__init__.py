"""Requests as text that sends them again: one home for curl, Python and .http, with the credential as a variable."""
