"""Okta's expression language, as far as attribute mappings of people use it: a small parser, and its evaluation.

Source: https://developer.okta.com/docs/reference/okta-expression-language/ (the classic functions, a subset of SpEL).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Profile = Mapping[str, Any]
_Evaluate = Callable[[Profile], Any]

DEEPEST, LONGEST = 50, 500
"""Nested deeper, or of more words than this, an expression is refused: nobody wrote it by hand."""


class ExpressionError(ValueError):
    """An expression that Okta's language does not have, or that is not simulated; the message names the place."""

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(f"{problem}, at character {position + 1} of {text!r}")


@dataclass(frozen=True)
class Expression:
    """A parsed expression. Calling it with an Okta profile (attribute name to value) gives the value, or None."""

    text: str
    evaluate: _Evaluate

    def __call__(self, profile: Profile) -> Any:
        return self.evaluate(profile)


def parse(text: str) -> Expression:
    """Read an expression such as ``String.toLowerCase(user.email)``. Raises ExpressionError."""
    parser = _Parser(text)
    evaluate = parser.choice()
    parser.end()
    return Expression(text, evaluate)


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<number>\d+)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[-+?:(),.!<>])
    )""",
    re.VERBOSE,
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_CONSTANTS = {"true": True, "false": False, "null": None}
_PEOPLE = ("user", "source")


class _Parser:
    """Recursive descent: a choice of alternatives, of conditions, of comparisons, of sums, of values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0
        self.tokens: list[tuple[str, str, int]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ExpressionError(text, position, "this cannot be read")
            kind = str(match.lastgroup)
            value = match[kind]
            if kind == "name" and value.lower() in _WORDS:
                kind, value = "sign", _WORDS[value.lower()]
            self.tokens.append((kind, value, match.start(kind)))
            position = match.end()
            if len(self.tokens) > LONGEST:
                raise ExpressionError(text, position, "too long")

    def choice(self) -> _Evaluate:
        """``condition ? one : other``"""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(self.text, self._at, "nested too deep")
        condition = self._either()
        if self._take("?"):
            one = self.choice()
            self._need(":")
            other = self.choice()
            self.depth -= 1
            return lambda profile: one(profile) if condition(profile) else other(profile)
        self.depth -= 1
        return condition

    def end(self) -> None:
        if self.place < len(self.tokens):
            raise ExpressionError(self.text, self._at, f"expected the end, found {self.tokens[self.place][1]!r}")

    def _either(self) -> _Evaluate:
        left = self._both()
        while self._take("||"):
            left = _joined(left, self._both(), lambda a, b: bool(a) or bool(b))
        return left

    def _both(self) -> _Evaluate:
        left = self._not()
        while self._take("&&"):
            left = _joined(left, self._not(), lambda a, b: bool(a) and bool(b))
        return left

    def _not(self) -> _Evaluate:
        turns = 0
        while self._take("!"):
            turns += 1
        inner = self._comparison()
        if not turns:
            return inner
        return lambda profile: bool(inner(profile)) is (turns % 2 == 0)

    def _comparison(self) -> _Evaluate:
        left = self._sum()
        for sign, compare in _COMPARISONS.items():
            if self._take(sign):
                return _joined(left, self._sum(), compare)
        return left

    def _sum(self) -> _Evaluate:
        left = self._value()
        while True:
            if self._take("+"):
                left = _joined(left, self._value(), _plus)
            elif self._take("-"):
                left = _joined(left, self._value(), lambda a, b: _whole(a) - _whole(b))
            else:
                return left

    def _value(self) -> _Evaluate:
        kind, value, position = self._next()
        if kind == "string":
            text = re.sub(r"\\(.)", r"\1", value[1:-1])
            return lambda _profile: text
        if kind == "number":
            number = int(value)
            return lambda _profile: number
        if value == "(":
            inner = self.choice()
            self._need(")")
            return inner
        if kind != "name":
            raise ExpressionError(self.text, position, f"expected a value, found {value!r}")
        if value in _CONSTANTS:
            constant = _CONSTANTS[value]
            return lambda _profile: constant
        return self._named(value, position)

    def _named(self, first: str, position: int) -> _Evaluate:
        self._need(".")
        _, second, _ = self._next()
        if first in _PEOPLE:
            return lambda profile: profile.get(second)
        function = _FUNCTIONS.get(f"{first}.{second}")
        if function is None:
            known = ", ".join((*(f"{word}.ATTRIBUTE" for word in _PEOPLE), *_FUNCTIONS))
            raise ExpressionError(self.text, position, f"{first}.{second} is not simulated; there are {known}")
        self._need("(")
        arguments: list[_Evaluate] = []
        while not self._take(")"):
            if arguments:
                self._need(",")
            arguments.append(self.choice())
        least, most = function.arguments
        if not least <= len(arguments) <= most:
            raise ExpressionError(self.text, position, f"{first}.{second} does not take {len(arguments)} values")
        return lambda profile: function.run(*(argument(profile) for argument in arguments))

    # Reading tokens.

    @property
    def _at(self) -> int:
        return self.tokens[self.place][2] if self.place < len(self.tokens) else len(self.text)

    def _next(self) -> tuple[str, str, int]:
        if self.place == len(self.tokens):
            raise ExpressionError(self.text, len(self.text), "expected more")
        self.place += 1
        return self.tokens[self.place - 1]

    def _take(self, sign: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place][:2] == ("sign", sign):
            self.place += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise ExpressionError(self.text, self._at, f"expected {sign!r}")


def _joined(left: _Evaluate, right: _Evaluate, join: Callable[[Any, Any], Any]) -> _Evaluate:
    return lambda profile: join(left(profile), right(profile))


def _text(value: Any) -> str:
    """A value as text. Nothing counts as an empty text: what Okta makes of it is not on record."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(value: Any) -> int:
    """A value as a whole number; what is no number counts as 0."""
    return value if isinstance(value, int) else int(value) if str(value).isdecimal() else 0


def _plus(left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        return left + right
    return _text(left) + _text(right)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<=": lambda a, b: _whole(a) <= _whole(b),
    ">=": lambda a, b: _whole(a) >= _whole(b),
    "<": lambda a, b: _whole(a) < _whole(b),
    ">": lambda a, b: _whole(a) > _whole(b),
}


@dataclass(frozen=True)
class _Function:
    run: Callable[..., Any]
    arguments: tuple[int, int]


def _switch(text: Any, default: Any, *pairs: Any) -> Any:
    """The value of the first key that occurs in the text."""
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        if _text(key) in _text(text):
            return value
    return default


def _substring(text: Any, start: Any, end: Any = None) -> str:
    return _text(text)[_whole(start) : None if end is None else _whole(end)]


def _before(text: Any, search: Any) -> str:
    head, found, _ = _text(text).partition(_text(search) or "\0")
    return head if found else ""


_FUNCTIONS: dict[str, _Function] = {
    "String.append": _Function(lambda a, b: _text(a) + _text(b), (2, 2)),
    "String.join": _Function(lambda sep, *parts: _text(sep).join(map(_text, parts)), (1, 99)),
    "String.len": _Function(lambda a: len(_text(a)), (1, 1)),
    "String.removeSpaces": _Function(lambda a: _text(a).replace(" ", ""), (1, 1)),
    "String.replace": _Function(lambda a, old, new: _text(a).replace(_text(old), _text(new)), (3, 3)),
    "String.replaceFirst": _Function(lambda a, old, new: _text(a).replace(_text(old), _text(new), 1), (3, 3)),
    "String.startsWith": _Function(lambda a, b: _text(a).startswith(_text(b)), (2, 2)),
    "String.stringContains": _Function(lambda a, b: _text(b) in _text(a), (2, 2)),
    "String.stringSwitch": _Function(_switch, (2, 99)),
    "String.substring": _Function(_substring, (2, 3)),
    "String.substringAfter": _Function(lambda a, b: _text(a).partition(_text(b) or "\0")[2], (2, 2)),
    "String.substringBefore": _Function(_before, (2, 2)),
    "String.toLowerCase": _Function(lambda a: _text(a).lower(), (1, 1)),
    "String.toUpperCase": _Function(lambda a: _text(a).upper(), (1, 1)),
    "Convert.toInt": _Function(_whole, (1, 1)),
}
