"""Runs made by hand: a conformant one, a broken one, a hostile one, an incomplete one, a very large one.

Loaded by path from conftest.py files (tests are not packages).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from harness.model.account import Account, Cast, Member, Source
from harness.model.cause import Cause, Who
from harness.model.change import Disable, Reassign, Unassign
from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.finding import Finding
from harness.model.outlook import Notice, Outlook
from harness.model.person import Person
from harness.model.requirement import Harm, Level, Requirement
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import SCIM_JSON, Effect, Intent, Place
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome, Verdict

BASE = "https://scim.marketbeam.example/scim/v2"
USER_ID = "2819c223-7f76-453a-919d-413861904646"

META = {
    "tool": "0.1.0",
    "command": "scimulator run --target https://scim.marketbeam.example/scim/v2 --profile marketbeam --seed 7",
    "seed": "7",
    "started_at": "2026-11-24T02:00:00Z",
    "finished_at": "2026-11-24T02:00:41Z",
    "python": "3.11.7",
    "requests": "2.34.0",
}

_RULES = (
    ("MB-1", Level.PROMISE, Harm.ACCESS, "A person who is deactivated or removed in the IdP loses all access",
     "End sessions and API tokens in the same transaction that sets active to false.",
     "People who leave can still get into the product."),
    ("MB-3", Level.PROMISE, Harm.SETUP, "Every write under /Groups is refused properly",
     "Answer 501 with a SCIM error whose detail says that groups are managed in the app.", ""),
    ("RFC7644-3.5.2-01", Level.MUST, Harm.LOCKOUT, "A PATCH changes what it names and nothing else",
     "Apply operations to the stored resource, never to a blank one.", ""),
    ("RFC7644-3.4.2-05", Level.MUST, Harm.LEAK, "A filter that cannot be understood is refused, never ignored",
     "Answer 400 with scimType invalidFilter.", "A lookup may return somebody else."),
    ("RFC7644-3.12-01", Level.MUST, Harm.FORM, "The error body repeats the HTTP status as a JSON string",
     'Send "status": "404", a string, not a number.', ""),
    ("RFC7644-3.4.2-11", Level.MUST, Harm.DRIFT, "totalResults counts all results, not the page",
     "Count before paging.", ""),
    ("RFC7643-3.1-04", Level.SHOULD, Harm.DRIFT, "meta.version changes when the resource changes",
     "Derive the version from the content.", ""),
    ("RFC7644-3.4.2.3-01", Level.MAY, Harm.FORM, "Results can be sorted", "Nothing to do.", ""),
    ("OKTA-2.3-04", Level.VENDOR, Harm.DRIFT, "Okta finds a person by the user name in any letter case",
     "Compare userName without regard to letter case.", "Okta will not link people whose name is spelt otherwise."),
    ("ENTRA-4-02", Level.VENDOR, Harm.FORM, "Entra wants 200 or 204 after a PATCH within 30 seconds",
     "Answer first, do slow work afterwards.", ""),
)  # fmt: skip


def requirements() -> dict[str, Requirement]:
    return {
        name: Requirement(
            id=name,
            level=level,
            section=name.split("-")[0].replace("RFC", "RFC ") + " §3.12" if name.startswith("RFC") else name,
            says=says,
            link="https://www.rfc-editor.org/rfc/rfc7644#section-3.12",
            remedy=remedy,
            harm=harm,
            admin=admin,
            derived=name.endswith("-11"),
        )
        for name, level, harm, says, remedy, admin in _RULES
    }


def key(idp: str = "okta", variant: str = "oin", story: str = "leaver", title: str = "") -> ScenarioKey:
    titles = {"leaver": "Somebody leaves the company", "rehire": "Somebody comes back"}
    return ScenarioKey(
        f"{idp}/{variant}/{story}", Kind.STORY, title or titles.get(story, story), idp=idp, variant=variant, story=story
    )


def probe_key(name: str = "unknown-id") -> ScenarioKey:
    return ScenarioKey(f"probe/{name}", Kind.PROBE, f"A picky client: {name}")


def user(active: object = True, **more: object) -> dict[str, object]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": USER_ID,
        "userName": "ada.lovelace@acme.example",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": "ada.lovelace@acme.example", "primary": True}],
        "active": active,
        "meta": {"resourceType": "User", "location": f"{BASE}/Users/{USER_ID}"},
        **more,
    }


def exchange(
    scenario: str,
    ordinal: int,
    method: str = "GET",
    path: str = f"/Users/{USER_ID}",
    *,
    query: str = "",
    role: Role = Role.IDP,
    phase: Phase = Phase.DURING,
    moment: int = 0,
    title: str = "Read the user",
    intent: Intent = Intent.READ,
    send: object = None,
    status: int = 200,
    answer: object = None,
    raw: bytes | None = None,
    trouble: Trouble | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    place: Place = Place.SCIM,
    name: str = "",
) -> Exchange:
    """One exchange; ``send`` and ``answer`` are JSON values, ``raw`` is a response body as it is."""
    body = None if send is None else json.dumps(send).encode()
    agent = "Okta SCIM Client 1.0.0" if role is Role.IDP else "scimulator-witness"
    sent = [("User-Agent", agent), ("Accept", SCIM_JSON), ("Authorization", "Bearer [redacted:token]")]
    if body is not None:
        sent.append(("Content-Type", SCIM_JSON))
    received = raw if raw is not None else b"" if answer is None else json.dumps(answer).encode()
    return Exchange(
        id=name or f"x-{abs(_digest(scenario)):06x}-{ordinal}",
        scenario=scenario,
        ordinal=ordinal,
        role=role,
        phase=phase,
        moment=moment,
        title=title,
        intent=intent,
        effect=Effect.READ if method == "GET" else Effect.WRITE,
        request=Request(method, f"{BASE}{path}{'?' + query if query else ''}", tuple(sent), body),
        response=None
        if trouble
        else Response(status, {200: "OK", 204: "No Content", 404: "Not Found"}.get(status, ""),
                      (("Content-Type", SCIM_JSON), *headers), received),
        trouble=trouble,
        subject="leaver",
        place=place,
        path=path,
        query=query,
        started_at=f"2026-11-24T02:00:{ordinal % 60:02d}.120Z",
        elapsed_ms=12.4,
    )  # fmt: skip


def _digest(text: str) -> int:
    import hashlib

    return int(hashlib.sha256(text.encode()).hexdigest()[:6], 16)


def leaver_transcript(scenario: ScenarioKey, *, still_active: bool = False) -> Transcript:
    """A leaver and, later, the return: what the IdP sent, and the reads around it."""
    name = scenario.id
    lookup = "filter=userName%20eq%20%22ada.lovelace%40acme.example%22"
    witness: dict[str, Any] = {"role": Role.WITNESS}
    found = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 1,
        "Resources": [user()],
    }
    off = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"active": False}}],
    }
    exchanges = (
        exchange(name, 1, role=Role.SETUP, phase=Phase.BEFORE, moment=-1, title="Find the account", answer=user()),
        exchange(name, 2, phase=Phase.BEFORE, title="Read the person by id, before", answer=user(), **witness),
        exchange(name, 3, phase=Phase.BEFORE, title="Read a bystander by id, before", answer=user(), **witness),
        exchange(name, 4, path="/Users", query=lookup, title="Determine if the user exists", answer=found),
        exchange(name, 5, "PATCH", title="Deactivate the user", send=off, answer=user(active=False),
                 intent=Intent.DEACTIVATE),
        exchange(name, 6, phase=Phase.AFTER, title="Read the person by id, after", answer=user(active=still_active),
                 **witness),
        exchange(name, 7, phase=Phase.AFTER, path="/Users", query=lookup, title="Look the person up", answer=found,
                 **witness),
        exchange(name, 8, "POST", "/access", phase=Phase.AFTER, title="Ask whether access has ended",
                 send={"userName": "ada.lovelace@acme.example"}, place=Place.HOOK, intent=Intent.ACCESS,
                 answer={"session": "alive" if still_active else "ended", "api_token": "none"}, **witness),
        exchange(name, 9, moment=1, title="Reactivate the user", method="PATCH", send=off, status=204),
        exchange(name, 10, moment=1, phase=Phase.AFTER, title="Read the person by id, after", answer=user(), **witness),
    )  # fmt: skip
    person = Person("0" * 32, "ada.lovelace@acme.example", "Ada", "Lovelace", "ada.lovelace@acme.example")
    cast = Cast((Member("leaver", person, Account(person.user_name, USER_ID, Source.JIT)),))
    return Transcript(scenario, BASE, exchanges, (Unassign("leaver"), Reassign("leaver")), cast)


def finding(
    verdict_of: tuple[ScenarioKey, str, str], exchange_id: str, *, at: str = "", actual: object = "", **more: Any
) -> Finding:
    scenario, check, requirement = verdict_of
    made = Finding(expected=more.pop("expected", ["what the clause says"]), actual=actual, at=at, **more)
    return made.placed(check=check, scenario=scenario.id, requirement=requirement, exchange=exchange_id)


def verdict(
    scenario: ScenarioKey, requirement: str, outcome: Outcome = Outcome.PASSED, *found: Finding, reason: str = ""
) -> Verdict:
    check = f"sample.{requirement.lower().replace('-', '_').replace('.', '_')}"
    level = requirements()[requirement].level
    return Verdict(scenario.id, check, requirement, level, outcome, found, reason)


def broken(
    scenario: ScenarioKey, requirement: str, outcome: Outcome, exchange_id: str, *, at: str = "", actual: object = "",
    **more: Any,
) -> Verdict:  # fmt: skip
    check = f"sample.{requirement.lower().replace('-', '_').replace('.', '_')}"
    return verdict(
        scenario,
        requirement,
        outcome,
        finding((scenario, check, requirement), exchange_id, at=at, actual=actual, **more),
    )


def run(
    results: Iterable[ScenarioResult],
    conclusion: Conclusion,
    *,
    doubts: tuple[str, ...] = (),
    sentence: str = "",
    meta: Mapping[str, str] = META,
    idps: tuple[str, ...] = ("okta", "entra"),
) -> Run:
    everything = tuple(results)
    counted = Counter(v.outcome.value for r in everything for v in r.verdicts)
    counted.update(r.outcome.value for r in everything if not r.verdicts)
    return Run(
        profile="marketbeam",
        idps=idps,
        base_url=BASE,
        reference_server=False,
        conclusion=conclusion,
        counts={outcome.value: counted[outcome.value] for outcome in Outcome},
        results=everything,
        requirements=requirements(),
        meta=meta,
        doubts=doubts,
        sentence=sentence,
        causes=causes_of(everything),
    )


def causes_of(results: Iterable[ScenarioResult]) -> tuple[Cause, ...]:
    """One cause for each requirement, but a broken error body goes back to the groups that are not refused properly."""
    rules = requirements()
    grouped: dict[str, list[tuple[Verdict, Finding]]] = {}
    for result in results:
        for v in result.verdicts:
            for finding in v.findings:
                grouped.setdefault("MB-3" if v.requirement == "RFC7644-3.12-01" else v.requirement, []).append(
                    (v, finding)
                )
    causes = []
    for root, members in grouped.items():
        names = tuple(dict.fromkeys((root, *(v.requirement for v, _ in members))))
        head = next(((v, f) for v, f in members if v.requirement == root), members[0])
        outcome = min((v.outcome for v, _ in members if v.outcome is not Outcome.PASSED), key=_SEVERITY.index)
        causes.append(
            Cause(
                id=f"C-{_digest(root):06x}",
                title=rules[root].says if root in rules else root,
                harm=min(
                    (rules[name].harm for name in names if name in rules), key=list(Harm).index, default=Harm.FORM
                ),
                who=Who.EITHER if head[0].level is Level.VENDOR else Who.SERVICE,
                level=head[0].level,
                outcome=outcome,
                requirement=head[0].requirement,
                requirements=tuple(dict.fromkeys((head[0].requirement, *names))),
                findings=tuple(f.id for _, f in members),
                scenarios=tuple(sorted({v.scenario for v, _ in members})),
                first_finding=head[1].id,
                first_exchange=head[1].exchange,
                because="seen so",
            )
        )
    return tuple(sorted(causes, key=lambda c: (_SEVERITY.index(c.outcome), list(Harm).index(c.harm), c.id)))


_SEVERITY = (
    Outcome.ERROR, Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED, Outcome.KNOWN, Outcome.NOTED,
)  # fmt: skip


def _passing(scenario: ScenarioKey) -> ScenarioResult:
    verdicts = (
        verdict(scenario, "MB-1"),
        verdict(scenario, "RFC7644-3.12-01"),
        verdict(scenario, "RFC7643-3.1-04", Outcome.NOT_APPLICABLE, reason="nothing to look at in this scenario"),
    )
    return ScenarioResult(scenario, Outcome.PASSED, leaver_transcript(scenario), verdicts)


def conformant() -> Run:
    keys = (key(), key(variant="aiw"), key("entra", "default"))
    return run(
        [_passing(k) for k in keys],
        Conclusion.CONFORMANT,
        sentence="The service keeps everything that the profile marketbeam promises.",
    )


def with_findings() -> Run:
    """Every harm, every level, one requirement broken in three scenarios, a vendor in trouble, a silent admin."""
    keys = (key(), key(variant="aiw"), key("entra", "default"), probe_key())
    results = []
    for number, k in enumerate(keys[:3]):
        transcript = leaver_transcript(k, still_active=True)
        x = [one.id for one in transcript.exchanges]
        verdicts = [
            broken(k, "MB-1", Outcome.FAILED, x[7], at="/session", actual="alive",
                   expected=['"session": "ended"', '"session": "none"'],
                   hint="The service said that the person is inactive, but the session goes on."),
            broken(k, "RFC7644-3.12-01", Outcome.FAILED, x[4], at="/status", actual=404 + number,
                   expected=[f'"status": "{404 + number}"']),
            broken(k, "RFC7643-3.1-04", Outcome.WARNED, x[5], at="/meta/version", actual=None),
            verdict(k, "RFC7644-3.4.2.3-01", Outcome.NOT_APPLICABLE, reason="nothing to look at"),
            verdict(k, "RFC7644-3.5.2-01"),
        ]  # fmt: skip
        outlook = Outlook()
        if k.idp == "entra":
            outlook = Outlook((
                Notice("Provisioning logs", "Success", "User 'ada.lovelace@acme.example' was updated", exchange=x[4]),
                Notice("Provisioning logs", "Failure", "Failed to update user", "InvalidResponse",
                       inferred=True),
            ))  # fmt: skip
            verdicts.append(broken(k, "RFC7644-3.5.2-01", Outcome.FAILED, x[5], at="/emails/0/primary", actual=False))
        elif k.variant == "aiw":
            verdicts.append(broken(k, "OKTA-2.3-04", Outcome.NOTED, x[3], at="/totalResults", actual=0))
        results.append(ScenarioResult(k, Outcome.FAILED, transcript, tuple(verdicts), outlook))
    p = keys[3]
    transcript = Transcript(p, BASE, (
        exchange(p.id, 1, role=Role.PROBE, moment=-1, path="/Users", query="filter=x", title="Ask with a bad filter",
                 answer={"totalResults": 2, "Resources": [user(), user()]}),
        exchange(p.id, 2, "POST", "/Groups", role=Role.PROBE, moment=-1, title="Create a group",
                 send={"displayName": "x"}, status=500, raw=b"<html>Internal Server Error</html>"),
        exchange(p.id, 3, role=Role.PROBE, moment=-1, title="Ask once more",
                 trouble=Trouble(TroubleKind.TIMEOUT, "no byte came for 30 seconds", "Is the service overloaded?")),
    ))  # fmt: skip
    results.append(ScenarioResult(p, Outcome.FAILED, transcript, (
        broken(p, "RFC7644-3.4.2-05", Outcome.FAILED, transcript.exchanges[0].id, at="/Resources", actual="2 people",
               expected=["400 with scimType invalidFilter"]),
        broken(p, "MB-3", Outcome.FAILED, transcript.exchanges[1].id, at="/status", actual="500 and an HTML page",
               expected=["501", "403", "404", "405"]),
        broken(p, "RFC7644-3.4.2-11", Outcome.KNOWN, transcript.exchanges[0].id, at="/totalResults", actual=2),
        broken(p, "ENTRA-4-02", Outcome.NOTED, transcript.exchanges[0].id, at="Content-Type", actual="slow"),
        broken(p, "RFC7644-3.4.2.3-01", Outcome.NOTED, transcript.exchanges[0].id, actual="not sorted"),
    )))  # fmt: skip
    return run(
        results, Conclusion.NON_CONFORMANT, sentence="The service breaks 5 requirements of the profile marketbeam."
    )


NASTY = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe\u2066\u2069",
    "nul\x00bell\x07escape\x1b[31m",
    "]]>&amp;<!--",
    "{{ 7*7 }}{% raw %}",
    "\ud800lone surrogate\u2028line",
    "javascript:alert(1)",
)


def hostile() -> Run:
    """A service that sends whatever hurts: everything that it could choose holds something nasty."""
    nasty = " ".join(NASTY)
    k = key(title=f"Somebody leaves {nasty}")
    big = json.dumps({"displayName": "A" * 5_000_000}).encode()
    ugly = json.dumps({"displayName": nasty, "a/b~c": {"urn:x:2.0:User": [1, {"é": nasty}]}}).encode()
    raw_ugly = json.dumps({"x": nasty}, ensure_ascii=False).encode("utf-8", "replace")
    transcript = Transcript(k, BASE, (
        exchange(k.id, 1, title=nasty, raw=big, headers=(("X-Nasty", nasty), ("X-Long", "h" * 100_000))),
        exchange(k.id, 2, title="Pointers", raw=ugly),
        exchange(k.id, 3, title="Bytes", raw=b"\xff\xfe\x00\x80 not text </script>"),
        exchange(k.id, 4, title="Deep", raw=b"[" * 5000 + b"]" * 5000),
        exchange(k.id, 5, "PATCH", title="Send", send={"n": nasty}, raw=raw_ugly),
        exchange(k.id, 6, title="Trouble", trouble=Trouble(TroubleKind.PROTOCOL, nasty, nasty)),
        exchange(k.id, 7, title="Twice", raw=b'{"active": true, "active": false, "n": 1.0e0}'),
    ), (Disable("leaver"),))  # fmt: skip
    x = [one.id for one in transcript.exchanges]
    verdicts = (
        broken(k, "MB-1", Outcome.FAILED, x[1], at="/a~1b~0c/urn:x:2.0:User/1/é", actual="B" * 5_000_000,
               expected=[nasty, "C" * 100_000], hint=nasty),
        broken(k, "RFC7644-3.12-01", Outcome.FAILED, x[0], at="/displayName", actual={nasty: [nasty]}),
        broken(k, "RFC7644-3.5.2-01", Outcome.FAILED, x[2], at="/status", actual=nasty),
        broken(k, "RFC7644-3.4.2-05", Outcome.FAILED, "x-missing", at="X-Nasty", actual=b"bytes"),
    )  # fmt: skip
    outlook = Outlook((Notice(nasty, "Failure", nasty, nasty),))
    result = ScenarioResult(k, Outcome.FAILED, transcript, verdicts, outlook, reason=nasty)
    odd = ScenarioKey(f"recording/{nasty}", Kind.RECORDING, nasty)
    empty = ScenarioResult(odd, Outcome.NOT_RUN, Transcript(odd, BASE, complete=False, stopped=nasty), reason=nasty)
    return run(
        [result, empty],
        Conclusion.NON_CONFORMANT,
        doubts=(nasty,),
        sentence=nasty,
        meta={"command": nasty, "seed": nasty, nasty: nasty},
        idps=("okta",),
    )


def incomplete() -> Run:
    """A run that could not ask everything."""
    fine, cut, lost = key(), key(story="rehire"), key("entra", "default")
    half = Transcript(cut, BASE, leaver_transcript(cut).exchanges[:4], (Unassign("leaver"),), complete=False,
                      stopped="the service stopped answering")  # fmt: skip
    return run(
        [
            _passing(fine),
            ScenarioResult(
                cut,
                Outcome.NOT_RUN,
                half,
                (
                    verdict(cut, "MB-1", Outcome.NOT_RUN, reason="the service stopped answering"),
                    verdict(cut, "RFC7644-3.12-01", Outcome.ERROR, reason="our own check failed: KeyError: 'x'"),
                ),
                reason="the service stopped answering",
            ),
            ScenarioResult(
                lost,
                Outcome.NOT_RUN,
                Transcript(lost, BASE, complete=False, stopped="no account may be touched"),
                reason="no account may be touched",
            ),
        ],
        Conclusion.INCOMPLETE,
        doubts=("2 scenarios could not be played to the end: the service stopped answering.",),
    )


def large(exchanges: int = 10_000) -> Run:
    """Many scenarios of 25 exchanges with bodies that differ, a finding in every fourth of them."""
    results = []
    variants = (("okta", "oin"), ("okta", "aiw"), ("entra", "default"), ("entra", "aadOptscim062020"))
    for number in range(exchanges // 25):
        idp, variant = variants[number % 4]
        k = key(idp, variant, f"story-{number:04d}", f"Somebody leaves, take {number}")
        made = tuple(_varied(k.id, number, ordinal) for ordinal in range(1, 26))
        transcript = Transcript(k, BASE, made, (Unassign("leaver"), Reassign("leaver")))
        verdicts = [verdict(k, name) for name, *_ in _RULES if number % 3 or not name.startswith("MB")]
        outcome = Outcome.PASSED
        if number % 4 == 0:
            verdicts = [v for v in verdicts if v.requirement not in ("MB-1", "RFC7644-3.12-01")]
            verdicts.append(broken(k, "MB-1", Outcome.FAILED, made[11].id, at="/active", actual=True))
            verdicts.append(broken(k, "RFC7644-3.12-01", Outcome.FAILED, made[3].id, at="/status", actual=number))
            outcome = Outcome.FAILED
        results.append(ScenarioResult(k, outcome, transcript, tuple(verdicts)))
    return run(results, Conclusion.NON_CONFORMANT, sentence="The service breaks 2 requirements of the profile.")


_NAMES = ("Zoë", "Łukasz", "Ngọc Ánh", "Søren", "Μαρία", "Дарья", "さくら", "محمد", "Ada", "Grace")


def _varied(scenario: str, number: int, ordinal: int) -> Exchange:
    seed = _digest(f"{scenario}{ordinal}")
    identity = f"{seed:06x}{number:04x}-{ordinal:04x}-4000-8000-{_digest(scenario):012x}"
    name = f"{_NAMES[seed % 10]} {_NAMES[(seed // 10) % 10]} {seed:x}"
    body = user(id=identity, displayName=name, userName=f"user.{seed:x}@acme.example", title=f"Title {seed % 977}")
    witness = ordinal % 3 != 0
    return exchange(
        scenario,
        ordinal,
        "PATCH" if ordinal == 12 else "GET",
        f"/Users/{identity}",
        role=Role.WITNESS if witness else Role.IDP,
        phase=Phase.AFTER if witness else Phase.DURING,
        moment=0 if ordinal < 14 else 1,
        title="Read the user" if ordinal != 12 else "Deactivate the user",
        send={"Operations": [{"op": "replace", "value": {"active": False, "title": name}}]} if ordinal == 12 else None,
        answer=body,
        headers=(("ETag", f'W/"{seed:x}"'), ("X-Request-Id", identity)),
    )
