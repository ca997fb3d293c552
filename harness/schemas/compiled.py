"""A JSON Schema made ready: accepts fast with jsonschema-rs, explains slowly with jsonschema, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from harness.model.blank import Unsaid, sampled
from harness.model.bounded import kept
from harness.schemas.outline import filled, key, outlined
from harness.schemas.spelling import Spelling, respelt_back

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs

MOST = 50
"""How many violations of one document are explained."""

MOST_OUTLINES = 1024
"""How many outlines of documents are remembered at a time."""

LONGEST = 200
"""How many characters of a wrong value are shown."""


@dataclass(frozen=True)
class Violation:
    """One place where a document differs from its schema.

    ``pointer`` is a JSON Pointer into the whole response body ("" for the body itself), spelt as the service does;
    ``expected`` lists in plain words what is acceptable there; ``actual`` is the value, or words for it when long;
    ``keyword`` is the JSON Schema keyword ("type", "required", "pattern" ...); ``schema`` names the schema ("User").
    """

    pointer: str
    expected: tuple[str, ...]
    actual: Any
    keyword: str
    schema: str


class Compiled:
    """One schema with both validators, each built when first needed. ``name`` is what a Violation calls the schema."""

    def __init__(self, name: str, schema: Mapping[str, Any], spelling: Spelling | None = None) -> None:
        self.name = name
        self.schema = dict(schema)
        self._spelling = spelling or Spelling()
        self._outlines: dict[bytes, bool] = {}

    def accepts(self, document: Any) -> bool:
        """Whether the document is valid; attribute names in any letter case. Never raises."""
        return self._accepts(self._spelling.respell(document))

    def explain(self, document: Any, at: str = "") -> list[Violation]:
        """Return what is wrong with the document, at most MOST violations; [] when it is valid.

        Raises nothing, but Unsaid for a document with blanks (``model.blank``) that are not known to suit.

        ``at`` is the JSON Pointer of the document in the response body.
        """
        if self._suits(document):
            return []
        respelt = self._spelling.respell(document)
        if self._accepts(respelt):
            return []
        return [
            Violation(at + _pointer(respelt_back(path, document)), expected, actual, keyword, self.name)
            for path, expected, actual, keyword in islice(self._differences(respelt), MOST)
        ]

    def _suits(self, document: Any) -> bool:
        """Whether every document with this outline is valid; False says nothing. Most resources look like others."""
        try:
            outline = outlined(document)
            known = key(outline)
            suits = self._outlines.get(known)
            if suits is None:
                suits = self._fast.is_valid(self._spelling.respell(sampled(filled(outline))))
                kept(self._outlines, known, suits, MOST_OUTLINES)
        except (ValueError, RecursionError):  # no outline, or nothing that the fast path can read
            return False
        return suits

    def _accepts(self, respelt: Any) -> bool:
        try:
            return self._fast.is_valid(respelt)
        except (ValueError, RecursionError):
            if (plain := sampled(respelt)) is not respelt:
                # What suits a text that no pattern and no list of values allows for suits every text.
                if not self._fast.is_valid(plain):
                    raise Unsaid from None
                return True
            # The fast path cannot read text with half a surrogate pair, which JSON can hold.
            return next(self._differences(respelt), None) is None

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        import jsonschema_rs

        return jsonschema_rs.Draft202012Validator(self.schema)

    @cached_property
    def _slow(self) -> jsonschema.Draft202012Validator:
        import jsonschema

        return jsonschema.Draft202012Validator(self.schema)

    def _differences(self, respelt: Any) -> Iterator[tuple[list[str | int], tuple[str, ...], Any, str]]:
        told: set[tuple[str | int, ...]] = set()
        for error in self._slow.iter_errors(respelt):
            path = list(error.absolute_path)
            words = error.schema if isinstance(error.schema, dict) else {}
            if error.validator == "required":
                # jsonschema tells the missing name in prose only, one error for each.
                for name in error.validator_value:
                    if name not in error.instance and (*path, name) not in told:
                        told.add((*path, name))
                        yield [*path, name], (_missing(name, words),), "nothing: the member is missing", "required"
            else:
                yield (
                    path,
                    _expected(error.validator, error.validator_value, words),
                    _shown(error.instance),
                    str(error.validator),
                )


def _missing(name: str, words: Mapping[str, Any]) -> str:
    what = words.get("properties", {}).get(name, {}).get("description")
    return f'"{name}": {what}' if what else f'"{name}"'


def _expected(keyword: object, value: Any, words: Mapping[str, Any]) -> tuple[str, ...]:
    if keyword == "contains" and isinstance(value, dict) and "const" in value:
        return (f"a list with the URN {value['const']}",)
    described = words.get("description")
    if isinstance(described, str):
        return (described,)
    return (f"{keyword}: {value!r}",)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}... ({len(value)} characters)"
    if isinstance(value, list):
        return f"a list with {len(value)} entries" if value else []
    if isinstance(value, dict):
        names = ", ".join(str(name)[:40] for name in islice(value, 10))
        return f"an object with {names}{' ...' if len(value) > 10 else ''}" if value else {}
    return value


def _pointer(path: Sequence[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
