"""doctor looks at services that we did not write: it cries wolf at none, and whom it writes to is as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from harness.doctor import carry_out, examine, intend
from harness.model.diagnosis import State
from harness.model.secret import Secret
from harness.settings import Settings

pytestmark = [pytest.mark.peer, pytest.mark.socket]
TOKEN = "peer-token-4d1c90"
ADA = "ada@example.test"
SERVICES = [
    pytest.param("scim2_server", set(), id="scim2-server"),
    # A user name in capitals is not found there.
    pytest.param("scimmy", {"lookup-case"}, marks=pytest.mark.node, id="scimmy-routers"),
    # It says that it has no filters and has them; asked for a list of groups it breaks down.
    pytest.param(
        "django_scim2", {"discovery-no-filter", "groups-break"}, marks=pytest.mark.thorough, id="django-scim2"
    ),
]
"""The fixture that starts a service, and the ids of warnings about it that were looked at by hand and are true."""


def _ada(base_url: str) -> dict[str, Any]:
    """Ada has an account there, made by its own POST where it is not there yet."""
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": ADA,
        "name": {"givenName": "Ada", "familyName": "Example"},
        "emails": [{"value": ADA, "type": "work", "primary": True}],
        "active": True,
    }
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    made = requests.post(f"{base_url}/Users", json=body, headers=headers, timeout=60)
    assert made.status_code in (201, 409), made.text
    found = requests.get(f"{base_url}/Users", params={"filter": f'userName eq "{ADA}"'}, headers=headers, timeout=60)
    (person,) = found.json()["Resources"]
    assert isinstance(person, dict)
    return {k: v for k, v in person.items() if k != "meta"}


@pytest.mark.parametrize(("service", "true"), SERVICES)
def test_nothing_is_called_wrong_that_is_not(request: pytest.FixtureRequest, service: str, true: set[str]) -> None:
    base_url = request.getfixturevalue(service)
    _ada(base_url)
    seen = examine(Settings(target=base_url, accounts=(ADA,)), key=Secret(TOKEN))
    assert [line for line in seen.lines if line.state is State.WRONG] == []
    assert {line.id for line in seen.lines if line.state in (State.WARNING, State.COULD_NOT_ASK)} == true
    assert {x.method for x in seen.exchanges} == {"GET"}


@pytest.mark.parametrize("idp", ["okta:oin", "okta:aiw", "entra:aadOptscim062020"])
@pytest.mark.parametrize(("service", "true"), SERVICES)
def test_one_person_is_switched_off_and_on_and_is_as_before(
    request: pytest.FixtureRequest, tmp_path: Path, service: str, true: set[str], idp: str
) -> None:
    base_url = request.getfixturevalue(service)
    before = _ada(base_url)
    settings = Settings(target=base_url, idps=(idp,), accounts=(ADA,))
    done = carry_out(intend(settings, pasted=Secret(TOKEN)), tmp_path)
    assert [line for line in done.lines if line.state in (State.WRONG, State.COULD_NOT_ASK)] == []
    assert _ada(base_url) == before
    assert list(tmp_path.iterdir()) == []
