"""What files show becomes scenarios: by sender and base URL, in order, bounded, each exchange with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness.intake import recording
from harness.intake.recording import PART, gather
from harness.intake.traffic import Message, Traffic
from harness.model.scenario import Kind
from harness.model.sighting import Complaint, Confidence, Sighting

OKTA = (("User-Agent", "Okta SCIM Client 1.0.0"), ("Accept", "application/scim+json"))
ENTRA = (("Content-Type", "application/scim+json"),)
WITNESS = (("User-Agent", "scimulator-witness"),)


def sighting(
    traffic: Traffic, url: str, headers: tuple[tuple[str, str], ...], at: str = "", status: int = 200
) -> Sighting:
    message = Message("GET", url, headers, None, status, "OK", (), b'{"id":"1"}', at=at)
    found = traffic.sighting(message, f"entry {traffic.found + 1}")
    assert found is not None
    return found


def test_each_sender_and_base_url_is_a_scenario_of_its_own() -> None:
    traffic = Traffic("a.har", "har")
    urls = [f"https://{host}.example/scim/v2/Users/1" for host in ("a", "b", "a")]
    gathered = gather(sighting(traffic, url, headers) for url, headers in zip(urls, (OKTA, OKTA, ENTRA), strict=True))
    assert [(t.scenario.id, t.base_url) for t in gathered.transcripts] == [
        ("okta/recorded-1", "https://a.example/scim/v2"),
        ("okta/recorded-2", "https://b.example/scim/v2"),
        ("entra/recorded-1", "https://a.example/scim/v2"),
    ]
    assert {t.scenario.kind for t in gathered.transcripts} == {Kind.RECORDING}


def test_what_this_program_asked_itself_goes_with_the_client() -> None:
    traffic = Traffic("a.har", "har")
    url = "https://a.example/scim/v2/Users/1"
    (one,) = gather(sighting(traffic, url, headers) for headers in (WITNESS, OKTA, WITNESS)).transcripts
    assert [x.role.value for x in one.exchanges] == ["witness", "idp", "witness"]


def test_exchanges_stand_in_the_order_of_their_times_with_their_places() -> None:
    traffic = Traffic("a.har", "har")
    url, day = "https://a.example/scim/v2/Users/1", "2026-03-01T08:00:0"
    (one,) = gather(sighting(traffic, url, OKTA, f"{day}{n}Z") for n in (3, 1, 2)).transcripts
    assert [x.started_at[18] for x in one.exchanges] == ["1", "2", "3"]
    assert one.exchanges[0].notes == ("from a.har, entry 2",)
    assert [x.ordinal for x in one.exchanges] == [0, 1, 2]


def test_a_long_conversation_is_cut_and_a_huge_one_is_bounded() -> None:
    traffic = Traffic("a.har", "har")
    url = "https://a.example/scim/v2/Users/1"
    gathered = gather((sighting(traffic, url, OKTA) for _ in range(PART + 5)), most=PART + 2)
    assert [len(t.exchanges) for t in gathered.transcripts] == [PART, 2]
    assert any(f"first {PART + 2} of {PART + 5} exchanges" in notice for notice in gathered.notices)


def test_what_is_only_reported_or_unanswered_is_counted_and_not_judged() -> None:
    traffic = Traffic("a.har", "har")
    url = "https://a.example/scim/v2/Users/1"

    def found() -> Iterator[Sighting | Complaint]:
        yield replace(sighting(traffic, url, OKTA), confidence=Confidence.REPORTED)
        yield sighting(traffic, url, OKTA, status=0)
        yield traffic.complain("line 7", "cannot be read")

    gathered = gather(found())
    assert (gathered.transcripts, gathered.reported, gathered.unanswered) == ([], 1, 1)
    assert len(gathered.notices) == 3


def test_the_operator_may_name_the_sender() -> None:
    traffic = Traffic("a.har", "har")
    (one,) = gather(
        [sighting(traffic, "https://a.example/scim/v2/Users/1", (("User-Agent", "x"),))], idp="entra", variant="default"
    ).transcripts
    assert (one.scenario.id, one.scenario.idp, one.scenario.variant) == ("entra/recorded-1", "entra", "default")


def test_the_file_name_of_a_sighting_has_no_folder(tmp_path: Path) -> None:
    traffic = Traffic((tmp_path / "x.har").name, "har")
    assert sighting(traffic, "https://a.example/scim/Users/1", OKTA).provenance.file == "x.har"


def test_bodies_that_fill_the_memory_are_told_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 3 * 2**20)
    traffic = Traffic("a.har", "har")
    message = Message("GET", "https://a.example/scim/v2/Users/1", OKTA, None, 200, "OK", (), b" " * 2**20)
    gathered = gather(one for n in range(5) if (one := traffic.sighting(message, f"entry {n}")) is not None)
    assert (gathered.kept, gathered.exchanges) == (3, 5)
    (told,) = gathered.notices
    assert "first 3 of 5 exchanges" in told
    assert "fill the 3 MB" in told
    assert "--most" not in told
