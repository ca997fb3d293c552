"""HAR archives: what is kept, what is missing, what is masked, and what is explained."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harness.intake.reading import read_files, recognise
from harness.model.sighting import Complaint, Sighting

SCIM = "https://crm.example/scim/v2"
CANARY = "c4nary-5ecret-0123456789"
CONSOLE = "https://acme-admin.okta.com/api/v1/users/00u1"
USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "u-1", "userName": "ada@a.example"}


def entry(method: str, url: str, status: int = 200, answer: Any = USER, **more: Any) -> dict[str, Any]:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "startedDateTime": "2026-03-01T08:00:00.000+01:00",
        "time": 12,
        "request": {
            "method": method,
            "url": url,
            "headers": [{"name": "Authorization", "value": f"Bearer {CANARY}"}],
            "bodySize": 0,
            **more.get("request", {}),
        },
        "response": {
            "status": status,
            "statusText": "OK",
            "headers": [{"name": "Content-Type", "value": "application/scim+json"}],
            "content": {"size": len(text), "mimeType": "application/scim+json", "text": text},
            **more.get("response", {}),
        },
    }


def archive(entries: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "proxy", "version": "1"}, "entries": [*entries]}})


def written(tmp_path: Path, data: str | bytes, name: str = "traffic.har") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(path: Path) -> tuple[list[Sighting], list[Complaint]]:
    found = [*read_files([path])]
    return [x for x in found if isinstance(x, Sighting)], [x for x in found if isinstance(x, Complaint)]


def test_an_exchange_is_kept_with_its_place_and_time(tmp_path: Path) -> None:
    path = written(tmp_path, archive([entry("GET", "https://crm.example/login"), entry("GET", f"{SCIM}/Users/u-1")]))
    (one,), (others,) = read(path)
    assert (one.provenance.file, one.provenance.format, one.provenance.place) == ("traffic.har", "har", "entry 2")
    assert one.at == "2026-03-01T07:00:00.000Z"
    assert one.exchange is not None
    assert (one.exchange.status, one.exchange.resource["id"], one.missing) == (200, "u-1", ())
    assert "1 other request" in others.message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    seen, _ = read(written(tmp_path, archive([entry("GET", f"{SCIM}/Users/u-1")]).encode(encoding)))
    assert [x.exchange.resource["userName"] for x in seen if x.exchange] == ["ada@a.example"]


def test_packed_archives_are_unpacked(tmp_path: Path) -> None:
    text = archive([entry("GET", f"{SCIM}/Users/u-1")])
    packed = written(tmp_path, gzip.compress(text.encode()), "traffic.har.gz")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        file.writestr("../../evil/a.har", text)
        file.writestr("notes.txt", "see the other file")
    for path in (packed, tmp_path / "all.zip"):
        importer = recognise(path)
        assert importer is not None
        assert importer.name == "har"
        assert len(read(path)[0]) == 1
    assert not (tmp_path.parent / "evil").exists()


def test_what_stood_before_the_break_is_kept_and_the_place_is_named(tmp_path: Path) -> None:
    text = archive(entry("GET", f"{SCIM}/Users/u-{n}") for n in range(20))
    seen, (complaint,) = read(written(tmp_path, text[: len(text) * 3 // 4]))
    assert 10 <= len(seen) < 20
    assert f"after entry {len(seen)}" in complaint.message
    assert complaint.message.endswith("it ends in the middle")
    assert complaint.provenance.place.startswith("near byte")
    assert not complaint.fatal


def test_a_gzip_that_breaks_off_gives_what_came_out(tmp_path: Path) -> None:
    text = archive(
        entry("GET", f"{SCIM}/Users/u-{n}", answer=USER | {"id": random.Random(n).randbytes(99).hex()})
        for n in range(400)
    )
    data = gzip.compress(text.encode())
    seen, complaints = read(written(tmp_path, data[: len(data) // 2], "t.har.gz"))
    assert seen
    assert len(complaints) == 2


def test_bytes_that_are_no_text_do_not_end_the_reading(tmp_path: Path) -> None:
    data = archive([entry("GET", f"{SCIM}/Users/u-1"), entry("GET", f"{SCIM}/Users/u-2")]).encode()
    seen, _ = read(written(tmp_path, data.replace(b"ada@", b"\xff\xfe@")))
    assert len(seen) == 2


def test_a_body_that_was_not_saved_is_missing_and_not_empty(tmp_path: Path) -> None:
    gone = {"response": {"content": {"size": 300, "mimeType": "application/scim+json"}}}
    empty = {"response": {"content": {"size": 0, "mimeType": "x-unknown"}, "bodySize": 0}}
    unsent = {"request": {"bodySize": 120}}
    path = written(
        tmp_path,
        archive(
            [
                entry("GET", f"{SCIM}/Users/1", **gone),
                entry("GET", f"{SCIM}/Users/2", **empty),
                entry("PATCH", f"{SCIM}/Users/3", 204, "", **unsent),
                entry("DELETE", f"{SCIM}/Users/4", 204, **gone),
            ]
        ),
    )
    seen, _ = read(path)
    assert [x.missing for x in seen] == [("response body",), (), ("request body",), ()]


def test_base64_bodies_are_decoded(tmp_path: Path) -> None:
    coded = {
        "response": {"content": {"size": 9, "text": base64.b64encode(b'{"id":"7"}').decode(), "encoding": "base64"}}
    }
    (one,), _ = read(written(tmp_path, archive([entry("GET", f"{SCIM}/Users/7", **coded)])))
    assert one.exchange is not None
    assert one.exchange.json == {"id": "7"}


def test_no_credential_survives_wherever_it_stands(tmp_path: Path) -> None:
    sent = {
        "request": {
            "headers": [
                {"name": "authorization", "value": CANARY},
                {"name": "Cookie", "value": f"session={CANARY}"},
                {"name": "X-Customer-Token", "value": CANARY},
                {"name": "Referer", "value": f"https://u:{CANARY}@crm.example/?access_token={CANARY}"},
            ],
            "cookies": [{"name": "s", "value": CANARY}],
            "postData": {"text": json.dumps({"userName": "a", "password": CANARY, "note": CANARY})},
        },
        "response": {"headers": [{"name": "Set-Cookie", "value": CANARY}]},
    }
    told = {"detail": f"bad token {CANARY}", "more": f"Bearer {CANARY}", "id": "1"}
    url = f"https://u:{CANARY}@crm.example/scim/v2/Users?api_key={CANARY}&filter=userName+eq+%22a%22"
    (one,), _ = read(written(tmp_path, archive([entry("POST", url, 400, told, **sent)])))
    assert CANARY not in repr(one)
    assert "userName+eq" in repr(one)


def test_a_browser_recording_of_a_console_is_explained_kindly(tmp_path: Path) -> None:
    path = written(tmp_path, archive([entry("GET", CONSOLE, answer={}, response={"headers": []})]))
    seen, (complaint,) = read(path)
    assert not seen
    assert complaint.fatal
    assert "console of Okta" in complaint.message
    assert "System Log" in complaint.hint


def test_users_of_other_apis_are_no_scim(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        archive([entry("GET", "https://graph.example/v1.0/users/1", answer={"id": 1}, response={"headers": []})]),
    )
    assert read(path)[0] == []


def test_an_unknown_file_says_what_would_be_read(tmp_path: Path) -> None:
    _, (complaint,) = read(written(tmp_path, b"\x00\x01 quite\x02 unknown", "what.bin"))
    assert complaint.fatal
    assert "HAR archive" in complaint.message
    assert "begins with 'quite  unknown'" in complaint.message
    _, (missing,) = read(tmp_path / "nowhere.har")
    assert "No such file" in missing.message


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    path = written(tmp_path, archive(entry("GET", f"{SCIM}/Users/u-{n}") for n in range(300)))
    told: list[tuple[int, int]] = []
    assert sum(isinstance(x, Sighting) for x in read_files([path], lambda _p, done, of: told.append((done, of)))) == 300
    assert told[-1] == (path.stat().st_size,) * 2


@pytest.mark.parametrize(
    "hostile",
    ['{"log":{"entries":[{"time":' + "9" * 5_000 + "}]}}", '{"log":{"entries":' + "[" * 20_000],
    ids=["a number without end", "nested without end"],
)
def test_hostile_json_is_refused_at_its_place(tmp_path: Path, hostile: str) -> None:
    """The parser in C would end the process at the first, and fill the memory at the second."""
    seen, complaints = read(written(tmp_path, hostile))
    assert not seen
    assert complaints[0].provenance.place.startswith("near byte")


def test_brackets_in_texts_are_not_taken_for_depth(tmp_path: Path) -> None:
    text = archive(entry("GET", f"{SCIM}/Users/u-{n}", answer="[{" * 400 + '\\"') for n in range(5))
    assert len(read(written(tmp_path, text))[0]) == 5


@pytest.mark.parametrize(
    ("name", "content", "said", "next_step"),
    [
        ("screen.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is a picture", "type it word for word"),
        ("mail.pdf", b"%PDF-1.7\n\xe2\xe3", "it is a PDF", "scimulator explain"),
        ("empty.har", b"", "the file is empty", "ask for it again"),
        ("blank.txt", b"\xef\xbb\xbf \r\n\r\n", "the file is empty", "ask for it again"),
    ],
)
def test_a_picture_and_an_empty_file_are_called_what_they_are(
    tmp_path: Path, name: str, content: bytes, said: str, next_step: str
) -> None:
    _, (complaint,) = read(written(tmp_path, content, name))
    assert complaint.fatal
    assert complaint.message.startswith(said)
    assert next_step in complaint.hint


def test_a_spreadsheet_is_asked_for_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/workbook.xml", "<workbook/>")
    _, (complaint,) = read(path)
    assert complaint.message == "it is a document of Excel or Word"
    assert "CSV" in complaint.hint


def test_entries_are_counted_in_english(tmp_path: Path) -> None:
    page = entry("GET", "https://shop.example/basket")
    _, (one,) = read(written(tmp_path, archive([page])))
    assert "came 1 entry to" in one.message
    _, (two,) = read(written(tmp_path, archive([page, page])))
    assert "came 2 entries to" in two.message
