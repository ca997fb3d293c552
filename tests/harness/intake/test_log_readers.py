"""What holds for every reader of logs and exports: samples are told apart, and no content makes a reader fall over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.intake import entra_csv, entra_export, entra_log, error_text, okta_csv, okta_log
from harness.intake.importer import Importer
from harness.intake.objects import Damage, Found, Objects, Rest
from harness.intake.reading import recognise
from harness.intake.texts import clean, utc
from harness.model.sighting import Complaint, Sighting

SAMPLES = Path(__file__).parent / "samples"
READERS = (entra_csv, entra_export, entra_log, error_text, okta_csv, okta_log)
OWNERS = {
    "entra-schema.json": "entra-export",
    "entra-job.json": "entra-export",
    "entra-secrets.json": "entra-export",
    "entra-monitor.csv": "entra-csv",
    "okta-log.csv": "okta-csv",
    "okta-log-flat.csv": "okta-csv",
    "okta-tasks.txt": "error-text",
    "entra-screen.txt": "error-text",
}
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.name.startswith(("entra-", "okta-", "ProvisioningLogs")))


@pytest.mark.parametrize("name", NAMES)
def test_no_other_importer_is_surer_of_a_sample(name: str, sample: Callable[[str], Path]) -> None:
    usual = "entra-csv" if name.startswith("ProvisioningLogs") else f"{name.partition('-')[0]}-log"
    found = recognise(sample(name))
    assert found is not None
    assert found.name == OWNERS.get(name, usual)


def whole(importer: Importer, path: Path) -> list[Sighting | Complaint]:
    """Everything that a reader gives, which has to be whole and fit to be written."""
    found = list(importer.read(path, lambda _: None))
    for seen in found:
        repr(seen).encode("utf-8")
        assert seen.provenance.place
        assert isinstance(seen, Complaint) or (seen.event is None) != (seen.exchange is None)
    return found


def spoilt() -> st.SearchStrategy[tuple[str, bytes]]:
    """A sample, cut, doubled in the middle, or with some of its bytes replaced."""

    @st.composite
    def one(draw: Any) -> tuple[str, bytes]:
        name = draw(st.sampled_from(NAMES))
        data = bytearray((SAMPLES / name).read_bytes())
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, max(0, len(data) - 1)))
            piece = draw(st.sampled_from([b'"', b"{", b"}", b"[", b"\\", b",", b"\xff", b"\x00", b"\n", b'{"a":']))
            match draw(st.integers(0, 3)):
                case 0:
                    data[at:at] = piece
                case 1:
                    data[at : at + draw(st.integers(1, 200))] = b""
                case 2:
                    data[at:at] = data[at : at + 500]
                case _:
                    del data[at:]
        return name, bytes(data)

    return one()


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(spoilt())
def test_a_spoilt_file_gives_complaints_and_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, given_file: tuple[str, bytes]
) -> None:
    name, data = given_file
    path = tmp_path_factory.mktemp("spoilt") / name
    path.write_bytes(data)
    for reader in READERS:
        assert 0 <= reader.IMPORTER.recognises(name, data) <= 100
        whole(reader.IMPORTER, path)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_at_all_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    for reader in READERS:
        whole(reader.IMPORTER, path)


HOSTILE = {
    "braces": "{" * 300_000,
    "brackets": "[" * 300_000,
    "deep objects": '{"a":' * 50_000,
    "deep lists": '{"value":[' * 30_000,
    "an endless string": '[{"a":"' + "x" * 1_000_000,
    "broken again and again": '{"value":[{"a":1},{"b":}' * 20_000,
    "commas": ',{"a":' * 100_000,
    "quotes": '"' * 300_001,
    "escapes": "\\" * 300_000,
    "one long line": "a," * 100_000,
    "one long word": "a" * 500_000,
    "open quotes": 'eventType,x\n"' + "b\n" * 200_000,
    "almost a wrapper": '{"a":"b",' * 50_000,
    "numbers": "[" + "9" * 200_000,
    "signs of errors": "StatusCode: " * 20_000,
    "users without an end": "user a to app " * 20_000,
    "remote errors": "Errors reported by remote server: " * 10_000,
    "mail addresses": "a." * 100_000 + "@" + "b." * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.FORMAT)
def test_hostile_content_is_read_to_its_end(name: str, reader: Any, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(HOSTILE[name])
    assert len(whole(reader.IMPORTER, path)) <= 5_000


def objects(text: str) -> Iterator[Found | Damage | Rest]:
    import io

    return iter(Objects(io.StringIO(text)))


def test_pages_of_an_api_in_one_file_are_told_apart() -> None:
    found = [o for o in objects('{"value":[{"a":1}],"n":1}\n{"value":[{"a":2}]}') if isinstance(o, Found)]
    assert [o.place for o in found] == ["value[0]", "page 2, value[0]"]


def test_a_record_larger_than_what_is_read_at_once_is_whole() -> None:
    text = '[{"a":"' + "x" * 1_000_000 + '"},{"b":1}]'
    assert [len(str(o.value)) > 100 for o in objects(text) if isinstance(o, Found)] == [True, False]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.123Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("1/13/2026 3:04:05 PM", "2026-01-13T15:04:05Z"),
        ("1/2/2026 12:04:05 AM", "2026-01-02T00:04:05Z"),
        ("13.01.2026 03:04:05", "2026-01-13T03:04:05Z"),
        ("1/2/2026 03:04:05", ""),
        ("31.02.2026 03:04", ""),
        ("yesterday", ""),
        (None, ""),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_a_time_is_told_in_utc_or_not_at_all(written: Any, told: str) -> None:
    assert utc(written) == told


def test_a_text_is_fit_to_be_written() -> None:
    assert clean("a\ud800b\x00c") == "a\ufffdb\ufffdc"
    assert len(clean("x" * 100_000)) < 30_000
    assert "CANARY" not in clean("Authorization: Bearer CANARY")
    assert "CANARY" not in clean('{"client_secret": "CANARY-1234"}')
