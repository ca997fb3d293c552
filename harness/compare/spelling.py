"""What differs from run to run and means nothing: ids, times, versions. They are put out of sight before comparing."""

from __future__ import annotations

import re

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_HEX = r"\b[0-9a-f]{24,64}\b"
_INSTANT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
_HTTP_DATE = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
_ETAG = r'W/\\?"[^"\\]*\\?"'
_VOLATILE = re.compile(f"(?P<id>{_UUID}|{_HEX})|(?P<time>{_INSTANT}|{_HTTP_DATE})|(?P<version>{_ETAG})")

_UNMISTAKABLE = re.compile(f"{_UUID}|{_HEX}")
_SIGNS = {"id": "‹id›", "time": "‹time›", "version": "‹version›"}


def settled(text: str) -> str:
    """The text with every id, time and version replaced by a sign: equal texts mean the same answer."""
    return _VOLATILE.sub(lambda match: _SIGNS[str(match.lastgroup)], text)


class Names:
    """Gives the ids of one scenario numbers in the order in which they appear, whatever form they have ("42")."""

    _ID = re.compile(r'"id"\s*:\s*"((?:[^"\\]|\\.){1,200})"')

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self._ordered: list[str] = []

    def learn(self, body: str) -> None:
        """Remember the ids that an answer shows for the first time."""
        found = [one for one in dict.fromkeys(self._ID.findall(body)) if one not in self._numbers]
        for one in found:
            self._numbers[one] = f"‹id {len(self._numbers) + 1}›"
        if found:
            # The longest first, so that no id is cut by a shorter one inside it.
            self._ordered = sorted(self._numbers, key=len, reverse=True)

    def settled(self, text: str) -> str:
        """The text with known ids numbered, and whatever else means nothing put out of sight."""
        for one in self._ordered:
            if one in text:
                text = self._numbered(one, text)
        return settled(text)

    def _numbered(self, one: str, text: str) -> str:
        if _UNMISTAKABLE.fullmatch(one):
            return text.replace(one, self._numbers[one])
        # As a whole value or path segment only: "42" inside another word is not the id.
        return re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", self._numbers[one], text)
