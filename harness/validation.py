"""Holds every answer against the JSON Schema of what it is: error, list, bulk answer, discovery or resource."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from functools import cache
from typing import Any, NamedTuple

from harness.model.addressed import SEARCH, parts
from harness.model.exchange import NO_JSON, Exchange
from harness.model.profile import Profile
from harness.model.step import ERROR, GROUP, LIST_RESPONSE, USER, Place
from harness.schemas import definition, message
from harness.schemas.compiled import Compiled, Violation
from harness.schemas.generate import resource_schema, spelling

__all__ = [
    "DISCOVERY",
    "MESSAGES",
    "RESOURCES",
    "URN_OF",
    "Document",
    "Violation",
    "against",
    "compiled",
    "documents",
    "validate",
]

BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"

MESSAGES = ("ListResponse", "Error", "BulkResponse")
"""Names of the schemas of envelopes."""

DISCOVERY = ("ServiceProviderConfig", "ResourceType", "Schema")
"""Names of the schemas of configuration resources."""

RESOURCES = ("User", "Group", "resource")
"""Names of the schemas of what the service keeps; "resource" is one of a type that RFC 7643 does not define."""

ALL = (*MESSAGES, *DISCOVERY, *RESOURCES)

MOST_EXPLAINED = 50
"""How many invalid documents of one answer are explained: a page may hold thousands with the same defect."""

URN_OF = {"User": USER, "Group": GROUP, "ServiceProviderConfig": _CONFIG, "ResourceType": _TYPE, "Schema": _SCHEMA}
"""The schema URN of each resource that RFC 7643 defines."""

_BY_URN = {urn: name for name, urn in URN_OF.items()}
_BY_ENDPOINT = {
    "Users": "User",
    "Groups": "Group",
    "Me": "User",
    "ServiceProviderConfig": "ServiceProviderConfig",
    "ResourceTypes": "ResourceType",
    "Schemas": "Schema",
    "Bulk": "BulkResponse",
}
_COLLECTIONS = ("Users", "Groups", "ResourceTypes", "Schemas")
_MESSAGE_FILES = {
    "ListResponse": "list_response",
    "Error": "error",
    "BulkResponse": "bulk_response",
    "PatchOp": "patch_op",
    "SearchRequest": "search_request",
}
_DEFINITION_FILES = {
    "User": ("user", "enterprise_user"),
    "Group": ("group",),
    "ServiceProviderConfig": ("service_provider_config",),
    "ResourceType": ("resource_type",),
    "Schema": ("schema",),
    "resource": (),
}


_DOCUMENTS = "_validation_documents"
"""Under which an exchange remembers its documents, for several checks ask for them. ``Exchange.forget`` lets go."""


class Document(NamedTuple):
    """A part of a response body that has a schema of its own.

    ``schema`` is one of MESSAGES, DISCOVERY or RESOURCES, ``pointer`` where it stands in the body, ``projected``
    whether the request asked for some attributes only.
    """

    schema: str
    pointer: str
    value: Any
    projected: bool = False


def validate(exchange: Exchange, profile: Profile | None = None, *, of: Collection[str] = ALL) -> list[Violation]:
    """Return where the response body differs from the schemas of what it is; [] for no body, no JSON or a valid one.

    A list is looked at as an envelope and resource by resource; names of attributes count in any letter case, names of
    message members do not (RFC 7644 gives no such freedom). Unknown attributes are not a violation. With a profile that
    lists attributes, only these and the required ones of a user are looked at. ``of`` restricts the schemas that are
    applied (MESSAGES, DISCOVERY, RESOURCES). Never raises.
    """
    cursor = "cursor" in _asked(exchange)
    found: list[Violation] = []
    explained = 0
    for document in documents(exchange):
        if document.schema not in of:
            continue
        violations = against(document, profile.attributes if profile else ())
        if cursor and document.schema == "ListResponse":
            # RFC 9865 §2: such a page may leave the total out, and the last one carries no cursor of its own.
            violations = [v for v in violations if v.pointer != "/totalResults" or v.keyword != "required"]
        explained += bool(violations)
        found += violations
        if explained >= MOST_EXPLAINED:
            break
    return found


def against(document: Document, attributes: Sequence[str] = ()) -> list[Violation]:
    """Return where one document differs from its schema. ``attributes`` cuts the schema of a user; never raises."""
    cut = tuple(attributes) if document.schema == "User" else ()
    return compiled(document.schema, document.projected, cut).explain(document.value, document.pointer)


def documents(exchange: Exchange) -> list[Document]:
    """Return the parts of the response body that have a schema, envelope first; never raises.

    What a part is, is told by the message URN, then by the resource URNs in ``schemas``, by the endpoint, and last by
    ``meta.resourceType``. Hooks, redirects, answers without JSON and strange things at strange endpoints yield nothing.
    """
    known: list[Document] | None = exchange.__dict__.get(_DOCUMENTS)
    if known is None:
        known = exchange.__dict__[_DOCUMENTS] = _documents(exchange)
    return known


def _documents(exchange: Exchange) -> list[Document]:
    body = exchange.json
    if body is NO_JSON or exchange.place is not Place.SCIM:
        return []
    if exchange.is_error:
        return [Document("Error", "", body)]
    return list(_parts(exchange, body)) if exchange.ok else []


def _parts(exchange: Exchange, body: Any) -> Iterator[Document]:
    endpoint, is_collection = _endpoint(exchange)
    projected = not {"attributes", "excludedattributes"}.isdisjoint(_asked(exchange))
    name = _message(body) or _by_urn(body, endpoint)
    if not name and exchange.method != "DELETE":
        name = "ListResponse" if is_collection else endpoint
    name = name or _by_meta(body)
    if not name:
        return
    yield Document(name, "", body, projected)
    if not isinstance(body, dict):
        return
    if name == "ListResponse":
        for index, entry in _entries(body, "Resources"):
            if inner := _by_urn(entry, endpoint) or endpoint or _by_meta(entry):
                yield Document(inner, f"/Resources/{index}", entry, projected)
    elif name == "BulkResponse":
        for index, entry in _entries(body, "Operations"):
            yield from _bulk_part(entry, f"/Operations/{index}/response")


def _bulk_part(entry: dict[str, Any], pointer: str) -> Iterator[Document]:
    inner, status = entry.get("response"), entry.get("status")
    if not isinstance(inner, dict) or not inner:
        return
    if isinstance(status, str) and status[:1] in ("4", "5"):
        yield Document("Error", pointer, inner)
    elif name := _by_urn(inner, "") or _by_meta(inner):
        yield Document(name, pointer, inner)


def _entries(body: dict[str, Any], member: str) -> Iterator[tuple[int, dict[str, Any]]]:
    listed = body.get(member)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _message(body: Any) -> str:
    urns = _urns(body)
    if LIST_RESPONSE in urns or (isinstance(body, dict) and "totalResults" in body):
        return "ListResponse"
    if BULK_RESPONSE in urns:
        return "BulkResponse"
    return "Error" if ERROR in urns else ""


def _by_urn(body: Any, endpoint: str) -> str:
    urns = _urns(body)
    if endpoint and URN_OF.get(endpoint) in urns:
        return endpoint
    return next((_BY_URN[urn] for urn in urns if urn in _BY_URN), "")


def _by_meta(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    meta = body.get("meta")
    kind = meta.get("resourceType") if isinstance(meta, dict) else None
    if isinstance(kind, str) and kind in URN_OF:
        return kind
    return "resource" if _urns(body) and "id" in body else ""


def _urns(body: Any) -> list[str]:
    schemas = body.get("schemas") if isinstance(body, dict) else None
    return [urn for urn in schemas if isinstance(urn, str)] if isinstance(schemas, list) else []


def _endpoint(exchange: Exchange) -> tuple[str, bool]:
    """What the path serves ("" when unknown), and whether an answer there has to be a list."""
    path = parts(exchange)
    searches = path[-1:] == (SEARCH,)
    for index, name in enumerate(path):
        if name in _BY_ENDPOINT:
            reads = exchange.method in ("GET", "HEAD") and not path[index + 1 :]
            return _BY_ENDPOINT[name], searches or (reads and name in _COLLECTIONS)
    return "", searches


def _asked(exchange: Exchange) -> Set[str]:
    """The names of the query parameters, or of the members of a search request, in lower case."""
    if parts(exchange)[-1:] == (SEARCH,) and isinstance(exchange.sent, dict):
        return exchange.parameters.keys() | {name.lower() for name in exchange.sent}
    return exchange.parameters.keys()


@cache
def compiled(name: str, projected: bool = False, attributes: tuple[str, ...] = ()) -> Compiled:
    """Return the schema of this name, ready for use: one of MESSAGES, DISCOVERY, RESOURCES, "PatchOp", "SearchRequest".

    ``projected`` and ``attributes`` are as in ``resource_schema``. Raises KeyError for another name.
    """
    if name in _MESSAGE_FILES:
        return Compiled(name, message(_MESSAGE_FILES[name]))
    definitions = [definition(file) for file in _DEFINITION_FILES[name]]
    configures = name in ("ServiceProviderConfig", "ResourceType")
    schema = resource_schema(
        definitions,
        attributes=attributes or None,
        id_required=not configures,
        parts_required=configures,
        projected=projected,
    )
    return Compiled(name, schema, spelling(definitions))
