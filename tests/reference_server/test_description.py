"""The OpenAPI document is valid, is made from what is served, and says of each address who may come."""

import json

import pytest
from openapi_spec_validator import validate

from reference_server.description import describe, operations
from reference_server.front import METRICS, OPENAPI, Front
from reference_server.journal import Journal
from reference_server.presets import load, names
from reference_server.refusals import methods
from reference_server.routes import BASE_PATH, Place, route, segments


@pytest.mark.parametrize("name", names())
def test_the_description_of_each_preset_is_valid_openapi(name):
    validate(describe(load(name)))


@pytest.mark.parametrize("name", names())
def test_every_described_address_is_one_of_the_route_table_with_the_methods_that_it_serves(name):
    preset = load(name)
    paths = {p: set(o) for p, o in describe(preset)["paths"].items() if p.startswith(BASE_PATH)}
    for path, described in paths.items():
        if "AsyncResults" in path:
            continue
        where = route(segments(path.removeprefix(BASE_PATH)), preset.endpoints)
        assert where.place not in (Place.UNKNOWN, Place.UNSERVED), path
        assert described == {m.lower() for m in methods(preset, where.place)}, path


def test_every_kind_of_address_is_described_where_it_is_served():
    preset = load("full")
    empty = {place for place in Place if not operations.of(preset, place)}
    assert empty == {Place.UNKNOWN, Place.UNSERVED}


def test_what_there_is_besides_scim_is_described_too(house):
    served = {path: {m.lower() for m in methods} for path, (methods, _) in house.server.wsgi._hooks._served.items()}
    served |= {path: {"get", "head"} for path in (*Front(house.server, Journal("none"))._own, METRICS)}
    described = describe(house.server.preset)["paths"]
    assert {p: set(o) for p, o in described.items() if not p.startswith(BASE_PATH)} == served


@pytest.mark.parametrize("name", ["full", "interop", "marketbeam"])
def test_every_operation_says_who_may_come_and_what_is_answered_without_a_key(name):
    for path, served in describe(load(name))["paths"].items():
        for method, operation in served.items():
            needs_key = {} not in operation["security"] and operation["security"] != []
            assert not needs_key or "WWW-Authenticate" in operation["responses"]["401"]["headers"], (path, method)
            for status, answer in operation["responses"].items():
                if status >= "400" and method != "head" and status != "default":
                    assert answer["content"], (path, method, status)


def test_the_document_is_served_to_everybody_by_the_front_alone(house, client_type):
    front = client_type(Front(house.server, Journal("none")))
    answer = front.at("GET", OPENAPI, authorization=None)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert json.loads(answer.raw) == describe(house.server.preset)
    assert house.client.at("GET", OPENAPI, authorization=None).status == 404


def test_the_address_of_the_server_is_the_one_that_it_was_given():
    assert describe(load("full"), "https://scim.example")["servers"] == [{"url": "https://scim.example"}]
