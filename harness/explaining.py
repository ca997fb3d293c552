"""Explaining: what an error text, a code, a word of a SCIM error or an id of ours means, and what to check in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.catalogue.messages import load_messages, recognise, recognise_code, said
from harness.model.case import Actor
from harness.model.explanation import Answer, Explanation
from harness.model.message import Message, Part

ORDER = (
    "Base URL and API key: compare both with what the service shows, letter by letter; then test the connection.",
    "Group management: switched off at the IdP if the service takes no groups.",
    "Otherwise send the exact error text to the service's support, with the time (UTC), the IdP and one person.",
)
"""What is looked at when nothing else is known, in this order."""

WHOLE_TEXT = "Why it failed stands in the rest of the text: paste all of it."

COLLECT = (
    "The exact text, copied and not retyped, with the place where it stands.",
    "Which IdP and which kind of app (Okta: from the catalogue or made with the wizard; Entra: gallery or not).",
    "One affected person (user name), what the IdP shows for that person and what the service shows.",
    "The time in UTC, and whether it ever worked before.",
    "Was it creating, changing, deactivating somebody, or a group?",
    "The ids beside the text: Okta's event uuid; Entra's change id, cycle id and job id.",
    "A file, if there is one: System Log or provisioning log export, HAR of a gateway. Then: scimulator triage FILE",
)
"""What to ask for when the text is not known to us."""


_IDPS = {"okta": "Okta", "entra": "Entra ID", "scim": "the service itself", "http": "the service itself"}


def explain(text: str, run: Path | None = None, idp: str = "") -> Explanation:
    """What a pasted text or an id means. ``run`` is where findings and causes are looked up (else the newest in runs/).

    Raises RecordError when ``run`` is given and cannot be read.
    """
    word = text.strip()
    exact = list(_ids(word, run)) if len(word.split()) == 1 else []
    if exact:
        told = {answer.id for answer in exact}
        others = tuple(answer for answer in _messages(word, idp) if answer.id not in told)
        return Explanation(True, tuple(exact), _ordered(exact), alternatives=others)
    answers = list(_messages(text, idp))
    words = said(text)
    if not answers:
        return Explanation(False, (), ORDER, words, COLLECT)
    best = max(answer.score for answer in answers)
    sure = [answer for answer in answers if answer.score >= min(0.95, 0.97 * best)]
    rest = tuple(a for a in answers if a not in sure)
    return Explanation(True, tuple(sure), _ordered(sure), words, alternatives=rest)


_RANK = {Part.WHOLE: 0, Part.REASON: 1, Part.STATUS: 2, Part.ACT: 3, Part.FRAME: 4}
"""Why it failed is told before what was tried, and checked first."""


def _ordered(answers: Iterable[Answer]) -> tuple[str, ...]:
    """All checks of all answers, each once. What was tried alone does not say why: then the order for the unknown."""
    told = list(answers)
    checks = dict.fromkeys(check for answer in told for check in answer.checks)
    if told and all(answer.part in (Part.ACT, Part.FRAME) for answer in told):
        return (WHOLE_TEXT, *checks)
    return tuple(checks)


def _messages(text: str, idp: str) -> Iterator[Answer]:
    """What is recognised, the reason first. Pieces that others tell already are left out."""
    found = sorted(recognise(text, idp), key=lambda hit: (_RANK[hit.message.part], -hit.score))
    parts = {hit.message.part for hit in found}
    whole = any(hit.message.part is Part.WHOLE and hit.message.forms and hit.score > 0.9 for hit in found)
    for hit in found:
        part = hit.message.part
        if (part is Part.STATUS and whole) or (part is Part.FRAME and parts - {Part.FRAME}):
            continue
        yield _message(hit.message, hit.score)


def _message(message: Message, score: float = 1.0) -> Answer:
    title = message.forms[0] if message.forms else message.codes[0]
    if message.status:
        title = f"{message.status} {title}"
    return Answer(
        id=message.id,
        kind="message",
        title=title,
        means=message.means,
        score=round(score, 2),
        idp=_IDPS[message.idp],
        where=message.where,
        answered=message.answered,
        checks=message.checks,
        who=message.who.value,
        evidence=message.evidence.value,
        related=message.causes,
        part=message.part.value,
    )


def _ids(word: str, run: Path | None) -> Iterator[Answer]:
    """Ids: of requirements, findings and causes of a run, defects, rules, messages; vendors' codes."""
    yield from _requirement(word)
    if word[:2].upper() in ("F-", "C-"):
        yield from _of_a_run(word, run)
    yield from _defect(word)
    yield from _rule(word)
    message = recognise_code(word)
    if message is not None:
        yield _message(message)


