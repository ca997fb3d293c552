"""The functions of Entra's mapping expressions, in the order of the vendor's reference; text in, text out.

Nothing comes of nothing: a function whose source is null gives null, unless its page says otherwise.
Source: https://learn.microsoft.com/entra/identity/app-provisioning/functions-for-customizing-application-data
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Function:
    """``most`` None: any number of arguments."""

    name: str
    run: Callable[..., Any]
    least: int
    most: int | None

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)

    @property
    def arity(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str, least: int, most: int | None = 0, *, null_safe: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the table. Unless ``null_safe``, a first argument that is null makes the result null."""

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        def careful(*arguments: Any) -> Any:
            return None if arguments and arguments[0] is None else run(*arguments)

        FUNCTIONS[name] = Function(name, run if null_safe else careful, least, least if most == 0 else most)
        return run

    return enter


def text(value: Any) -> str:
    """A value as Entra writes it into a string."""
    if isinstance(value, tuple):
        return ",".join(text(part) for part in value)
    return "" if value is None else str(value)


def number(value: Any) -> int:
    """A whole number; 0 for what is none, so that a mapping typed in wrongly does not end the cycle."""
    match = re.match(r"-?\d+", text(value).strip())
    return int(match[0]) if match else 0


@function("Append", 2)
def append(source: Any, suffix: Any) -> str:
    return text(source) + text(suffix)


@function("AppRoleAssignmentsComplex", 1)
def app_role_assignments_complex(assignments: Any) -> Any:
    """Every role, to be added to what is there."""
    return tuple(
        {"display": role["displayName"], "value": role["value"], "id": role["id"]} for role in _many(assignments)
    )


@function("AssertiveAppRoleAssignmentsComplex", 1)
def assertive_app_role_assignments_complex(assignments: Any) -> Any:
    """Every role, to take the place of what is there."""
    return app_role_assignments_complex(assignments)


@function("CBool", 1)
def cbool(value: Any) -> bool:
    return text(value).lower() not in ("", "0", "false")


@function("Coalesce", 1, None, null_safe=True)
def coalesce(*sources: Any) -> Any:
    return next((source for source in sources if source is not None), None)


@function("Count", 1)
def count(attribute: Any) -> str:
    return str(len(_many(attribute)))


@function("CStr", 1)
def cstr(value: Any) -> str:
    return text(value)


@function("IgnoreFlowIfNullOrEmpty", 1)
def ignore_flow_if_null_or_empty(source: Any) -> Any:
    return source or None


@function("IIF", 3, null_safe=True)
def iif(condition: Any, when_true: Any, when_false: Any) -> Any:
    return when_true if cbool(condition) else when_false


@function("InStr", 2, 4)
def in_str(source: Any, sought: Any, start: Any = "1", _compare: Any = None) -> str:
    return str(text(source).find(text(sought), max(number(start) - 1, 0)) + 1)


@function("IsNull", 1, null_safe=True)
def is_null(value: Any) -> bool:
    return value is None


@function("IsNullOrEmpty", 1, null_safe=True)
def is_null_or_empty(value: Any) -> bool:
    return value is None or value in ("", ())


@function("IsPresent", 1, null_safe=True)
def is_present(value: Any) -> bool:
    return not is_null_or_empty(value)


@function("IsString", 1)
def is_string(value: Any) -> bool:
    return isinstance(value, str)


@function("Item", 2)
def item(attribute: Any, index: Any) -> Any:
    """The element with this number, counted from 1."""
    values, place = _many(attribute), number(index)
    return values[place - 1] if 0 < place <= len(values) else None


@function("Join", 2, None, null_safe=True)
def join(separator: Any, *sources: Any) -> str | None:
    """The parts that have a value, multi-valued ones part by part."""
    parts = [text(part) for source in sources for part in _many(source)]
    return text(separator).join(parts) if parts else None


@function("Left", 2)
def left(source: Any, length: Any) -> str:
    return text(source)[: max(number(length), 0)]


@function("Mid", 3)
def mid(source: Any, start: Any, length: Any) -> str:
    """``length`` characters from the one with number ``start``, counted from 1."""
    begin = max(number(start) - 1, 0)
    return text(source)[begin : begin + max(number(length), 0)]


