"""How fast recorded traffic is read and triaged, and how much memory that takes, against json.load of the same file.

``--size traffic=1000`` makes a HAR archive of a gigabyte, the largest that support has to expect; the size is in
megabytes. Each side works in a process of its own, because memory is measured; speed is by CPU time. The peer parses
the file and does nothing with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, at_least

SIZE = 20
MEMORY_MB = 500
"""What reading may take, whatever the size of the file."""

_WHY = "ours masks credentials, classifies each request and looks for signs of its sender"
_TRIAGED = f"{_WHY}, asks each exchange for signs of trouble and judges the first thousands by the clauses"
_TRIAL = """
import json, sys, time
from pathlib import Path
from benchmarks.memory import peak_mb
if sys.argv[1] == "read":
    from harness.intake.reading import read_files
elif sys.argv[1] == "triaged":
    from harness.triaging import triage
path = Path(sys.argv[2])
begun = time.process_time()
if sys.argv[1] == "read":
    count = sum(1 for _ in read_files([path]))
elif sys.argv[1] == "triaged":
    count = len(triage([path]).causes)
else:
    with path.open("rb") as file:
        count = len(json.load(file)["log"]["entries"])
seconds = time.process_time() - begun
print(seconds, int(peak_mb()), count)
"""


def measure(size: int = SIZE) -> Iterator[Figure]:
    """A HAR archive of ``size`` megabytes: half of its entries are SCIM, the others are pages of a product."""
    with tempfile.TemporaryDirectory(prefix="scimulator-") as place:
        path = Path(place) / "traffic.har"
        write_har(path, size * 1_000_000)
        megabytes = path.stat().st_size / 1e6
        peer, peer_memory, entries = _trial("json", path)
        for side, why in (("read", _WHY), ("triaged", _TRIAGED)):
            seconds, memory, count = _trial(side, path)
            assert count * 2 >= entries if side == "read" else count, "half of the entries are SCIM, and defective"
            what = f"HAR archive of {megabytes:,.0f} MB {side}"
            speed, peer_speed = megabytes / seconds, megabytes / peer
            told, ratio = f"json.load: {peer_speed:.0f} MB/s", speed / peer_speed
            if side == "read":
                yield at_least(f"{what}, speed", f"{speed:.1f} MB/s", told, ratio, 0.1, why)
            else:
                yield Figure(f"{what}, speed", f"{speed:.1f} MB/s", told, ratio, why=why)
            told, bound = f"json.load: {peer_memory:,} MB", f"at most {MEMORY_MB} MB"
            yield Figure(f"{what}, memory", f"{memory:,} MB", told, memory / peer_memory, bound, memory <= MEMORY_MB)


def _trial(side: str, path: Path) -> tuple[float, int, int]:
    command = [sys.executable, "-c", _TRIAL, side, str(path)]
    seconds, memory, count = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), int(memory), int(count)


def write_har(path: Path, size: int) -> None:
    """An archive of about so many bytes, written entry by entry."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log":{"version":"1.2","creator":{"name":"proxy","version":"1"},"entries":[')
        number, written = 0, 0
        while written < size:
            text = ("," if number else "") + json.dumps(_scim(number) if number % 2 else _page(number))
            file.write(text)
            written += len(text)
            number += 1
        file.write("]}}")


def _scim(number: int) -> dict[str, object]:
    answer = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": f"{number:032x}",
        "userName": f"person.{number}@crm.example",
        "active": number % 3 == 0,
        "name": {"givenName": "Ada", "familyName": f"Person {number}"},
        "emails": [{"value": f"person.{number}@crm.example", "type": "work", "primary": True}],
        "meta": {"resourceType": "User", "location": f"https://crm.example/scim/v2/Users/{number:032x}"},
    }
    change = {"op": "replace", "value": {"active": False}}
    sent = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [change]})
    return _entry("PATCH", f"https://crm.example/scim/v2/Users/{number:032x}", json.dumps(answer), sent)


def _page(number: int) -> dict[str, object]:
    return _entry("GET", f"https://crm.example/app/page/{number}", f"<p>{'words of a page ' * 60}</p>", "")


def _entry(method: str, url: str, answer: str, sent: str) -> dict[str, object]:
    headers = [
        {"name": "User-Agent", "value": "Okta SCIM Client 1.0.0"},
        {"name": "Authorization", "value": "Bearer x"},
    ]
    body = {"postData": {"mimeType": "application/scim+json", "text": sent}} if sent else {}
    kind = [{"name": "Content-Type", "value": "application/scim+json" if sent else "text/html"}]
    content = {"size": len(answer), "mimeType": "x", "text": answer}
    return {
        "startedDateTime": "2026-03-01T08:00:00.000Z",
        "time": 12.5,
        "request": {"method": method, "url": url, "headers": headers, "queryString": [], "bodySize": len(sent), **body},
        "response": {"status": 200, "statusText": "OK", "headers": kind, "content": content, "bodySize": len(answer)},
        "timings": {"send": 0, "wait": 12.5, "receive": 0},
    }
