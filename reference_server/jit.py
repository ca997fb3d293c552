"""Signing in by SSO: a person's account comes into being with the first sign-in, and never wakes up again by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scim2_models import Context, Resource, ResourceType, UniquenessException

from reference_server.access import Departed
from reference_server.audit import Audit
from reference_server.behaviour import Behaviour
from reference_server.sessions import API_TOKEN, SESSION, Sessions
from reference_server.store.resources import SqlStorage


@dataclass(frozen=True)
class SignIn:
    """What the identity provider says about the person. ``readmit``: an administrator of the product lets a person
    in again who was removed or deactivated before."""

    user_name: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    readmit: bool = False


@dataclass(frozen=True)
class Welcome:
    """The outcome. Secrets are empty when ``allowed`` is False; then ``reason`` says why."""

    allowed: bool
    reason: str = ""
    created: bool = False
    person_id: str = ""
    session: str = ""
    api_token: str = ""


class FrontDoor:
    """Where people come in. Asks ``behaviour.standing`` before it writes anything."""

    def __init__(
        self,
        storages: Any,
        user_type: ResourceType,
        behaviour: Behaviour,
        sessions: Sessions,
        departed: Departed,
        audit: Audit,
    ) -> None:
        self._storages = storages
        self._user_type = user_type
        self._behaviour = behaviour
        self._sessions = sessions
        self._departed = departed
        self._audit = audit
        behaviour.sign_in.does(self._sign_in)

    def _sign_in(self, tenant: str, who: SignIn) -> Welcome:
        storage: SqlStorage = self._storages(tenant)
        with storage.operation():
            if who.readmit:
                self.readmit(tenant, who.user_name)
            standing = self._behaviour.standing(tenant, who.user_name)
            if not standing.allowed:
                return Welcome(False, standing.reason)
            person, created = standing.person, standing.person is None
            if person is None:
                try:
                    person = self.make(tenant, who)
                except UniquenessException:
                    # The same person came through another door at this moment, and was first.
                    standing = self._behaviour.standing(tenant, who.user_name)
                    if standing.person is None or not standing.allowed:
                        return Welcome(False, standing.reason)
                    person, created = standing.person, False
            return self.let_in(tenant, person, created=created)

    def make(self, tenant: str, who: SignIn) -> Resource[Any]:
        """Make the account of somebody who signs in for the first time. It gets no externalId: that is the client's."""
        storage: SqlStorage = self._storages(tenant)
        model = storage.provider.model_for(self._user_type)
        assert model is not None
        full_name = " ".join(part for part in (who.given_name, who.family_name) if part)
        document = {
            "schemas": [str(model.__schema__)],
            "userName": who.user_name,
            "name": {"givenName": who.given_name, "familyName": who.family_name, "formatted": full_name},
            "displayName": full_name or who.user_name,
            "active": True,
        }
        if who.email:
            document["emails"] = [{"value": who.email, "type": "work", "primary": True}]
        made = storage.create(self._user_type, model.model_validate(document))  # type: ignore[arg-type]
        after = made.model_dump(scim_ctx=Context.DEFAULT, exclude={"meta"})
        self._audit.note(tenant, "sso", "sign-in", ("User", str(made.id)), {}, after)
        return made

    def let_in(self, tenant: str, person: Resource[Any], *, created: bool = False) -> Welcome:
        """Give a person a session and a personal API token."""
        name = self._storages(tenant).folded(self._user_type, person.user_name)  # type: ignore[attr-defined]
        person_id = str(person.id)
        return Welcome(
            allowed=True,
            created=created,
            person_id=person_id,
            session=self._sessions.give(tenant, person_id, name, SESSION),
            api_token=self._sessions.give(tenant, person_id, name, API_TOKEN),
        )

    def readmit(self, tenant: str, user_name: str) -> None:
        """An administrator of the product lets somebody in again; the next sign-in will succeed."""
        storage: SqlStorage = self._storages(tenant)
        self._departed.forget(tenant, storage.folded(self._user_type, user_name))
        person = storage.by_unique(self._user_type, user_name)
        if person is not None and person.active is not True:  # type: ignore[attr-defined]
            person.active = True  # type: ignore[attr-defined]
            storage.update(self._user_type, person)
            self._audit.note(tenant, "admin", "readmit", ("User", str(person.id)), {"active": False}, {"active": True})
