"""Where the library's way is cut short for speed, what comes out is what the library would have made."""

import pytest
from scim2_models import SearchRequest
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from reference_server.service import PresetService, referring

BASE = "https://scim.example/scim/v2"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def stored(house):
    server = house.server
    storage, kind = server.people_of(house.tenant.id), server.user_type
    model = storage.provider.model_for(kind)
    for number in range(3):
        document = {
            "userName": f"u{number}",
            "active": True,
            "externalId": "e",
            "emails": [{"value": "u@test.example"}],
        }
        if ENTERPRISE in {str(urn) for urn in model.get_extension_models()}:
            document[ENTERPRISE] = {"manager": {"value": "m", "$ref": "Users/m"}} if number else {"department": "D"}
        storage.create(kind, model.model_validate(document))
    return storage, kind


@pytest.mark.parametrize("asked", [{}, {"count": 2}, {"start_index": 2, "count": 1}, {"attributes": ["userName"]}])
def test_a_list_is_the_same(any_house, asked):
    storage, kind = stored(any_house)
    service = PresetService(any_house.server.preset, any_house.server.behaviour)
    with service.provider:
        request = SearchRequest[storage.provider.model_for(kind)](**asked)
        page = storage.search([kind], request)
        mine = service.search_response(BASE, [kind], page, request)
        theirs = ScimService.search_response(service, BASE, [kind], SearchPage(page.total, page.resources), request)
    assert (mine.status, mine.body, list(mine.body)) == (theirs.status, theirs.body, list(theirs.body))


def test_a_published_person_is_the_same_and_what_was_stored_is_left_alone(any_house):
    storage, kind = stored(any_house)
    service = PresetService(any_house.server.preset, any_house.server.behaviour)
    for person in storage.all(kind):
        before = person.model_dump()
        with service.provider:
            mine, theirs = service.publish(BASE, person), ScimService.publish(service, BASE, person)
        assert mine.model_dump() == theirs.model_dump()
        assert person.model_dump() == before


def test_what_holds_references_is_copied_as_a_whole(open_house):
    server = open_house("full").server
    kinds = {t.name: server.preset.provider.model_for(t) for t in server.preset.provider.resource_types}
    assert referring(kinds["Group"]) == ("members",)
    assert referring(kinds["User"]) == ("EnterpriseUser",)
