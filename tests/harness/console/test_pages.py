from __future__ import annotations

import io

import pytest

from harness.console.targets import Named
from harness.guides import sections
from harness.model.secret import Secret

KEY = Secret("secret-secret")
MARK = '<script>alert("x")</script>\u202e'


class Answering:
    """In place of children: takes down what they are asked, and answers as told."""

    def __init__(self, out: bytes = b"", code: int = 0, complaint: str = "") -> None:
        self.asked: list[list[str]] = []
        self.answer = (code, out, complaint)

    def read(self, arguments, most, seconds=0.0):
        self.asked.append(list(arguments))
        return self.answer


@pytest.mark.parametrize("path", ["/", "/runs", "/files", "/preview", "/guides", "/guides/okta", "/guides/entra"])
def test_every_page_opens(guest, path: str) -> None:
    answer = guest.get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "RFC" not in answer.text


@pytest.mark.parametrize("anchor", sections())
def test_what_the_doctor_advises_leads_into_a_guide(guest, anchor: str) -> None:
    answer = guest.get(f"/guides/{anchor}")
    assert answer.status_code == 303
    place, _, fragment = answer.headers["Location"].partition("#")
    assert f'id="{fragment}"' in guest.get(place).text


def test_what_is_not_there_is_told_in_words(guest) -> None:
    for path in ("/guides/nowhere", "/connections/nothing", "/nowhere", "/static/../app.py"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "What to do" in answer.text


def test_nothing_typed_comes_back_unescaped_and_the_key_not_at_all(guest) -> None:
    answer = guest.post("/connections", {"idp": MARK, "base_url": MARK, "account": MARK, "key": "secret-secret"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
    assert "secret-secret" not in answer.text


@pytest.mark.parametrize("key", ["", "   ", "a\x00b", "x" * 20_000])
def test_a_key_that_is_none_is_told_and_nothing_is_looked_up(guest, key: str) -> None:
    form = {"idp": "okta:oin", "base_url": "https://127.0.0.1/scim", "key": key}
    answer = guest.post("/connections", form)
    assert answer.status_code == 422
    assert 'id="wrong-key"' in answer.text


def test_settings_are_read_from_files_under_names_of_our_own(guest, desk) -> None:
    said = (
        '{"verdict": "not-ready", "sentence": "S%s", "lines": [{"id": "x", "state": "wrong", "title": "T%s", '
        '"meaning": "", "fix": "Use scimulator doctor --people FILE.", "evidence": ["E%s"]}]}'
    )
    desk.jobs = Answering((said.replace("%s", MARK.replace('"', '\\"'))).encode())
    files = {"export": (io.BytesIO(b"{}"), "../../evil.json"), "okta-deactivate": "no", "sign_in": "mail"}
    answer = guest.post("/files/settings", files)
    assert answer.status_code == 200
    assert "Not ready" in answer.text
    assert "<script>alert" not in answer.text
    assert "scimulator doctor" not in answer.text
    (asked,) = desk.jobs.asked
    assert asked[:3] == ["doctor", "--json", "--audience=admin"]
    assert "--sign-in=mail" in asked
    export = next(argument for argument in asked if argument.startswith("--export="))
    assert ".." not in export
    assert "scimulator-console-" in export


def test_nothing_handed_in_is_told(guest, desk) -> None:
    desk.jobs = Answering()
    assert "there is nothing to look at" in guest.post("/files/settings").text
    assert "there is nothing to read" in guest.post("/files/trouble").text
    assert desk.jobs.asked == []


def test_a_case_is_shown_escaped(guest, desk) -> None:
    mark = MARK.replace('"', "'")
    entry = f'{{"at": "", "what": "{mark}", "file": "000-a.log", "place": "{mark}", "confidence": "reported"}}'
    desk.jobs = Answering(
        f'{{"causes": [{{"id": "c", "title": "{mark}", "confidence": "high", "who": "customer", "meaning": "{mark}", '
        f'"steps": ["{mark}"], "evidence": ["{mark}"]}}], "unknown": ["{mark}"], "reply": "{mark}", '
        f'"timelines": [{{"subject": "{mark}", "kind": "person", "entries": [{entry}]}}], '
        f'"complaints": [{{"file": "{mark}", "place": "", "message": "{mark}", "hint": "{mark}"}}]}}'.encode()
    )
    files = {"files": (io.BytesIO(b"Error"), "a.log"), "pasted": "", "veiled": "yes"}
    answer = guest.post("/files/trouble", files)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
    assert "--redact=personal" in desk.jobs.asked[0]


@pytest.mark.parametrize(("out", "code"), [(b"", 70), (b"not json", 0), (b"[]", 0), (b"[" * 100_000, 0), (b"", -9)])
def test_a_reader_that_gives_up_is_told_in_words(guest, desk, out: bytes, code: int) -> None:
    desk.jobs = Answering(out, code, "Traceback\nError: it is no log")
    answer = guest.post("/files/trouble", {"files": (io.BytesIO(b"Error"), "a.log")})
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_the_text_of_an_error_is_explained_and_never_taken_for_an_option(guest, desk) -> None:
    desk.jobs = Answering(b'{"answers": [{"title": "401", "means": "<b>M</b>", "checks": ["C"]}], "collect": []}')
    answer = guest.post("/files/trouble", {"pasted": "--run=/etc \x00\u202e<script>"})
    assert "What the error means" in answer.text
    assert "<b>M" not in answer.text
    assert desk.jobs.asked == [["explain", "--json", "--audience=admin", "--", "--run=/etc <script>"]]


def test_a_preview_shows_each_way_of_leaving(guest, desk) -> None:
    desk.jobs = Answering(
        b'[{"title": "taken off the app", "when": "at once", "person": "ada@example.test", "step": "Disable", '
        b'"method": "PATCH", "path": "/Users/{id}", "headers": "", "body": "{}", "removal": "done"}]'
    )
    answer = guest.post("/preview", {"idp": "okta:oin", "people": "ada@example.test, ben@example.test"})
    assert "Taken off the app" in answer.text
    assert desk.jobs.asked[0][1:3] == ["--idp=okta:oin", "--leave=ada@example.test,ben@example.test"]


@pytest.mark.parametrize("people", ["", "--config=/etc/passwd", "a\x00b", "\n".join("abcdefghijklm")])
def test_names_that_are_none_are_not_handed_on(guest, desk, people: str) -> None:
    desk.jobs = Answering()
    assert guest.post("/preview", {"idp": "okta:oin", "people": people}).status_code == 422
    assert desk.jobs.asked == []


def test_who_was_only_looked_up_is_not_proposed_as_somebody_to_be_switched_off(guest, desk) -> None:
    connection = desk.connect(
        "okta:oin", Named("http://127.0.0.1:9", "127.0.0.1", 9, ("127.0.0.1",)), KEY, "boss@example.test"
    )
    text = guest.get(f"/connections/{connection.id}/plan").text
    assert "boss@example.test" not in text
    assert 'name="agreed" value="yes">' in text


def test_without_consent_nothing_is_started(guest, desk) -> None:
    desk.jobs = Answering()
    connection = desk.connect("okta:oin", Named("http://127.0.0.1:9", "127.0.0.1", 9, ("127.0.0.1",)), KEY, "")
    form = {"question": ["leaver"], "accounts": "ada@example.test", "profile": "marketbeam"}
    answer = guest.post(f"/connections/{connection.id}/runs", form)
    assert answer.status_code == 422
    assert "you have not agreed" in answer.text
    for wrong in (
        {"accounts": "a\x00b", "agreed": "yes"},
        {"profile": "/etc/passwd", "agreed": "yes"},
        {"question": []},
    ):
        assert guest.post(f"/connections/{connection.id}/runs", form | wrong).status_code == 422
    assert desk.jobs.asked == []
