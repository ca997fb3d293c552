"""Test Connection: a search for somebody who cannot exist."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import TestConnection
from harness.model.exchange import Exchange
from harness.model.outlook import Notice
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.entra import log, sources
from simulators.entra.app import Entra
from simulators.entra.mapping import WITHOUT_MEMBERS, ObjectMapping, only
from simulators.render import Ask, guid, held_back


@sequence(
    "Test Connection",
    on=(TestConnection,),
    evidence="captured",
    source=sources.NGINX_LOG,
    seen="2026",
    omits="GET /Schemas, which gallery apps ask for when the page is opened; OAuth and federated credentials",
)
def probe_connection(entra: Entra, _nobody: Member | None, cast: Cast) -> Steps:
    """Entra asks for a random user, and for a random group while the group mapping is on.

    It is on, as delivered, when the administrator first presses the button: the mappings only show after that.
    """
    answer = yield from probe_users(entra, cast)
    if _passed(answer) and entra.setup.probe_groups and entra.teams_mapping.enabled:
        target = _first(entra.teams_mapping, "displayName")
        query = f"{WITHOUT_MEMBERS}&{only(target, guid('group-probe', *_seed(cast)))}"
        title = "Ask for a group that cannot exist"
        answer = yield entra.get(entra.groups(), Intent.GROUP_LOOKUP, title, query=query, tag="probe")
    if held_back(answer):
        return
    code, text, inferred = log.test(answer)
    confirmed = "The supplied credentials are authorized to enable provisioning"
    status = "Failure" if text else "Success"
    entra.tell(Notice(log.TEST, status, text or confirmed, code, answer.id, inferred))


def probe_users(entra: Entra, cast: Cast, title: str = "Ask for a user who cannot exist") -> Ask[Exchange]:
    """The probe alone; it opens a cycle and a run on demand as well."""
    query = only(_first(entra.users_mapping, "userName"), guid("user-probe", *_seed(cast)))
    answer = yield entra.get(entra.users(), Intent.CONNECT, title, query=query)
    return answer


def _passed(answer: Exchange) -> bool:
    return not log.test(answer)[1]


def _first(mapping: ObjectMapping, otherwise: str) -> str:
    return mapping.matching[0].target.text if mapping.matching else otherwise


def _seed(cast: Cast) -> tuple[str, ...]:
    return tuple(member.person.directory_id for member in cast)
