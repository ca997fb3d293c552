"""Pasted text becomes events: messages in a mail, broken lines, curly quotes; what is not known is said."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from harness.intake.error_text import IMPORTER

Sample = Callable[[str], Path]


def test_every_message_of_a_quoted_mail_is_an_event(sample: Sample, read: Any) -> None:
    seen = read(IMPORTER, sample("okta-tasks.txt"))
    assert seen.certainty >= 20
    ada, ben, team = seen.events
    assert (ada.idp, ada.person, ada.app) == ("okta", "ada@example.test", "Example SCIM")
    assert ada.text.endswith("Resource u-1001 not found")
    assert ben.person == "ben@example.test"
    assert (team.group, team.person) == ("Team Red", "")
    assert [s.exchange.status for s in seen.exchanges] == [404, 409, 403]
    assert seen.sightings[0].at == "2026-01-02T03:04:05Z"
    assert seen.sightings[0].provenance.place == "line 6"
    assert not seen.complaints


def test_curly_quotes_and_broken_lines_are_mended(sample: Sample, read: Any) -> None:
    seen = read(IMPORTER, sample("entra-screen.txt"))
    (event,) = seen.events
    assert (event.idp, event.code) == ("entra", "SystemForCrossDomainIdentityManagementBadRequest")
    assert event.ids["changeId"] == "00001001-1111-2222-3333-444444444444"
    (exchange,) = seen.exchanges
    assert exchange.exchange.status == 400
    assert exchange.exchange.json["scimType"] == "invalidPath"


def test_a_mail_is_read_by_its_body(tmp_path: Path, sample: Sample, read: Any) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "it@example.test", "support@example.test", "deprovisioning"
    mail.set_content(sample("okta-tasks.txt").read_text(), cte="base64")
    path = tmp_path / "mail.eml"
    path.write_bytes(mail.as_bytes())
    assert [e.person for e in read(IMPORTER, path).events][:2] == ["ada@example.test", "ben@example.test"]


def test_a_scim_error_by_itself_is_taken(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness"}'
    )
    seen = read(IMPORTER, path)
    assert seen.certainty == 20
    assert len(seen.events) == 1
    assert seen.events[0].idp == ""


def test_what_nobody_knows_is_kept_and_said(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "x.txt"
    path.write_text("it does not work\nplease help")
    seen = read(IMPORTER, path)
    assert seen.certainty == 0
    assert [e.text for e in seen.events] == ["it does not work please help"]
    assert "known to us" in seen.complaints[0].message
    assert not seen.complaints[0].fatal


@pytest.mark.parametrize("data", [b"PK\x03\x04abc", b"\x89PNG\r\n", b"a,b\n1,2\n", b"", b"\x00\x01\x02" * 50])
def test_what_is_no_text_is_not_taken(data: bytes) -> None:
    assert IMPORTER.recognises("x", data) == 0


def test_a_page_of_many_messages_is_read_within_bounds(tmp_path: Path, read: Any) -> None:
    line = "Automatic deprovisioning of user u{}@example.test from app X failed: Not Found. Errors reported by remote"
    path = tmp_path / "x.txt"
    path.write_text("\n".join(line.format(n) + f" server: gone {n}" for n in range(30)))
    assert len(read(IMPORTER, path).events) == 30
