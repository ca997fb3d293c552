"""Whether a value is a dateTime (RFC 7643 §2.3.5): by its form, and by the calendar."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from harness.model.blank import DateTime
from harness.schemas.generate import DATE_TIME


def is_date_time(value: Any) -> bool:
    """Whether it is the text of a dateTime, with a zone or without."""
    return type(value) is DateTime or (isinstance(value, str) and _is_written(value))


def carries_zone(value: Any) -> bool:
    """Whether a dateTime ends in a zone."""
    return type(value) is DateTime or _ZONE.search(value) is not None


_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")


@lru_cache(maxsize=4096)
def _is_written(value: str) -> bool:
    if not re.match(DATE_TIME, value):
        return False
    day = re.match(r"(?!0000)(\d{4})-(\d\d)-(\d\d)T", value)
    try:
        # Years that Python's calendar does not know are legal.
        return day is None or bool(date(*(int(part) for part in day.groups())))
    except ValueError:
        return False
