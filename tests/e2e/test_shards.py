"""One plan dealt out over several runs, and merged again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STORIES = [f"--story={name}" for name in ("connection", "leaver", "rehire", "group-push-refused")]
DEFECT = ("--defect", "patch-noop-success")


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four shards of one plan and, as the last, the run as a whole."""
    import subprocess
    import sys

    place = tmp_path_factory.mktemp("shards")
    made = []
    for part in ("1/4", "2/4", "3/4", "4/4", ""):
        out = place / f"run-{part.replace('/', '-of-') or 'whole'}"
        arguments = ["run", *STORIES, *DEFECT, "--out", str(out), "--report", "junit"]
        if part:
            arguments += ["--shard", part]
        subprocess.run([sys.executable, "-m", "harness.cli", *arguments], cwd=place, capture_output=True, timeout=120)
        assert (out / "run.json").exists(), part
        made.append(out)
    return made


def _without_times(run: dict[str, Any]) -> dict[str, Any]:
    meta = {k: v for k, v in run["meta"].items() if k not in ("concluded_at", "command")}
    return {**run, "meta": meta}


def test_a_merge_of_four_shards_equals_the_single_run(
    scimulator: Callable[..., Any], shards: list[Path], tmp_path: Path
) -> None:
    *parts, whole = shards
    merged = tmp_path / "merged"
    turned = [parts[index] for index in (2, 0, 3, 1)]
    done = scimulator("report", *map(str, turned), "--out", str(merged), "--report", "html,junit,csv")
    assert done.code == 1, done.err
    single, together = (json.loads((d / "run.json").read_text()) for d in (whole, merged))
    assert _without_times(single) == _without_times(together)
    assert json.loads((whole / "findings.json").read_text()) == json.loads((merged / "findings.json").read_text())
    assert (
        sum(json.loads((p / "run.json").read_text())["counts"]["failed"] for p in parts) == together["counts"]["failed"]
    )
    assert {p.name for p in merged.iterdir()} >= {"report.html", "junit.xml", "matrix.csv"}
    assert (merged / "junit.xml").read_bytes() == (whole / "junit.xml").read_bytes()


def test_a_missing_shard_is_refused_and_named(
    scimulator: Callable[..., Any], shards: list[Path], tmp_path: Path
) -> None:
    done = scimulator("report", *map(str, shards[:3]), "--out", str(tmp_path / "merged"))
    assert done.code == 2
    assert "not all shards are there: 4/4 is missing" in done.err
    assert not (tmp_path / "merged").exists()


def test_a_shard_that_is_given_twice_is_refused(
    scimulator: Callable[..., Any], shards: list[Path], tmp_path: Path
) -> None:
    done = scimulator("report", *map(str, [*shards[:3], shards[0]]), "--out", str(tmp_path / "merged"))
    assert done.code == 2
    assert "shard 1/4 was given twice" in done.err


def test_a_whole_run_is_no_shard(scimulator: Callable[..., Any], shards: list[Path], tmp_path: Path) -> None:
    done = scimulator("report", *map(str, shards), "--out", str(tmp_path / "merged"))
    assert done.code == 2
    assert "is a whole run" in done.err


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("exchanges.jsonl", lambda text: "", "do not add up"),
        ("run.json", lambda text: text.replace('"failed": ', '"failed": 1'), "do not add up"),
        ("events.jsonl", lambda text: text.replace('"seed":"7"', '"seed":"8"'), "another seed"),
        ("events.jsonl", lambda text: text.replace("Somebody is taken off the app", "Else"), "another plan"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused_and_nothing_is_left_behind(
    scimulator: Callable[..., Any],
    shards: list[Path],
    tmp_path: Path,
    name: str,
    spoil: Callable[[str], str],
    message: str,
) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(shards[1], spoilt)
    text = (spoilt / name).read_text()
    assert spoil(text) != text
    (spoilt / name).write_text(spoil(text))
    parts = [shards[0], spoilt, *shards[2:4]]
    done = scimulator("report", *map(str, parts), "--out", str(tmp_path / "merged"))
    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "merged").exists()


def test_a_shard_that_was_killed_makes_the_whole_incomplete(
    scimulator: Callable[..., Any], shards: list[Path], tmp_path: Path
) -> None:
    killed = tmp_path / "killed"
    shutil.copytree(shards[1], killed)
    (killed / "run.json").unlink()
    events = (killed / "events.jsonl").read_text().splitlines(keepends=True)
    (killed / "events.jsonl").write_text("".join(events[:-2]))
    done = scimulator("report", *map(str, [shards[0], killed, *shards[2:4]]), "--out", str(tmp_path / "merged"))
    run = json.loads((tmp_path / "merged" / "run.json").read_text())
    assert done.code == 1, "what has been seen to fail has failed"
    assert any("interrupted" in doubt for doubt in run["doubts"])


@pytest.mark.parametrize("shard", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4"])
def test_a_shard_that_cannot_be_is_wrong_usage(scimulator: Callable[..., Any], shard: str) -> None:
    done = scimulator("run", "--story", "connection", "--shard", shard)
    assert done.code == 2
    assert "expected PART/PARTS" in done.err
