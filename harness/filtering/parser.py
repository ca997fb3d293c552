"""From text to a filter or a PATCH path, by recursive descent over the grammar of RFC 7644 Fig. 1 and §3.5.2.

not binds tighter than and, and tighter than or (erratum 4670). Names of operators have no letter case. Both "not(" and
"not (" are read (erratum 7319). What the grammar does not have is refused: a value filter inside another one (erratum
4690), and anything behind a value filter in a filter (only a PATCH path has that).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from harness.filtering.syntax import And, Compare, Node, Not, Or, PatchPath, Path, Present, Value, ValuePath

DEEPEST = 64
"""Brackets inside brackets beyond this are refused: no client means them."""

OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))"""
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NAME = r"\$?[A-Za-z][A-Za-z0-9_-]*"
_PATH = re.compile(rf"(?:(?P<urn>[A-Za-z][A-Za-z0-9+.-]*:[^\s\[\]()\"]+):)?(?P<name>{_NAME})(?:\.(?P<sub>{_NAME}))?")
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class FilterSyntaxError(ValueError):
    """A text is no filter or no path; the message says what was expected at which character."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """Read a filter. Raises FilterSyntaxError."""
    reader = _Reader(text)
    node = reader.alternatives(0)
    reader.end()
    return node


def parse_path(text: str) -> PatchPath:
    """Read the path of a PATCH operation (§3.5.2: attrPath / valuePath [subAttr]). Raises FilterSyntaxError."""
    reader = _Reader(text)
    token = reader.take("word", "an attribute path")
    path = _path_of(token)
    if reader.peek("mark", "[") is None:
        reader.end()
        return PatchPath(path)
    inner = reader.bracketed(path, 0)
    rest = reader.next
    if rest is None:
        return PatchPath(path, inner)
    sub = re.fullmatch(rf"\.({_NAME})", rest.text)
    if rest.kind != "word" or sub is None or text[rest.at - 1] != "]":
        raise FilterSyntaxError(f"expected a sub-attribute such as .value at character {rest.at + 1} of {text!r}")
    reader.move()
    reader.end()
    return PatchPath(path, inner, sub[1])


def _path_of(token: _Token) -> Path:
    match = _PATH.fullmatch(token.text)
    if match is None:
        raise FilterSyntaxError(f"{token.text!r} at character {token.at + 1} is no attribute path")
    return Path(match["name"], match["sub"] or "", match["urn"] or "")


class _Reader:
    """A place in a text of tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        at = 0
        while at < len(text) and text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise FilterSyntaxError(f"cannot read {text[at : at + 20]!r} at character {at + 1}")
            kind = str(match.lastgroup)
            self.tokens.append(_Token(kind, match[kind], match.start(kind)))
            at = match.end()
        self.place = 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def move(self) -> None:
        self.place += 1

    def peek(self, kind: str, *texts: str) -> _Token | None:
        token = self.next
        return token if token is not None and token.kind == kind and token.text.lower() in texts else None

    def take(self, kind: str, expected: str, *texts: str) -> _Token:
        token = self.next
        if token is None or token.kind != kind or (texts and token.text.lower() not in texts):
            found = "the end" if token is None else repr(token.text)
            at = len(self.text) if token is None else token.at
            raise FilterSyntaxError(f"expected {expected} at character {at + 1}, found {found}")
        self.move()
        return token

    def end(self) -> None:
        if self.next is not None:
            raise FilterSyntaxError(f"{self.next.text!r} at character {self.next.at + 1} belongs to nothing")

    def alternatives(self, depth: int, *, inside: bool = False) -> Node:
        return self._joined("or", Or, depth, inside)

    def _joined(self, word: str, kind: type[And] | type[Or], depth: int, inside: bool) -> Node:
        read = self._term if kind is And else self._conjunction
        terms = [read(depth, inside)]
        while self.peek("word", word) is not None:
            self.move()
            terms.append(read(depth, inside))
        return terms[0] if len(terms) == 1 else kind(tuple(terms))

    def _conjunction(self, depth: int, inside: bool) -> Node:
        return self._joined("and", And, depth, inside)

    def _term(self, depth: int, inside: bool) -> Node:
        if depth > DEEPEST:
            raise FilterSyntaxError(f"more than {DEEPEST} brackets inside each other")
        negated = self.peek("word", "not")
        if negated is not None and self._behind("mark", "("):
            self.move()
            return Not(self._group(depth, inside))
        if self.peek("mark", "(") is not None:
            return self._group(depth, inside)
        path = _path_of(self.take("word", "an attribute path"))
        if self.peek("mark", "[") is not None:
            if inside:
                raise FilterSyntaxError("a value filter cannot stand inside another one")
            return ValuePath(path, self.bracketed(path, depth))
        operator = self.take("word", "an operator")
        if operator.text.lower() == "pr":
            return Present(path)
        if operator.text.lower() not in OPERATORS:
            raise FilterSyntaxError(f"{operator.text!r} at character {operator.at + 1} is no operator")
        return Compare(path, operator.text.lower(), self._value())

    def _behind(self, kind: str, text: str) -> bool:
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        return following is not None and following.kind == kind and following.text == text

    def _group(self, depth: int, inside: bool) -> Node:
        self.take("mark", "(", "(")
        node = self.alternatives(depth + 1, inside=inside)
        self.take("mark", "a closing bracket", ")")
        return node

    def bracketed(self, path: Path, depth: int) -> Node:
        if path.sub:
            raise FilterSyntaxError(f"{path} is a part already and has no values to choose from")
        self.take("mark", "[", "[")
        node = self.alternatives(depth + 1, inside=True)
        self.take("mark", "a closing ]", "]")
        return node

    def _value(self) -> Value:
        token = self.next
        if token is None:
            raise FilterSyntaxError(f"expected a value at character {len(self.text) + 1}, found the end")
        if token.kind == "string":
            self.move()
            return str(json.loads(token.text))
        if token.kind == "word" and token.text in _LITERALS:
            self.move()
            return _LITERALS[token.text]
        if token.kind == "word" and _NUMBER.fullmatch(token.text):
            self.move()
            number: int | float = json.loads(token.text)
            return number
        raise FilterSyntaxError(f"{token.text!r} at character {token.at + 1} is no JSON value")
