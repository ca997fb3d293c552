from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from harness.console.store import Store, Unknown

EVIL = [
    "..",
    ".",
    "",
    "../secret",
    "..%2fsecret",
    "a/../../secret",
    "/etc",
    "\\\\host\\share",
    "C:\\Windows",
    "a\x00b",
    "a b",
    ".hidden",
    "a..b",
    "a\n",
    "ünïcode",
    "x" * 500,
    "CON:",
    "~root",
]


@pytest.mark.parametrize("name", EVIL)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "runs").mkdir()
    with pytest.raises(Unknown):
        Store(tmp_path / "runs").directory(name)


@pytest.mark.parametrize("name", [n for n in EVIL if n and n != "." and "\x00" not in n and "\n" not in n])
@pytest.mark.parametrize("page", ["/runs/{}", "/runs/{}/download", "/runs/{}/report.html", "/runs/{}/events"])
def test_no_address_of_a_page_leads_out_either(guest, desk, name: str, page: str) -> None:
    desk.runs.mkdir()
    (desk.runs.parent / "secret").mkdir(exist_ok=True)
    (desk.runs.parent / "secret" / "report.html").write_text("the secret")
    answer = guest.get(page.format(name))
    assert answer.status_code in (301, 308, 404)
    assert "the secret" not in answer.text


def test_a_link_inside_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "run.json").write_text('{"verdict": "conformant"}')
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "innocent").symlink_to(tmp_path / "secret")
    store = Store(runs)
    assert store.summaries() == []
    with pytest.raises(Unknown):
        store.directory("innocent")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"verdict": null', "[" * 100_000, '{"verdict": "x", "target": 3}', "\xff"]
)
def test_a_damaged_summary_is_listed_as_such(tmp_path: Path, text: str) -> None:
    directory = tmp_path / "20260101-okta"
    directory.mkdir()
    (directory / "run.json").write_bytes(text.encode("latin-1"))
    (summary,) = Store(tmp_path).summaries()
    assert summary.verdict == ""


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        told = {"verdict": "conformant", "meta": {"concluded_at": f"2026-01-0{ord(name) - 96}T00:00:00"}}
        (tmp_path / name / "run.json").write_text(json.dumps(told))
    assert [one.id for one in Store(tmp_path).summaries()] == ["b", "a"]


def _samples():
    path = Path(__file__).parents[2] / "reports" / "samples.py"
    spec = importlib.util.spec_from_file_location("report_samples_of_the_console", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _harmless(text: str) -> None:
    """Nothing of what the service or a file said has become markup."""
    inside = text.partition("<main")[2].partition("</main>")[0]
    assert "<script" not in inside
    assert "<img" not in inside
    assert not re.search(r"<[^>]*\son\w+\s*=", inside)
    assert "\u202e" not in inside
    assert "\x00" not in inside


@pytest.mark.parametrize("name", ["hostile", "with_findings", "incomplete", "conformant"])
def test_nothing_that_a_run_holds_becomes_markup_on_its_page(guest, desk, monkeypatch, name: str) -> None:
    run = getattr(_samples(), name)()
    monkeypatch.setattr(desk.store, "run", lambda _name: run)
    answer = guest.get("/runs/20260101T000000Z-okta")
    assert answer.status_code == 200
    _harmless(answer.text)


EVIL_TEXT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x00\"'><svg onload=alert(1)>"


def test_nothing_in_the_summary_of_a_run_becomes_markup_in_the_list(guest, desk) -> None:
    directory = desk.runs / "20260101T000000Z-okta"
    directory.mkdir(parents=True)
    told = {
        "verdict": EVIL_TEXT,
        "sentence": EVIL_TEXT,
        "idps": [EVIL_TEXT],
        "target": {"base_url": f"https://{EVIL_TEXT}"},
        "meta": {"concluded_at": EVIL_TEXT},
    }
    (directory / "run.json").write_text(json.dumps(told))
    answer = guest.get("/runs")
    assert answer.status_code == 200
    _harmless(answer.text)


def test_a_report_that_is_looked_at_here_cannot_act_as_a_page_of_the_console(guest, desk) -> None:
    directory = desk.runs / "20260101T000000Z-okta"
    directory.mkdir(parents=True)
    (directory / "report.html").write_text("<script>fetch('/runs')</script>")
    answer = guest.get("/runs/20260101T000000Z-okta/report.html")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in answer.headers["Content-Security-Policy"]
    download = guest.get("/runs/20260101T000000Z-okta/download")
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_two_runs_are_needed_to_compare(guest, desk) -> None:
    for path in ("/compare", "/compare?run=a", "/compare?run=a&run=b&run=c", "/compare?run=a&run=a"):
        assert guest.get(path).status_code == 422
    assert guest.get("/compare?run=..&run=../..").status_code == 404
