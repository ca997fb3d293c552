"""Test API Credentials, and what follows when the settings are saved."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import TestConnection
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import found_in

CREDENTIALS = "startIndex=1&count=2"
PAGE = "startIndex=1&count=100"


@sequence("Test API Credentials", on=(TestConnection,), evidence="captured", source=sources.CAPTURE_2018)
def check_credentials(okta: Okta, _nobody: Member | None, _cast: Cast) -> Steps:
    """Okta asks for the first two users. A failed test leaves nothing to save.

    On saving, a catalogue app reads the groups (documented for SCIM 1.1, and in Okta's test file of 2016); a wizard app
    without Import Groups asks for the two users once more (captured in 2026).
    """
    answer = yield okta.get(okta.users(), Intent.CONNECT, "Test API Credentials", query=CREDENTIALS)
    if answer.status == 404 or found_in(answer) is None:
        return
    if okta.reads_groups_on_save:
        yield okta.get(okta.groups(), Intent.GROUP_READ, "Look for groups on saving", query=PAGE, tag="on-save")
    else:
        yield okta.get(okta.users(), Intent.CONNECT, "Ask again on saving", query=CREDENTIALS, tag="on-save")
