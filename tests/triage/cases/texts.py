"""Texts: pasted errors, access logs, a gateway's lines, curl commands."""

from __future__ import annotations

import json

from tests.triage.writing import (
    ADA,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    PRE,
    Case,
    Har,
    case,
    error,
    frame,
    user,
)

FALSE = frame("BadRequest", error(400, "active: expected a boolean", "invalidValue"))


@case("expired-token", likelihood="medium")
def pasted_task() -> Case:
    return {"mail.txt": f"Hi,\n\nOkta shows this since Monday:\n\nAutomatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating\nuser {ADA}: Unauthorized. Errors reported by remote server: bad credentials\n\nThanks!\n".encode()}  # fmt: skip


@case("expired-token")
def pasted_task_with_reason() -> Case:
    return {"task.txt": f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}: Unauthorized. Errors reported by remote server: this key has expired".encode()}  # fmt: skip


@case("active-string-false-rejected", likelihood="medium")
def pasted_entra() -> Case:
    return {"error.txt": f"Action: Disable\nUser: {ADA}\nError code: {PRE}BadRequest\n{FALSE}".encode()}


@case("active-string-false-rejected", likelihood="medium")
def pasted_entra_misread() -> Case:
    return {
        "ocr.txt": f"Disable {ADA}\n{FALSE}".replace("Processing", "Processlng")
        .replace("exception", "exceptlon")
        .encode()
    }


@case("assigned-before-provisioning")
def pasted_red_mark() -> Case:
    return {
        "screen.txt": b"User was assigned this application before Provisioning was enabled and not\nprovisioned in the downstream application. Click Provision User."
    }


@case("last-owner-refused")
def pasted_owner() -> Case:
    return {"task.txt": f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}: Forbidden. Errors reported by remote server: the last owner cannot be deactivated".encode()}  # fmt: skip


@case("", likelihood="none")
def pasted_complaint() -> Case:
    return {"mail.txt": b"Hello, our people cannot get in any more since the update. Can you help? Best, IT"}


def _line(minute: int, request: str, status: int, agent: str = "Okta SCIM Client 1.0.0") -> str:
    return f'192.0.2.7 - - [02/Jan/2026:03:{minute:02d}:05 +0000] "{request} HTTP/1.1" {status} 212 "-" "{agent}"'


@case("expired-token")
def access_log_key_ran_out() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22&startIndex=1&count=100", 200),
        _line(1, "PATCH /scim/v2/Users/u-1", 204),
        *(_line(10 + n, f"PATCH /scim/v2/Users/u-{n}", 401) for n in range(4)),
    ]
    return {"access.log": "\n".join(lines).encode()}


@case("patch-not-served", likelihood="medium")
def access_log_no_patch() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22&startIndex=1&count=100", 200),
        _line(1, "PATCH /scim/v2/Users/u-1", 405),
    ]
    return {"access.log": "\n".join(lines).encode()}


@case(("group-sync-left-on", "idp-offers-push-anyway"))
def access_log_groups() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName+eq+%22ada%40example.test%22", 200, "-"),
        _line(1, "GET /scim/v2/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22", 404, "-"),
    ]
    return {"access.log": "\n".join(lines).encode()}


def _as_lines(har: Har) -> Case:
    rows = []
    for entry in json.loads(har.done()["gateway.har"])["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        rows.append({
            "timestamp": entry["startedDateTime"], "method": request["method"], "url": request["url"], "status": response["status"],
            "request_headers": {h["name"]: h["value"] for h in request["headers"]}, "request_body": request.get("postData", {}).get("text", ""),
            "response_headers": {h["name"]: h["value"] for h in response["headers"]}, "response_body": response["content"]["text"],
        })  # fmt: skip
    return {"gateway.jsonl": "\n".join(map(json.dumps, rows)).encode()}


@case("active-string-false-rejected")
def gateway_lines_false_as_text() -> Case:
    return _as_lines(
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, "active is not a boolean", "invalidValue"))
    )


@case("patch-noop-success")
def gateway_lines_confirmed_but_active() -> Case:
    return _as_lines(Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=True)))


@case("", likelihood="none")
def curl_commands_only() -> Case:
    return {"commands.sh": b"curl -X PATCH https://app.example.test/scim/v2/Users/u-1 \\\n  -H 'Authorization: Bearer k' \\\n  -H 'Content-Type: application/scim+json' \\\n  --data '{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}'\n"}  # fmt: skip
