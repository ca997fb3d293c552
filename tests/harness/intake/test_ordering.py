"""Sightings in order of time: the same order, however much there is and wherever it has to wait."""

from __future__ import annotations

import csv
import gzip
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import triaging
from harness.intake import ordering
from harness.intake.ordering import in_time
from harness.intake.reading import is_one
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.sighting import Complaint, Confidence, LogEvent, Provenance, Sighting
from harness.model.step import Effect, Intent
from harness.triaging import triage


def event(number: int, at: str) -> Sighting:
    return Sighting(
        Provenance("f", "f", f"row {number}"), Confidence.REPORTED, at, "okta", event=LogEvent("okta", "", "")
    )


def exchange(number: int, at: str, size: int) -> Sighting:
    told = Exchange(
        *(f"i-{number}", "", 0, Role.IDP, Phase.DURING, -1, "", Intent.READ, Effect.READ),
        request=Request("GET", "https://a.example/Users/1"),
        response=Response(200, body=b"x" * size),
    )
    return Sighting(Provenance("f", "f", f"entry {number}"), Confidence.RECORDED, at, exchange=told)


def minute(number: int) -> str:
    return f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So little memory that a few hundred Sightings have to wait on the disk."""
    monkeypatch.setattr(ordering, "WINDOW", 50)
    monkeypatch.setattr(ordering, "BLOCK", 7)


@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, 100, 333])
def test_what_waited_on_the_disk_comes_in_the_order_of_what_did_not(
    small: None, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    drawn = random.Random(7)
    found = [event(n, drawn.choice(["", minute(drawn.randrange(60))])) for n in range(number)]
    sorted_on_disk = list(in_time(found))
    monkeypatch.setattr(ordering, "WINDOW", 1000)
    assert sorted_on_disk == list(in_time(found))
    assert [one.at for one in sorted_on_disk if one.at] == sorted(one.at for one in found if one.at)
    assert [one.provenance for one in sorted_on_disk if not one.at] == [one.provenance for one in found if not one.at]


def test_an_event_stays_before_the_exchange_that_was_taken_from_its_text(small: None) -> None:
    found = [one for n in range(200, 0, -1) for one in (event(n, minute(n)), exchange(n, minute(n), 3))]
    ordered = list(in_time(found))
    assert [one.event is not None for one in ordered] == [True, False] * 200
    assert ordered[0].at == minute(1)


def test_a_whole_second_stands_before_its_parts(small: None) -> None:
    found = [event(1, "2026-01-01T00:00:01.5Z"), event(2, "2026-01-01T00:00:01Z")]
    assert [one.provenance.place for one in in_time(found)] == ["row 2", "row 1"]


def test_a_recording_that_is_in_order_is_passed_on_as_it_is_read(small: None) -> None:
    taken = []

    def read() -> Iterator[Sighting]:
        for n in range(300):
            taken.append(n)
            yield event(n, minute(n))

    ordered = in_time(read(), alone=True)
    assert next(ordered)
    assert len(taken) <= 51
    assert len(list(ordered)) == 299


def test_large_bodies_do_not_wait_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "WEIGHT", 1_000)
    windows = []
    monkeypatch.setattr(ordering, "_write", lambda file, timed: windows.append(len(timed)) or [])
    list(in_time(exchange(n, minute(100 - n), 300) for n in range(20)))
    assert max(windows) == 4


def test_complaints_are_never_lost(small: None) -> None:
    told = Complaint(Provenance("f", "f", "row 1"), "torn")
    found = [event(n, minute(400 - n)) if n % 3 else told for n in range(300)]
    assert sum(one is told for one in in_time(found)) == 100
    assert len(list(in_time(found))) == 300


def okta_log(numbers: range) -> str:
    """Okta's System Log, an event in each of some minutes."""
    told = {"eventType": "application.provision.user.deactivate", "outcome": {"result": "SUCCESS"}, "version": "0"}
    return "".join(
        json.dumps(told | {"uuid": str(n), "published": minute(n).replace("Z", ".000Z")}) + "\n" for n in numbers
    )


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_several_logs_in_one_archive_are_put_in_order_however_large_they_are(
    small: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = zipped(
        tmp_path / "logs.zip", {"a.jsonl": okta_log(range(0, 400, 2)), "b/b.jsonl": okta_log(range(1, 400, 2))}
    )
    seen = []

    def watched(*args: Any, **options: Any) -> Iterator[Sighting | Complaint]:
        for one in in_time(*args, **options):
            seen.append(one)
            yield one

    monkeypatch.setattr(triaging, "in_time", watched)
    triage([path])
    times = [one.at[:16] for one in seen if isinstance(one, Sighting)]
    assert times == [minute(n)[:16] for n in range(400)]


STEPS = "Id,Change Id,Step Type,Step Name\n1,00000000-1111-4222-8333-444444444444,import,Import\n"


def logs_of_entra(*months: int) -> dict[str, str]:
    heads = ",".join(HEADINGS) + "\n"
    return {f"ProvisioningLogs-{n}.csv": heads + ",".join(row(n, refused=False)) + "\n" for n in months}


@pytest.mark.parametrize(
    ("files", "one"),
    [
        ({"a.jsonl": okta_log(range(5))}, True),
        ({"a.jsonl": okta_log(range(5)), "__MACOSX/._a.jsonl": "x", "empty.bin": ""}, True),
        ({"a.jsonl": okta_log(range(5)), "b.jsonl": okta_log(range(5))}, False),
        (lambda: logs_of_entra(1) | {"ProvisioningSteps.csv": STEPS}, True),
        (lambda: logs_of_entra(1, 2), False),
    ],
    ids=["a log", "a log and what a system puts beside it", "two logs", "a log and its steps", "two months"],
)
def test_only_what_is_one_log_is_trusted_to_be_in_order(tmp_path: Path, files: Any, one: bool) -> None:
    files = files() if callable(files) else files
    assert is_one([zipped(tmp_path / "packed.zip", files)]) is one
    loose = []
    for name, text in files.items():
        if "/" not in name:
            loose.append(tmp_path / name)
            loose[-1].write_text(text)
    assert is_one(loose) is one


def test_packed_logs_are_told_apart_without_unpacking_them(tmp_path: Path) -> None:
    logs = []
    for name in ("a", "b"):
        logs.append(tmp_path / f"{name}.jsonl.gz")
        logs[-1].write_bytes(gzip.compress(okta_log(range(5)).encode("utf-16")))
    assert is_one(logs[:1])
    assert not is_one(logs)


HEADINGS = [
    "Date",
    "Change Id",
    "Action",
    "Status",
    "Error Code",
    "Reason",
    "Source Identity Name",
    "Target Identity Id",
]
REFUSED = "StatusCode: Unauthorized Message: Processing failed. Web Response: ."


def row(number: int, *, refused: bool) -> list[str]:
    went = (
        ["failure", "SystemForCrossDomainIdentityManagementUnauthorized", REFUSED] if refused else ["success", "", ""]
    )
    who = [f"user{number % 90}@example.test", f"u-{number % 90}"]
    return [minute(number), f"{number:08x}-1111-4222-8333-444444444444", "update", *went, *who]


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("begins", [400, 790], ids=["in the middle", "at the very end"])
def test_a_key_that_ran_out_is_named_whichever_end_of_the_export_comes_first(
    small: None, tmp_path: Path, order: int, begins: int
) -> None:
    path = tmp_path / "ProvisioningLogs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows([row(n, refused=n >= begins) for n in range(800)][::order])
    case = triage([path])
    assert case.causes[0].id == "expired-token"
    assert case.divergence is not None
    assert case.divergence.at == minute(begins)
