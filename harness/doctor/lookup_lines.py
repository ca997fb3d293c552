"""What to say about the lookups of one named person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.doctor.connection import Speaker
from harness.doctor.lookup import TITLE, Seen, is_named, work_mail
from harness.doctor.remedies import fix, named
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange

STAYS = "Whoever is not found is never deactivated: this person would keep access."


def lines(seen: Seen, speakers: tuple[Speaker, ...], others: list[dict[str, Any]]) -> list[Line]:
    """What was found of the person. ``others`` are people whom the service has shown before, to compare their names."""
    idps = tuple(s.name for s in speakers)
    broken = [x for form in seen.names if not (x := seen.answers[form]).answered]
    if broken:
        told = "The service did not answer when the person was looked up."
        return [Line("lookup", State.COULD_NOT_ASK, TITLE, told, evidence=_proof(broken))]
    by_name = _by_name(seen, idps, others)
    found = bool(seen.resource)
    return [by_name, *(_other_forms(seen, idps) if found else ())]


def _by_name(seen: Seen, idps: tuple[str, ...], others: list[dict[str, Any]]) -> Line:
    answers = [seen.answers[form] for form in seen.names]
    proof = _proof(answers)
    who = seen.account
    several = next((x for x in answers if len(x.resources) > 1), None)
    if several is not None:
        return Line(
            "lookup-several",
            State.WRONG,
            TITLE,
            f"Asked for {who} alone, the service shows {len(several.resources)} people. Okta takes the first of them, "
            "Entra ID gives up: the wrong person loses access, or nobody does.",
            "Do not go live. Send this line to the service: searching by userName has to bring that one person.",
            "service",
            evidence=proof,
        )
    stranger = next((r for x in answers for r in x.resources if not is_named(r, who)), None)
    if stranger is not None:
        return Line(
            "lookup-wrong-person",
            State.WRONG,
            TITLE,
            f"Asked for {who}, the service shows somebody else. When {who} leaves, that person would lose access.",
            "Do not go live. Send this line to the service: searching by userName has to bring that one person.",
            "service",
            evidence=proof,
        )
    failed = [x for x in answers if not x.ok]
    if failed:
        return Line(
            "lookup-fails",
            State.WRONG,
            TITLE,
            f"The search for {who} ended with an error ({_status(failed[0])}). {STAYS}",
            "Send this line to the service."
            + (
                " A person whom nobody knows has to bring an empty list, not an error."
                if failed[0].status == 404
                else ""
            ),
            "service",
            evidence=proof,
        )
    if seen.resource:
        return _found(seen, idps, proof, partly=[f for f in seen.names if not seen.answers[f].resources])
    return _not_found(seen, idps, others)


def _found(seen: Seen, idps: tuple[str, ...], proof: tuple[Proof, ...], partly: list[str]) -> Line:
    if partly:
        plus = "+" in seen.account
        why = " The plus sign in the name is the likely reason: the service reads it as a blank." if plus else ""
        return Line(
            "lookup-plus" if plus else "lookup-one-form",
            State.WRONG,
            TITLE,
            f"{seen.account} is not found by the search as {named(partly)} writes it.{why} {STAYS}",
            "Send this line to the service.",
            "service",
            evidence=proof,
        )
    if not isinstance(seen.resource.get("id"), str) or not seen.resource["id"]:
        return Line(
            "lookup-no-id",
            State.WRONG,
            TITLE,
            f"{seen.account} is found, but without an id, by which identity providers address everything later. "
            f"{STAYS}",
            "Send this line to the service.",
            "service",
            evidence=proof,
        )
    inactive = " They are switched off there at the moment." if seen.resource.get("active") is False else ""
    return Line(
        "lookup",
        State.OK,
        TITLE,
        f"{seen.account} is found by the searches of {named(idps)}.{inactive}",
        evidence=proof,
    )


def _not_found(seen: Seen, idps: tuple[str, ...], others: list[dict[str, Any]]) -> Line:
    who = seen.account
    mail = seen.answers.get("email")
    elsewhere = mail.resources[0] if mail is not None and len(mail.resources) == 1 else None
    proof = _proof([seen.answers[f] for f in seen.answers if f != "external-id"])
    if (spelt := _spelt_otherwise(seen, others)) is not None:
        return Line(
            "lookup-case",
            State.WRONG,
            TITLE,
            f"The service finds nobody by the name {who}, since it takes capital and small letters for different ones: "
            f"the person is there as {spelt}. {STAYS} The same happens to everybody who is spelt in one way in your "
            "directory and in another at the service.",
            fix(
                "Send this line to the service: it has to find people in any spelling. Until then let the identity "
                "provider send names exactly as they are written at the service.",
                "name",
                idps,
            ),
            "service",
            evidence=proof,
        )
    if elsewhere is not None:
        return Line(
            "lookup-other-name",
            State.WRONG,
            TITLE,
            f"The person with the mail {who} is there under another name ({elsewhere.get('userName', 'none')}), and "
            f"identity providers look by name. {STAYS}",
            fix("Let the identity provider send the name under which people sign in to the service.", "name", idps),
            "customer",
            evidence=proof,
        )
    names = [n for r in others if isinstance(n := r.get("userName"), str)]
    if names and "@" in who and not any("@" in n for n in names):
        return Line(
            "lookup-other-name",
            State.WRONG,
            TITLE,
            f"{who} is not there, and the names that the service shows have no @ in them: people sign in there under "
            f"another name than the one that would be sent. {STAYS}",
            fix("Let the identity provider send the name under which people sign in to the service.", "name", idps),
            "customer",
            evidence=proof,
        )
    return Line(
        "lookup-not-found",
        State.WRONG,
        TITLE,
        f"The service knows nobody by the name {who}. {STAYS} Either they have never signed in there, or they sign in "
        "under another name, or the key belongs to another team.",
        fix(
            "Let the person sign in to the service once, and try again. If they do already, compare the name that they "
            "have there with the one that would be sent.",
            "name",
            idps,
        ),
        "customer",
        evidence=proof,
    )


def _spelt_otherwise(seen: Seen, others: list[dict[str, Any]]) -> str | None:
    """The name of the person at the service where it differs in capital and small letters alone."""
    by = [seen.answers[form] for form in ("case", "email") if form in seen.answers]
    shown = [*(r for answer in by for r in answer.resources), *others]
    names = (str(r["userName"]) for r in shown if is_named(r, seen.account))
    return next((name for name in names if name != seen.account), None)


def _other_forms(seen: Seen, idps: tuple[str, ...]) -> Iterator[Line]:
    case = seen.answers.get("case")
    if case is not None and case.answered:
        yield _case(seen, case, idps)
    external = seen.answers.get("external-id")
    if external is not None and external.answered:
        yield _external_id(seen, external, idps)
    mail = seen.answers.get("email")
    if mail is not None and mail.answered:
        yield _email(seen, mail, idps)


def _case(seen: Seen, answer: Exchange, idps: tuple[str, ...]) -> Line:
    title = "Lookup in other letters"
    if any(is_named(r, seen.account) for r in answer.resources):
        return Line(
            "lookup-case", State.OK, title, "Capital and small letters do not matter.", evidence=_proof([answer])
        )
    return Line(
        "lookup-case",
        State.WARNING,
        title,
        "Written with other capital and small letters, the person is not found. Whoever is spelt in one way in your "
        "directory and in another at the service is never deactivated and keeps access.",
        fix(
            "Compare how names are written on both sides, and send this line to the service: it has to find people in "
            "any spelling.",
            "name",
            idps,
        ),
        "service",
        evidence=_proof([answer]),
    )


def _external_id(seen: Seen, answer: Exchange, idps: tuple[str, ...]) -> Line:
    title = "Lookup by external id"
    known = isinstance(seen.resource.get("externalId"), str) and bool(seen.resource["externalId"])
    right = answer.ok and (not known or any(is_named(r, seen.account) for r in answer.resources))
    if right and not known and answer.resources:
        right = False
    if right:
        told = "The search by externalId works." if known else "The search by externalId is understood."
        return Line("lookup-external-id", State.OK, title, told, evidence=_proof([answer]))
    return Line(
        "lookup-external-id",
        State.WARNING,
        title,
        f"The service cannot be searched by externalId ({_status(answer)}). A job of Entra ID that matches people by "
        "it finds nobody, and whoever leaves keeps access.",
        fix("Match people by userName.", "name", [i for i in idps if i == "entra"] or idps),
        "customer",
        evidence=_proof([answer]),
    )


def _email(seen: Seen, answer: Exchange, idps: tuple[str, ...]) -> Line:
    title = "Lookup by work mail"
    has_mail = bool(work_mail(seen.resource))
    right = answer.ok and (not has_mail or any(is_named(r, seen.account) for r in answer.resources))
    if right:
        return Line(
            "lookup-email", State.OK, title, "The search by work mail is understood.", evidence=_proof([answer])
        )
    return Line(
        "lookup-email",
        State.WARNING,
        title,
        f"The service cannot be searched by work mail ({_status(answer)}). A job of Entra ID that matches people by it "
        "finds nobody, and whoever leaves keeps access.",
        fix("Match people by userName.", "name", [i for i in idps if i == "entra"] or idps),
        "customer",
        evidence=_proof([answer]),
    )


def _status(answer: Exchange) -> str:
    if answer.trouble is not None:
        return answer.trouble.message
    detail = answer.json.get("detail") if isinstance(answer.json, dict) else None
    if answer.ok:
        return "the person is not among what it shows" if not answer.resources else "it shows somebody else"
    return f"{answer.status}: {detail[:160]}" if isinstance(detail, str) and detail else str(answer.status)


def _proof(answers: list[Exchange]) -> tuple[Proof, ...]:
    return tuple(Proof(f"{x.method} {x.path}?{x.query}: {_shown(x)}", x.id) for x in answers)


def _shown(answer: Exchange) -> str:
    if answer.ok:
        count = len(answer.resources)
        return f"200, {count} {'person' if count == 1 else 'people'}"
    return _status(answer)
