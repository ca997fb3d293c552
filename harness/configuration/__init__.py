"""The configuration check: what a customer's own settings mean for leavers, told without sending anything.

``check`` takes what was read: exports of an Entra job, settings of an Okta app, and a list of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harness.configuration import entra, okta
from harness.configuration.first_cycle import Census, There
from harness.configuration.matching import Matching, of_entra, of_okta
from harness.configuration.okta_settings import OktaSettings
from harness.configuration.people import People, Row
from harness.guides import harm
from harness.model.diagnosis import Diagnosis, Line, Readiness, State
from harness.model.entra_export import EntraExport
from harness.model.profile import Profile
from harness.model.sighting import Complaint

_ORDER = (State.WRONG, State.WARNING, State.COULD_NOT_ASK, State.NOT_AVAILABLE, State.OK)


@dataclass(frozen=True)
class Given:
    """What there is to look at. ``sign_in`` is the directory's attribute that single sign-on sends, "" if not known.

    ``there`` are the people of the service; None: not known. ``idp`` says whose list ``people`` is where neither the
    list nor the settings tell.
    """

    export: EntraExport | None = None
    okta: OktaSettings | None = None
    people: People | None = None
    there: There | None = None
    idp: str = ""
    complaints: tuple[Complaint, ...] = ()
    sign_in: str = ""


def check(given: Given, profile: Profile) -> Diagnosis:
    """Look at everything that was given; nothing is sent. What was not given gets no Line."""
    found: list[Line] = [_unread(complaint) for complaint in given.complaints]
    if given.export is not None:
        found += entra.examine(given.export, profile, given.sign_in)
    if given.okta is not None:
        found += okta.examine(given.okta, profile)
    if given.people is not None and given.people.columns:
        found += _people(given.people, given, profile)
    return concluded(found)


_UNREADABLE = 5
"""So many rows that cannot be read are told one by one."""


def _people(people: People, given: Given, profile: Profile) -> Iterator[Line]:
    matching = _matching(people, given)
    missing = sorted(matching.scope_reads - set(people.columns) - {"accountEnabled"})
    if matching.in_scope is not None and missing:
        title = f"Whom the scoping filter leaves out: the list has no column {', '.join(missing)}"
        yield Line(
            "people-scope-unknown", State.NOT_AVAILABLE, title, fix="Export the list with it.", guide="entra-scope"
        )
        matching = replace(matching, in_scope=None)
    known = {*people.columns, *(["mailNickname"] if "userPrincipalName" in people.columns else ())}
    if matching.reads and not known & set(matching.reads):
        title = f"The list has no column {' or '.join(matching.reads)}, by which people are matched"
        fix = f"Export the list with it; {people.path.name} has {', '.join(people.columns[:12])}."
        anchor = f"{matching.idp}-people"
        yield Line("people-column-missing", State.COULD_NOT_ASK, title, fix=fix, who="customer", guide=anchor)
        return
    census = Census(matching, given.there)
    broken: list[Complaint] = []
    for row in people.rows():
        if isinstance(row, Row):
            census.add(row)
        else:
            broken.append(row)
    yield from (_unread(complaint) for complaint in broken[:_UNREADABLE])
    if len(broken) > _UNREADABLE:
        title = f"{people.path.name}: {len(broken) - _UNREADABLE} more rows cannot be read"
        yield Line("file-unread", State.NOT_AVAILABLE, title)
    yield from census.lines(profile)


def _matching(people: People, given: Given) -> Matching:
    idp = given.idp or people.idp or ("okta" if given.okta is not None and given.export is None else "entra")
    return of_okta(given.okta) if idp == "okta" else of_entra(given.export)


def concluded(lines: Iterable[Line]) -> Diagnosis:
    """The Lines in their order, the worst for people first, and what they come to."""
    ordered = by_state(sorted(lines, key=harm))
    wrong = [one for one in ordered if one.state is State.WRONG]
    unclear = [one for one in ordered if one.state is State.COULD_NOT_ASK]
    warned = [one for one in ordered if one.state is State.WARNING]
    if wrong:
        more = f" {len(wrong) - 1} more to change." if len(wrong) > 1 else ""
        said = f"Not ready: {_small(wrong[0].title)}. {wrong[0].meaning}{more}"
        return Diagnosis(Readiness.NOT_READY, said, ordered)
    if unclear:
        said = f"Cannot tell: {_small(unclear[0].title)}. {unclear[0].fix}".strip()
        return Diagnosis(Readiness.CANNOT_TELL, said, ordered)
    if warned:
        said = f"Ready, with something to look at: {_small(warned[0].title)}. {NOT_ASKED}"
        return Diagnosis(Readiness.READY_WITH_CAVEATS, said, ordered)
    said = f"Ready, as far as the settings go: nothing in them keeps a leaver's access. {NOT_ASKED}"
    return Diagnosis(Readiness.READY_WITH_CAVEATS, said, ordered)


NOT_ASKED = "Whether the service does its part was not asked: name it with --target."


def by_state(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The worst first; among equals the order that they have."""
    return tuple(sorted(lines, key=lambda one: _ORDER.index(one.state)))


def _small(title: str) -> str:
    """A title inside a sentence; a word that is written so stays."""
    first, _, rest = title.partition(" ")
    plain = first[:1].isupper() and first[1:].islower() and first not in _PROPER
    return f"{first.lower()} {rest}".rstrip() if plain else title


_PROPER = ("Update", "Create", "Delete", "Deactivate", "Sync", "Okta", "Entra")


def _unread(complaint: Complaint) -> Line:
    at = complaint.provenance
    return Line(
        id="file-unread",
        state=State.COULD_NOT_ASK if complaint.fatal else State.NOT_AVAILABLE,
        title=f"{at.file}, {at.place}: {complaint.message}",
        fix=complaint.hint,
    )
