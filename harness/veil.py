"""Veil: people's data replaced by stable pseudonyms in everything that is written down.

The judge sees what really came; only the record is veiled. So a veiled run carries its verdicts with it and is never
judged again from its record: a pseudonym does not begin, end or sort like the name that it stands for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

ATTRIBUTES = frozenset(
    {"username", "formatted", "givenname", "familyname", "middlename", "nickname", "displayname", "display"}
    | {"profileurl", "externalid", "employeenumber", "email", "streetaddress", "locality", "region", "postalcode"}
)
"""Attributes, in lower case, whose values say who somebody is (RFC 7643 §4.1, §4.3; RFC 7644 §7.5)."""

PLURAL = frozenset({"emails", "phonenumbers", "ims", "photos", "addresses"})
"""Multi-valued attributes whose ``value`` says who somebody is."""

SHORTEST = 3
KNOWN = 200_000
"""So many values are remembered; a target with more people than that is not a rehearsal."""

_TOKEN = re.compile(r"""[^\s"'<>()\[\]{},;=&?/|`‹›]+""")
_COMPARED = re.compile(
    r"""([\w:.-]+)(?:\[[^\]]*\](?:\.\w+)?)?\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+"((?:[^"\\]|\\.)*)\"""", re.IGNORECASE
)
_FILTER_IN_PATH = re.compile(r"\[[^\]]*\]")


