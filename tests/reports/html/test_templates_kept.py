"""Compiled templates are kept, and a report is written also where they cannot be."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from reports.html.templates_kept import kept_templates


def rendered() -> str:
    cache = kept_templates()
    return Environment(loader=DictLoader({"t": "a {{ 1 + 1 }}"}), bytecode_cache=cache).get_template("t").render()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def kept_in(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_a_template_is_compiled_once_and_kept_where_only_this_user_writes(place: Path) -> None:
    assert rendered() == "a 2"
    (kept,) = kept_in(place)
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    before = kept.stat().st_mtime_ns
    assert rendered() == "a 2"
    assert kept.stat().st_mtime_ns == before


def test_what_was_kept_and_is_damaged_is_made_anew(place: Path) -> None:
    rendered()
    (kept,) = kept_in(place)
    kept.write_bytes(kept.read_bytes()[:40])
    assert rendered() == "a 2"


def test_without_a_place_to_keep_them_the_report_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert kept_templates() is None
    assert rendered() == "a 2"


def test_a_place_that_is_gone_in_between_is_no_trouble(place: Path) -> None:
    cache = kept_templates()
    for folder in place.iterdir():
        folder.rmdir()
    environment = Environment(loader=DictLoader({"t": "a {{ 1 + 1 }}"}), bytecode_cache=cache)
    assert environment.get_template("t").render() == "a 2"
