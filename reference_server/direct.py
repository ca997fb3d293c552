"""The plain requests, which are most of them, answered from what is stored without reading it into models.

These are: a resource by its id, who has a userName, an externalId or an id, everybody by pages, and a PATCH that sets
plain attributes. Whatever else a request asks for, and whatever a defect has stepped into, goes the whole way; a test
holds both ways in agreement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from scim2_models import AttributeBinding, Path, Resource, ResourceType
from scim2_server.conditions import Conditions
from scim2_server.utils import parametrize

from reference_server.behaviour import Behaviour
from reference_server.bodies import MEDIA_TYPES
from reference_server.http import LIST_RESPONSE, SCIM_JSON, Request, Response
from reference_server.patching import MOST_OPERATIONS, PATCH_OP
from reference_server.presets import Preset
from reference_server.presets.preset import READS
from reference_server.routes import BASE_PATH, Place
from reference_server.service import Call, PresetService
from reference_server.store.resources import Stored, tag
from reference_server.store.shapes import Other, Shape, shape

_LOOK_UP = re.compile(r'(userName|externalId|id) eq "([^"\\\x00-\x1f]{1,1024})"')
_NUMBER = re.compile(r"[0-9]{1,9}")
_CHOOSING = ("attributes", "excludedAttributes")
_WORDS = {"true": True, "false": False}


class Direct:
    """Answers the plain requests of one server."""

    def __init__(self, preset: Preset, behaviour: Behaviour) -> None:
        self._preset = preset
        self._behaviour = behaviour
        self._service = PresetService(preset, behaviour)
        self._kinds: dict[str, tuple[ResourceType, Shape]] = {}
        for kind in preset.provider.resource_types:
            known = shape(self._service.get_model(kind))
            if known.always_sent:
                self._kinds[self._service.endpoint_of(kind)] = kind, known

    def answer(self, call: Call) -> Response | None:
        """The answer; None when the request has to go the whole way. Raises what the whole way raises."""
        request, place, seams = call.request, call.route.place, self._behaviour
        if call.desk.storage.tenant is None or call.route.endpoint not in self._kinds:
            return None
        if any(name in request.query for name in _CHOOSING):
            return None
        try:
            if place is Place.COLLECTION and request.method in READS and seams.search.untouched:
                return self._list(call)
            if place is Place.RESOURCE and seams.find.untouched:
                if request.method in READS:
                    return self._read(call)
                if request.method == "PATCH" and self._patches_alone():
                    return self._patch(call)
        except Other:
            pass
        return None

    def _patches_alone(self) -> bool:
        seams = self._behaviour
        touched = (seams.read_patch, seams.apply_patch, seams.keep, seams.end_access)
        return all(seam.untouched for seam in touched) and not self._preset.features["interop"]

    def _read(self, call: Call) -> Response:
        kind, known = self._kinds[call.route.endpoint]
        row = call.desk.storage.row(kind, call.route.id)
        document = self._document(call, kind, known, row, json.loads(row.document))
        if not self._holds(call.request, row, "GET"):
            return Response(304, None, {"ETag": tag(row.version)})
        return _one(document)

    def _holds(self, request: Request, row: Stored, method: str) -> bool:
        """What the conditional headers make of a version. Raises PreconditionFailedException."""
        wanted, unwanted = request.header("If-Match"), request.header("If-None-Match")
        if not self._service.etag_supported or not (wanted or unwanted):
            return True
        return Conditions(wanted or None, unwanted or None).check(tag(row.version), method)

    def _list(self, call: Call) -> Response | None:
        kind, known = self._kinds[call.route.endpoint]
        asked = self._asked(kind, call)
        if asked is None:
            return None
        compared, first, count = asked
        total, rows = call.desk.storage.page(kind, compared, first - 1, count)
        found = [self._document(call, kind, known, row, json.loads(row.document)) for row in rows]
        document = {
            "schemas": [LIST_RESPONSE],
            "totalResults": total,
            "startIndex": first,
            "itemsPerPage": len(found),
            "Resources": found,
        }
        return Response(200, document, {"Content-Type": SCIM_JSON})

    def _asked(self, kind: ResourceType, call: Call) -> tuple[tuple[str, str], int, int] | None:
        """What a search compares ("": nothing), the number of the first and how many at most."""
        query = call.request.query
        config = self._service.config
        assert config.pagination is not None
        assert config.filter is not None
        if any(name not in ("filter", "startIndex", "count") for name in query):
            return None
        numbers = (query.get("startIndex", "1"), query.get("count", str(config.pagination.default_page_size)))
        if not all(_NUMBER.fullmatch(number) for number in numbers):
            return None
        most = min(int(numbers[1]), config.filter.max_results or 0, config.pagination.max_page_size or 0)
        compared: tuple[str, str] | bool | None = ("", "")
        if "filter" in query:
            found = _LOOK_UP.fullmatch(query["filter"])
            binding = None if found is None else _binding(self._service.get_model(kind), found[1])
            if found is None or binding is None:
                return None
            compared = call.desk.storage.column(kind, binding, found[2])
        if compared is None or isinstance(compared, bool):
            return None
        return compared, max(int(numbers[0]), 1), most

    def _patch(self, call: Call) -> Response | None:
        kind, known = self._kinds[call.route.endpoint]
        wanted = self._wanted(known, call.request)
        if wanted is None:
            return None
        desk = call.desk
        with desk.storage.database.direct():
            row = desk.storage.row(kind, call.route.id)
            before = json.loads(row.document)
            answer = self._document(call, kind, known, row, before)
            self._holds(call.request, row, "PATCH")
            after = known.changed(before, wanted)
            if after != before:
                modified = desk.storage.put(row, after)
                if "active" in known.plain and after.get("active") is not True:
                    self._behaviour.end_access(call.caller.tenant, row.id, desk.how)
                what = (str(kind.name), row.id)
                desk.audit.note(call.caller.tenant, call.caller.key_id, desk.how, what, before, after)
                row = row._replace(version=row.version + 1, modified=modified)
                answer = self._document(call, kind, known, row, after)
        return _one(answer)

    def _wanted(self, known: Shape, request: Request) -> dict[str, Any] | None:
        """The plain attributes that a PATCH sets, by name; None for any other body, also for one that is wrong."""
        document = _body(request)
        if document is None or set(document) != {"schemas", "Operations"} or document["schemas"] != [PATCH_OP]:
            return None
        operations = document["Operations"]
        if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
            return None
        wanted: dict[str, Any] = {}
        for operation in operations:
            for path, value in _assignments(operation):
                name, kind = known.plain.get(path.casefold(), ("", str))
                if kind is bool and isinstance(value, str) and self._preset.tolerates("string-booleans"):
                    value = _WORDS.get(value.casefold())
                # What is named twice depends on the order, and a blank text may be refused.
                if type(value) is not kind or not name or name in wanted or name in self._preset.server_owned:
                    return None
                if isinstance(value, str) and not value.strip():
                    return None
                wanted[name] = value
        return wanted or None

    def _document(
        self, call: Call, kind: ResourceType, known: Shape, row: Stored, document: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A stored document as it is sent. Raises Other."""
        service, base_url = self._service, f"{call.request.origin}{BASE_PATH}"
        meta = {
            "resourceType": kind.name,
            "created": _instant(row.created),
            "lastModified": _instant(row.modified),
            "location": service.resource_location(base_url, kind, row.id),
        }
        if service.etag_supported:
            meta["version"] = tag(row.version)
        return known.sent(document, meta, lambda reference: service.reference_location(base_url, reference))


