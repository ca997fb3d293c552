"""How an event of an IdP's log is looked at."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from harness.catalogue.messages import recognise, recognise_code
from harness.intake.answers import answer_in
from harness.model.sighting import LogEvent, Sighting
from harness.triage.look import Look

_VARIES = re.compile(
    r"https?://[^\s\"]+|\S+@\S+|\b[0-9a-f]{8}[0-9a-f-]*\b|\d{4}-\d\d-\d\dT[\d:.]+Z?|\b\d{4,}\b", re.IGNORECASE
)
_OKTA = (
    ("deprovision unassigned", "switch"),
    ("user_membership.remove", "unassign"),
    ("user_membership.deprovision", "deactivate"),
    ("user_membership.add", "assign"),
    ("user_membership.provision", "assign"),
    ("group_push.mapping.update", "group-update"),
    ("group_push", "group-update"),
    ("provision.group", "group-create"),
    ("group.application_assignment", "assign-group"),
    ("application.lifecycle", "switch"),
    ("reactivate", "reactivate"),
    ("deactivate", "deactivate"),
    ("deprovision", "deactivate"),
    ("verify", "lookup"),
    ("push_profile", "update"),
    ("push_password", "update"),
    ("import", "list"),
    ("provision.user", "create"),
    ("provision_user", "create"),
    ("user.lifecycle", "directory"),
)
_ENTRA = {"create": "create", "update": "update", "disable": "deactivate", "delete": "delete"}
_ACTS = (
    ("okta-deprovisioning-failed", "deactivate"),
    ("okta-while-deactivating", "deactivate"),
    ("okta-while-reactivating", "reactivate"),
    ("okta-while-verifying", "lookup"),
    ("okta-while-creating", "create"),
    ("okta-while-pushing", "update"),
    ("okta-profile-push-failed", "update"),
    ("okta-group-create", "group-create"),
    ("okta-group-mem", "group-update"),
    ("okta-group-", "group-update"),
    ("okta-test-", "connect"),
    ("entra-credential", "connect"),
    ("entra-invalid-cred", "connect"),
    ("entra-dump", "connect"),
    ("okta-log-import", "list"),
    ("okta-matching-not-found", "lookup"),
)


def of_event(sighting: Sighting, event: LogEvent, number: int) -> Look:
    messages, act = _recognised(event), _act(event)
    if not act and re.search(r"(?i)\bdisabl(?:e|ing)\b|\bdeprovision", event.text[:2000]):
        act = "deactivate"
    if not act:
        act = next((act for prefix, act in _ACTS if any(m.startswith(prefix) for m in messages)), "")
    answer = answer_in(event.text)
    status = answer.status if answer else next((int(m[5:]) for m in messages if m.startswith("http-")), 0)
    group = bool(event.group) or act.startswith("group")
    if group and not act.startswith("group") and act in ("create", "update", "deactivate", "delete"):
        act = {"create": "group-create", "delete": "group-delete"}.get(act, "group-update")
    words = _words(answer.body if answer else b"") or (answer.detail if answer else "")
    aliases = [a for a in (event.person, event.group) if a]
    aliases += [f"id:{i}" for i in (event.target_id, event.source_id) if i]
    found = Look(
        sighting=sighting,
        number=number,
        act=act,
        went=_went(event),
        status=status,
        words=words,
        messages=messages,
        group=group,
        who=event.person or event.group,
        aliases=tuple(aliases),
        html=bool(answer and answer.body[:300].lstrip().lower().startswith((b"<!doctype", b"<html", b"<"))),
    )
    if not found.went and any(m.startswith(("okta-", "entra-", "http-")) for m in messages):
        found.went = "ok" if found.said("okta-test-passed", "entra-test-passed") else "failed"
    for name, _, new in event.changes:
        if name.casefold() == "active" and new.casefold() in ("true", "false"):
            found.active = new.casefold() == "true"
    if found.act == "update" and found.active is not None:
        found.act = "reactivate" if found.active else "deactivate"
    if found.act in ("deactivate", "reactivate") and found.active is None:
        found.active = found.act == "reactivate"
    scim = re.search(r'"scimType"\s*:\s*"(\w+)"', event.text)
    found.scim_type = scim.group(1) if scim else ""
    return found


def _words(body: bytes) -> str:
    if not body:
        return ""
    try:
        value = json.loads(body)
        return str(value.get("detail") or "")[:500] if isinstance(value, dict) else ""
    except (ValueError, RecursionError):
        text = body[:4000].decode("utf-8", "replace")
        detail = re.search(r'"detail"\s*:\s*"((?:[^"\\]|\\.)*)', text)
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        return (detail or title).group(1)[:500] if detail or title else " ".join(text[:200].split())  # type: ignore[union-attr]


def _act(event: LogEvent) -> str:
    kind = event.kind.casefold()
    if event.idp == "entra":
        steps = " ".join(name for name, _, _ in event.steps).casefold()
        if kind in ("other", "") and "softdelete" in steps:
            return "deactivate"
        return _ENTRA.get(kind, "job" if "quarantine" in kind or kind in ("job", "status") else "")
    if event.text.casefold().startswith(("stop deprovisioning", "deprovisioning unassigned")):
        return "switch"
    return next((act for part, act in _OKTA if part in kind), "")


def _went(event: LogEvent) -> str:
    outcome = event.outcome.casefold()
    if "staged" in event.kind.casefold():
        return "held"
    for word, went in (
        ("fail", "failed"),
        ("error", "failed"),
        ("skip", "skipped"),
        ("warn", "warned"),
        ("success", "ok"),
    ):
        if word in outcome:
            return went
    return {"allow": "ok", "deferred": "failed", "deny": "failed", "quarantine": "failed", "task": "failed"}.get(
        outcome, ""
    )


def _recognised(event: LogEvent) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in (event.code, event.kind, event.details.get("SkipReason", ""), event.details.get("errorCode", "")):
        if code and (message := recognise_code(code, event.idp)):
            found[message.id] = None
    skip = next((v for k, v in event.details.items() if k.casefold().endswith("skipreason")), "")
    if skip and (message := recognise_code(skip, event.idp)):
        found[message.id] = None
    text = event.text
    for name in (event.person, event.group, event.app):
        if len(name) > 2:
            text = text.replace(name, "x")
    if text and event.outcome.casefold() not in ("success",):
        for identity in _of_text(_VARIES.sub("x", text)[:3000], event.idp):
            found[identity] = None
    elif text and text.casefold().startswith(("stop deprovisioning", "deprovisioning unassigned")):
        for identity in _of_text(text, event.idp):
            found[identity] = None
    return tuple(found)


@lru_cache(maxsize=8192)
def _of_text(text: str, idp: str) -> tuple[str, ...]:
    """Cached: a log has few texts once names, ids and dates are taken out."""
    return tuple(hit.message.id for hit in recognise(text, idp))
