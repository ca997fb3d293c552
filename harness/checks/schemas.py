"""The form of whole answers: whatever differs from its schema and has no check of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from harness.checks.once import once
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.transcript import Transcript
from harness.schemas.compiled import Compiled, Violation
from harness.schemas.generate import resource_schema, spelling
from harness.validation import DISCOVERY, MESSAGES, RESOURCES, URN_OF, Document, against, documents, validate

VALUES = ("type", "pattern")
"""The keywords that tell of a wrong value. A missing, empty or doubled one is judged by the clause that demands it."""

ELSEWHERE = (
    ("User", r"/id", "RFC7643-3.1-01"),
    ("User", r"/schemas", "RFC7643-4.1-01"),
    ("User", r"/meta(/(resourceType|location))?", "RFC7643-3.1-12"),
    ("User", r"/meta/(created|lastModified)", "RFC7643-3.1-14"),
    ("User", r"/userName", "RFC7643-4.1.1-01"),
    ("User", r"/active", "RFC7643-4.1.1-13"),
    ("User", r"/[^/]+/\d+/primary", "RFC7643-2.3.2-01"),
    ("User", r"/emails(/\d+(/(value|type|display))?)?", "RFC7643-4.1.2-01"),
    ("User", r"/name(/[^/]+)?", "RFC7643-4.1.1-07"),
    ("User", r"/(displayName|nickName|title|userType|preferredLanguage|locale|timezone)", "RFC7643-4.1.1-08"),
    ("User", r"/(phoneNumbers|ims|photos|addresses|entitlements|roles|x509Certificates)(/\d+)?", "RFC7643-4.1.2-04"),
    ("Group", r"/id", "RFC7643-3.1-01"),
    ("Group", r"/meta/(created|lastModified)", "RFC7643-3.1-14"),
    ("Group", r"/members(/\d+(/value)?)?", "RFC7643-4.2-02"),
    ("ListResponse", r"(/schemas)?", "RFC7644-3.4.2-02"),
    ("ListResponse", r"/totalResults", "RFC7644-3.4.2-03"),
    ("ListResponse", r"/Resources", "RFC7644-3.4.2-04"),
    ("ServiceProviderConfig", r"(/schemas)?", "RFC7644-4-01"),
    ("ServiceProviderConfig", r"/(patch|bulk|filter|changePassword|sort|etag)(/supported)?", "RFC7643-5-01"),
    ("ServiceProviderConfig", r"/bulk/max(Operations|PayloadSize)", "RFC7643-5-02"),
    ("ServiceProviderConfig", r"/filter/maxResults", "RFC7643-5-03"),
    ("ServiceProviderConfig", r"/authenticationSchemes(/\d+(/(type|name|description))?)?", "RFC7643-5-04"),
    ("ServiceProviderConfig", r"(/authenticationSchemes/\d+)?/(documentation|spec)Uri", "RFC7643-5-08"),
    ("ResourceType", r"/(schemas|name|endpoint|schema)", "RFC7643-6-01"),
    ("ResourceType", r"/schemaExtensions(/\d+(/(schema|required))?)?", "RFC7643-6-03"),
    ("Schema", r"/(id|name|description)", "RFC7643-7-02"),
    ("Schema", r"/schemas", "RFC7643-7-12"),
    ("Schema", r"/.+/type", "RFC7643-7-03"),
    ("Schema", r"/.+/(multiValued|required|caseExact|mutability|returned|uniqueness)", "RFC7643-7-06"),
)
"""Where a finer requirement has a check of its own: schema, pointer as a regular expression, requirement. Two findings
for one defect would only hide the next one. The parts of a bulk answer are judged nowhere else."""

PUBLISHED_ELSEWHERE = ("/active", "/username")
"""Attributes whose published type has a check of its own (RFC7643-4.1.1-13 and -05)."""

_HINTS = (
    ("true or false", 'Write true or false without quotation marks: many clients read the string "false" as true.'),
    ("a list", "Send a list even for a single value: clients look for the value they need inside a list."),
    ("a JSON object", "Send an object with the named members, not the bare value."),
)


def _shows_a_resource(exchange: Exchange) -> bool:
    return any(document.schema in RESOURCES for document in documents(exchange))


def _shows_a_message(exchange: Exchange) -> bool:
    """Errors are left out: their members have checks of their own, and machines in front of a service make some."""
    return exchange.ok and any(document.schema in (*MESSAGES, *DISCOVERY) for document in documents(exchange))


@judges("RFC7643-7-11", when=_shows_a_resource)
def values_have_the_type_of_their_attribute(exchange: Exchange) -> Iterator[Finding]:
    """Users and groups, alone and in lists, against the definitions of RFC 7643."""
    wrong = validate(exchange, of=RESOURCES)
    yield from _findings(v for v in wrong if v.keyword in VALUES and not _is_judged_elsewhere(v))


@judges("HTTP-SCHEMA-01", when=_shows_a_message)
def a_message_has_the_form_of_its_kind(exchange: Exchange) -> Iterator[Finding]:
    """Lists, bulk answers and discovery documents against their JSON Schemas."""
    wrong = validate(exchange, of=(*MESSAGES, *DISCOVERY))
    yield from _findings(v for v in wrong if not _is_judged_elsewhere(v))


def _publishes_and_shows(transcript: Transcript) -> bool:
    return bool(_published(transcript)) and any(_shows_a_resource(x) for x in _seen(transcript))


@judges("RFC7643-7-11", when=_publishes_and_shows)
def values_have_the_type_that_the_service_publishes(transcript: Transcript) -> Iterator[Finding]:
    """Users and groups against the /Schemas of the service itself, where the RFC's own definition found nothing."""
    published = _published(transcript)
    ready: dict[tuple[str, ...], Compiled] = {}
    told: set[tuple[str, str]] = set()
    for exchange in _seen(transcript):
        for document in documents(exchange):
            names = _definitions_of(document, published)
            if not names:
                continue
            if names not in ready:
                ready[names] = _ready(document.schema, json.dumps([published[name] for name in names]))
            wrong = ready[names].explain(document.value, document.pointer)
            known = {(v.pointer, v.keyword) for v in against(document)} if wrong else set()
            fresh = [
                v
                for v in wrong
                if v.keyword in VALUES
                and (v.pointer, v.keyword) not in known
                and (_pattern(v.pointer), v.keyword) not in told
                and v.pointer.removeprefix(document.pointer).lower() not in PUBLISHED_ELSEWHERE
            ]
            told |= {(_pattern(v.pointer), v.keyword) for v in fresh}
            yield from _findings(fresh, exchange=exchange.id, source="published by the service itself")


