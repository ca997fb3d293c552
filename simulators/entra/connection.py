"""Test Connection: a search for somebody who cannot exist."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import TestConnection
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.entra import sources
from simulators.entra.app import Entra
from simulators.entra.mapping import WITHOUT_MEMBERS, only
from simulators.render import Ask, guid, page_of


@sequence("Test Connection", on=(TestConnection,), evidence="captured", source=sources.NGINX_LOG)
def probe_connection(entra: Entra, _nobody: Member | None, cast: Cast) -> Steps:
    """Entra asks for a random user, and for a random group while the group mapping is on.

    It is on, as delivered, when the administrator first presses the button: the mappings only show after that.
    """
    if not (yield from probe_users(entra, cast)) or not entra.setup.probe_groups:
        return
    query = f"{WITHOUT_MEMBERS}&{only('displayName', guid('group-probe', *_seed(cast)))}"
    yield entra.get(entra.groups(), Intent.GROUP_LOOKUP, "Ask for a group that cannot exist", query=query, tag="probe")


@sequence("Start of a cycle", on=(), evidence="inferred", source=sources.STARTUP_PROBE)
def start_cycle(entra: Entra, _member: Member | None, cast: Cast) -> Steps:
    """The probe that opens a cycle: when it fails, the job goes to quarantine and nobody is exported."""
    entra.quarantined = not (yield from probe_users(entra, cast))


def probe_users(entra: Entra, cast: Cast) -> Ask[bool]:
    query = only("userName", guid("user-probe", *_seed(cast)))
    answer = yield entra.get(entra.users(), Intent.CONNECT, "Ask for a user who cannot exist", query=query)
    return page_of(answer) is not None


def _seed(cast: Cast) -> tuple[str, ...]:
    return tuple(member.person.directory_id for member in cast)
