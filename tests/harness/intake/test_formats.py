"""Every format of recorded traffic: what each gives, what each lacks, and that no credential survives."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from harness.intake.fieldmap import FieldMapError, load_map
from harness.intake.gateway import read_lines
from harness.intake.reading import read_files, recognise
from harness.model.exchange import TroubleKind
from harness.model.sighting import Complaint, Sighting
from harness.model.step import Intent

CANARY = "c4nary-5ecret-0123456789"
PATCH = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}'  # noqa: E501
USER = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u-1","userName":"ada@a.example","active":false}'
URL = "https://crm.example/scim/v2/Users/u-1"

NGROK = {
    "uri": "/api/requests/http",
    "requests": [
        {
            "uri": "/api/requests/http/airt_1",
            "id": "airt_1",
            "tunnel_name": "command_line",
            "remote_addr": "203.0.113.9",
            "start": "2026-03-01T08:00:00.123456789Z",
            "duration": 11_000_000,
            "request": {
                "method": "PATCH",
                "proto": "HTTP/1.1",
                "headers": {"Host": ["crm.example"], "Authorization": [f"Bearer {CANARY}"]},
                "uri": "/scim/v2/Users/u-1",
                "raw": base64.b64encode(
                    f"PATCH /scim/v2/Users/u-1 HTTP/1.1\r\nHost: x\r\n\r\n{PATCH}".encode()
                ).decode(),
            },
            "response": {
                "status": "200 OK",
                "status_code": 200,
                "headers": {"Content-Type": ["application/scim+json"]},
                "raw": base64.b64encode(
                    f"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n{len(USER):x}\r\n{USER}\r\n0\r\n\r\n".encode()
                ).decode(),
            },
        }
    ],
}
POSTMAN = {
    "info": {"name": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "variable": [{"key": "base", "value": "https://crm.example/scim/v2"}],
    "item": [
        {
            "name": "People",
            "item": [
                {
                    "name": "deactivate",
                    "request": {
                        "method": "PATCH",
                        "header": [{"key": "Authorization", "value": f"Bearer {CANARY}"}],
                        "url": {"raw": "{{base}}/Users/u-1"},
                        "body": {"mode": "raw", "raw": PATCH},
                    },
                    "response": [
                        {"code": 200, "status": "OK", "header": [{"key": "Content-Type", "value": "x"}], "body": USER}
                    ],
                }
            ],
        }
    ],
}
RUNSCOPE = {
    "name": "suite",
    "steps": [
        {
            "step_type": "request",
            "method": "PATCH",
            "url": URL,
            "headers": {"Authorization": [f"Bearer {CANARY}"]},
            "body": PATCH,
        },
        {"step_type": "pause", "duration": 5},
    ],
}
CURL = f"""Here is what we sent:
$ curl -i -X PATCH '{URL}' \\
  -H 'Authorization: Bearer {CANARY}' \\
  --data-raw '{PATCH}'
and nothing happened.
"""
CMD = f'curl -X PATCH "{URL}" ^\n -H "Authorization: Bearer {CANARY}" ^\n -d "{{\\"active\\": false}}"\n'
HTTP = f"""@base = https://crm.example/scim/v2
@token = {CANARY}

### deactivate
PATCH {{{{base}}}}/Users/u-1 HTTP/1.1
Authorization: Bearer {{{{token}}}}
Content-Type: application/scim+json

{PATCH}

HTTP/1.1 200 OK
Content-Type: application/scim+json

