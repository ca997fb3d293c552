"""Each misconfiguration that doctor can see is set up, and has to be what doctor names first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from harness.model.diagnosis import Diagnosis, Line, State
from harness.wire.inprocess import HOST, WsgiAdapter

Troubles = Callable[[Diagnosis], list[str]]
Named = Callable[[Diagnosis, str], Line]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

ORIGIN = f"https://{HOST}"


@pytest.mark.parametrize(
    ("prefix", "entered", "id"),
    [
        ("/scim/v2", "", "address-path"),
        ("/scim/v2", "/scim", "address-path"),
        ("/scim/v2", "/scim/v2/Users", "address-doubled"),
        ("/scim/v2", "/scim/v2/scim/v2", "address-doubled"),
        ("/api/v3/scim/v2", "/scim/v2", "address-path"),
        ("/scim/v2/v2", "/scim/v2", "address-path"),
        ("/scim/v2", "/sso/saml", "address-sign-in"),
    ],
)
def test_a_wrong_path_is_named_with_the_address_that_was_tried_and_answers(
    patient: Any, transports: Any, troubles: Troubles, line: Named, prefix: str, entered: str, id: str
) -> None:
    seen = patient.look(url=ORIGIN + entered, adapter=transports.hung_elsewhere(patient.server.wsgi, prefix))
    assert troubles(seen)[0] == id
    assert f"Enter {ORIGIN}{prefix} instead; we tried it" in line(seen, id).fix
    assert line(seen, "lookup").state is State.OK


def test_a_misspelt_name_of_the_team_is_told_with_the_services_own_words(
    patient: Any, transports: Any, troubles: Troubles
) -> None:
    elsewhere = transports.hung_elsewhere(patient.server.wsgi, "/scim/team-a/v2", page=False)
    assert troubles(patient.look(url=f"{ORIGIN}/scim/team-b/v2", adapter=elsewhere))[0] == "address-unknown-place"


def test_an_address_that_sends_on_to_a_page_of_sign_in_is_told(
    patient: Any, transports: Any, troubles: Troubles
) -> None:
    elsewhere = transports.hung_elsewhere(
        patient.server.wsgi, "/scim/v2", status=302, location=f"{ORIGIN}/login?next=x"
    )
    assert troubles(patient.look(url=f"{ORIGIN}/app", adapter=elsewhere))[0] == "address-sign-in"


def test_a_slash_at_the_end_that_the_service_does_not_get_over_is_named(
    patients: Callable[..., Any], troubles: Troubles
) -> None:
    strict = patients("marketbeam", "trailing-slash-404")
    assert troubles(strict.look(url=f"{ORIGIN}/scim/v2/"))[0] == "address-trailing-slash"


def test_a_slash_at_the_end_is_no_matter_where_the_service_gets_over_it(patient: Any, troubles: Troubles) -> None:
    assert troubles(patient.look(url=f"{ORIGIN}/scim/v2/")) == []


@pytest.mark.parametrize(
    ("entered", "id"),
    [
        ("/scim/v2", "address-relative"),
        ("", "address-relative"),
        ("https://", "address-unusable"),
        ("ftp://app.example/scim", "address-unusable"),
        ("https://example.okta.com/app/scim", "address-of-the-idp"),
        ("https://login.microsoftonline.com/x/saml2", "address-of-the-idp"),
    ],
)
def test_an_address_that_nothing_can_be_sent_to_is_named_and_nothing_is_sent(
    patient: Any, troubles: Troubles, entered: str, id: str
) -> None:
    seen = patient.look(url=entered)
    assert troubles(seen)[0] == id
    assert seen.exchanges == ()


def test_an_address_over_http_is_tried_over_https_and_the_key_is_never_sent_in_the_clear(
    patient: Any, troubles: Troubles, line: Named
) -> None:
    seen = patient.look(url=f"http://{HOST}/scim/v2")
    assert troubles(seen) == ["address-http"]
    assert f"Enter {ORIGIN}/scim/v2 instead; we tried it" in line(seen, "address-http").fix
    assert all(x.request.url.startswith("https://") for x in seen.exchanges)


def test_an_address_over_http_that_does_not_answer_over_https_is_left_alone(
    patient: Any, transports: Any, troubles: Troubles
) -> None:
    seen = patient.look(url=f"http://{HOST}/scim/v2", adapter=transports.answering(404, b"", "text/html"))
    assert troubles(seen) == ["address-http"]
    assert [x.request.headers for x in seen.exchanges if x.sent_header("Authorization")] == []


def test_a_forgotten_https_and_blanks_around_the_address_are_named(patient: Any, troubles: Troubles) -> None:
    assert troubles(patient.look(url=f"{HOST}/scim/v2"))[0] == "address-without-https"
    assert troubles(patient.look(url=f" {ORIGIN}/scim/v2 "))[0] == "address-white-space"


def test_a_password_in_the_address_is_named_and_shown_nowhere(patient: Any, troubles: Troubles) -> None:
    seen = patient.look(url=f"https://ada:canary-4711@{HOST}/scim/v2")
    assert troubles(seen)[0] == "address-with-password"
    assert "canary-4711" not in repr(seen)


def test_the_flag_of_entra_in_the_address_is_nothing_to_look_at(patient: Any, troubles: Troubles) -> None:
    assert troubles(patient.look("entra", url=f"{ORIGIN}/scim/v2?aadOptscim062020")) == []
    assert troubles(patient.look("okta", url=f"{ORIGIN}/scim/v2?team=7"))[0] == "address-query"


@pytest.mark.parametrize(
    ("defect", "idps", "id"),
    [
        ("externalid-filter-400", ("entra",), "lookup-external-id"),
        ("work-mail-filter-refused", ("entra",), "lookup-email"),
        ("work-email-filter-500", ("entra",), "lookup-email"),
        ("username-value-case", ("okta",), "lookup-case"),
        ("filter-ignored", ("okta", "entra"), "lookup-several"),
        ("response-type-json", (), "media-type"),
        ("spc-says-no-patch", (), "discovery-no-patch"),
        ("spc-html", (), "discovery-unreadable"),
        ("spc-basic-only", (), "discovery-basic-only"),
        ("unfiltered-list-400", ("okta",), "test-okta"),
        ("no-match-404", ("entra",), "test-entra"),
        ("any-bearer-accepted", (), ""),
        ("anonymous-create", (), ""),
    ],
)
def test_a_wrong_of_the_service_that_keeps_leavers_in_is_named_first(
    patients: Callable[..., Any], troubles: Troubles, defect: str, idps: tuple[str, ...], id: str
) -> None:
    wrong = patients("marketbeam", defect)
    wrong.sign_in("ben@example.test", "ben@example.test")
    found = troubles(wrong.look(*idps))
    assert found[:1] == ([id] if id else [])


def test_groups_that_are_claimed_and_refused_are_named(patients: Callable[..., Any], troubles: Troubles) -> None:
    found = troubles(patients("deprovisioning-only", "resourcetypes-overclaim-group").look())
    assert found[0] == "discovery-groups"


def test_groups_that_are_refused_are_a_warning_for_entra_alone(
    patients: Callable[..., Any], troubles: Troubles
) -> None:
    refusing = patients("deprovisioning-only")
    assert troubles(refusing.look("entra")) == ["groups-refused", "test-entra"]
    assert troubles(refusing.look("okta")) == []


def test_people_who_are_there_under_another_name_are_told_from_people_who_are_not(
    patients: Callable[..., Any], troubles: Troubles, line: Named
) -> None:
    other = patients(ada=False)
    assert troubles(other.look())[0] == "lookup-not-found"
    other.sign_in("ada.example", "ada@example.test")
    seen = other.look()
    assert troubles(seen)[0] == "lookup-other-name"
    assert "(ada.example)" in line(seen, "lookup-other-name").meaning


@pytest.mark.parametrize("account", ["Ada@Example.test", "ADA@EXAMPLE.TEST", "adA@example.test"])
def test_whoever_is_typed_in_other_letters_is_told_that_the_service_tells_letters_apart(
    patients: Callable[..., Any], troubles: Troubles, line: Named, account: str
) -> None:
    seen = patients("marketbeam", "username-value-case").look("okta", account=account)
    assert troubles(seen)[0] == "lookup-case"
    told = line(seen, "lookup-case")
    assert told.state is State.WRONG
    assert "the person is there as ada@example.test" in told.meaning
    assert "would keep access" in told.meaning
    assert troubles(patients().look("okta", account=account)) == []


def test_a_key_of_another_team_does_not_find_the_person(patients: Callable[..., Any], troubles: Troubles) -> None:
    shared = patients()
    neighbour = shared.server.add_tenant("Neighbour", "it@neighbour.example")
    found = troubles(shared.look(key=neighbour.api_key))
    assert found[0] == "lookup-not-found"


def test_a_name_with_a_plus_that_the_service_reads_as_a_blank_is_named(patient: Any, troubles: Troubles) -> None:
    wsgi = patient.server.wsgi
    patient.sign_in("ada+test@example.test", "ada+test@example.test")

    def careless(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Entra's blanks are plus signs: a service that decodes twice loses the plus of the name.
        query = environ["QUERY_STRING"]
        return wsgi(
            {**environ, "QUERY_STRING": query.replace("%2B", "+") if "+eq+" in query else query}, start_response
        )

    assert troubles(patient.look(account="ada+test@example.test")) == []
    found = troubles(patient.look(account="ada+test@example.test", adapter=WsgiAdapter(careless)))
    assert found[0] == "lookup-plus"


ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","detail":"%s"}'


@pytest.mark.parametrize(
    ("status", "body", "id"),
    [
        (403, ERROR % (403, b"SCIM is not included in your plan"), "key-not-allowed"),
        (403, ERROR % (403, b"insufficient scope"), "key-not-allowed"),
        (403, b"<html>", "edge-refuses"),
        (429, ERROR % (429, b"slow down"), "limits-reached"),
        (500, b"", "service-breaks"),
        (200, b"<html>", "address-path"),
        (401, b"", "key-refused"),
    ],
)
def test_a_service_that_answers_everything_the_same_is_told_apart(
    patient: Any, transports: Any, troubles: Troubles, status: int, body: bytes, id: str
) -> None:
    kind = "application/scim+json" if body.startswith(b"{") else "text/html"
    seen = patient.look(adapter=transports.answering(status, body, kind))
    assert troubles(seen)[0] == id
    assert len(seen.exchanges) < 20


def test_a_key_that_is_only_taken_without_the_word_bearer_is_named(
    patients: Callable[..., Any], troubles: Troubles
) -> None:
    odd = patients()
    wsgi = odd.server.wsgi

    def bare_only(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = environ.get("HTTP_AUTHORIZATION", "")
        return wsgi(
            {**environ, "HTTP_AUTHORIZATION": "none" if sent.startswith("Bearer") else f"Bearer {sent}"}, start_response
        )

    assert troubles(odd.look(adapter=WsgiAdapter(bare_only)))[0] == "key-without-bearer"


def test_a_door_that_stands_open_is_named(patient: Any, troubles: Troubles) -> None:
    wsgi = patient.server.wsgi

    def open_door(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return wsgi({**environ, "HTTP_AUTHORIZATION": f"Bearer {patient.key}"}, start_response)

    assert troubles(patient.look(adapter=WsgiAdapter(open_door)))[0] == "door-open"


@pytest.mark.parametrize(
    ("header", "id"),
    [
        (("Date", "Fri, 02 Jan 2015 10:00:00 GMT"), "clock"),
        (("X-RateLimit-Limit", "30"), "limits-low"),
        (("Key-Expires", "2015-01-02T10:00:00Z"), "key-expired"),
    ],
)
def test_what_headers_tell_is_read(
    patient: Any, transports: Any, troubles: Troubles, header: tuple[str, str], id: str
) -> None:
    assert troubles(patient.look(adapter=transports.with_headers(patient.server.wsgi, header)))[0] == id


def test_a_generous_limit_and_a_right_clock_are_fine(
    patient: Any, transports: Any, troubles: Troubles, line: Named
) -> None:
    seen = patient.look(
        adapter=transports.with_headers(
            patient.server.wsgi, ("RateLimit-Limit", "6000"), ("RateLimit-Remaining", "5990")
        )
    )
    assert troubles(seen) == []
    assert "6000 requests in 60 seconds" in line(seen, "limits").meaning
