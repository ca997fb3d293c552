"""The cases of the corpus for formats that are no vendor's log: collections, tunnels, editors, gateways, our own runs.

The same conversations as in the folder cases, written the way each tool keeps them; each is there whole and damaged.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.codec import exchange_to_json
from harness.intake.reading import read_files
from harness.model.sighting import Sighting
from tests.triage.writing import (
    ADA,
    BASE,
    BEN,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    Case,
    Har,
    case,
    error,
    user,
    zipped,
)

NOTHING = error(404, "groups are managed in the app")
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Sales", "members": []}
COLLECTION = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def text_refused() -> Har:
    """Entra's deactivation with a text in it, refused."""
    har = Har(ENTRA).lookup(ADA, user())
    return har.call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, "active is not a boolean", "invalidValue"))


def still_active() -> Har:
    """Okta's deactivation, confirmed and not done."""
    return Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=True))


def key_ran_out() -> Har:
    har = Har(OKTA).probe().lookup(ADA, user())
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 401, error(401, "the key has expired"), after=4000)


def group_pushed() -> Har:
    return Har(OKTA).probe().lookup(BEN, user(BEN, "u-2")).call("POST", "/Groups", GROUP, 404, NOTHING)


def damaged(files: Case, by: int) -> Case:
    """Each file without its end."""
    return {name: content[:-by] for name, content in files.items()}


def _pairs(side: dict[str, Any]) -> list[tuple[str, str]]:
    return [(h["name"], h["value"]) for h in side["headers"]]


# --- Postman ---


def postman(har: Har, *, answers: bool = True) -> Case:
    items = []
    for entry in har.entries:
        sent, came = entry["request"], entry["response"]
        request = {
            "method": sent["method"],
            "header": [{"key": k, "value": v} for k, v in _pairs(sent)],
            "url": {"raw": sent["url"].replace(BASE, "{{base}}")},
            **({"body": {"mode": "raw", "raw": sent["postData"]["text"]}} if "postData" in sent else {}),
        }
        response = {
            "name": "saved",
            "originalRequest": request,
            "code": came["status"],
            "status": "",
            "header": [{"key": k, "value": v} for k, v in _pairs(came)],
            "body": came["content"]["text"],
        }
        items.append({"name": sent["method"], "request": request, "response": [response] if answers else []})
    collection = {
        "info": {"name": "What we tried", "schema": COLLECTION},
        "item": [{"name": "People", "item": items}],
        "variable": [{"key": "base", "value": BASE}],
    }
    return {"tried.postman_collection.json": json.dumps(collection, indent=1).encode()}


@case("active-string-false-rejected")
def postman_false_as_text() -> Case:
    return postman(text_refused())


@case("patch-noop-success")
def postman_confirmed_but_active() -> Case:
    return postman(still_active())


@case("", likelihood="none")
def postman_without_answers() -> Case:
    return postman(still_active(), answers=False)


@case("", likelihood="none")
def postman_cut_off() -> Case:
    """One document: what breaks off in it cannot be read at all."""
    return damaged(postman(text_refused()), 700)


# --- Runscope: it keeps what was to be sent, and no answer ---


def runscope(har: Har) -> Case:
    steps = [
        {
            "step_type": "request",
            "method": entry["request"]["method"],
            "url": entry["request"]["url"],
            "headers": {k: [v] for k, v in _pairs(entry["request"])},
            "body": entry["request"].get("postData", {}).get("text", ""),
        }
        for entry in har.entries
    ]
    suite = {"name": "Our tests", "trigger_url": "https://api.example.test/trigger", "steps": steps}
    return {"suite.json": json.dumps(suite, indent=1).encode()}


@case("", likelihood="none")
def runscope_requests_only() -> Case:
    return runscope(text_refused())


@case("", likelihood="none")
def runscope_cut_off() -> Case:
    return damaged(runscope(text_refused()), 200)


# --- files of HTTP requests ---


def http_file(har: Har, *, answers: bool = True) -> Case:
    blocks = ["@base = " + BASE]
    for entry in har.entries:
        sent, came = entry["request"], entry["response"]
        block = [f"### {sent['method']}", f"{sent['method']} {sent['url'].replace(BASE, '{{base}}')} HTTP/1.1"]
        block += [f"{k}: {v}" for k, v in _pairs(sent)]
        block += ["", sent["postData"]["text"]] if "postData" in sent else []
        if answers:
            block += ["", f"HTTP/1.1 {came['status']} Answer", *(f"{k}: {v}" for k, v in _pairs(came))]
            block += ["", came["content"]["text"]]
        blocks.append("\n".join(block))
    return {"tried.http": "\n\n".join([*blocks, ""]).encode()}


@case("active-string-false-rejected")
def http_file_false_as_text() -> Case:
    return http_file(text_refused())


@case("expired-token")
def http_file_key_ran_out() -> Case:
    return http_file(key_ran_out())


@case("expired-token")
def http_file_cut_off() -> Case:
    """The last answer's text breaks off; its status is still there."""
    return damaged(http_file(key_ran_out()), 12)


