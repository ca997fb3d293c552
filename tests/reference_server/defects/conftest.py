"""A tour: a fixed walk through every corner of a server, to be laid beside the same walk with a defect."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.exchange import Exchange, Phase, Role
from harness.model.person import Person
from harness.model.secret import Secret
from harness.model.target import Target
from harness.plan import _makes_sense
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.wire.inprocess import WsgiAdapter
from harness.wire.redact import Redactor
from harness.wire.session import Session
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn

URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
NOBODY = "/Users/00000000-0000-4000-8000-000000000000"
JSON = "application/json"


PROBED = (
    *("attributes", "creating", "patching", "versions", "detours", "me", "later", "group-rules", "group-members"),
    *("bulk", "bulk-creation", "bulk-refusals", "claimed-filters", "tenants", "worn-keys"),
)
"""The probes that a tour walks at its end."""


class Different(Exception):
    """The tour has left the known way; walking on would show nothing more."""


class Tour:
    """A fixed walk through every corner of the server; ``log`` holds one line for each answer, ids made plain.

    With ``known`` the walk ends at the first answer that differs from it.
    """

    def __init__(self, client_type: Any, preset: str, *defects: str, known: list[str] | None = None) -> None:
        self.compared = known
        self.now = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
        self.server = ReferenceServer(preset, defects, clock=lambda: self.now)
        self.tenant = self.server.add_tenant("Tour", "it@tour.example")
        self.client = client_type(self.server.wsgi, self.tenant.api_key)
        self.other = client_type(self.server.wsgi, self.server.add_tenant("Other", "it@other.example").api_key)
        self.log: list[str] = []
        self.numbers: dict[str, str] = {}
        self.full = preset == "full"
        try:
            with suppress(Different):
                self.walk()
        finally:
            self.server.close()

    def at(self, method: str, path: str, body: Any = None, *, client: Any = None, **options: Any) -> Any:
        self.now += datetime.timedelta(seconds=1)
        answer = (client or self.client).at(method, path, body, **options)
        headers = {k: v for k, v in answer.headers.items() if k != "Content-Length"}
        text = answer.raw.decode("utf-8", "replace")
        line = f"{method} {unquote(path)} -> {answer.status} {sorted(headers.items())} {text}"
        self.log.append(self.plain(line))
        if self.compared is not None and self.log[-1:] != self.compared[len(self.log) - 1 : len(self.log)]:
            raise Different
        return answer

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        return self.at(method, "/scim/v2" + path, body, **options)

    def plain(self, line: str) -> str:
        """Ids by order of appearance and without secrets, so that two tours can be laid side by side."""
        line = re.sub(r"(session|api_token|scim)_[\w-]{20,}", r"\1_*", line)
        line = re.sub(r"\b[\w-]{80,}", "a-cursor", line)

        def numbered(match: re.Match[str]) -> str:
            number = self.numbers.setdefault(match[0].lower(), f"id-{len(self.numbers)}")
            return number if match[0].islower() or match[0].isdigit() else number.upper()

        return re.sub(r"\b(?!0{8})[0-9a-fA-F]{32}\b", numbered, line)

    def sign_in(self, name: str, **more: Any) -> str:
        body = {"userName": name, "givenName": name[:1].upper(), "familyName": "Tour", "email": name} | more
        answer = self.at("POST", "/sso/sign-in", body)
        return answer.json.get("id", "") if answer.status == 200 else ""

    def access(self, name: str) -> None:
        self.at("POST", "/sso/access", {"userName": name})

    def patch(self, path: str, *operations: Any, **options: Any) -> Any:
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}
        return self("PATCH", path, body, **options)

    def filter(self, text: str, more: str = "") -> Any:
        return self("GET", f"/Users?filter={quote(text)}{more}")

    def look(self, person: str, name: str) -> None:
        self("GET", f"/Users/{person}")
        self.filter(f'userName eq "{name}"')
        self("GET", "/Users")

    def walk(self) -> None:
        self("GET", "/Users")
        ada, bob = self.sign_in("ada@tour.example"), self.sign_in("Bob@tour.example")
        eve = self.sign_in("eve@tour.example")
        for step in (self.keys, self.discovery, self.lists, self.filters, self.refusals, self.media):
            step(ada)
        self.lifecycle(ada, bob)
        self.bodies(ada)
        self.puts(bob)
        self.external_ids(ada)
        self.neighbours(bob)
        self.deletion(eve)
        if self.full:
            self.creation(ada)
            self.members(ada, bob)
            self.details(ada)
            self.conditions(ada)
        self.rehearse(ada, bob)
        for _ in range(12):
            self("GET", "/Users?count=1")

    def rehearse(self, ada: str, bob: str) -> None:
        """Walk the probes of the writing half too: whatever they can see is wrong here as well."""
        keys = self.server.credentials
        revoked = keys.issue(self.tenant.id, "revoked").api_key
        keys.revoke(keys.keys(self.tenant.id)[-1].id)
        further = {
            "second": self.other.key,
            "expired": keys.issue(self.tenant.id, "expired", self.now).api_key,
            "revoked": revoked,
            "limited": keys.issue(self.tenant.id, "limited", reads_only=True).api_key,
            "session": self.server.behaviour.sign_in(self.tenant.id, SignIn("visitor@tour.example")).session,
        }
        origin = "https://scim.example"
        target = Target(
            f"{origin}/scim/v2",
            Secret(self.tenant.api_key, "tour"),
            hooks={"sign_in": f"{origin}/sso/sign-in"},
            credentials={name: Secret(key, "tour") for name, key in further.items()},
        )
        session = Session(target, Redactor(), WsgiAdapter(self.server.wsgi))
        people = (("subject", ada, "ada@tour.example"), ("bystander-1", bob, "Bob@tour.example"))
        cast = Cast(
            tuple(
                Member(part, Person("0" * 32, name, "Given", "Family", name), Account(name, i or "none", Source.JIT))
                for part, i, name in people
            )
        )
        family = load_profile(
            "marketbeam" if self.server.preset.name == "marketbeam-strict" else self.server.preset.name
        )
        for name in PROBED:
            probe = all_probes()[name]
            if _makes_sense(probe.needs, family):
                self.play(probe.run(cast), session)

    def play(self, steps: Any, session: Session) -> None:
        exchange: Any = None
        with suppress(StopIteration):
            while True:
                step = steps.send(exchange)
                self.now += datetime.timedelta(seconds=1)
                sent = session.send(step)
                assert sent.response is not None, sent.trouble
                headers = {k: v for k, v in sent.response.headers if k != "Content-Length"}
                text = sent.response.body.decode("utf-8", "replace")
                address = unquote(f"{step.path}?{step.query}")
                line = f"{step.method} {address} -> {sent.response.status} {sorted(headers.items())} {text}"
                self.log.append(self.plain(line))
                if self.compared is not None and self.log[-1:] != self.compared[len(self.log) - 1 : len(self.log)]:
                    raise Different
                exchange = Exchange(
                    id="x",
                    scenario="tour",
                    ordinal=0,
                    role=Role.PROBE,
                    phase=Phase.DURING,
                    moment=-1,
                    title=step.title,
                    intent=step.intent,
                    effect=step.effect,
                    request=sent.request,
                    response=sent.response,
                    tag=step.tag,
                    path=step.path,
                    query=step.query,
                )

    def keys(self, ada: str) -> None:
        key = self.tenant.api_key
        wrong = ("Bearer", "Bearer x", f"bearer {key}", f"BEARER {key}", key, f"Bearer {key[:-4]}", "Basic YTpi", None)
        for value in wrong:
            self("GET", "/Users?count=1", authorization=value)
            self("PATCH", f"/Users/{ada}", {}, authorization=value)
        self("GET", f"/Users?count=1&access_token={key}", authorization=None)
        for method, path in (("POST", "/Users"), ("POST", "/Groups"), ("DELETE", NOBODY)):
            self(method, path, {} if method == "POST" else None, authorization=None)
        credentials = self.server.credentials
        expired = credentials.issue(self.tenant.id, "expired", self.now)
        revoked = credentials.issue(self.tenant.id, "revoked")
        credentials.revoke(revoked.id)
        for issued in (expired, revoked):
            self("GET", "/Users?count=1", authorization=f"Bearer {issued.api_key}")
        body = {"userName": "ada@tour.example"}
        session = self.client.at("POST", "/sso/sign-in", body).json.get("session", "none")
        self("GET", "/Users?count=1", authorization=f"Bearer {session}")

    def discovery(self, _ada: str) -> None:
        for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas"):
            for query in ("", "?filter=id%20pr", "?startIndex=2&count=1"):
                self("GET", path + query)
            self("GET", path, authorization=None)
            self("POST", path, {})
            self("HEAD", path)
        for path in ("/ResourceTypes/User", "/ResourceTypes/none", f"/Schemas/{URN}", "/Schemas/urn:x:none"):
            self("GET", path)

    def lists(self, ada: str) -> None:
        for query in (
            "startIndex=1&count=1",
            "startIndex=2&count=1",
            "startIndex=3&count=1",
            "startIndex=0&count=1",
            "startIndex=-5",
            "count=0",
            "count=-1",
            "count=100000",
            "count=abc",
            "startIndex=1.5",
            "startIndex=100&count=5",
            "x-unknown=1",
            "attributes=userName",
            "excludedAttributes=emails",
            "attributes=nosuch",
            "sortBy=userName",
            "excludedAttributes=id",
            "attributes=password",
            "access_token=x",
        ):
            self("GET", f"/Users?{query}")
        for path in (
            f"/Users/{ada}",
            f"/Users/{ada.upper()}",
            NOBODY,
            "/Users/odd",
            "/Users/ada@tour.example",
            "/Users/o'x",
        ):
            self("GET", path)
            self("HEAD", path)
        self("GET", f"/Users/{ada}?attributes=userName")
        self("GET", f"/Users/{ada}?excludedAttributes=id,emails")
        for path in ("/nosuch", "/Users/", "//Users", "/users", "/Me", "/"):
            self("GET", path)
        for path in ("/scim/v9/Users", "/Users", "/scim"):
            self.at("GET", path)
        self("POST", "/Users/.search", {"schemas": [SEARCH], "filter": 'userName sw "a"', "count": 1})
        self("POST", "/Users/.search", {"filter": 'userName sw "a"'})
        self("POST", "/Users/.search", {"schemas": [SEARCH], "filter": "userName"})
        self("GET", f"/Users/{ada}?attributes=name.familyName")
        for query in (
            "attributes=userName,emails",
            "attributes=USERNAME",
            "excludedAttributes=name.formatted",
            "attributes=userName&excludedAttributes=emails",
            "filter=userName%20pr",
        ):
            self("GET", f"/Users/{ada}?{query}")
        # Encoded twice: once decoded it is the name of nobody.
        self("GET", "/Users?filter=userName%20eq%20%22ada%2540tour.example%22")
        self("GET", "/Users?count=100")
        for query in ("count=10", "filter=meta.resourceType%20eq%20%22User%22", "filter=userName%20pr"):
            self("GET", f"/?{query}")
        self("POST", "/.search", {"schemas": [SEARCH], "count": 10})
        for more in ({"attributes": ["userName"]}, {"count": 0}, {"sortBy": "displayName", "sortOrder": "descending"}):
            self("POST", "/Users/.search", {"schemas": [SEARCH], **more})
        self("GET", "/Users?count=1", ACCEPT="application/json", ORIGIN="https://evil.example")
        self("GET", "/Users?count=1", ACCEPT="application/scim+json")
        self("GET", "/Users?count=1", ACCEPT="text/html")
        self("GET", f"/Users/{ada}.scim")

    def filters(self, ada: str) -> None:
        for text in (
            'userName eq "ada@tour.example"',
            'userName eq "ADA@tour.example"',
            'userName eq "nobody@tour.example"',
            'USERNAME EQ "ada@tour.example"',
            f'{URN}:userName eq "ada@tour.example"',
            'userName eq "\\u0061da@tour.example"',
            'userName ne "ada@tour.example"',
            'userName co "da@"',
            'userName sw "a"',
            'userName ew "a@tour.example"',
            "active eq true",
            "externalId pr",
            'not (userName sw "a")',
            'userName sw "a" and active eq false',
            'userName sw "a" or userName sw "b"',
            'userName sw "a" or userName sw "b" and active eq false',
            '(userName sw "a" or userName sw "b") and active eq false',
            'userName sw "a" or (userName sw "b" and active eq false)',
            'emails.value eq "ada@tour.example"',
            'emails[type eq "work" and value eq "ada@tour.example"]',
            'meta.created gt "2026-11-24T00:00:02+01:00"',
            "active gt false",
            'name eq "x"',
            "",
            "userName",
            'nosuch eq "x"',
            'userName regex "a"',
            "(" * 100,
            'userName eq "o\'x"',
            'password sw "a"',
            f'id eq "{ada}"',
            'displayName eq "A Tour"',
            'name.familyName eq "TOUR"',
            'userName lt "b"',
            'emails[type eq "work"]',
            f'schemas eq "{URN}"',
            "displayName eq null",
            'userName eq "ａｄａ@tour.example"',
            'emails.value eq "ADA@tour.example"',
        ):
            self.filter(text)
        self.filter('userName co "a"', "&count=1")

    def refusals(self, _ada: str) -> None:
        bodies = (
            {"schemas": [URN], "userName": "new@tour.example"},
            {"schemas": [URN], "userName": "ada@tour.example", "active": True},
            {"userName": 7},
        )
        for body in bodies if not self.full else ():
            for path in ("/Users", "/users", "/Users"):
                self("POST", path, body)
            self.look(NOBODY.rpartition("/")[2], "new@tour.example")
        for method, path in (
            ("GET", "/Groups"),
            ("POST", "/Groups"),
            ("GET", "/Groups"),
            ("GET", "/Groups/1"),
            ("PATCH", "/Groups/1"),
            ("PUT", "/Groups/1"),
            ("DELETE", "/Groups/1"),
            ("PUT", "/Users"),
            ("PATCH", "/Users"),
            ("DELETE", "/Users"),
            ("POST", "/Me"),
            ("OPTIONS", "/Users"),
            ("POST", NOBODY),
        ):
            self(
                method,
                path,
                None if method in ("GET", "DELETE", "OPTIONS") else {"schemas": [GROUP], "displayName": "T"},
            )
        self("POST", NOBODY, {}, X_HTTP_METHOD_OVERRIDE="DELETE")
        data = {"schemas": [URN], "userName": "bulk@tour.example"}
        operation = {"method": "POST", "path": "/Users", "bulkId": "a", "data": data}
        self("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation]})
        self("GET", "/Users")

    def media(self, ada: str) -> None:
        on = {"op": "replace", "path": "active", "value": True}
        for kind in (JSON, "application/scim+json; charset=utf-8", "text/xml"):
            self.patch(f"/Users/{ada}", on, content_type=kind)

    def lifecycle(self, ada: str, bob: str) -> None:
        name, path = "ada@tour.example", f"/Users/{ada}"
        back = {"op": "replace", "path": "active", "value": True}
        spellings = (
            {"op": "replace", "path": "active", "value": False},
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "replace", "value": {"active": False}},
            {"op": "add", "path": "active", "value": False},
            {"op": "replace", "path": "ACTIVE", "value": False},
            {"op": "replace", "path": f"{URN}:active", "value": False},
        )
        for off in spellings:
            self.sign_in(name)
            self.patch(path, off)
            self.access(name)
            self.look(ada, name)
            self("GET", f"/Users/{bob}")
            self.patch(path, off)
            self.sign_in(name)
            self.look(ada, name)
            self.filter("active eq false")
            self.patch(path, back)
            self.access(name)
            self.look(ada, name)
        self.sign_in("late@tour.example")

    def bodies(self, ada: str) -> None:
        path = f"/Users/{ada}"
        on, off = ({"op": "replace", "path": "active", "value": v} for v in (True, False))
        rename = {"op": "replace", "path": "userName", "value": "renamed@tour.example"}
        for operations in (
            (off, on),
            (on, off),
            (off, rename),
            (on,),
            (rename,),
            ({"op": "replace", "path": "nosuch", "value": "x"},),
            (off, {"op": "replace", "path": "id", "value": "x"}),
            (on,),
            (),
            ({"op": "remove"},),
            ({"op": "replace", "path": "active"},),
            ({"op": "replace", "path": "active", "value": "maybe"},),
            ({"op": "replace", "path": "emails["},),
            ({"op": "replace", "path": "emails[", "value": 1},),
            (on, {"op": "replace", "path": "externalId", "value": "E-1"}),
            (on,),
            ({"op": "remove", "path": "active"},),
            (off,),
            ({"op": "remove", "path": "active"},),
            (on,),
        ):
            self.patch(path, *operations)
            self("GET", path)
        self.patch(NOBODY, off)
        self.patch(f"{path}?attributes=active", on)
        self("PATCH", path, {"Operations": [on], "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]})
        self("PATCH", path, {"Operations": [on]})
        doubled = b'{"schemas":[],"Operations":[{"op":"replace","op":"replace","path":"active"}]}'
        for body in (b"{", b"[]", b"", doubled, b'{"x":"' + b"a" * 1_100_000 + b'"}'):
            self("PATCH", path, body)
        self.patch(path, off, PREFER="respond-async", IF_MATCH='W/"x"')
        self.patch(path, on)

    def puts(self, bob: str) -> None:
        path = f"/Users/{bob}"
        answer = self("GET", path)
        try:
            person = answer.json
        except json.JSONDecodeError:
            person = {}
        person = person if isinstance(person, dict) else {}
        person |= {"schemas": [URN], "userName": "Bob@tour.example"}
        silent = {k: v for k, v in person.items() if k != "active"}
        self.sign_in("Bob@tour.example")
        for body in (
            person,
            person | {"active": False},
            silent | {"externalId": "E-2"},
            person | {"active": True},
            silent | {"externalId": "E-3"},
            person | {"userName": "x@tour.example", "displayName": "x"},
            person | {"active": "maybe"},
            person | {"meta": {"created": "1970-01-01T00:00:00Z"}},
            person | {"schemas": [ENTERPRISE, URN]},
            person | {"id": "another"},
            person | {"groups": [{"value": "g"}]},
            {"schemas": [URN], "active": True, "userName": "Bob@tour.example"},
        ):
            self("PUT", path, body, content_type=JSON)
            self("GET", path)
            self.access("Bob@tour.example")
        self("PUT", NOBODY, {"schemas": [URN], "userName": "ghost@tour.example"})
        self("PUT", "/Users", person)
        self("GET", "/Users")

    def external_ids(self, ada: str) -> None:
        path = f"/Users/{ada}"
        off = {"op": "replace", "path": "active", "value": False}
        for operation in (
            {"op": "add", "path": "externalId", "value": "AbC-Ž"},
            off,
            {"op": "replace", "path": "externalId", "value": "Ab-2"},
            {"op": "remove", "path": "externalId"},
            {"op": "replace", "path": "externalId", "value": "Ab-3"},
            {"op": "replace", "path": "active", "value": True},
        ):
            self.patch(path, operation)
            self("GET", path)
            for value in ("Ab-2", "ab-2"):
                self.filter(f'externalId eq "{value}"')
            self.filter("externalId pr")

    def neighbours(self, bob: str) -> None:
        self("GET", f"/Users/{bob}", client=self.other)
        self("GET", "/Users", client=self.other)
        there = self.other.at("POST", "/sso/sign-in", {"userName": "zoe@tour.example"}).json.get("id", "none")
        self.patch(f"/Users/{there}", {"op": "add", "path": "externalId", "value": "Ab-3"}, client=self.other)

    def deletion(self, eve: str) -> None:
        self("DELETE", NOBODY)
        for _ in range(2):
            self("DELETE", f"/Users/{eve}")
            self.look(eve, "eve@tour.example")
        self.sign_in("eve@tour.example")
        self.access("eve@tour.example")
        self.sign_in("eve@tour.example", readmit=True)

    def creation(self, ada: str) -> None:
        mails = [{"value": "w@tour.example", "type": "work"}, {"value": "h@tour.example", "type": "home"}]
        new = {"schemas": [URN], "userName": "new@tour.example", "emails": mails}
        for body in (
            new,
            new,
            new | {"userName": "NEW@tour.example"},
            new | {"userName": "more@tour.example", "emails": mails[:1]},
            {"schemas": [URN]},
            {"schemas": [URN], "userName": "id@tour.example", "id": "x", "groups": []},
            {"userName": "plain@tour.example"},
            new | {"userName": "meta@tour.example", "meta": {"created": "1970-01-01T00:00:00Z"}},
        ):
            self("POST", "/Users", body, content_type=JSON)
            self("GET", "/Users")
        for text in ('emails.value eq "h@tour.example"', 'emails[type eq "work" and value eq "h@tour.example"]'):
            self.filter(text)
        found = self.client.filter('userName eq "more@tour.example"')
        more = found.json["Resources"][0]["id"] if found.status == 200 and b'"id"' in found.raw else "none"
        self("DELETE", f"/Users/{more}")
        self("POST", "/Users", {"schemas": [URN], "userName": "more@tour.example"})
        self("POST", "/Groups", {"schemas": [GROUP], "displayName": "Team", "members": [{"value": ada}]})

    def details(self, ada: str) -> None:
        path = f"/Users/{ada}"
        mails = [{"value": "z@tour.example"}, {"value": "b@tour.example", "primary": True}]
        named = {"value": ada, "displayName": "Nobody"}
        whole = {"schemas": [URN, ENTERPRISE], "userName": "zed@tour.example", "emails": mails, "externalId": "Z-1"}
        names = {"displayName": "Aa", "title": "Aa", "name": {"familyName": "Aa"}}
        made = self("POST", "/Users", whole | names | {ENTERPRISE: {"department": "Sales", "manager": {"value": ada}}})
        zed = f"/Users/{made.json.get('id', 'none')}" if made.status in (200, 201) and made.raw else "/Users/none"
        self.filter(f'{ENTERPRISE}:department eq "Sales"')
        self.filter('userName eq "zed@tour.example" and active eq true')
        self.filter("title pr")
        self("GET", f"{zed}?excludedAttributes={ENTERPRISE}")
        self("GET", f"/Users/manager-{ada}")
        for by in ("displayName", "userName", "title", "name.familyName", "emails", "noSuchAttribute"):
            self("GET", f"/Users?sortBy={by}&count=100")
            self("GET", f"/Users?sortBy={by}&sortOrder=descending&count=100")
        self("PUT", zed, whole | {ENTERPRISE: {"department": "Sales", "manager": named}})
        self("PUT", zed, whole | {"userName": "BOB@tour.example"})
        self("PUT", zed, whole | {"title": "Bb"})
        self.patch(path, {"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "7"})
        self.patch(path, {"op": "replace", "path": "externalId", "value": "Z-1"})
        self.patch(path, {"op": "add", "path": "emails", "value": [{"value": "p@tour.example", "type": "pigeon"}]})
        cursor = ""
        for query in ("", "&count=1", "&count=2", "&count=0", "&sortBy=userName"):
            answer = self("GET", f"/Users?cursor={cursor}{query}")
            body = answer.json if answer.status == 200 and answer.raw else {}
            cursor = body.get("nextCursor", "") if query == "&count=1" else ""
            if cursor:
                self("GET", f"/Users?cursor={cursor}&count=1", client=self.other)
        for start in ("", "forged"):
            cursor = start
            for _ in range(8):
                answer = self("GET", f"/Users?cursor={cursor}&count=2")
                cursor = answer.json.get("nextCursor", "") if answer.status == 200 and answer.raw else ""
                if not cursor:
                    break
        self("POST", "/Users/.search", {"schemas": [SEARCH], "cursor": "", "count": 1})

    def members(self, ada: str, bob: str) -> None:
        self.patch(f"/Users/{ada}", {"op": "replace", "path": "name.givenName", "value": "Ada"})
        created = self("POST", "/Groups", {"schemas": [GROUP], "displayName": "Many", "members": [{"value": ada}]})
        document = created.json if created.status == 201 and created.raw else {}
        path = f"/Groups/{document.get('id', 'none')}"
        added = {"op": "add", "path": "members", "value": [{"$ref": None, "value": bob}]}
        for operation in (
            added,
            {"op": "remove", "path": f'members[value eq "{bob}"]'},
            added,
            {"op": "Remove", "path": "members", "value": [{"value": bob}]},
        ):
            self.patch(path, operation)
            self("GET", path)

    def conditions(self, ada: str) -> None:
        path = f"/Users/{ada}"
        answer = self("GET", path)
        tag = answer.headers.get("ETag", 'W/"1"')
        self("GET", path, IF_NONE_MATCH=tag)
        title = {"op": "replace", "path": "title", "value": "x"}
        for value in ('W/"old"', tag, "*"):
            self.patch(path, title, IF_MATCH=value)


@pytest.fixture(scope="session")
def tour(client_type: Any) -> Callable[..., list[str]]:
    """The log of a tour under a preset with these defects, up to where it leaves a known one."""
    return lambda preset, *defects, known=None: Tour(client_type, preset, *defects, known=known).log


@pytest.fixture(scope="session")
def clean(tour: Callable[..., list[str]]) -> Callable[[str], list[str]]:
    """The log of a tour without defects; walked once for each preset."""
    walked: dict[str, list[str]] = {}

    def of(preset: str) -> list[str]:
        if preset not in walked:
            walked[preset] = tour(preset)
        return walked[preset]

    return of
