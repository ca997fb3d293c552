"""Signs that only Entra's provisioning log and its exports give."""

from __future__ import annotations

from collections.abc import Iterable

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import inferred, of_trouble, sign, whole


def _skipped(seen: Look) -> bool:
    return seen.idp == "entra" and seen.went == "skipped"


@of_trouble
@sign
def not_entitled(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra skipped somebody who is not assigned to the app"""
    return seen.said("entra-not-entitled") or (
        _skipped(seen) and seen.names("noteffectivelyentitled", "not effectively entitled")
    )


@of_trouble
@sign
def not_entitled_for_a_leaver(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra skipped a leaver because it was never connected with the account"""
    return not_entitled(seen, person, picture) and seen.act in ("deactivate", "delete")


@of_trouble
@sign
def nothing_to_export(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra found that the service says the same already"""
    return seen.said("entra-redundant")


@of_trouble
@sign
def nothing_to_export_for_a_leaver(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra found the leaver inactive at the service already"""
    return nothing_to_export(seen, person, picture) and seen.act == "deactivate"


@of_trouble
@sign
def nothing_to_export_after_disabling(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra had disabled the person, and later found nothing to change: was it ever inactive at the service?"""
    if person is None or not nothing_to_export(seen, person, picture) or seen.act == "deactivate":
        return False
    return person.asked is False and person.confirmed


@inferred
@of_trouble
@sign
def out_of_scope_left_alone(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra left somebody alone who fell out of scope"""
    return seen.said("entra-out-of-scope") or (
        _skipped(seen) and seen.names("skipoutofscopedeletions", "skip out of scope")
    )


@inferred
@of_trouble
@sign
def action_not_ticked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra skipped an act because it is not ticked in the mapping"""
    return _skipped(seen) and (
        seen.names(
            r"action .{0,40}(?:not enabled|disabled|not supported)",
            "update is not",
            "target object action",
            r"skipped because the \w+ action",
        )
        or (seen.names(r"\w*actionnotenabled\w*", "flowtypes?"))
    )


@inferred
@of_trouble
@sign
def purged_at_the_source(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The person was removed from the directory for good before Entra looked"""
    return (
        seen.idp == "entra"
        and seen.went in ("skipped", "failed")
        and seen.names(
            r"no longer exists in the source",
            r"not found in the source",
            "source entry .{0,30}not found",
            "purged",
            "hard[- ]deleted",
        )
    )


@sign
def out_of_scope_disabled(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra disabled somebody who fell out of scope"""
    flags = _disabled_while_active(seen)
    return flags is not None and "false" in _scope(flags)


@inferred
@sign
def out_of_scope_said(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra disabled somebody, and its words speak of the scope"""
    flags = _disabled_while_active(seen)
    return (
        flags is not None
        and "false" not in _scope(flags)
        and seen.names("out of scope", "not in scope", "scoping filter")
    )


def _disabled_while_active(seen: Look) -> dict[str, str] | None:
    """The details of the step that looked at the scope; None when nobody was disabled, or only who left anyway."""
    if seen.act != "deactivate" or seen.went != "ok" or seen.event is None:
        return None
    flags = {k.rpartition(".")[2].casefold(): v.casefold() for k, v in seen.event.details.items()}
    return flags if flags.get("isactive", "") in ("", "true") else None


def _scope(flags: dict[str, str]) -> str:
    return flags.get("scopeevaluationresult", "") + flags.get("isinprovisioningscopedisplayname", "")


@whole
def only_creations_no_disabling(picture: Picture) -> bool:
    """Over at least ten entries Entra creates and updates people and never disables one"""
    done = picture.acts["create"] + picture.acts["update"]
    return picture.idp == "entra" and done >= 10 and not picture.acts["deactivate"] and not picture.acts["delete"]


@whole
def updates_never_sent(picture: Picture) -> bool:
    """Entra creates people and never changes or disables one"""
    changes = picture.acts["update"] + picture.acts["deactivate"] + picture.acts["reactivate"]
    return picture.idp == "entra" and picture.outcomes["create", "ok"] >= 5 and not changes


@whole
def only_connection_tests(picture: Picture) -> Iterable[Look]:
    """Nothing but connection tests arrived"""
    if picture.recorded and set(picture.acts) == {"connect"}:
        trace = picture.signs.get("test-passed")
        yield from trace.examples if trace else ()
