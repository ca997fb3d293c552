"""The body of an answer, read to its end within limits; and everything that can go wrong on the way to it."""

from __future__ import annotations

import time

import requests
import urllib3.exceptions

from harness.wire.trouble import TooLarge, TooSlow

CHUNK = 64 * 1024

ON_THE_WAY = (
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    TooLarge,
    TooSlow,
    OSError,
    ValueError,
)
"""What sending a request and reading its answer may raise; ``trouble_of`` has words for each."""


def whole_body(answer: requests.Response, most: int, until: float) -> bytes:
    """The decoded body of a streamed answer, which is closed in any case; ``until`` is on ``perf_counter``'s clock.

    Raises TooLarge beyond ``most`` bytes, TooSlow after ``until``, and what the library raises.
    """
    try:
        parts: list[bytes] = []
        size = 0
        while chunk := answer.raw.read1(CHUNK, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                raise TooLarge
            if time.perf_counter() > until:
                raise TooSlow
    finally:
        answer.close()
    return b"".join(parts)
