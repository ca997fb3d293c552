"""Blank: values of which only so much is known, and which refuse to tell the rest."""

from __future__ import annotations

from operator import is_not
from typing import Any


class Unsaid(Exception):
    """A condition or a check asked for more than is common to all exchanges that a stand-in stands for."""


class Something:
    """Stands for a value that is there and not empty, and that differs from exchange to exchange."""

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: Any) -> Any:
        raise Unsaid

    # Whatever could be learnt about a value. isinstance asks for __class__ when the type itself does not do.
    __class__ = property(_refuse)
    __eq__ = __str__ = __repr__ = __format__ = _refuse
    __hash__ = _refuse
    __len__ = __iter__ = __contains__ = __getitem__ = __getattr__ = _refuse

    def __ne__(self, other: object) -> bool:
        return not self == other

    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __or__ = __ror__ = __mod__ = _refuse


class Anything(Something):
    """Stands for a value that is there, and that may be empty."""

    __bool__ = Something._refuse


_OTHERS = (list, dict, int, float, bool, type(None))
"""What no text is equal to."""


class Text(Something):
    """Stands for any text that holds more than white space. Programs in C take it for no text, and refuse it too.

    ``sample`` is such a text, for whoever knows that another one would do as well.
    """

    sample = "\ue000"

    def _kind(self) -> type[str]:
        return str

    __class__ = property(_kind)

    def strip(self) -> Text:
        """Another text, and not empty either."""
        return Text()

    def __eq__(self, other: object) -> bool:
        if type(other) in _OTHERS or (type(other) is str and not other.strip()):
            return False
        raise Unsaid

    __hash__ = Something.__hash__


class DateTime(Text):
    """Stands for any dateTime that exists and carries a zone (RFC 7643 §2.3.5)."""

    sample = "2026-01-31T09:30:00Z"


def sampled(value: Any) -> Any:
    """A JSON value with a sample in place of each blank Text; the very same value where it holds none."""
    kind = type(value)
    if kind in (Text, DateTime):
        return value.sample
    if kind is dict:
        inner = {name: sampled(one) for name, one in value.items()}
        return inner if any(inner[name] is not one for name, one in value.items()) else value
    if kind is list:
        listed = [sampled(one) for one in value]
        return listed if any(map(is_not, listed, value)) else value
    return value
