"""What a filter finds, re-evaluated: nobody too many, and of the people that are known nobody too few (§3.4.2.2).

A service may decline an operator (400 invalidFilter); what it answers with 200 has to be right. Where it finds the
person by no filter at all, or everybody by any, that is one fault and not twenty: then nothing here is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.declared import definitions
from harness.checks.filters import declined, reads_filters, variants
from harness.checks.http import one
from harness.checks.reading import (
    asked,
    elsewhere,
    endpoint,
    holds,
    known_as,
    member,
    page,
    people,
    projected,
    schemas_of,
    seen,
    short,
    text,
    total,
)
from harness.filtering import FilterSyntaxError, Node, Rules, evaluate, parse
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER
from harness.model.transcript import Transcript


def rules_of(transcript: Transcript) -> Rules:
    """How the service says that attributes are compared, from its schemas as they were read in this scenario."""
    single = [x.json for x in transcript.exchanges if x.ok and endpoint(x) == "Schemas" and not x.is_list]
    return Rules.published([*single, *definitions(transcript).values()])


def filter_of(exchange: Exchange) -> Node | None:
    """The filter of a query as the harness reads it, or None."""
    try:
        return parse(text(asked(exchange).get("filter")))
    except FilterSyntaxError:
        return None


def known(transcript: Transcript, *tags: str) -> list[dict[str, Any]]:
    """People who were read whole by id, and who stay as they are while the probe runs."""
    wanted = tags or ("filters.person", "filters.other")
    return [p for x in transcript.exchanges if x.tag in wanted and not projected(x) for _, p in people(x)]


def wrongly_found(answer: Exchange, node: Node, rules: Rules, hint: str) -> Iterator[Finding]:
    """Whoever is shown although they do not match; a resource that is shown in part cannot be judged."""
    for pointer, shown in people(answer) if not projected(answer) else ():
        if evaluate(node, shown, rules) is False:
            yield Finding(
                expected=[f"only who matches {short(str(node), 120)}"],
                actual=text(member(shown, "userName")) or known_as(shown),
                at=pointer,
                exchange=answer.id,
                likeness=f"{answer.tag} too many",
                hint=hint,
            )
            return


def wrongly_missed(
    answer: Exchange, node: Node, rules: Rules, everybody: list[dict[str, Any]], hint: str
) -> Iterator[Finding]:
    """Whoever is known to match and is not shown, although the page holds all that were found."""
    if len(page(answer)) != (total(answer) or 0):
        return
    for somebody in everybody:
        own = known_as(somebody)
        if own and not holds(answer, somebody) and evaluate(node, somebody, rules) is True:
            yield Finding(
                expected=[f"{text(member(somebody, 'userName')) or own} among them"],
                actual=f"{len(page(answer))} others" if page(answer) else "nobody",
                at="/Resources",
                exchange=answer.id,
                likeness=f"{answer.tag} too few",
                hint=hint,
            )
            return


def disagreements(transcript: Transcript, answers: list[Exchange], hint: str, *tags: str) -> Iterator[Finding]:
    """Where the answers differ from what the filters mean. What was declined is passed over."""
    rules, everybody = rules_of(transcript), known(transcript, *tags)
    for answer in answers:
        node = filter_of(answer)
        if node is None or declined(answer) or elsewhere(answer):
            continue
        if not answer.ok:
            yield Finding(
                expected=["200 with those who match", '400 with "scimType": "invalidFilter"'],
                actual=seen(answer),
                exchange=answer.id,
                likeness=f"{answer.tag} {answer.status}",
                hint=hint,
            )
            continue
        yield from wrongly_found(answer, node, rules, hint)
        yield from wrongly_missed(answer, node, rules, everybody, hint)


def _answers(transcript: Transcript, tags: tuple[str, ...]) -> list[Exchange]:
    return [x for x in variants(transcript, *tags) if not declined(x)]


def _table(*tags: str) -> tuple[dict[str, Any], Callable[[Transcript], list[Exchange]]]:
    """Where an operator was answered: the arguments of ``judges`` beside the requirement, and the answers."""
    whole = tuple(f"filters.{tag}" for tag in tags)
    return {"probe": "filters", "when": lambda t: bool(_answers(t, whole))}, lambda t: _answers(t, whole)


_WHERE_NE, _ne = _table("ne")
_WHERE_CO, _co = _table("co")
_WHERE_SW, _sw = _table("sw", "sw-inside", "sw-whole")
_WHERE_EW, _ew = _table("ew")
_WHERE_PR, _pr = _table("pr", "pr-absent")
_WHERE_DATES, _dates = _table("date-after", "date-before")
_WHERE_ORDER, _order = _table("text-ge", "text-lt")
_WHERE_OR, _or = _table("or")
_WHERE_PRECEDENCE, _precedence = _table("precedence")
_WHERE_BRACKETS, _brackets = _table("brackets", "nested")
_WHERE_CASE, _case = _table("mail-case")


@judges("RFC7644-3.4.2.2-11", **_WHERE_NE)
def ne_finds_everybody_else(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _ne(transcript), "ne is true where the values differ.")


@judges("RFC7644-3.4.2.2-12", **_WHERE_CO)
def co_looks_inside_the_value(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _co(transcript), "co finds the text anywhere in the value.")


@judges("RFC7644-3.4.2.2-13", **_WHERE_SW)
def sw_looks_at_the_beginning(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _sw(transcript), "sw finds the text at the beginning; all of it counts too.")


@judges("RFC7644-3.4.2.2-14", **_WHERE_EW)
def ew_looks_at_the_end(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _ew(transcript), "ew finds the text at the end of the value.")


@judges("RFC7644-3.4.2.2-15", **_WHERE_PR)
def pr_finds_who_has_a_value(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _pr(transcript), "pr is true where the attribute has a value.")


@judges("RFC7644-3.4.2.2-16", **_WHERE_DATES)
def moments_are_compared_as_moments(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _dates(transcript), "The same moment has another text in another time zone.")


@judges("RFC7644-3.4.2.2-17", **_WHERE_ORDER)
def texts_have_an_order(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _order(transcript), "Texts are ordered like the words of a dictionary.")


@judges("RFC7644-3.4.2.2-20", **_WHERE_OR)
def or_needs_one_of_the_two(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _or(transcript), "or finds who meets the first, and who meets the second.")


@judges("RFC7644-3.4.2.2-22", **_WHERE_PRECEDENCE)
def and_binds_tighter_than_or(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _precedence(transcript), "a or b and c means a or (b and c).")


@judges("RFC7644-3.4.2.2-23", **_WHERE_BRACKETS)
def brackets_come_first(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _brackets(transcript), "What stands in brackets is one condition.")


@judges("RFC7644-3.4.2.2-28", **_WHERE_CASE)
def letter_case_counts_as_published(transcript: Transcript) -> Iterator[Finding]:
    """Judged only where the plain lookup by mail address finds the person."""
    plain = one(transcript, "filters.mail")
    person = next(iter(known(transcript)), {})
    if plain is not None and plain.ok and holds(plain, person):
        yield from disagreements(transcript, _case(transcript), "Mail addresses are published without caseExact.")


def _read(transcript: Transcript, tag: str) -> Exchange | None:
    """The answer to a filter where filters are read at all: whoever ignores them has one fault, not twenty."""
    answer = one(transcript, f"filters.{tag}")
    return answer if answer is not None and not elsewhere(answer) and reads_filters(transcript) else None


@judges("RFC7644-3.4.2.2-18", probe="filters", when=lambda t: _read(t, "order-boolean") is not None)
def booleans_have_no_order(transcript: Transcript) -> Iterator[Finding]:
    """The clause names the keyword; 403 and 501 tell as well that there is nothing to find, and are tolerated."""
    answer = _read(transcript, "order-boolean")
    if answer is not None and not declined(answer):
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"'],
            actual=f"200 with {len(page(answer))} people" if answer.ok else seen(answer),
            exchange=answer.id,
            likeness="taken" if answer.ok else str(answer.status),
            hint="Neither true nor false is the greater one.",
        )


def _in_brackets(transcript: Transcript) -> Exchange | None:
    return next(iter(variants(transcript, "filters.value-filter")), None)


@judges("RFC7644-3.4.2.2-24", probe="filters", when=lambda transcript: _in_brackets(transcript) is not None)
def a_value_filter_is_answered_or_declined(transcript: Transcript) -> Iterator[Finding]:
    answer = _in_brackets(transcript)
    if answer is not None:
        yield from disagreements(transcript, [answer], 'emails[type eq "work"] finds who has such an address.')


@judges("RFC7644-3.4.2.2-30", when=lambda exchange: exchange.tag == "filters.schemas" and not elsewhere(exchange))
def people_are_found_by_their_schema(exchange: Exchange) -> Iterator[Finding]:
    wrong = [pointer for pointer, p in people(exchange) if schemas_of(p) and USER not in schemas_of(p)]
    if wrong or not (exchange.ok or declined(exchange)):
        yield Finding(
            expected=["200 with people", '400 with "scimType": "invalidFilter"'],
            actual=seen(exchange) if not exchange.ok else "somebody without this schema",
            at=wrong[0] if wrong else "",
            hint="schemas is an attribute like any other.",
        )


@judges("RFC7644-3.4.2.2-32", when=lambda exchange: exchange.tag == "filters.null" and not elsewhere(exchange))
def null_is_a_value_of_the_grammar(exchange: Exchange) -> Iterator[Finding]:
    """What it finds is open (C17)."""
    if not (exchange.ok or declined(exchange)):
        yield Finding(
            expected=["200", '400 with "scimType": "invalidFilter"'],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="The grammar allows null as a value.",
        )


@judges("RFC7643-4.1.1-17", probe="filters", when=lambda t: _read(t, "password") is not None)
def passwords_cannot_be_asked_for(transcript: Transcript) -> Iterator[Finding]:
    answer = _read(transcript, "password")
    if answer is not None and answer.ok and page(answer):
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"', "403", "200 with nobody"],
            actual=f"{len(page(answer))} people",
            at="/Resources",
            exchange=answer.id,
            hint="Whoever can ask how a password begins has it after a few hundred questions.",
        )


@judges("RFC7644-5-01", when=lambda exchange: exchange.tag == "filters.width" and not elsewhere(exchange))
def a_wide_letter_does_no_harm(exchange: Exchange) -> Iterator[Finding]:
    """PRECIS makes the wide letter equal to the plain one; hardly anybody follows, and that is only open (C35)."""
    if not (exchange.ok or declined(exchange)):
        yield Finding(
            expected=["200 with the person", "200 with nobody"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="A user name may hold any letter.",
        )
