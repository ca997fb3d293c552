"""The JSON forms of what is recorded: exchanges, scenario keys, changes, casts and outlooks, there and back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from harness.model import change as changes
from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Change, Feature
from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.finding import Finding
from harness.model.outlook import Forecast, Notice, Outlook, Quarantine, Removal, RemovalState
from harness.model.person import Person, Team
from harness.model.requirement import Level
from harness.model.scenario import Kind, ScenarioKey
from harness.model.sequence import Evidence
from harness.model.step import Effect, Intent, Place
from harness.model.verdict import Outcome, Verdict


def exchange_to_json(x: Exchange) -> dict[str, Any]:
    return {
        "id": x.id,
        "scenario": x.scenario,
        "ordinal": x.ordinal,
        "role": x.role.value,
        "phase": x.phase.value,
        "moment": x.moment,
        "title": x.title,
        "intent": x.intent.value,
        "effect": x.effect.value,
        "subject": x.subject,
        "tag": x.tag,
        "template": x.template,
        "place": x.place.value,
        "path": x.path,
        "query": x.query,
        "started_at": x.started_at,
        "elapsed_ms": x.elapsed_ms,
        "notes": list(x.notes),
        "request": {
            "method": x.request.method,
            "url": x.request.url,
            "headers": [list(h) for h in x.request.headers],
            "body": _body_to_json(x.request.body),
        },
        "response": None
        if x.response is None
        else {
            "status": x.response.status,
            "reason": x.response.reason,
            "headers": [list(h) for h in x.response.headers],
            "body": _body_to_json(x.response.body),
        },
        "trouble": None
        if x.trouble is None
        else {"kind": x.trouble.kind.value, "message": x.trouble.message, "hint": x.trouble.hint},
    }


def exchange_from_json(line: Mapping[str, Any]) -> Exchange:
    request, response, trouble = line["request"], line.get("response"), line.get("trouble")
    return Exchange(
        id=line["id"],
        scenario=line["scenario"],
        ordinal=line["ordinal"],
        role=Role(line["role"]),
        phase=Phase(line["phase"]),
        moment=line["moment"],
        title=line["title"],
        intent=Intent(line["intent"]),
        effect=Effect(line["effect"]),
        request=Request(
            request["method"], request["url"], _pairs(request["headers"]), _body_from_json(request["body"])
        ),
        response=None
        if response is None
        else Response(
            response["status"],
            response["reason"],
            _pairs(response["headers"]),
            _body_from_json(response["body"]) or b"",
        ),
        trouble=None if trouble is None else Trouble(TroubleKind(trouble["kind"]), trouble["message"], trouble["hint"]),
        subject=line["subject"],
        tag=line["tag"],
        template=line["template"],
        place=Place(line["place"]),
        path=line["path"],
        query=line["query"],
        started_at=line["started_at"],
        elapsed_ms=line["elapsed_ms"],
        notes=tuple(line["notes"]),
    )


def _body_to_json(body: bytes | None) -> dict[str, Any] | None:
    """Bodies stay byte for byte: as text where they are UTF-8, else as base64."""
    if body is None:
        return None
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        digest = hashlib.sha256(body).hexdigest()
        return {"base64": base64.b64encode(body).decode(), "sha256": digest}


def _body_from_json(body: Mapping[str, Any] | None) -> bytes | None:
    if body is None:
        return None
    return base64.b64decode(body["base64"]) if "base64" in body else str(body["text"]).encode()


def _pairs(headers: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers)


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "check": verdict.check,
        "requirement": verdict.requirement,
        "level": verdict.level.value,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "findings": [
            {
                "id": f.id,
                "expected": [str(e) for e in f.expected],
                "actual": json.loads(json.dumps(f.actual, default=repr)),
                "at": f.at,
                "hint": f.hint,
                "exchange": f.exchange,
                "likeness": f.likeness,
            }
            for f in verdict.findings
        ],
    }


def verdict_from_json(scenario: str, value: Mapping[str, Any]) -> Verdict:
    place = {"scenario": scenario, "check": value["check"], "requirement": value["requirement"]}
    findings = tuple(Finding(**{**f, "expected": tuple(f["expected"])}, **place) for f in value["findings"])
    level, outcome = Level(value["level"]), Outcome(value["outcome"])
    return Verdict(level=level, outcome=outcome, findings=findings, reason=value["reason"], **place)


def key_to_json(key: ScenarioKey) -> dict[str, str]:
    return {
        "id": key.id,
        "kind": key.kind.value,
        "title": key.title,
        "idp": key.idp,
        "variant": key.variant,
        "story": key.story,
    }


def key_from_json(value: Mapping[str, str]) -> ScenarioKey:
    return ScenarioKey(value["id"], Kind(value["kind"]), value["title"], value["idp"], value["variant"], value["story"])


def change_to_json(change: Change) -> dict[str, Any]:
    """Kind and part always, whatever else a Change says only where it says more than usual."""
    rest = ((f.name, getattr(change, f.name), f.default) for f in fields(change) if f.name != "part")
    return {"kind": change.kind, "part": change.part} | {name: value for name, value, usual in rest if value != usual}


def change_from_json(value: Mapping[str, Any]) -> Change:
    """Raises ValueError, naming what is unknown, for a record of a newer version."""
    kind = getattr(changes, str(value["kind"]), None)
    if not (isinstance(kind, type) and issubclass(kind, Change)):
        raise ValueError(f"unknown change {value['kind']!r} in the record: was it written by a newer version?")
    given = {name: told for name, told in value.items() if name != "kind"}
    if "feature" in given:
        given["feature"] = Feature(given["feature"])
    for parts in ("joining", "leaving"):
        if parts in given:
            given[parts] = tuple(given[parts])
    if "attributes" in given:
        given["attributes"] = tuple((name, told) for name, told in given["attributes"])
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"the change {kind.__name__} in the record says too much or too little: {error}") from error


def cast_to_json(cast: Cast) -> dict[str, Any]:
    return {
        "members": [
            {
                "part": m.part,
                "person": vars(m.person),
                "account": None if m.account is None else {**vars(m.account), "source": m.account.source.value},
            }
            for m in cast.members
        ],
        "teams": [{**vars(team), "members": list(team.members)} for team in cast.teams],
    }


def cast_from_json(value: Mapping[str, Any]) -> Cast:
    members = tuple(
        Member(
            m["part"],
            Person(**m["person"]),
            None if m["account"] is None else Account(**{**m["account"], "source": Source(m["account"]["source"])}),
        )
        for m in value.get("members", ())
    )
    teams = (Team(**{**team, "members": tuple(team["members"])}) for team in value.get("teams", ()))
    return Cast(members, tuple(teams))


def outlook_to_json(outlook: Outlook) -> dict[str, Any]:
    """What the IdP's administrator sees."""
    return {
        "notices": [vars(notice) for notice in outlook.notices],
        "removals": [{**vars(removal), "state": removal.state.value} for removal in outlook.removals],
        "quarantine": None if outlook.quarantine is None else asdict(outlook.quarantine),
    }


def outlook_from_json(value: Mapping[str, Any]) -> Outlook:
    quarantine = value.get("quarantine")
    return Outlook(
        tuple(Notice(**notice) for notice in value.get("notices", ())),
        tuple(Removal(**{**r, "state": RemovalState(r["state"])}) for r in value.get("removals", ())),
        None if quarantine is None else _quarantine_from_json(quarantine),
    )


def _quarantine_from_json(value: Mapping[str, Any]) -> Quarantine:
    forecast = value["forecast"]
    return Quarantine(
        **{
            **value,
            "evidence": Evidence(value["evidence"]),
            "next_attempts": tuple(value["next_attempts"]),
            "forecast": None if forecast is None else Forecast(**forecast),
        }
    )
