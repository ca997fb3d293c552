"""Looking up one named person in every form that the IdPs use: whoever is not found is never deactivated."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from harness.doctor.connection import Speaker
from harness.doctor.imagined import imagined
from harness.doctor.visit import Visit, question
from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Assign
from harness.model.exchange import Exchange, Role
from harness.model.person import Person
from harness.model.secret import Secret
from harness.model.step import LIST_RESPONSE, TOKEN, Effect, Intent, Step

TITLE = "Lookup"
PART = "person"
NOBODY = "6b5a0d5c-7a54-4c1e-9d0e-2f6f5d1c3b7a"
"""A value that belongs to nobody."""


@dataclass(frozen=True)
class Seen:
    """What the lookups brought: the answers by form ("okta", "entra", "case", "external-id", "email")."""

    account: str
    answers: dict[str, Exchange]

    @property
    def resource(self) -> dict[str, Any]:
        """The person as the service has them, found by name in any of the IdPs' ways; {} when not found."""
        for form in self.names:
            for resource in self.answers[form].resources:
                if is_named(resource, self.account):
                    return resource
        return {}

    @property
    def names(self) -> list[str]:
        return [form for form in self.answers if form not in ("case", "external-id", "email")]


def ask(account: str, speakers: tuple[Speaker, ...], visit: Visit, key: Secret) -> Seen:
    """Look the person up as each IdP does, then in the forms that depend on the mapping."""
    own = {s.name: step for s in speakers if (step := lookup_of(s, account)) is not None}
    if not own:
        own = {"plain": _question("userName", account, "as any client would")}
    steps: dict[str, Step] = dict(own)
    if in_other_letters(account) != account:
        steps["case"] = _in_other_letters(account, speakers)
    answers = dict(zip(steps, visit.together([_asking(visit, s, key) for s in steps.values()]), strict=True))
    known = Seen(account, answers).resource
    external = known.get("externalId")
    mail = work_mail(known) or (account if "@" in account else "")
    later = {
        "external-id": _question(
            "externalId", external if isinstance(external, str) and external else NOBODY, "by externalId"
        )
    }
    if mail:
        later["email"] = _question('emails[type eq "work"].value', mail, "by work mail")
    found = visit.together([_asking(visit, s, key) for s in later.values()])
    return Seen(account, {**answers, **dict(zip(later, found, strict=True))})


def person(account: str, resource: dict[str, Any] | None = None) -> Person:
    """The named person as a member of a directory. What is not known is taken from the name itself."""
    local = account.partition("@")[0]
    name = (resource or {}).get("name")
    given, family = (name.get("givenName"), name.get("familyName")) if isinstance(name, dict) else (None, None)
    return Person(
        directory_id=hashlib.sha256(account.casefold().encode()).hexdigest()[:32],
        user_name=account,
        given_name=given if isinstance(given, str) else local,
        family_name=family if isinstance(family, str) else local,
        email=work_mail(resource or {}) or account,
    )


def cast_of(account: str, resource: dict[str, Any] | None = None) -> Cast:
    """A cast of this one person, with the account where it is known."""
    id = (resource or {}).get("id")
    made = Account(account, id, Source.LISTED) if isinstance(id, str) and id else None
    return Cast((Member(PART, person(account, resource), made),))


def lookup_of(speaker: Speaker, account: str) -> Step | None:
    """The step with which this IdP looks for the person first; None when it looks for nobody as it is set up.

    It carries the key in the form that the service wants: what the IdP makes of the key is told by other lines.
    """
    steps = speaker.vendor.connect(speaker.variant).react(Assign(PART), cast_of(account))
    try:
        step = next(steps)
        while step.effect is Effect.READ:
            if step.intent is Intent.LOOKUP:
                return replace(step, headers=tuple(_sound(h) for h in step.headers))
            step = steps.send(_nobody(step))
    except StopIteration:
        return None
    finally:
        steps.close()
    return None


def _asking(visit: Visit, step: Step, key: Secret) -> Any:
    return partial(visit.ask, step, key=key, role=Role.IDP)


def _question(attribute: str, value: str, how: str) -> Step:
    query = "filter=" + quote_plus(f"{attribute} eq {json.dumps(value, ensure_ascii=False)}")
    return question(f"Look the person up {how}", "/Users", query, intent=Intent.LOOKUP)


def in_other_letters(account: str) -> str:
    """The name in small letters, as services usually keep it; in capitals where it is in small letters already."""
    return account.lower() if account.lower() != account else account.swapcase()


def _in_other_letters(account: str, speakers: tuple[Speaker, ...]) -> Step:
    """The lookup of the first IdP, or a plain one, with the name in other letters."""
    for speaker in speakers:
        step = lookup_of(speaker, in_other_letters(account))
        if step is not None:
            return step
    value = json.dumps(in_other_letters(account), ensure_ascii=False)
    query = f"filter={quote(f'userName eq {value}', safe='')}"
    return question("Look the person up in other letters", "/Users", query, intent=Intent.LOOKUP)


def _sound(header: tuple[str, str]) -> tuple[str, str]:
    return (header[0], f"Bearer {TOKEN}") if header[0].lower() == "authorization" else header


def _nobody(step: Step) -> Exchange:
    """The answer that lets a sequence go on when nobody is found; it is never sent anywhere."""
    body = {"schemas": [LIST_RESPONSE], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}
    return imagined(step, body)


def is_named(resource: dict[str, Any], account: str) -> bool:
    """Whether a resource is the account with this name, in any letters."""
    name = resource.get("userName")
    return isinstance(name, str) and name.casefold() == account.casefold()


def work_mail(resource: dict[str, Any]) -> str:
    """The work mail of a resource, "" when it has none."""
    mails = resource.get("emails")
    for mail in mails if isinstance(mails, list) else []:
        if isinstance(mail, dict) and mail.get("type") == "work" and isinstance(mail.get("value"), str):
            return str(mail["value"])
    return ""
