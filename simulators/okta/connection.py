"""Test API Credentials, and what follows when the settings are saved."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.change import TestConnection
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import page

CREDENTIALS = page(1, 2)


@sequence(
    "Test API Credentials",
    on=(TestConnection,),
    evidence="captured",
    source=sources.CAPTURE_2018,
    seen="2026-10",
    omits="reading /ResourceTypes and /Schemas, which is for apps with entitlement management",
)
def check_credentials(okta: Okta, _change: TestConnection, _cast: Cast) -> Steps:
    """Okta asks for the first two users. A failed test leaves nothing to save.

    On saving, a catalogue app reads the groups (documented for SCIM 1.1, and in Okta's test file of 2016); a wizard app
    without Import Groups asks for the two users once more (captured in 2026).
    """
    answer = yield okta.get(okta.users(), Intent.CONNECT, "Test API Credentials", query=CREDENTIALS)
    if answer.status == 404 or okta.found(answer) is None:
        return
    if okta.imports_groups:
        yield okta.get(okta.groups(), Intent.GROUP_READ, "Look for groups on saving", query=page(1), tag="on-save")
    else:
        yield okta.get(okta.users(), Intent.CONNECT, "Ask again on saving", query=CREDENTIALS, tag="on-save")
