"""What can be asked at each kind of address, as OpenAPI operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reference_server.description.shapes import ATTRIBUTE, ATTRIBUTES, CURSOR, FILTER, Shape, ref
from reference_server.http import SCIM_JSON
from reference_server.later import RESULTS
from reference_server.presets import Preset
from reference_server.presets.preset import READS
from reference_server.refusals import methods
from reference_server.routes import BASE_PATH, Place

JSON = "application/json"
KEY, SESSION = "key", "session"

WHY: Mapping[int, str] = {
    304: "Not changed since the version that If-None-Match names",
    400: "The request cannot be understood; the detail says what is wrong with it",
    401: "No usable API key came",
    403: "The API key may only read, or the request is not allowed here",
    404: "There is nobody of that id at the tenant of the key, or nothing at that address",
    405: "This is not served here; Allow says what is",
    409: "Somebody else has that name already, or the resource was changed at the same moment",
    412: "The resource has another version than If-Match names",
    413: "The body or the number of operations is larger than is read",
    415: "The body is no JSON, or is compressed",
    429: "The tenant sends more than it may",
    501: "Not supported",
    503: "The store cannot be reached",
}
HEADERS: Mapping[int, str] = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
ALWAYS = (401, 429, 503)
BODY = (400, 413, 415)


def of(preset: Preset, place: Place) -> dict[str, Shape]:
    """The paths of a kind of address with their operations, as the preset serves them; none for what it does not."""
    found: dict[str, Shape] = {}
    if place is Place.ROOT and preset.features["asynchronous"]:
        kept = operation("getResult", "Fetch an answer that was put off", _kept(), parameters=[_ID])
        found[f"{BASE_PATH}/{RESULTS}/{{id}}"] = {"get": kept}
    for path, name in _paths(preset, place):
        found[BASE_PATH + path] = {
            method.lower(): _operation(preset, place, method, name) for method in methods(preset, place)
        }
    return found


def _paths(preset: Preset, place: Place) -> Iterable[tuple[str, str]]:
    """The path templates of a kind of address below the base, each with the name of what is found there."""
    kinds = [(str(kind.endpoint), str(kind.name)) for kind in preset.provider.resource_types or ()]
    paths: Mapping[Place, list[tuple[str, str]]] = {
        Place.ROOT: [("", "Any")],
        Place.ROOT_SEARCH: [("/.search", "Any")],
        Place.CONFIG: [("/ServiceProviderConfig", "ServiceProviderConfig")],
        Place.TYPES: [("/ResourceTypes", "ListOfResourceType"), ("/ResourceTypes/{id}", "ResourceType")],
        Place.SCHEMAS: [("/Schemas", "ListOfSchema"), ("/Schemas/{id}", "Schema")],
        Place.BULK: [("/Bulk", "Bulk")] if preset.features["bulk_operations"] else [],
        Place.ME: [("/Me", "User")] if preset.features.get("me") else [],
        Place.COLLECTION: kinds,
        Place.SEARCH: [(f"{endpoint}/.search", name) for endpoint, name in kinds],
        Place.RESOURCE: [(f"{endpoint}/{{id}}", name) for endpoint, name in kinds],
        Place.UNSERVED: [],
        Place.UNKNOWN: [],
    }
    return paths[place]


def _operation(preset: Preset, place: Place, method: str, name: str) -> Shape:
    make = _BY_PLACE[place]
    operation = make(preset, method, name)
    if preset.features["asynchronous"] and method not in READS and place not in (Place.SEARCH, Place.ROOT_SEARCH):
        _put_off(operation)
    if method == "HEAD":
        for answer in operation["responses"].values():
            answer.pop("content", None)
    return operation


def _kept() -> Shape:
    """An answer that was put off is that of the request itself: any status, with any body of SCIM."""
    kept = answers({}, (404, *ALWAYS))
    return kept | {"default": {"description": "The answer, as it would have come", "content": {SCIM_JSON: {}}}}


def _put_off(operation: Shape) -> None:
    """Describe the answer of those who rather fetch it later (RFC 9967 section 2.5.1.1)."""
    operation.setdefault("parameters", [])
    operation["parameters"] = [*operation["parameters"], _header("Prefer", "respond-async")]
    header = {"required": True, "schema": {"type": "string"}}
    operation["responses"]["202"] = {
        "description": "It is done; its answer is kept at Location",
        "headers": dict.fromkeys(("Location", "Set-Txn", "Preference-Applied"), header),
    }


def _discovery(_preset: Preset, method: str, name: str) -> Shape:
    single = name in ("ResourceType", "Schema")
    refusals = (400, 403, *ALWAYS, *((404,) if single else ()))
    return operation(
        f"{_verb(method)}{name}",
        f"What the service says of itself: {name}",
        answers({200: name}, refusals),
        parameters=[_ID] if single else [],
        # Discovery holds nothing about anybody; a key that comes is still checked.
        security=[{}, {KEY: []}],
    )


def _collection(preset: Preset, method: str, name: str) -> Shape:
    if method == "POST":
        made = answers({201: name}, (*BODY, 403, 409, *ALWAYS))
        made["201"]["headers"] = {"Location": {"required": True, "schema": {"type": "string", "format": "uri"}}}
        made["201"]["links"] = {
            verb + name: {"operationId": verb + name, "parameters": {"id": "$response.body#/id"}}
            for verb, served in (("get", "GET"), ("replace", "PUT"), ("change", "PATCH"), ("delete", "DELETE"))
            if served in preset.resource
        }
        return operation(f"create{name}", f"Create a {name}", made, body=f"{name}ToWrite", parameters=_PARTS)
    return operation(
        f"{'list' if method == 'GET' else 'headOfList'}{name}",
        f"Find {name}s",
        answers({200: f"ListOf{name}"}, (400, 404, *ALWAYS)),
        parameters=_query(preset),
    )


def _search(_preset: Preset, _method: str, name: str) -> Shape:
    found = answers({200: f"ListOf{name}"}, (*BODY, 404, *ALWAYS))
    return operation(f"search{name}", f"Find {name}s by a search in the body", found, body="SearchRequest")


def _resource(preset: Preset, method: str, name: str) -> Shape:
    etag, parameters = bool(preset.features["etag"]), [_ID, *_PARTS]
    if method in READS:
        parameters += [_header("If-None-Match", 'W/"1"')] if etag else []
        given = answers({200: name}, (400, 404, 405, *ALWAYS, *((304,) if etag else ())))
        return operation(f"{_verb(method)}{name}", f"Read a {name}", given, parameters=parameters)
    parameters += [_header("If-Match", 'W/"1"')] if etag else []
    stale = (412,) if etag else ()
    if method == "DELETE":
        gone = answers({204: ""}, (400, 403, 404, *stale, *ALWAYS))
        return operation(f"delete{name}", f"Delete a {name}", gone, parameters=parameters)
    verb, body = ("replace", f"{name}ToWrite") if method == "PUT" else ("change", "PatchOp")
    done = answers({200: name}, (*BODY, 403, 404, 409, *stale, *ALWAYS))
    return operation(f"{verb}{name}", f"{verb.capitalize()} a {name}", done, body=body, parameters=parameters)


def _me(_preset: Preset, method: str, name: str) -> Shape:
    given = answers({200: name}, (304, 400, 404, 501, *ALWAYS))
    return operation(f"{_verb(method)}Me", "Read whoever the API key stands for", given, parameters=_PARTS)


def _bulk(_preset: Preset, _method: str, _name: str) -> Shape:
    done = answers({200: "BulkResponse"}, (*BODY, 403, 409, *ALWAYS))
    return operation("bulk", "Several writes in one request", done, body="BulkRequest")


_BY_PLACE = {
    Place.ROOT: _collection,
    Place.ROOT_SEARCH: _search,
    Place.CONFIG: _discovery,
    Place.TYPES: _discovery,
    Place.SCHEMAS: _discovery,
    Place.BULK: _bulk,
    Place.ME: _me,
    Place.COLLECTION: _collection,
    Place.SEARCH: _search,
    Place.RESOURCE: _resource,
}


def operation(
    name: str,
    summary: str,
    responses: Shape,
    *,
    parameters: list[Shape] | None = None,
    body: str = "",
    security: list[Shape] | None = None,
) -> Shape:
    """One OpenAPI operation. ``body`` names the component that is sent; without ``security`` a key is needed."""
    made: Shape = {"operationId": name, "summary": summary, "responses": responses}
    if parameters:
        made["parameters"] = parameters
    if body:
        content = {media_type: {"schema": ref(body)} for media_type in (SCIM_JSON, JSON)}
        made["requestBody"] = {"required": True, "content": content}
    made["security"] = [{KEY: []}] if security is None else security
    return made


def answers(served: Mapping[int, str], refused: Iterable[int], media_types: tuple[str, ...] = (SCIM_JSON,)) -> Shape:
    """OpenAPI responses: ``served`` maps a status to the component that its body has ("" for none)."""
    found: Shape = {}
    for status, name in served.items():
        found[str(status)] = {"description": "Done" if status != 200 else "Found"}
        if name:
            found[str(status)]["content"] = {media_type: {"schema": ref(name)} for media_type in media_types}
    for status in sorted(set(refused)):
        answer: Shape = {"description": WHY[status]}
        if status >= 400:
            answer["content"] = {media_type: {"schema": ref("Error")} for media_type in {SCIM_JSON, *media_types}}
        if status in HEADERS:
            answer["headers"] = {HEADERS[status]: {"required": True, "schema": {"type": "string"}}}
        found[str(status)] = answer
    return found


def _verb(method: str) -> str:
    return "headOf" if method == "HEAD" else "get"


def _parameter(name: str, description: str, schema: Shape, example: Any) -> Shape:
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


def _header(name: str, example: str) -> Shape:
    return {"name": name, "in": "header", "schema": {"type": "string"}, "example": example}


def _query(preset: Preset) -> list[Shape]:
    number = {"type": "integer"}
    found = [
        *_PARTS,
        _parameter("filter", "A filter (RFC 7644 section 3.4.2.2)", FILTER, 'id eq "2819c223"'),
        _parameter("startIndex", "Where the page begins; less than 1 counts as 1", number, 1),
        _parameter("count", "How many at most; less than 0 counts as 0", number, 10),
    ]
    if preset.features["sort"]:
        order = {"enum": ["ascending", "descending"]}
        found.append(_parameter("sortBy", "The attribute to sort by", ATTRIBUTE, "id"))
        found.append(_parameter("sortOrder", "Which comes first", order, "descending"))
    if preset.features["cursor"]:
        found.append(_parameter("cursor", "Empty for the first page, else nextCursor of the last one", CURSOR, ""))
    return found


_ID: Shape = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_PARTS = [
    _parameter("attributes", "Which attributes to give, separated by commas", ATTRIBUTES, "id"),
    _parameter("excludedAttributes", "Which attributes to leave out", ATTRIBUTES, "meta"),
]