_WITHOUT_DECOMPOSITION = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss"})


@function("NormalizeDiacritics", 1)
def normalize_diacritics(source: Any) -> str:
    """Letters without their accents. A few letters that Unicode does not take apart are taken apart here as well."""
    plain = unicodedata.normalize("NFD", text(source).translate(_WITHOUT_DECOMPOSITION))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@function("Not", 1)
def negated(source: Any) -> str:
    """The other truth value, as the string that Entra puts on the wire."""
    return str(not cbool(source))


@function("PCase", 1, 2)
def pcase(source: Any, separators: Any = None) -> str:
    """Words with a capital first letter. Without separators, all but letters, digits and apostrophes end a word."""
    between = r"[^\w']|_" if not separators else f"[{re.escape(text(separators))}]"
    return "".join(part.capitalize() for part in re.split(f"({between})", text(source)))


@function("RemoveDuplicates", 1)
def remove_duplicates(attribute: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(_many(attribute)))


@function("Replace", 2, 7, null_safe=True)
def replaced(
    source: Any,
    old: Any,
    pattern: Any = None,
    group: Any = None,
    new: Any = None,
    attribute: Any = None,
    template: Any = None,
) -> Any:
    """The five uses that the reference describes, chosen by which of the arguments are given."""
    if pattern is not None and group is not None and attribute is not None:
        return source if source else _extracted(_compiled(pattern), text(group), text(attribute))
    if source is None:
        return None
    if old is not None and new is not None:
        return text(source).replace(text(old), text(new))
    if old is not None and template is not None:
        return text(template).replace(text(old), text(source))
    if pattern is None or new is None:
        return source
    return _rewritten(_compiled(pattern), group, text(new), text(source))


def _compiled(pattern: Any) -> re.Pattern[str]:
    """A .NET pattern, whose named groups lack the P; one that Python cannot read matches nothing."""
    try:
        return re.compile(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", text(pattern)))
    except re.error:
        return re.compile(r"(?!)")


def _extracted(pattern: re.Pattern[str], group: str, source: str) -> str | None:
    found = pattern.search(source)
    return found[group] if found is not None and group in pattern.groupindex else None


def _rewritten(pattern: re.Pattern[str], group: Any, new: str, source: str) -> str:
    """The source with every match, or the named group of every match, replaced; ${name} in ``new`` is a group."""

    def whole(match: re.Match[str]) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda name: match.groupdict().get(name[1]) or "", new)

    def part(match: re.Match[str]) -> str:
        begin, end = (place - match.start() for place in match.span(text(group)))
        return match[0][:begin] + new + match[0][end:] if match[text(group)] is not None else match[0]

    if group is None:
        return pattern.sub(whole, source)
    return pattern.sub(part, source) if text(group) in pattern.groupindex else source


@function("SingleAppRoleAssignment", 1)
def single_app_role_assignment(assignments: Any) -> Any:
    """The value of one role; with several assigned, which one it is is not defined. Here it is the first."""
    roles = _many(assignments)
    return roles[0]["value"] if roles else None


@function("Split", 2)
def split(source: Any, delimiter: Any) -> tuple[str, ...]:
    return tuple(text(source).split(text(delimiter) or None))


@function("StripSpaces", 1)
def strip_spaces(source: Any) -> str:
    return text(source).replace(" ", "")


@function("Switch", 2, None, null_safe=True)
def switch(source: Any, default: Any, *pairs: Any) -> Any:
    """The value whose key equals the source, letter case included; else the default; null when that is empty."""
    return next(
        (value for key, value in zip(pairs[::2], pairs[1::2], strict=False) if text(key) == text(source)), default
    )


@function("ToLower", 1, 2)
def to_lower(source: Any, _culture: Any = None) -> str:
    return text(source).lower()


@function("ToUpper", 1, 2)
def to_upper(source: Any, _culture: Any = None) -> str:
    return text(source).upper()


@function("Word", 2, 3)
def word(source: Any, index: Any, delimiters: Any = " ") -> str:
    """The word with this number, counted from 1, or "" when there are fewer."""
    words = [part for part in re.split(f"[{re.escape(text(delimiters))}]", text(source)) if part]
    place = number(index)
    return words[place - 1] if 0 < place <= len(words) else ""


def _many(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