class Veil:
    """Replaces what it has learnt of people, wherever it stands. Equal values get equal pseudonyms."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._names: set[str] = set()
        self._phrases: dict[str, str] = {}

    def learn(self, value: Any) -> None:
        """Remember a value that says who somebody is. Anything but a string of some length is passed over."""
        if not isinstance(value, str) or len(value.strip()) < SHORTEST or len(self._known) >= KNOWN:
            return
        folded = value.casefold()
        if folded in self._known:
            return
        self._known[folded] = self.pseudonym(value)
        if not _TOKEN.fullmatch(value):
            self._phrases[value] = self._known[folded]
        escaped = json.dumps(value)[1:-1]
        if escaped != value:
            # JSON inside a text: what a check has found is often shown so.
            self._phrases[escaped] = self._known[folded]
        if value.isalpha():
            # "May" is somebody, "may" is a word.
            self._names.add(value)

    def pseudonym(self, value: str) -> str:
        """The stable stand-in for a value; an address stays an address."""
        digest = hmac.new(self._key, value.casefold().encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:10]
        return f"person-{digest}@pseudonym.invalid" if "@" in value else f"Person-{digest}"

    def text(self, text: str) -> str:
        """A text with everything that is known replaced."""
        if not self._known or not text:
            return text
        whole = self._known.get(text.casefold())
        if whole is not None:
            return whole
        for phrase, pseudonym in self._phrases.items():
            if phrase in text:
                text = text.replace(phrase, pseudonym)
        return _TOKEN.sub(self._token, text)

    def _token(self, match: re.Match[str]) -> str:
        token = match[0]
        for spelt, spell in ((token, str), (unquote(token), quote), (unquote_plus(token), quote_plus)):
            bare = spelt.strip(".:!")
            pseudonym = self._known.get(bare.casefold())
            if pseudonym is not None and (not bare.isalpha() or bare in self._names):
                return token.replace(spell(bare), pseudonym) if spell(bare) in token else pseudonym
        return token

    def value(self, value: Any) -> Any:
        """A JSON value with every string in it replaced; keys are left alone."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.value(member) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(member) for member in value]
        return value

    def exchange(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """An exchange as it is written down: what it shows of people is learnt, then replaced everywhere in it."""
        request, response = line["request"], line.get("response")
        of_group = str(line.get("template", "")).startswith("/Groups")
        for body in (request.get("body"), (response or {}).get("body")):
            self.learn_all(_personal(_parsed(body), group=of_group))
        self.learn_all(_compared(unquote_plus(str(line.get("query", "")))))
        veiled = {**line, "title": self.text(line["title"])}
        for name in ("path", "query"):
            if name in line:
                veiled[name] = self._address(line[name])
        veiled["request"] = {
            **request,
            "url": self._address(request["url"]),
            "headers": self.value(request["headers"]),
            "body": self._body(request.get("body")),
        }
        if response is not None:
            veiled["response"] = {
                **response,
                "headers": self.value(response["headers"]),
                "body": self._body(response.get("body")),
            }
        if line.get("trouble") is not None:
            veiled["trouble"] = self.value(line["trouble"])
        return veiled

    def event(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """An event of the record as it is written down: its cast under pseudonyms, every text in it replaced."""
        cast = self.cast(data["cast"]) if isinstance(data.get("cast"), Mapping) else None
        return {**self.value(data), **({"cast": cast} if cast is not None else {})}

    def learn_all(self, values: Iterable[str]) -> None:
        for value in values:
            self.learn(value)

    def cast(self, cast: Mapping[str, Any]) -> dict[str, Any]:
        """A cast as it is written down: who played which part, under pseudonyms."""
        for member in cast.get("members", ()):
            person, account = member["person"], member.get("account") or {}
            self.learn_all(
                (*_of(person, "user_name", "email", "given_name", "family_name"), *_of(account, "user_name"))
            )
            self.learn(f"{person.get('given_name', '')} {person.get('family_name', '')}")
        return dict(self.value(cast))

    def _address(self, text: str) -> str:
        """A path or query: what stands in it is percent-encoded, blanks in two ways."""
        for phrase, pseudonym in self._phrases.items():
            for spelt in (quote(phrase, safe=""), quote(phrase), quote_plus(phrase)):
                if spelt in text:
                    text = text.replace(spelt, pseudonym)
        text = self.text(text)
        meant = hidden = unquote_plus(text)
        for spelt, value in _comparisons(meant):
            # A filter may spell a letter as an escape, so what stands in it is not what it means.
            hidden = hidden.replace(spelt, self._known.get(value.casefold(), spelt))
        hidden = self.text(hidden)
        # Any letter may be percent-encoded: where somebody still shows once it is read, it is written anew.
        return text if hidden == meant else quote(hidden, safe=":/?&=%+")

    def _body(self, body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if body is None:
            return None
        if "text" not in body:
            # Nobody can tell what stands in bytes that are no text: only that they were there is kept.
            return {"base64": "", "sha256": body.get("sha256", "")}
        parsed = _parsed(body)
        if parsed is None:
            return {"text": self.text(str(body["text"]))}
        # Written anew, since a name may stand in the text under escapes.
        return {"text": json.dumps(self.value(parsed), separators=(",", ":"), ensure_ascii=False)}


def _of(value: Mapping[str, Any], *names: str) -> Iterator[str]:
    yield from (value[name] for name in names if isinstance(value.get(name), str))


def _parsed(body: Mapping[str, Any] | None) -> Any:
    try:
        return json.loads(str((body or {}).get("text", "")))
    except (ValueError, RecursionError):
        return None


def _personal(value: Any, *, group: bool, attribute: str = "", parent: str = "") -> Iterator[str]:
    """Every string in a SCIM body that says who somebody is. The display name of a group says nothing of the kind."""
    if isinstance(value, str):
        group_name = group and attribute == "displayname" and parent not in ("members", "manager")
        if (attribute in ATTRIBUTES and not group_name) or (attribute in ("value", "") and parent in PLURAL):
            yield value
    elif isinstance(value, list):
        for member in value:
            yield from _personal(member, group=group, attribute=attribute, parent=parent)
    elif isinstance(value, Mapping):
        group = group or _is_group(value)
        if isinstance(value.get("path"), str) and "op" in {str(name).lower() for name in value}:
            head, leaf = _aimed(value["path"])
            yield from _personal(value.get("value"), group=group, attribute=leaf, parent=head)
            return
        if isinstance(value.get("filter"), str):
            yield from _compared(value["filter"])
        for name, member in value.items():
            leaf = str(name).rpartition(":")[2].lower()
            head, _, last = leaf.rpartition(".")
            yield from _personal(member, group=group, attribute=last, parent=head or attribute or last)


def _is_group(value: Mapping[str, Any]) -> bool:
    schemas, meta = value.get("schemas"), value.get("meta")
    named = isinstance(schemas, list) and any(isinstance(s, str) and s.endswith(":Group") for s in schemas)
    return named or (isinstance(meta, Mapping) and meta.get("resourceType") == "Group")


def _aimed(path: str) -> tuple[str, str]:
    """The attribute that a PATCH path aims at, and its last part, both in lower case."""
    parts = _FILTER_IN_PATH.sub("", path).rpartition(":")[2].lower().split(".")
    return parts[0], parts[-1] if len(parts) > 1 else parts[0] if parts[0] in ATTRIBUTES else "value"


def _compared(text: str) -> Iterator[str]:
    """The values with which a filter compares an attribute that says who somebody is."""
    yield from (value for _, value in _comparisons(text))


def _comparisons(text: str) -> Iterator[tuple[str, str]]:
    """The same values, each as it is spelt in the filter and as it is meant."""
    for attribute, value in _COMPARED.findall(text):
        parts = attribute.rpartition(":")[2].lower().split(".")
        if parts[-1] in ATTRIBUTES or parts[0] in PLURAL:
            try:
                yield value, str(json.loads(f'"{value}"'))
            except ValueError:
                yield value, value