def _findings(wrong: Iterable[Violation], *, exchange: str = "", source: str = "") -> Iterator[Finding]:
    """One Finding for each pointer pattern and keyword, with the number of places that are alike."""
    alike: dict[tuple[str, str], list[Violation]] = {}
    for violation in wrong:
        alike.setdefault((_pattern(violation.pointer), violation.keyword), []).append(violation)
    for group in alike.values():
        first = group[0]
        more = f" {len(group) - 1} more of the kind in this answer." if len(group) > 1 else ""
        yield Finding(
            expected=[f"{words} ({source})" if source else words for words in first.expected],
            actual=first.actual,
            at=first.pointer,
            hint=_hint(first) + more,
            likeness=f"{first.schema}.{first.keyword}",
            exchange=exchange,
        )


def _is_judged_elsewhere(violation: Violation) -> bool:
    pointer = violation.pointer
    if violation.schema not in MESSAGES:
        pointer = re.sub(r"^/Resources/\d+", "", pointer)
    return any(
        schema == violation.schema and re.fullmatch(pattern, pointer, re.IGNORECASE) for schema, pattern, _ in ELSEWHERE
    )


def _hint(violation: Violation) -> str:
    for start, text in _HINTS:
        if any(words.startswith(start) for words in violation.expected):
            return text
    where = violation.pointer or "the body"
    return f"Send {' or '.join(violation.expected)} at {where}."


def _pattern(pointer: str) -> str:
    return "/".join("*" if step.isdigit() else step for step in pointer.split("/"))


def _seen(transcript: Transcript) -> Iterator[Exchange]:
    return (x for x in transcript.exchanges if x.role is not Role.SETUP)


@once
def _published(transcript: Transcript) -> dict[str, Any]:
    """The schema definitions in the answers of this scenario, by URN, in whatever shape they came."""
    found: dict[str, Any] = {}
    for exchange in transcript.exchanges:
        for document in documents(exchange) if _may_publish(exchange) else ():
            urn = document.value.get("id") if document.schema == "Schema" and isinstance(document.value, dict) else None
            if isinstance(urn, str):
                found.setdefault(urn, document.value)
    return found


@lru_cache(maxsize=32)
def _ready(schema: str, definitions: str) -> Compiled:
    """The definitions that a service publishes, made ready: they are read in several scenarios, and are the same."""
    read = json.loads(definitions)
    return Compiled(schema, resource_schema(read), spelling(read))


def _may_publish(exchange: Exchange) -> bool:
    """False where no document is a schema, told without reading: by no URN, no kind and no path."""
    body = exchange.body
    return b"Schema" in body or b"\\u" in body or "Schemas" in (exchange.path or exchange.request.url)


def _definitions_of(document: Document, published: dict[str, Any]) -> tuple[str, ...]:
    """The published URNs that define this resource, the base first; () when its base is not published."""
    base = URN_OF.get(document.schema)
    if document.schema not in RESOURCES or base not in published or not isinstance(document.value, dict):
        return ()
    return (base, *sorted(name for name in document.value if name in published and name != base))
