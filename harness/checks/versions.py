"""Versions: ETags that are there, that change when the resource does, and conditions that hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from harness.checks.moments import answered, id_in_path, is_scim_error
from harness.checks.oracles import Refused, trial
from harness.checks.patching import one
from harness.checks.state import differences, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

STALE = Refused((412,))


def opaque(tag: str) -> str:
    """A tag without the mark of weakness: tags are compared as texts (C23)."""
    return tag.strip().removeprefix("W/")


def _shows_one(exchange: Exchange) -> bool:
    """Whether the answer to a read or a write holds one person whole."""
    return (
        exchange.ok
        and exchange.method in ("GET", "PUT", "PATCH")
        and bool(id_in_path(exchange))
        and bool(exchange.resource)
        and not exchange.query
    ) or (exchange.method == "POST" and exchange.status == 201 and exchange.path.rstrip("/") == "/Users")


@judges("RFC7644-3.14-01", when=_shows_one)
def an_answer_names_the_version(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.header("ETag"):
        yield Finding(
            expected=["an ETag header"],
            actual=None,
            at="ETag",
            hint="Send the version of the resource in ETag with every answer that holds it.",
            likeness=exchange.method,
        )


@judges("RFC7644-3.14-02", probe="versions", when=lambda t: bool(_tagged(t)))
def meta_repeats_the_version(transcript: Transcript) -> Iterator[Finding]:
    """In the answer itself, and in the list, which has no header for each person."""
    for exchange in (*_tagged(transcript)[:1], *transcript.tagged("version.list")[:1]):
        for resource in exchange.resources[:1]:
            if not member(resource, "meta", "version"):
                yield Finding(
                    expected=["the version of the resource"],
                    actual=None,
                    at="/meta/version",
                    hint="Repeat the ETag in meta.version, in lists too.",
                    exchange=exchange.id,
                    likeness="list" if exchange.is_list else "one",
                )


def _tagged(transcript: Transcript) -> list[Exchange]:
    return [x for x in transcript.tagged("version.before") if x.resource and x.header("ETag")]


def _asked(*tags: str) -> Callable[[Transcript], bool]:
    return lambda transcript: any(one(transcript, f"version.{tag}") is not None for tag in tags)


UNCHANGED = ("none-match.current", "none-match.other-strength", "none-match.any")


@judges("RFC7644-3.14-03", probe="versions", when=_asked(*UNCHANGED))
def an_unchanged_resource_is_not_sent_again(transcript: Transcript) -> Iterator[Finding]:
    for tag in UNCHANGED:
        answer = one(transcript, f"version.{tag}")
        if answer is not None and (answer.status != 304 or answer.body):
            yield Finding(
                expected=["HTTP 304 without a body"],
                actual=f"HTTP {answer.status} with {len(answer.body)} bytes",
                hint="Compare If-None-Match weakly with the current tag, and answer 304 when they match.",
                exchange=answer.id,
                likeness=tag,
            )


@judges("RFC7644-3.14-04", probe="versions", when=_asked("none-match.stale"))
def a_changed_resource_is_sent(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "version.none-match.stale")
    assert answer is not None
    if answer.status != 200 or not answer.resource:
        yield Finding(
            expected=["HTTP 200 with the person"],
            actual=f"HTTP {answer.status}",
            hint="A tag that is not the current one means that the client has old data: send the new ones.",
            exchange=answer.id,
        )


def _tried(*tags: str) -> Callable[[Transcript], bool]:
    return lambda transcript: any(trial(transcript, f"version.{tag}") is not None for tag in tags)


@judges("RFC7644-3.14-05", probe="versions", when=_tried("match.stale", "put.stale"))
def a_write_on_an_old_version_is_refused(transcript: Transcript) -> Iterator[Finding]:
    for tag in ("match.stale", "put.stale"):
        found = trial(transcript, f"version.{tag}")
        if found is not None and not (tag == "put.stale" and found.write.status in (405, 501)):
            yield from STALE.faults(found, "Compare If-Match with the current tag in the same step that stores.")


@judges("RFC7644-3.14-11", when=lambda exchange: exchange.status == 412)
def a_412_explains_itself(exchange: Exchange) -> Iterator[Finding]:
    if not is_scim_error(exchange):
        yield Finding(
            expected=["a SCIM error body"],
            actual=exchange.body[:80].decode("utf-8", "replace"),
            hint="Send the SCIM error with the status 412, so that an administrator learns what happened.",
        )


CURRENT = ("match.current", "put.current")


@judges("RFC7644-3.14-06", "HTTP-ETAG-01", probe="versions", when=_tried(*CURRENT))
def a_write_on_the_current_version_works(transcript: Transcript) -> Iterator[Finding]:
    """A weak tag never matches by RFC 9110 alone, so that a service which holds to that is only warned (C23)."""
    for tag in CURRENT:
        for finding in _works(
            transcript, tag, "Compare the tags as texts, weak ones too: SCIM sends them in If-Match."
        ):
            write = transcript.exchange(finding.exchange)
            weak = write is not None and (write.sent_header("If-Match") or "").startswith("W/")
            yield replace(finding, requirement="HTTP-ETAG-01" if weak else "RFC7644-3.14-06")


@judges("RFC7644-3.14-07", probe="versions", when=_tried("match.any"))
def a_write_on_any_version_works(transcript: Transcript) -> Iterator[Finding]:
    yield from _works(transcript, "match.any", "Let * match whatever version there is.")


def _works(transcript: Transcript, tag: str, hint: str) -> Iterator[Finding]:
    found = trial(transcript, f"version.{tag}")
    if (found is not None and found.write.status in (412, 428)) or (found is not None and found.write.status >= 500):
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {found.write.status}",
            at="If-Match",
            hint=hint,
            exchange=found.write.id,
            likeness=tag,
        )


@judges("RFC7644-3.14-09", probe="versions", when=_tried("match.current", "match.any"))
def the_version_follows_the_resource(transcript: Transcript) -> Iterator[Finding]:
    """Another tag after a change, the same after a mere read. A write that changes nothing is left alone."""
    hint = "Derive the tag from the stored resource: a change makes a new one, a read does not."
    first, again = one(transcript, "version.before"), one(transcript, "version.same")
    if first is not None and again is not None and _versions(first) != _versions(again):
        yield Finding(
            expected=[f"{_versions(first)}, as a moment ago"],
            actual=_versions(again),
            at="ETag",
            hint=hint,
            exchange=again.id,
            likeness="read",
        )
    for tag in ("match.current", "match.any"):
        found = trial(transcript, f"version.{tag}")
        if found is None or not found.write.ok or not differences(found.before.resource, found.after.resource):
            continue
        before, after = found.before.header("ETag"), found.after.header("ETag")
        if before and after and opaque(before) == opaque(after):
            yield Finding(
                expected=["another tag than before the change"],
                actual=after,
                at="ETag",
                hint=hint,
                exchange=found.after.id,
                likeness="change",
            )
            return


def _versions(read: Exchange) -> list[str]:
    """The tag of a read wherever it stands, header first."""
    told = (read.header("ETag"), member(read.resource, "meta", "version"))
    return [tag for tag in told if isinstance(tag, str)]


def _conditional_deletion(transcript: Transcript) -> bool:
    return one(transcript, "create.odd.delete") is not None and one(transcript, "create.odd.delete.read") is not None


@judges("RFC7644-3.14-08", probe="creating", when=_conditional_deletion)
def a_conditional_deletion_is_all_or_nothing(transcript: Transcript) -> Iterator[Finding]:
    answer, read = one(transcript, "create.odd.delete"), one(transcript, "create.odd.delete.read")
    assert answer is not None
    assert read is not None
    if answer.status >= 500 or (answer.status == 412 and not read.ok) or (answer.ok and read.status != 404):
        yield Finding(
            expected=["HTTP 412, and the person is there", "HTTP 204, and the person is gone"],
            actual=f"HTTP {answer.status}, and then HTTP {read.status}",
            at="If-Match",
            hint="Honour the condition before anything is removed, or ignore it.",
            exchange=answer.id,
        )


def _says_no_versions(transcript: Transcript) -> bool:
    configs = transcript.tagged("patch.config")
    told = any(member(x.resource, "etag", "supported") is False for x in configs)
    return told and one(transcript, "patch.if-match") is not None and _patches_without_more_ado(transcript)


def _patches_without_more_ado(transcript: Transcript) -> bool:
    """Whether the same PATCH works when nothing else is asked for: else its answer says nothing about the header."""
    return any(x.ok for x in transcript.tagged("patch.unset"))


@judges("RFC7644-3.14-10", probe="patching", when=_says_no_versions)
def a_condition_does_no_harm_where_versions_are_not_offered(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "patch.if-match")
    assert answer is not None
    if not answer.ok and answer.status != 412:
        yield Finding(
            expected=["HTTP 200 or 204", "HTTP 412"],
            actual=f"HTTP {answer.status}",
            at="If-Match",
            hint="Pass over If-Match where resources have no version.",
            exchange=answer.id,
            likeness=f"{answer.status // 100}xx",
        )


def _unasked_for(transcript: Transcript) -> bool:
    configs = [x.resource for x in transcript.tagged("patch.config") if x.resource]
    silent = bool(configs) and all(
        str(member(c, "securityEvents", "asyncRequest") or "none").lower() == "none" for c in configs
    )
    return silent and one(transcript, "patch.prefer") is not None and _patches_without_more_ado(transcript)


@judges("RFC9967-2.5.1.1-05", probe="patching", when=_unasked_for)
def a_wish_for_a_later_answer_is_passed_over(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "patch.prefer")
    assert answer is not None
    if answer.status not in (200, 204) and answered(answer):
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {answer.status}",
            at="Prefer",
            hint="Ignore a preference that you do not know, do the work and answer as ever.",
            exchange=answer.id,
            likeness=f"{answer.status}",
        )
