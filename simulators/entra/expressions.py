"""Expressions of an attribute mapping, as the portal and the schema export write them: parsed once, evaluated often.

``parse('Switch([IsSoftDeleted], , "False", "True", "True", "False")')`` gives an Expression whose ``value`` takes the
attributes of somebody in the directory. Names of functions are case-sensitive, as the vendor's page says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.entra.functions import FUNCTIONS, Function

Value = Any
"""What an attribute or an expression may be: str, bool, tuple (multi-valued), dict (an app role) or None."""

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*")
  | \[(?P<attribute>[^\]]*)\]
  | (?P<number>-?\d+(?:\.\d+)?)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<compare><>|<=|>=|[=<>])
  | (?P<mark>[(),])
  )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """An expression cannot be read or is not simulated. ``at`` counts characters from 0."""

    def __init__(self, says: str, expression: str, at: int) -> None:
        self.says = says
        self.at = at
        super().__init__(f"{says}, at character {at + 1} of: {expression}")


@dataclass(frozen=True)
class Constant:
    """A string or a number, as text."""

    text: str

    def value(self, _attributes: Mapping[str, Value]) -> Value:
        return self.text


@dataclass(frozen=True)
class Reference:
    """An attribute of the source object: ``[userPrincipalName]``. None when the directory has no value."""

    name: str

    def value(self, attributes: Mapping[str, Value]) -> Value:
        return attributes.get(self.name)


@dataclass(frozen=True)
class Missing:
    """An argument that was left empty between two commas."""

    def value(self, _attributes: Mapping[str, Value]) -> Value:
        return None


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    function: Function
    arguments: tuple[Node, ...]

    def value(self, attributes: Mapping[str, Value]) -> Value:
        return self.function.run(*(argument.value(attributes) for argument in self.arguments))


@dataclass(frozen=True)
class Comparison:
    """A condition inside IIF: ``[country]="USA"``. Numbers are compared as numbers, everything else as text."""

    left: Node
    sign: str
    right: Node

    def value(self, attributes: Mapping[str, Value]) -> Value:
        left, right = self.left.value(attributes), self.right.value(attributes)
        return _SIGNS[self.sign](*_alike(left, right))


Node = Constant | Reference | Missing | Call | Comparison

_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


@dataclass(frozen=True)
class Expression:
    """A parsed expression and its text."""

    text: str
    root: Node

    def value(self, attributes: Mapping[str, Value]) -> Value:
        return self.root.value(attributes)

    @property
    def attributes(self) -> frozenset[str]:
        """The source attributes that it reads."""
        return frozenset(_references(self.root))

    @property
    def functions(self) -> frozenset[str]:
        return frozenset(_calls(self.root))


def attribute(name: str) -> Expression:
    """The expression for one attribute as it is."""
    return Expression(f"[{name}]", Reference(name))


def parse(text: str) -> Expression:
    """Read an expression. Raises ExpressionError with the place of the first thing that cannot be read."""
    reader = _Reader(text)
    root = reader.argument()
    reader.end()
    return Expression(text, root)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def argument(self) -> Node:
        """An operand, perhaps compared with a second one."""
        left = self._operand()
        token = self._peek()
        if token is None or not token["compare"]:
            return left
        self.at = token.end()
        return Comparison(left, token["compare"], self._operand())

    def end(self) -> None:
        rest = self.text[self.at :].lstrip()
        if rest:
            raise self._error("expected the end", len(self.text) - len(rest))

    def _operand(self) -> Node:
        token = self._peek()
        if token is None:
            raise self._error('expected [attribute], "text" or Function(...)')
        if token["text"] is not None:
            self.at = token.end()
            return Constant(re.sub(r"\\(.)", r"\1", token["text"][1:-1], flags=re.DOTALL))
        if token["attribute"] is not None:
            self.at = token.end()
            return Reference(token["attribute"].strip())
        if token["number"]:
            self.at = token.end()
            return Constant(token["number"])
        if token["name"]:
            return self._call(token)
        raise self._error('expected [attribute], "text" or Function(...)', token.start(token.lastgroup or 0))

    def _call(self, token: re.Match[str]) -> Call:
        name, start = token["name"], token.start("name")
        self.at = token.end()
        self._mark("(", f"expected ( after {name}")
        arguments = tuple(self._arguments())
        function = FUNCTIONS.get(name)
        if function is None:
            raise self._error(f"the function {name} is not simulated; there are {', '.join(FUNCTIONS)}", start)
        if not function.takes(len(arguments)):
            raise self._error(f"{name} takes {function.arity} arguments and has {len(arguments)}", start)
        return Call(function, arguments)

    def _arguments(self) -> Iterator[Node]:
        token = self._peek()
        if token is not None and token["mark"] == ")":
            self.at = token.end()
            return
        while True:
            token = self._peek()
            yield Missing() if token is not None and token["mark"] in (",", ")") else self.argument()
            token = self._peek()
            if token is None or token["mark"] not in (",", ")"):
                raise self._error("expected , or )")
            self.at = token.end()
            if token["mark"] == ")":
                return

    def _mark(self, wanted: str, complaint: str) -> None:
        token = self._peek()
        if token is None or token["mark"] != wanted:
            raise self._error(complaint)
        self.at = token.end()

    def _peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def _error(self, says: str, at: int | None = None) -> ExpressionError:
        rest = self.text[self.at :]
        place = self.at + len(rest) - len(rest.lstrip()) if at is None else at
        return ExpressionError(says, self.text, place)


def _references(node: Node) -> Iterator[str]:
    match node:
        case Reference(name):
            yield name
        case Call(_, arguments):
            for argument in arguments:
                yield from _references(argument)
        case Comparison(left, _, right):
            yield from _references(left)
            yield from _references(right)


def _calls(node: Node) -> Iterator[str]:
    match node:
        case Call(function, arguments):
            yield function.name
            for argument in arguments:
                yield from _calls(argument)
        case Comparison(left, _, right):
            yield from _calls(left)
            yield from _calls(right)


def _alike(left: Value, right: Value) -> tuple[Any, Any]:
    texts = ("" if left is None else str(left), "" if right is None else str(right))
    try:
        return float(texts[0]), float(texts[1])
    except ValueError:
        return texts
