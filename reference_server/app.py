"""The reference server: a SCIM 2.0 service whose people come by SSO, set up by a preset, wrong only on purpose."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Iterable
from functools import partial

from reference_server import access, failure, handler, patching, people, refusals, service
from reference_server.access import Departed
from reference_server.admission import Admission, Caller
from reference_server.audit import Audit
from reference_server.behaviour import Behaviour
from reference_server.credentials import Credentials, Tenant
from reference_server.defects import apply
from reference_server.direct import Direct
from reference_server.gateway import Gateway
from reference_server.hooks import Hooks
from reference_server.ids import NewId, random_id
from reference_server.jit import FrontDoor
from reference_server.people import Desk
from reference_server.presets import load
from reference_server.routes import BASE_PATH
from reference_server.sessions import Sessions
from reference_server.store import Database, SqlStorage
from reference_server.store.resources import utcnow


class ReferenceServer:
    """One server with its data.

    ``preset`` is a name of ``presets.names()``, ``defects`` are names of ``defects.catalogue()``, ``store_url`` a URL
    as Database takes it (``sqlite://`` keeps everything in memory); ``migrate=False`` expects its tables to be up to
    date. Servers of one ``cursor_secret`` read each other's cursors. ``clock`` tells the time, aware and in any zone.
    ``public_url`` ("https://scim.example") is what addresses in replies begin with; left out, the Host header says it.
    ``new_id`` makes the ids of resources. Raises PresetError, UnknownDefect and StoreError.
    """

    base_path = BASE_PATH

    def __init__(
        self,
        preset: str = "marketbeam",
        defects: Iterable[str] = (),
        store_url: str = "sqlite://",
        *,
        clock: Callable[[], datetime.datetime] = utcnow,
        public_url: str = "",
        new_id: NewId = random_id,
        migrate: bool = True,
        cursor_secret: bytes = b"",
    ) -> None:
        self.new_id = new_id
        self.public_url = public_url
        self.preset = load(preset)
        self.database = Database(store_url, migrate=migrate)
        self.behaviour = Behaviour.plain(self)
        self.cursor_secret = cursor_secret or secrets.token_bytes(32)
        self.credentials = Credentials(self.database, clock)
        self.audit = Audit(self.database, clock)
        self.departed = Departed(self.database, clock)
        self.sessions = Sessions(self.database, self.behaviour, clock)
        self._clock = clock
        self._provider = self.preset.provider
        self._messages = self.preset.messages
        self.user_type = next(t for t in self._provider.resource_types if t.name == "User")
        self._fill_seams()
        self.front_door = FrontDoor(
            self.people_of, self.user_type, self.behaviour, self.sessions, self.departed, self.audit
        )
        folded = partial(self.people_of(None).folded, self.user_type)
        hooks = Hooks(preset, self.behaviour, self.sessions, folded, self.audit)
        self.wsgi = Gateway(self.preset, self.behaviour, hooks, self.desk_of, public_url)
        apply(self, defects)

    def add_tenant(self, name: str, contact: str) -> Tenant:
        """Set up a customer: the answer holds its id and its first API key, which is shown this once."""
        return self.credentials.add_tenant(name, contact)

    def people_of(self, tenant: str | None) -> SqlStorage:
        """The stored people (and groups) of a tenant."""
        return SqlStorage(self.database, self._provider, tenant, self._clock, self.new_id)

    def desk_of(self, caller: Caller, how: str) -> Desk:
        """The people of a caller, with the consequences of each write."""
        storage = self.people_of(self.behaviour.scope(caller))
        return Desk(storage, self.behaviour, caller, how, self.sessions, self.departed, self.audit)

    def close(self) -> None:
        """Let go of the database; what was in memory is gone."""
        self.database.close()

    def _fill_seams(self) -> None:
        seams = self.behaviour
        seams.admit.does(Admission(self.credentials, self._clock).admit)
        seams.refuse.does(partial(refusals.refuse, self.preset))
        seams.serve.does(partial(handler.serve, self.preset, seams, Direct(self.preset, seams)))
        seams.failure.does(failure.failure)
        seams.scope.does(lambda caller: caller.tenant)
        seams.read_patch.does(lambda call, document, current: patching.read_patch(call.preset, document, current))
        seams.apply_patch.does(service.apply_patch)
        seams.apply_put.does(service.apply_put)
        seams.represent.does(lambda _request, resource: resource)
        seams.discover.does(lambda _request, _name, document: document)
        seams.standing.does(
            lambda tenant, name: access.standing(self.people_of(tenant), self.departed, self.user_type, name)
        )
        people.install(seams)
