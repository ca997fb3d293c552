"""What the one careful write would send, to whom: found out by reading and by imagining, before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from harness.doctor import address, connection, key
from harness.doctor.connection import Speaker
from harness.doctor.hand import MEANT
from harness.doctor.imagined import imagined
from harness.doctor.lookup import PART, cast_of
from harness.doctor.visit import as_exchange
from harness.model.change import Assign, Change, Reassign, Unassign
from harness.model.exchange import Exchange, Role
from harness.model.secret import Secret
from harness.model.step import LIST_RESPONSE, Effect, Intent, Step
from harness.model.target import Target
from harness.plan import vendors
from harness.preflight import recognise
from harness.settings import Settings, SettingsError
from harness.wire.session import Session
from harness.witness import find, read

CHANGES: tuple[Change, ...] = (Assign(PART), Unassign(PART), Reassign(PART))
"""What the administrator of the IdP would do: the app is given, taken away, and given again."""


class CannotWrite(Exception):
    """Nothing was changed, since it would not be safe or would show nothing; the message says why."""


@dataclass(frozen=True)
class Intention:
    """What would be sent to whom. ``steps`` are the IdP's own requests in their order, writes and reads.

    ``questions`` says in words what we ask besides. Nothing has been changed yet.
    """

    speaker: Speaker
    target: Target
    account: str
    resource: dict[str, Any]
    steps: tuple[Step, ...]
    questions: tuple[str, ...]
    adapter: Any = None


def intend(settings: Settings, *, pasted: Secret | None = None, adapter: Any = None) -> Intention:
    """Look the account up and work out what would be sent; only reads. Raises SettingsError, CannotWrite."""
    speaker, target = _prepared(settings, pasted or settings.token())
    account = settings.accounts[0]
    session = Session(target, adapter=adapter)
    try:
        hooks = {**recognise(session).hooks, **target.hooks}
        resource = _only(session, account)
    finally:
        session.close()
    steps = tuple(_imagined(speaker, resource))
    if not any(step.intent is Intent.DEACTIVATE for step in steps):
        raise CannotWrite(f"{speaker.vendor.title} would not switch {account} off as it is set up here")
    if any(_writes(step) and step.intent not in MEANT for step in steps):
        raise CannotWrite(f"{speaker.vendor.title} would write more about {account} than whether they are active")
    questions = [f"read {account} before, in between and afterwards", f"look {account} up by name while switched off"]
    if "access" in hooks:
        questions.append(f"ask your product at {hooks['access']} whether access has really ended")
    return Intention(speaker, replace(target, hooks=hooks), account, resource, steps, tuple(questions), adapter)


def _prepared(settings: Settings, pasted: Secret) -> tuple[Speaker, Target]:
    if len(settings.idps) != 1:
        raise SettingsError("--write does what one identity provider does: say which with --idp okta or --idp entra")
    if len(settings.accounts) != 1:
        raise SettingsError("--write switches one person off and on: name that one account with --account USERNAME")
    try:
        (speaker,) = connection.speakers(settings.idps, vendors())
    except KeyError as error:
        raise SettingsError(
            f"--idp {settings.idps[0]}: {error.args[0]}; expected one of {', '.join(vendors())}"
        ) from error
    return speaker, target_of(settings, pasted)


def target_of(settings: Settings, pasted: Secret) -> Target:
    """The target as a write needs it. Raises SettingsError for an address to which nothing is sent."""
    where = address.read(settings.target, tuple(i.partition(":")[0] for i in settings.idps))
    if not where.base or (where.line is not None and where.line.id in address.UNSENT):
        raise SettingsError(f"--target {settings.target!r}: {where.line.meaning if where.line else 'unusable'}")
    sound = key.read(pasted, settings.idps).clean
    return Target(
        where.base,
        sound,
        effects=frozenset({Effect.READ, Effect.WRITE}),
        hooks=dict(settings.hooks),
        verify=settings.ca_bundle or True,
        patience_s=settings.patience,
        timeout_s=settings.timeout,
        deadline_s=settings.timeout * 2,
    )


def _only(session: Session, account: str) -> dict[str, Any]:
    """The one person with this name, who is switched on. Raises CannotWrite."""
    looked = _ask(session, find(account, PART))
    if looked.trouble is not None:
        raise CannotWrite(f"{account} could not be looked up: {looked.trouble.message}")
    if not looked.ok:
        raise CannotWrite(f"{account} could not be looked up: the service answered {looked.status}")
    people = looked.resources
    if len(people) > 1:
        raise CannotWrite(f"asked for {account} alone, the service shows {len(people)} people: nobody is touched")
    name = people[0].get("userName") if people else None
    if not isinstance(name, str) or name.casefold() != account.casefold():
        raise CannotWrite(f"{account} was not found at the service: nobody is touched")
    id = people[0].get("id")
    if not isinstance(id, str) or not id:
        raise CannotWrite(f"the service shows {account} without an id, by which they could be addressed")
    person = _ask(session, read(id, PART, "Read the person before anything is changed", "before")).resource
    if person.get("id") != id or str(person.get("userName")).casefold() != account.casefold():
        raise CannotWrite(f"reading {account} by id did not bring {account} again: nobody is touched")
    if person.get("active") is not True:
        raise CannotWrite(
            f"{account} is not switched on at the service (active is {person.get('active')!r}). To switch somebody on "
            "whom nobody meant to have access is no test: choose somebody who has access"
        )
    return person


def _ask(session: Session, step: Step) -> Exchange:
    return as_exchange(step, session.send(step), 0, Role.WITNESS)


def _imagined(speaker: Speaker, resource: dict[str, Any]) -> list[Step]:
    """The steps of the IdP when everything goes well, worked out without sending anything."""
    idp, cast = speaker.vendor.connect(speaker.variant), cast_of(resource["userName"], resource)
    steps: list[Step] = []
    now = dict(resource)
    for change in CHANGES:
        running = idp.react(change, cast)
        try:
            step = next(running)
            while len(steps) < 20:
                steps.append(step)
                if step.intent in MEANT:
                    now["active"] = step.intent is Intent.REACTIVATE
                step = running.send(_well(step, now))
        except StopIteration:
            continue
    return steps


def _well(step: Step, now: dict[str, Any]) -> Exchange:
    page = {"schemas": [LIST_RESPONSE], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [now]}
    return imagined(step, page if step.path.strip("/") == "Users" else now)


def _writes(step: Step) -> bool:
    return step.effect is not Effect.READ
