"""Attributes with parts, attributes without a value, and extensions: what add and replace do to them."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.attributes import MARK, middle, no_breakdown, parts, seen, tried
from harness.checks.oracles import carried_out, trial, unchanged
from harness.checks.reading import listing
from harness.checks.state import member
from harness.model.check import judges
from harness.model.finding import Finding, as_json
from harness.model.step import ENTERPRISE_USER
from harness.model.transcript import Transcript


@judges("RFC7644-3.5.2.3-05", probe="attributes", when=tried("name.replace", "name", "givenName", "familyName"))
def replacing_a_whole_name_keeps_the_other_parts(transcript: Transcript) -> Iterator[Finding]:
    """By RFC 7644; the interoperability profile asks for the opposite (C05)."""
    found = seen(transcript, "name.replace")
    wanted = parts(found.before.resource) | {"givenname": f"{MARK}-given"}
    hint = "A replace of an attribute with parts sets the parts that come and keeps the others."
    yield from carried_out(found, wanted, parts(found.after.resource), "/name", hint)


@judges("RFC7644-3.5.2.1-05", probe="attributes", when=middle("name.add"))
def adding_to_a_name_keeps_the_other_parts(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "name.add")
    wanted = parts(found.before.resource) | {"middlename": f"{MARK}-middle"}
    yield from carried_out(found, wanted, parts(found.after.resource), "/name", "An add merges the parts that come.")


@judges("RFC7644-3.5.2.3-11", probe="attributes", when=tried("name.dotted", "name", "givenName"))
def a_dotted_name_is_never_stored_as_it_stands(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "name.dotted")
    hint = "Read the dot as the way to a part, or refuse the request."
    if any("." in name and not name.lower().startswith("urn:") for name in found.after.resource):
        yield Finding(
            expected=["name.givenName inside name"],
            actual=sorted(n for n in found.after.resource if "." in n),
            hint=hint,
            exchange=found.after.id,
            likeness="literal",
        )
    elif found.write.ok and parts(found.after.resource)["givenname"] != f"{MARK}-dotted":
        yield Finding(
            expected=[f"givenName {MARK}-dotted", "HTTP 400"],
            actual=f"HTTP {found.write.status}, and givenName {as_json(parts(found.after.resource)['givenname'])}",
            at="/name/givenName",
            hint=hint,
            exchange=found.after.id,
            likeness="silent",
        )


@judges("RFC7644-3.5.2.1-06", probe="attributes", when=lambda t: tried("title.add", "title")(t) and _untitled(t))
def adding_where_nothing_was_sets_the_value(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "title.add")
    hint = "An add on an attribute without a value gives it the value."
    yield from carried_out(found, f"{MARK}-title", member(found.after.resource, "title"), "/title", hint)


def _untitled(transcript: Transcript) -> bool:
    return not member(seen(transcript, "title.add").before.resource, "title")


def _extended(transcript: Transcript) -> bool:
    """Whether the service publishes the enterprise extension with the attribute that the probe writes."""
    schemas = [s for x in transcript.tagged("attr.schemas") for s in x.resources]
    mine = [s for s in schemas if str(s.get("id")).lower() == ENTERPRISE_USER.lower()]
    names = [member(a, "name") for s in mine for a in listing(s.get("attributes"))]
    return "costCenter" in names and trial(transcript, "attr.schemas.add") is not None


@judges("RFC7644-3.5.2-21", probe="attributes", when=_extended)
def an_extension_can_be_added_and_written_at_once(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "schemas.add")
    stored = member(found.after.resource, ENTERPRISE_USER, "costCenter")
    hint = "Let later operations of a request use the schemas that earlier ones have added."
    yield from carried_out(found, f"{MARK}-cost", stored, f"/{ENTERPRISE_USER}/costCenter", hint)


@judges("RFC7644-3.5.2-22", probe="attributes", when=lambda t: trial(t, "attr.schemas.filter") is not None)
def a_filter_on_plain_values_does_no_harm(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "schemas.filter")
    hint = "Nothing was selected: change nothing, and answer with success or 400."
    yield from unchanged(found, hint)
    yield from no_breakdown(found, hint)
