from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.veil import Veil

ADA = "ada.lovelace@customer.example"


@pytest.fixture
def veil() -> Veil:
    return Veil(b"a key of this run")


def exchange(sent: Any = None, answer: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "title": "Read the user", "template": "/Users/{id}", "path": "/Users/1", "query": "",
        "request": {"method": "GET", "url": "https://app.example/Users/1", "headers": [],
                    "body": None if sent is None else {"text": json.dumps(sent)}},
        "response": {"status": 200, "headers": [], "body": {"text": json.dumps(answer)}}, "trouble": None, **more,
    }  # fmt: skip


def test_equal_values_have_equal_pseudonyms_whatever_their_letter_case(veil: Veil) -> None:
    veil.learn(ADA)
    assert veil.text(ADA) == veil.text(ADA.upper())
    assert veil.text(ADA).endswith("@pseudonym.invalid")


def test_another_run_has_other_pseudonyms() -> None:
    assert Veil(b"one").pseudonym(ADA) != Veil(b"two").pseudonym(ADA)


@pytest.mark.parametrize(
    ("answer", "secret"),
    [
        ({"userName": ADA}, ADA),
        ({"name": {"familyName": "Lovelace", "givenName": "Augusta"}}, "Lovelace"),
        ({"name": {"formatted": "Augusta Ada King"}, "detail": "Augusta Ada King is unknown"}, "Augusta Ada King"),
        ({"emails": [{"value": ADA, "type": "work"}]}, ADA),
        ({"phoneNumbers": [{"value": "tel:+420777123456"}]}, "777123456"),
        ({"addresses": [{"streetAddress": "12 St James's Square", "locality": "London"}]}, "James"),
        ({"Resources": [{"displayName": "Žofie Kanárková"}]}, "Kan"),
        ({"members": [{"value": "1", "display": "Žofie Kanárková"}]}, "Kan"),
        ({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "E-90210"}}, "90210"),
        ({"Operations": [{"op": "replace", "path": "userName", "value": ADA}]}, ADA),
        ({"Operations": [{"op": "add", "path": 'emails[type eq "work"].value', "value": ADA}]}, ADA),
        ({"Operations": [{"op": "add", "path": "name.familyName", "value": "Lovelace"}]}, "Lovelace"),
        ({"Operations": [{"op": "replace", "value": {"name.familyName": "Lovelace"}}]}, "Lovelace"),
        ({"filter": f'userName eq "{ADA}"'}, ADA),
    ],
)
def test_what_says_who_somebody_is_is_replaced(veil: Veil, answer: dict[str, Any], secret: str) -> None:
    for line in (exchange(answer=answer), exchange(sent=answer, answer={})):
        text = json.dumps(veil.exchange(line), ensure_ascii=False)
        assert secret not in text
        assert "erson-" in text


@pytest.mark.parametrize(
    "answer",
    [
        {"active": True, "title": "Rear Admiral", "id": "1", "meta": {"resourceType": "User"}},
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Engineering"},
        {"detail": "may I"},
    ],
)
def test_what_says_nothing_of_anybody_is_left_alone(veil: Veil, answer: dict[str, Any]) -> None:
    veil.learn("May")
    assert json.loads(veil.exchange(exchange(answer=answer))["response"]["body"]["text"]) == answer


def test_the_address_and_the_title_are_veiled_with_what_the_bodies_show(veil: Veil) -> None:
    line = exchange(
        answer={"Resources": [{"userName": ADA}]},
        title=f"{ADA} tries to sign in",
        query="filter=userName+eq+%22ada.lovelace%40customer.example%22",
        request={
            "method": "GET",
            "url": "https://app.example/Users?filter=userName%20eq%20%22ada.lovelace%40customer.example%22",
            "headers": [["X-Who", ADA]],
            "body": None,
        },
    )
    text = json.dumps(veil.exchange(line))
    assert "lovelace" not in text
    assert "app.example/Users?filter=userName%20eq%20%22" in text


@pytest.mark.parametrize("query", ["%61da.lovelace@customer.example", "%5Cu0061da.lovelace@customer.example"])
def test_a_letter_that_is_encoded_hides_nobody(veil: Veil, query: str) -> None:
    line = veil.exchange(exchange(answer={"userName": ADA}, query=f"filter=userName%20eq%20%22{query}%22"))
    assert "lovelace" not in line["query"]


def test_a_name_under_json_escapes_is_found_too(veil: Veil) -> None:
    line = exchange(answer={"displayName": "Žofie Kanárková", "detail": "no Žofie Kanárková"})
    assert "\\u017d" in line["response"]["body"]["text"]
    assert "\\u017d" not in json.dumps(veil.exchange(line), ensure_ascii=False)


def test_bytes_that_are_no_text_are_left_out(veil: Veil) -> None:
    line = exchange(answer={})
    line["response"]["body"] = {"base64": "QWRh", "sha256": "abc"}
    assert veil.exchange(line)["response"]["body"] == {"base64": "", "sha256": "abc"}


def test_a_cast_is_learnt_and_written_down_under_pseudonyms(veil: Veil) -> None:
    person = {"user_name": ADA, "email": ADA, "given_name": "Ada", "family_name": "Lovelace", "directory_id": "0a"}
    member = {"part": "leaver", "person": person, "account": {"user_name": ADA, "id": "1", "source": "listed"}}
    event = veil.event({"scenario": "okta/oin/leaver", "cast": {"members": [member], "teams": []}})
    assert "ovelace" not in json.dumps(event)
    assert event["cast"]["members"][0]["part"] == "leaver"
    assert veil.text("Ada Lovelace has left").startswith("Person-")


@given(st.text(min_size=3).filter(lambda t: len(t.strip()) >= 3), st.text(), st.text())
def test_whatever_somebody_is_called_the_name_does_not_stay_in_a_display_name(name: str, one: str, other: str) -> None:
    veil = Veil(b"k")
    line = exchange(answer={"displayName": name, "userName": one + "x" * 3, "title": other})
    body = json.loads(veil.exchange(line)["response"]["body"]["text"])
    assert body["displayName"] == veil.pseudonym(name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_no_body_makes_the_veil_fail_and_its_shape_stays(value: Any) -> None:
    veil = Veil(b"k")
    body = veil.exchange(exchange(answer=value))["response"]["body"]["text"]
    assert _shape(json.loads(body)) == _shape(json.loads(json.dumps(value)))


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shape(v) for v in value]
    return type(value)