{USER}
###
GET {{{{base}}}}/Users?filter=userName eq "x"
"""
ALB = {
    "elb_status_code": 200,
    "target_status_code": 200,
    "request_verb": "PATCH",
    "request_url": "https://crm.example:443/scim/v2/Users/u-1",
    "user_agent": "Okta SCIM Client 1.0.0",
    "time": "2026-03-01T08:00:00.1Z",
}
API_GATEWAY = {
    "message": json.dumps(
        {
            "requestContext": {"requestId": "1", "requestTimeEpoch": 1772352000123},
            "httpMethod": "PATCH",
            "path": "/scim/v2/Users/u-1",
            "headers": {"Host": "crm.example", "Authorization": f"Bearer {CANARY}"},
            "body": base64.b64encode(PATCH.encode()).decode(),
            "isBase64Encoded": True,
            "status": 200,
            "responseBody": USER,
        }
    )
}
KONG = {
    "request": {"method": "PATCH", "url": URL, "headers": {"authorization": f"Bearer {CANARY}"}, "body": PATCH},
    "response": {"status": 200, "headers": {"content-type": "x"}, "body": USER},
    "latencies": {"request": 12},
    "started_at": 1772352000123,
}
ENVOY = {
    "method": "PATCH",
    "path": "/scim/v2/Users/u-1",
    "authority": "crm.example",
    "response_code": 200,
    "duration": 7,
}
CLOUDFLARE = {
    "ClientRequestMethod": "PATCH",
    "ClientRequestURI": f"/scim/v2/Users/u-1?token={CANARY}",
    "ClientRequestHost": "crm.example",
    "EdgeResponseStatus": 200,
    "EdgeStartTimestamp": 1772352000123000000,
}
PLAIN = {"ts": 1772352000.1, "method": "PATCH", "uri": "/scim/v2/Users/u-1", "host": "crm.example", "status": 200}
NGINX = (
    '::1 - - [01/Mar/2026:08:00:00 +0000] "PATCH /scim/v2/Users/u-1 HTTP/1.1" 200 9 "-" "Okta SCIM Client 1.0.0"\n'
    '203.0.113.9 - - [01/Mar/2026:08:00:01 +0000] "GET /favicon.ico HTTP/1.1" 404 0 "-" "x"\n'
    '::1 - - [01/Mar/2026:08:00:02 +0000] "GET /scim/v2/Users?filter=userName+eq+%22a%22 HTTP/1.1" 499 0 "-" "-"\n'
    "half a li"
)


def lines(*values: Any) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


FILES = {
    "har": ("ngrok.json", json.dumps(NGROK), "ngrok"),
    "postman": ("x.json", json.dumps(POSTMAN), "postman"),
    "runscope": ("x.json", json.dumps(RUNSCOPE), "runscope"),
    "curl": ("mail.txt", CURL, "curl"),
    "cmd": ("mail.txt", CMD, "curl"),
    "http": ("x.http", HTTP, "http-file"),
    "alb": ("x.log", lines(ALB), "gateway"),
    "api-gateway": ("x.jsonl", lines(API_GATEWAY), "gateway"),
    "kong": ("x.json", lines(KONG), "gateway"),
    "envoy": ("x.json", lines(ENVOY), "gateway"),
    "cloudflare": ("x.json", lines(CLOUDFLARE), "gateway"),
    "an array": ("x.json", json.dumps([PLAIN, PLAIN]), "gateway"),
    "plain": ("x.json", lines(PLAIN), "gateway"),
    "nginx": ("access.log", NGINX, "access-log"),
}


def read(path: Path) -> tuple[list[Sighting], list[Complaint]]:
    found = [*read_files([path])]
    return [x for x in found if isinstance(x, Sighting)], [x for x in found if isinstance(x, Complaint)]


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("kind", FILES)
def test_each_format_is_recognised_and_gives_the_request(tmp_path: Path, kind: str) -> None:
    name, text, importer = FILES[kind]
    path = written(tmp_path, name, text)
    found = recognise(path)
    assert found is not None
    assert found.name == importer
    seen, _ = read(path)
    first = seen[0].exchange
    assert first is not None
    assert (first.method, first.path, first.template) == ("PATCH", "/Users/u-1", "/Users/{id}")
    assert CANARY not in repr(seen)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_breaks_off_gives_what_it_holds(tmp_path: Path, kind: str) -> None:
    name, text, _ = FILES[kind]
    for part in range(1, 12):
        read(written(tmp_path, name, text[: len(text) * part // 12]))


@pytest.mark.parametrize("kind", ["har", "postman", "http", "api-gateway", "kong"])
def test_bodies_are_there_where_the_format_has_them(tmp_path: Path, kind: str) -> None:
    name, text, _ = FILES[kind]
    (one, *_), _ = read(written(tmp_path, name, text))
    assert one.exchange is not None
    assert one.exchange.intent is Intent.DEACTIVATE
    assert one.exchange.resource["userName"] == "ada@a.example"
    assert "response body" not in one.missing


@pytest.mark.parametrize("kind", ["alb", "envoy", "cloudflare", "plain", "nginx"])
def test_what_a_log_does_not_say_is_missing(tmp_path: Path, kind: str) -> None:
    name, text, _ = FILES[kind]
    (one, *_), _ = read(written(tmp_path, name, text))
    assert {"request body", "response body", "response headers"} <= set(one.missing)


@pytest.mark.parametrize("kind", ["har", "alb", "api-gateway", "kong", "cloudflare", "an array", "plain", "nginx"])
def test_times_are_in_utc(tmp_path: Path, kind: str) -> None:
    name, text, _ = FILES[kind]
    (one, *_), _ = read(written(tmp_path, name, text))
    assert one.at.startswith("2026-03-01T08:00:00.")
    assert one.at.endswith("Z")


def test_whoever_hung_up_got_no_answer(tmp_path: Path) -> None:
    seen, complaints = read(written(tmp_path, "access.log", NGINX))
    assert [x.exchange.trouble.kind if x.exchange and x.exchange.trouble else None for x in seen] == [
        None,
        TroubleKind.RESET,
    ]
    assert seen[0].idp == "okta"
    assert [c.provenance.place for c in complaints] == ["line 4"]


def test_a_field_map_of_ones_own_names_the_fields(tmp_path: Path) -> None:
    fields = written(
        tmp_path,
        "map.toml",
        'method = "m"\npath = ["where.path"]\nstatus = "s"\nresponse_body = "out"\nbodies = "base64"\n',
    )
    line = {
        "m": "GET",
        "where": {"path": "/scim/v2/Users/u-1"},
        "s": "200",
        "out": base64.b64encode(USER.encode()).decode(),
    }
    path = written(tmp_path, "x.log", lines(line))
    (one,) = [x for x in read_lines(path, lambda _n: None, load_map(fields)) if isinstance(x, Sighting)]
    assert one.exchange is not None
    assert one.exchange.resource["id"] == "u-1"
    assert "host" in one.missing


@pytest.mark.parametrize("text", ["method = 3", 'method = "m"', "x = 1", "[", 'method="m"\npath="p"\nbodies="zip"'])
def test_a_wrong_field_map_is_explained(tmp_path: Path, text: str) -> None:
    with pytest.raises(FieldMapError, match=r"map\.toml"):
        load_map(written(tmp_path, "map.toml", text))


def test_requests_without_answers_say_so(tmp_path: Path) -> None:
    (one,), _ = read(written(tmp_path, "mail.txt", CURL))
    assert one.missing == ("response",)
