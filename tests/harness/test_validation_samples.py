"""Right answers of every kind, filled in as far as the RFC goes, pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.model.exchange import Exchange, Response
from harness.validation import documents, validate

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def a_list(*resources: Any) -> dict[str, Any]:
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources)}


FULL_USER = {
    "schemas": [USER, ENTERPRISE],
    "id": "b7c1",
    "externalId": "00u9",
    "meta": {
        "resourceType": "User",
        "created": "2026-01-31T09:30:00Z",
        "lastModified": "2026-02-01T10:00:00.25+01:00",
        "version": 'W/"7"',
        "location": "https://scim.example/v2/Users/b7c1",
    },
    "userName": "ada@analytical.example",
    "name": {
        "formatted": "Lady Ada King",
        "familyName": "King",
        "givenName": "Ada",
        "middleName": "Augusta",
        "honorificPrefix": "Lady",
        "honorificSuffix": None,
    },
    "displayName": "Ada King",
    "nickName": "AAL",
    "profileUrl": "https://analytical.example/ada",
    "title": "Analyst",
    "userType": "Employee",
    "preferredLanguage": "en-GB",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "active": True,
    "emails": [{"value": "ada@analytical.example", "type": "work", "primary": True}, {"value": "a@home.example"}],
    "phoneNumbers": [{"value": "tel:+44-20-7946-0000", "type": "mobile"}],
    "ims": [{"value": "ada", "type": "xmpp"}],
    "photos": [{"value": "https://analytical.example/ada.png", "type": "photo"}],
    "addresses": [{"type": "work", "streetAddress": "12 St James Square", "country": "GB", "primary": True}],
    "groups": [{"value": "g1", "$ref": "../Groups/g1", "display": "Engine", "type": "direct"}],
    "entitlements": [{"value": "seat"}],
    "roles": [],
    "x509Certificates": [{"value": "TUlJQw=="}],
    ENTERPRISE: {
        "employeeNumber": "1815",
        "costCenter": "42",
        "organization": "Analytical",
        "division": "Engines",
        "department": "Notes",
        "manager": {"value": "c2", "$ref": "../Users/c2", "displayName": "Charles Babbage"},
    },
}
FULL_GROUP = {
    "schemas": [GROUP],
    "id": "g1",
    "displayName": "Engine",
    "members": [{"value": "b7c1", "$ref": "https://scim.example/v2/Users/b7c1", "type": "User", "display": "Ada"}],
    "meta": {"resourceType": "Group", "created": "2026-01-31T09:30:00Z"},
}
FULL_CONFIG = {
    "schemas": [CONFIG],
    "documentationUri": "https://help.example/scim",
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 200},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": False},
    "pagination": {"cursor": False, "index": True, "defaultPaginationMethod": "index", "maxPageSize": 200},
    "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A key", "primary": True}],
    "meta": {"resourceType": "ServiceProviderConfig", "location": "https://scim.example/v2/ServiceProviderConfig"},
}
FULL_TYPE = {"schemas": [TYPE], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER}
FULL_SCHEMA = {
    "schemas": [SCHEMA],
    "id": USER,
    "name": "User",
    "attributes": [{"name": "userName", "type": "string", "multiValued": False, "required": True}],
}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Users/b7c1", FULL_USER),
        ("/Me", FULL_USER),
        ("/Groups/g1", FULL_GROUP),
        ("/ServiceProviderConfig", FULL_CONFIG),
        ("/ResourceTypes/User", FULL_TYPE),
        ("/ResourceTypes", a_list(FULL_TYPE)),
        (f"/Schemas/{USER}", FULL_SCHEMA),
        ("/Schemas", a_list(FULL_SCHEMA)),
        ("/Users", a_list(FULL_USER, FULL_USER)),
        ("/Users", a_list()),
        ("/Groups", a_list(FULL_GROUP)),
    ],
)
def test_right_answers_of_every_kind_pass(path: str, body: dict[str, Any], crossed: Callable[..., Exchange]) -> None:
    exchange = crossed(path=path, response=Response(200, body=json.dumps(body).encode()))
    assert validate(exchange) == []
    assert documents(exchange) != []