@case("", likelihood="none")
def http_file_without_answers() -> Case:
    return http_file(text_refused(), answers=False)


# --- ngrok ---


def ngrok(har: Har) -> Case:
    def raw(first: str, side: dict[str, Any], body: str) -> str:
        head = "\r\n".join([first, *(f"{k}: {v}" for k, v in _pairs(side))])
        return base64.b64encode(f"{head}\r\n\r\n{body}".encode()).decode()

    requests = []
    for number, entry in enumerate(har.entries):
        sent, came = entry["request"], entry["response"]
        path, status = sent["url"].removeprefix("https://app.example.test"), came["status"]
        requests.append({
            "uri": f"/api/requests/http/airt_{number}", "id": f"airt_{number}", "tunnel_name": "command_line",
            "remote_addr": "192.0.2.7", "start": entry["startedDateTime"], "duration": 31_000_000,
            "request": {
                "method": sent["method"], "proto": "HTTP/1.1", "uri": path,
                "headers": {**{k: [v] for k, v in _pairs(sent)}, "Host": ["app.example.test"]},
                "raw": raw(f"{sent['method']} {path} HTTP/1.1", sent, sent.get("postData", {}).get("text", "")),
            },
            "response": {
                "status": f"{status} Answer", "status_code": status, "proto": "HTTP/1.1",
                "headers": {k: [v] for k, v in _pairs(came)},
                "raw": raw(f"HTTP/1.1 {status} Answer", came, came["content"]["text"]),
            },
        })  # fmt: skip
    return {"requests.json": json.dumps({"uri": "/api/requests/http", "requests": requests}, indent=1).encode()}


@case("patch-noop-success")
def ngrok_confirmed_but_active() -> Case:
    return ngrok(still_active())


@case("expired-token")
def ngrok_key_ran_out() -> Case:
    return ngrok(key_ran_out())


@case("active-string-false-rejected")
def ngrok_cut_off() -> Case:
    """What stands before the break is kept."""
    return damaged(ngrok(text_refused().call("GET", "/Users/u-1", answer=user())), 400)


# --- our own run directory, as capture writes one of a real IdP ---


def run_directory(har: Har, damage: int = 0) -> Case:
    started = {"event": "run_started", "at": "2026-01-02T03:04:05.000+00:00", "schema": "scimulator/events/1"}
    lines = [json.dumps(line, separators=(",", ":")) for line in _exchanges(har)]
    exchanges = "\n".join([*lines, ""]).encode()
    return {
        "run/events.jsonl": (json.dumps(started, separators=(",", ":")) + "\n").encode(),
        "run/exchanges.jsonl": exchanges[:-damage] if damage else exchanges,
    }


def _exchanges(har: Har) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "gateway.har"
        path.write_bytes(har.done()["gateway.har"])
        for number, found in enumerate(read_files([path])):
            assert isinstance(found, Sighting)
            assert found.exchange is not None
            mine = {"id": f"x-c1240e-{number:03d}", "scenario": "captured/1", "ordinal": number}
            yield exchange_to_json(replace(found.exchange, **mine))  # type: ignore[arg-type]


@case("idp-offers-push-anyway")
def run_directory_group_pushed() -> Case:
    return run_directory(group_pushed())


@case("active-string-false-rejected")
def run_directory_false_as_text() -> Case:
    return run_directory(text_refused())


@case("idp-offers-push-anyway")
def run_directory_packed() -> Case:
    return {"run.zip": zipped(run_directory(group_pushed()))}


@case("expired-token")
def run_directory_cut_off() -> Case:
    """Its last line breaks off; what came before tells it."""
    return run_directory(key_ran_out().call("GET", "/Users/u-1", answer=user()), 120)


# --- curl, the answers beside the commands are not read; gateways that log as lines ---


@case("", likelihood="none")
def curl_cut_off() -> Case:
    return {"commands.sh": b"curl -X PATCH 'https://app.example.test/scim/v2/Users/u-1' \\\n  -H 'Authorization: Bear"}


def gateway_lines(har: Har) -> list[str]:
    return [
        json.dumps({
            "timestamp": entry["startedDateTime"], "method": entry["request"]["method"], "url": entry["request"]["url"],
            "status": entry["response"]["status"], "request_headers": dict(_pairs(entry["request"])),
            "request_body": entry["request"].get("postData", {}).get("text", ""),
            "response_headers": dict(_pairs(entry["response"])), "response_body": entry["response"]["content"]["text"],
        })
        for entry in har.entries
    ]  # fmt: skip


@case("idp-offers-push-anyway")
def gateway_lines_group_without_agent() -> Case:
    """One request that does not say who sent it comes from whom the others came from."""
    *rest, last = (json.loads(line) for line in gateway_lines(group_pushed()))
    del last["request_headers"]["User-Agent"]
    return {"gateway.jsonl": "\n".join(json.dumps(line) for line in (*rest, last)).encode()}


@case("expired-token")
def gateway_lines_with_a_broken_one() -> Case:
    first, *rest = gateway_lines(key_ran_out())
    return {"gateway.jsonl": "\n".join([first, rest[0][:90], *rest]).encode()}
