"""A house: a reference server with one tenant, a few people who signed in, and a client that speaks WSGI to it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from reference_server.app import ReferenceServer

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
BASE = "/scim/v2"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def resources(self) -> list[Any]:
        return self.json["Resources"]

    @property
    def is_scim_error(self) -> bool:
        body = self.json
        return (
            self.headers["Content-Type"] == "application/scim+json"
            and body["schemas"] == [ERROR]
            and body["status"] == str(self.status)
            and isinstance(body["detail"], str)
            and bool(body["detail"])
        )


class Client:
    """Speaks to a WSGI application. Paths hang off the SCIM base; ``at`` takes whole paths."""

    def __init__(self, wsgi: Any, key: str = "") -> None:
        self.wsgi = wsgi
        self.key = key

    def at(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        authorization: str | None = "",
        content_type: str | None = "application/scim+json",
        **headers: str,
    ) -> Answer:
        path, _, query = path.partition("?")
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "scim.example",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(data),
            "CONTENT_LENGTH": str(len(data)),
        }
        if content_type is not None and body is not None:
            environ["CONTENT_TYPE"] = content_type
        if authorization == "":
            authorization = f"Bearer {self.key}"
        if authorization is not None:
            environ["HTTP_AUTHORIZATION"] = authorization
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        seen: list[Any] = []
        raw = b"".join(self.wsgi(environ, lambda status, fields: seen.append((status, fields))))
        return Answer(int(seen[0][0].split()[0]), dict(seen[0][1]), raw)

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        return self.at(method, BASE + path, body, **options)

    def get(self, path: str, **options: Any) -> Answer:
        return self("GET", path, **options)

    def filter(self, expression: str, more: str = "") -> Answer:
        return self("GET", f"/Users?filter={quote(expression)}{more}")

    def patch(self, path: str, *operations: Any, **options: Any) -> Answer:
        return self("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)}, **options)

    def put(self, path: str, body: dict[str, Any], **options: Any) -> Answer:
        return self("PUT", path, {"schemas": [USER]} | body, **options)


@dataclass
class House:
    server: ReferenceServer
    client: Client
    tenant: Any

    def sign_in(self, user_name: str, **more: Any) -> Answer:
        body = {"userName": user_name, "givenName": "Given", "familyName": "Family", "email": user_name} | more
        return self.client.at("POST", "/sso/sign-in", body)

    def access(self, user_name: str) -> dict[str, str]:
        answer = self.client.at("POST", "/sso/access", {"userName": user_name})
        assert answer.status == 200, answer.raw
        return answer.json

    def person(self, user_name: str) -> str:
        """The id of somebody who signs in for the first time."""
        answer = self.sign_in(user_name)
        assert answer.status == 200, answer.raw
        return str(answer.json["id"])

    def read(self, resource_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/Users/{resource_id}")
        assert answer.status == 200, answer.raw
        return answer.json

    def neighbour(self) -> Client:
        """A client with the key of another tenant."""
        return Client(self.server.wsgi, self.server.add_tenant("Other team", "it@other.example").api_key)


@pytest.fixture
def open_house() -> Iterator[Callable[..., House]]:
    opened: list[ReferenceServer] = []

    def open_one(preset: str = "marketbeam", *defects: str, **options: Any) -> House:
        server = ReferenceServer(preset, defects, **options)
        opened.append(server)
        tenant = server.add_tenant("Test team", "it@test.example")
        return House(server, Client(server.wsgi, tenant.api_key), tenant)

    yield open_one
    for server in opened:
        server.close()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


@pytest.fixture(scope="session")
def client_type() -> type[Client]:
    return Client


PRESETS = ("marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only", "full")


@pytest.fixture(params=PRESETS)
def any_house(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> House:
    return open_house(request.param)