def _one(document: dict[str, Any]) -> Response:
    meta = document["meta"]
    headers = {"Content-Location": meta["location"]}
    if "version" in meta:
        headers["ETag"] = meta["version"]
    return Response(200, document, headers | {"Content-Type": SCIM_JSON, "Location": meta["location"]})


def _body(request: Request) -> dict[str, Any] | None:
    """The object in a body that is beyond doubt; None for any other."""
    if request.header("Content-Type") not in MEDIA_TYPES or request.header("Content-Encoding"):
        return None
    if rb"\u0000" in request.body:
        return None
    document = request.json
    return document if isinstance(document, dict) else None


def _assignments(operation: Any) -> list[tuple[str, Any]]:
    """The paths that an operation sets, and to what; one that cannot be followed here gives the path ""."""
    other: list[tuple[str, Any]] = [("", None)]
    if not isinstance(operation, dict) or not set(operation) <= {"op", "path", "value"}:
        return other
    op, path, value = operation.get("op"), operation.get("path"), operation.get("value")
    if not isinstance(op, str) or op.casefold() not in ("add", "replace"):
        return other
    if path is None:
        return list(value.items()) if isinstance(value, dict) and value else other
    return [(path, value)] if isinstance(path, str) else other


@cache
def _binding(model: type[Resource[Any]], name: str) -> AttributeBinding | None:
    return parametrize(Path, model)(name).resolve()


def _instant(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")
