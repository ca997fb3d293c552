"""Addresses: one base URL, one version in it, and references that lead somewhere (RFC 7644 §1.3, §3.13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from harness.checks.declared import flag
from harness.checks.each import Resource, judges_people, judges_resources
from harness.checks.http import one
from harness.checks.reading import (
    endpoint,
    entries,
    listing,
    mapping,
    member,
    observed,
    plainly_ends_in,
    projected,
    reads_one,
    seen,
    steps,
    text,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

VERSION = re.compile(r"(?:v|version)?[-_]?\d+(?:\.\d+)*", re.IGNORECASE)
"""What looks like a version in a path; right is v with a number behind it (RFC 7644 §3.13)."""

_RIGHT = re.compile(r"v\d+(?:\.\d+)?")


@judges("RFC7644-1.3-01", probe="discovery", when=lambda t: one(t, "discovery.config") is not None)
def endpoints_stand_right_below_the_base(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "discovery.config")
    if "?" in transcript.base_url or "#" in transcript.base_url:
        yield Finding(
            expected=["a base URL without a query and without a fragment"],
            actual=transcript.base_url,
            likeness="base",
            hint="Endpoints are appended to the base URL: behind a question mark they are lost.",
        )
    moved = [x for x in observed(transcript) if 300 <= x.status < 400 and x.status != 304 and x.method == "GET"]
    for exchange in moved[:1]:
        yield Finding(
            expected=[f"an answer at /{'/'.join(s for s in exchange.path.split('/') if s)} itself"],
            actual=f"{exchange.status} to {exchange.header('Location')}",
            at="Location",
            exchange=exchange.id,
            likeness="moved",
            hint="IdPs append the path to the base URL and follow no redirect: the key and the body would be lost.",
        )
    if answer is not None and answer.status == 404:
        yield Finding(
            expected=["200"],
            actual=seen(answer),
            exchange=answer.id,
            likeness="absent",
            hint="/ServiceProviderConfig is a fixed path below the base URL.",
        )


def _prefixes(transcript: Transcript) -> Iterator[tuple[str, str, str]]:
    """Where resources say they live: (exchange id, JSON Pointer, address without endpoint and id)."""
    for exchange in observed(transcript):
        here = f"/{endpoint(exchange)}/"
        for pointer, resource in entries(exchange):
            whole = text(member(member(resource, "meta"), "location"))
            if "://" in whole and here in whole:
                yield exchange.id, f"{pointer}/meta/location", whole.rpartition(here)[0]


@lru_cache(maxsize=1024)
def _version(prefix: str) -> str:
    """The last segment of an address when it looks like a version, else ""."""
    last = prefix.rstrip("/").rpartition("/")[2]
    return last if VERSION.fullmatch(last) and "://" in prefix.rpartition("/")[0] + "/" else ""


@judges("RFC7644-3.13-01", when=lambda transcript: any(True for _ in _prefixes(transcript)))
def all_addresses_agree_in_base_and_version(transcript: Transcript) -> Iterator[Finding]:
    """Behind a proxy another host may be shown, and that is no matter of versions; two bases in one run are."""
    ours, first = _version(transcript.base_url), ""
    right: set[str] = set()
    for exchange, pointer, prefix in _prefixes(transcript):
        if prefix in right:
            continue
        first = first or prefix
        theirs = _version(prefix)
        if theirs and not _RIGHT.fullmatch(theirs):
            expected, likeness = "v with a number, such as v2, before the endpoint", "form"
        elif theirs and ours and theirs.lower() != ours.lower():
            expected, likeness = f"the version {ours} of the base URL", "version"
        elif prefix.rstrip("/") != first.rstrip("/"):
            expected, likeness = f"{first}, as in other answers", "two bases"
        else:
            right.add(prefix)
            continue
        yield Finding(
            expected=[expected],
            actual=prefix,
            at=pointer,
            exchange=exchange,
            likeness=likeness,
            hint="A client keeps the address and comes back to it: it has to lead to this version of this service.",
        )


def _references(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, str, Any, Any]]:
    """Every $ref in a resource: (pointer, name of the attribute around it, $ref, value beside it)."""
    if depth > 4:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref" and inner is not None:
                around = next((s for s in reversed(pointer.split("/")) if s and not s.isdigit()), "")
                yield f"{pointer}/$ref", around, inner, member(value, "value")
            else:
                yield from _references(inner, f"{pointer}/{steps(name)}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _references(inner, f"{pointer}/{index}", depth + 1)


def _refers(value: Any, depth: int = 0) -> bool:
    """Whether ``_references`` finds any, told without going on."""
    if depth > 4:
        return False
    if isinstance(value, dict):
        if value.get("$ref") is not None:
            return True
        value = list(value.values())
    return isinstance(value, list) and any(_refers(v, depth + 1) for v in value if isinstance(v, dict | list))


@judges_resources("RFC7643-2.3.7-01", when=lambda resource: _refers(resource))
def a_reference_is_an_address(resource: Resource) -> Iterator[Finding]:
    for pointer, _, reference, _ in _references(resource):
        if not text(reference) or any(c.isspace() for c in reference) or "://" in reference[:1]:
            yield Finding(
                expected=["an address, absolute or relative to the base URL"],
                actual=reference,
                at=pointer,
                likeness="form",
                hint="A client follows $ref to the other resource.",
            )


@judges("RFC7643-2.3.7-01", when=lambda x: x.tag == "detailed.reference" and not unread(x))
def a_reference_leads_somewhere(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (401, 403, 404):
        yield Finding(
            expected=["200 with the resource", "404", "403"],
            actual=seen(exchange),
            likeness="followed",
            hint="This address was given as a $ref by the service itself.",
        )


def _groups(person: Resource) -> Iterator[tuple[str, Any]]:
    for index, group in enumerate(listing(member(person, "groups"))):
        yield f"/groups/{index}", group


@judges_people("RFC7643-4.1.2-09", when=lambda person: any(True for _ in _groups(person)))
def the_groups_of_a_person_are_given_by_id_and_address(person: Resource) -> Iterator[Finding]:
    for pointer, group in _groups(person):
        own, reference = text(member(group, "value")), member(group, "$ref")
        path = _path(text(reference))
        wrong = not own or (reference is not None and path[-2:] != ["Groups", own])
        if wrong:
            yield Finding(
                expected=["value with the id of the group, and $ref with /Groups/ and the same id"],
                actual=group,
                at=pointer,
                hint="A client looks the group up by it.",
            )


@lru_cache(maxsize=4096)
def _path(address: str) -> list[str]:
    try:
        return [unquote(s) for s in urlsplit(address).path.split("/") if s]
    except ValueError:
        return []


def _is_last(own: str, address: str) -> bool:
    return plainly_ends_in(address, own) or _path(address)[-1:] in ([own], [quote(own)])


def _one_person_by_id(exchange: Exchange) -> bool:
    return reads_one(exchange, "Users") and exchange.ok and bool(exchange.resource) and not projected(exchange)


@judges("RFC7644-3.4.1-03", when=_one_person_by_id)
def a_single_person_comes_with_its_address(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    """Shown by the examples of §3.4.1 alone; Content-Location serves the same purpose (C22)."""
    address = exchange.header("Location") or exchange.header("Content-Location")
    own = text(member(exchange.resource, "id"))
    if not address or (own and not _is_last(own, address)):
        yield Finding(
            expected=["a Location header that leads to this person"],
            actual=address,
            at="Location",
            likeness="location",
            hint="The header repeats meta.location.",
        )
    config = next((x.json for x in transcript.tagged("discovery.config") if x.ok), None)
    if config is not None and flag(mapping(config), "etag") is True and not exchange.header("ETag"):
        yield Finding(
            expected=["an ETag header: the configuration says that versions are kept"],
            actual=None,
            at="ETag",
            likeness="etag",
            hint="The version is sent with the resource.",
        )


_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def _versions(exchange: Exchange) -> Iterator[tuple[str, str]]:
    if tag := exchange.header("ETag"):
        yield "ETag", tag
    for pointer, resource in entries(exchange):
        version = member(member(resource, "meta"), "version")
        if isinstance(version, str) and version:
            yield f"{pointer}/meta/version", version


@judges("RFC7643-3.1-19", when=lambda exchange: any(True for _ in _versions(exchange)))
def a_version_has_quotation_marks(exchange: Exchange) -> Iterator[Finding]:
    for place, version in _versions(exchange):
        if not _TAG.fullmatch(version):
            yield Finding(
                expected=['W/"3"', '"3"'],
                actual=version,
                at=place,
                likeness=place if place == "ETag" else "meta",
                hint="A client sends it back in If-Match, where only this form can be read.",
            )


def _tagged_resource(exchange: Exchange) -> bool:
    version = member(member(exchange.resource, "meta"), "version")
    return bool(exchange.header("ETag")) and isinstance(version, str) and bool(version)


@judges("RFC7643-3.1-18", when=_tagged_resource)
def the_version_is_the_etag(exchange: Exchange) -> Iterator[Finding]:
    version = member(member(exchange.resource, "meta"), "version")
    if version != exchange.header("ETag"):
        yield Finding(
            expected=[f"{exchange.header('ETag')}, as in the ETag header"],
            actual=version,
            at="/meta/version",
            hint="Both are the version of the resource, letter for letter.",
        )