def _requirement(word: str) -> Iterator[Answer]:
    from harness.catalogue.loader import load

    wanted = word.upper()
    for requirement in load().values():
        if requirement.id.upper() == wanted:
            yield Answer(
                id=requirement.id,
                kind="requirement",
                title=requirement.says,
                means=requirement.admin or requirement.says,
                where=f"{requirement.section} {requirement.link}".strip(),
                answered=requirement.level.value,
                checks=(requirement.remedy,),
                who=Actor.SERVICE.value,
                related=requirement.restates,
            )


def _defect(word: str) -> Iterator[Answer]:
    from reference_server.defects import catalogue

    for defect in catalogue().values():
        if defect.name == word.casefold():
            yield Answer(
                id=defect.name,
                kind="defect",
                title=defect.title,
                means="A wrong that the reference server commits on request: serve --defect or run --defect.",
                who=Actor.SERVICE.value,
                related=tuple(defect.breaks),
            )


def _rule(word: str) -> Iterator[Answer]:
    """A cause that ``triage`` tells."""
    from harness.triage.rules import load_rules

    rule = load_rules().get(word.casefold())
    if rule is not None:
        yield Answer(
            id=rule.id,
            kind="rule",
            title=rule.title,
            means=rule.means,
            checks=rule.steps_at("any"),
            who=rule.who.value,
            related=(*rule.requirements, *rule.over),
        )


def _of_a_run(word: str, run: Path | None) -> Iterator[Answer]:
    """A finding or a cause, from run.json of the given run or of the newest one in runs/ that has it."""
    for directory in [run] if run else _newest():
        try:
            document = json.loads((directory / "run.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            if run:
                from harness.record import RecordError

                raise RecordError(f"{directory / 'run.json'}: expected a run that was recorded: {error}") from error
            continue
        for kind in ("findings", "causes"):
            for row in document.get(kind, ()):
                if str(row.get("id", "")).casefold() == word.casefold():
                    yield _row(row, kind, directory)
                    return


def _newest() -> list[Path]:
    found = [path for path in Path("runs").glob("*/run.json") if path.is_file()]
    return [path.parent for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:50]]


def _row(row: dict[str, Any], kind: str, directory: Path) -> Answer:
    from harness.catalogue.loader import load

    requirement = load().get(str(row.get("requirement", "")))
    means = (requirement.admin or requirement.says) if requirement else ""
    title = str(row.get("title") or (requirement.says if requirement else row["id"]))
    seen = f"exchange {row['exchange']} of {directory}" if row.get("exchange") else str(directory)
    expected = row.get("expected") or ()
    wrong = f"expected {' or '.join(map(str, expected))}; came {row.get('actual')}" if expected else ""
    remedy = str(row.get("remedy") or (requirement.remedy if requirement else ""))
    return Answer(
        id=str(row["id"]),
        kind=kind.removesuffix("s"),
        title=title,
        means=str(row.get("because") or means),
        where=seen,
        answered=wrong,
        checks=tuple(x for x in (remedy, f"See it again: scimulator reproduce {directory} {row['id']}") if x),
        who=str(row.get("who", Actor.SERVICE.value)).partition("-")[0],
        related=tuple(row.get("requirements") or ([row["requirement"]] if row.get("requirement") else ())),
    )


def as_json(explanation: Explanation) -> str:
    return json.dumps(asdict(explanation), indent=2, ensure_ascii=False)


def messages() -> list[dict[str, Any]]:
    """All messages as rows for ``scimulator list messages``."""
    return [
        {
            "id": m.id,
            "title": m.forms[0] if m.forms else m.codes[0],
            "idp": m.idp,
            "codes": list(m.codes),
            "where": m.where,
        }
        for m in load_messages().values()
    ]
