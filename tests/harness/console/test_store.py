from __future__ import annotations

import json
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
