from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness import record
from harness.codec import cast_from_json, cast_to_json, exchange_from_json, exchange_to_json, key_to_json
from harness.model.account import Account, Cast, Member, Source
from harness.model.exchange import Exchange, Response, Trouble, TroubleKind
from harness.model.person import Person, Team
from harness.model.transcript import Transcript
from harness.record import Recorder, RecordError

Crossed = Callable[..., Exchange]
BASE = "https://app.example/scim/v2"


@pytest.fixture
def key(told: Callable[..., Transcript]) -> dict[str, str]:
    return key_to_json(told().scenario)


def begin(directory: Path, key: dict[str, str], worker: str = "") -> Recorder:
    recorder = Recorder(directory, worker)
    if not worker:
        recorder.event("run_started", base_url=BASE, scenarios=[key], profile={})
    recorder.event("scenario_started", key=key, base_url=BASE, changes=[{"kind": "Unassign", "part": "leaver"}])
    return recorder


def test_a_whole_run_comes_back_as_it_was(tmp_path: Path, crossed: Crossed, key: dict[str, str]) -> None:
    recorder = begin(tmp_path, key)
    exchanges = (crossed(0), crossed(1, trouble=Trouble(TroubleKind.RESET, "closed", "look")))
    for exchange in exchanges:
        recorder.exchange(exchange)
    recorder.event("scenario_finished", scenario=key["id"], complete=True, stopped="", cast={})
    recorder.event("run_finished")
    recorder.close()
    recording = record.read(tmp_path)
    transcript = recording.transcripts[key["id"]]
    assert recording.finished
    assert transcript.complete
    assert transcript.exchanges == exchanges
    assert [c.kind for c in transcript.changes] == ["Unassign"]


def test_a_run_cut_in_the_middle_of_a_line_is_read_up_to_there(
    tmp_path: Path, crossed: Crossed, key: dict[str, str]
) -> None:
    recorder = begin(tmp_path, key)
    recorder.exchange(crossed(0))
    recorder.exchange(crossed(1))
    recorder.close()
    file = tmp_path / "exchanges.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    recording = record.read(tmp_path)
    transcript = recording.transcripts[key["id"]]
    assert (recording.finished, recording.unreadable) == (False, 1)
    assert [x.ordinal for x in transcript.exchanges] == [0]
    assert (transcript.complete, transcript.stopped) == (False, "the run was interrupted here")


def test_files_of_parallel_workers_are_one_run(tmp_path: Path, crossed: Crossed, key: dict[str, str]) -> None:
    Recorder(tmp_path).event("run_started", base_url=BASE, scenarios=[key], profile={})
    worker = begin(tmp_path, key, "gw1")
    worker.exchange(crossed(0))
    assert [x.ordinal for x in record.read(tmp_path).transcripts[key["id"]].exchanges] == [0]


def test_compressed_exchanges_are_read_too(tmp_path: Path, crossed: Crossed, key: dict[str, str]) -> None:
    recorder = begin(tmp_path, key)
    recorder.exchange(crossed(0))
    recorder.close()
    plain = tmp_path / "exchanges.jsonl"
    (tmp_path / "exchanges.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert len(record.read(tmp_path).transcripts[key["id"]].exchanges) == 1


def test_a_folder_without_a_record_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"holds no events\.jsonl: expected a run directory"):
        record.read(tmp_path)
    (tmp_path / "events.jsonl").write_text('{"event":"something"}\n')
    with pytest.raises(RecordError, match="does not begin with run_started"):
        record.read(tmp_path)


def test_a_full_disk_is_told_and_not_swallowed(crossed: Crossed) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("/dev/full is a device of Linux")
    recorder = Recorder.__new__(Recorder)
    recorder.directory = Path("runs/x")
    recorder._veil = None
    recorder._exchanges = full.open("ab", buffering=0)
    with pytest.raises(RecordError, match="No space left on device; is the disk full"):
        recorder.exchange(crossed())


def test_a_json_file_is_replaced_in_one_step_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    record.write_json(file, {"a": 1})
    with pytest.raises(TypeError):
        record.write_json(file, {"a": object()})
    assert json.loads(file.read_text()) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60), text=st.text(max_size=20))
def test_every_body_survives_byte_for_byte(crossed: Crossed, body: bytes, text: str) -> None:
    exchange = crossed(response=Response(200, text, (("X", text),), body), title=text)
    line = json.loads(json.dumps(exchange_to_json(exchange)))
    assert exchange_from_json(line) == exchange


def test_a_cast_survives() -> None:
    person = Person("0" * 32, "ada@x.example", "Ada", "Example", "ada@x.example")
    cast = Cast(
        (Member("leaver", person, Account("ada@x.example", "u1", Source.JIT, since=2)), Member("newcomer", person)),
        (Team("1" * 32, "Team", ("leaver",)), Team("2" * 32, "Other", role="other")),
    )
    assert cast_from_json(json.loads(json.dumps(cast_to_json(cast)))) == cast
