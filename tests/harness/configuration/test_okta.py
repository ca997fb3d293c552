"""Each setting of an Okta app that keeps a leaver's access is named first, in whatever form it was given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.configuration import Given, check
from harness.configuration.okta_settings import (
    QUESTIONS,
    OktaSettings,
    OktaSettingsError,
    from_answers,
    from_document,
    read_settings,
)
from harness.model.diagnosis import Diagnosis, Readiness, State

RIGHT = OktaSettings(
    app_type="oin",
    base_url="https://app.example/scim/v2",
    authorization="bearer",
    username="email",
    sign_in="email",
    provisioning=True,
    create=True,
    update=False,
    deactivate=True,
    sync_password=False,
    push_groups=False,
    sourcing=False,
    assigned_before=False,
    same_group=False,
)


def examined(profile: Any, **changes: Any) -> Diagnosis:
    return check(Given(okta=replace(RIGHT, **changes)), profile)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"deactivate": False}, "okta-deactivate-off"),
        ({"provisioning": False}, "okta-provisioning-off"),
        ({"create": False}, "okta-create-off"),
        ({"update": True}, "okta-update-on"),
        ({"sync_password": True}, "okta-password-on"),
        ({"push_groups": True}, "okta-groups-on"),
        ({"same_group": True}, "okta-same-group"),
        ({"username": "okta-username"}, "okta-username-differs"),
        ({"username": "email-prefix", "sign_in": ""}, "okta-username-prefix"),
        ({"authorization": "header"}, "okta-key-bare"),
        ({"authorization": "doubled"}, "okta-key-doubled"),
        ({"authorization": "header-with-bearer", "app_type": "aiw"}, "okta-key-doubled"),
        ({"authorization": "basic"}, "okta-key-basic"),
        ({"authorization": "oauth"}, "okta-key-oauth"),
        ({"assigned_before": True}, "okta-assigned-before"),
        ({"sourcing": True}, "okta-sourcing-on"),
        ({"base_url": "https://app.example/scim/v2/"}, "okta-address-slash"),
        ({"base_url": "https://my_app.example/scim/v2"}, "okta-address-underscore"),
        ({"base_url": "/scim/v2"}, "okta-address-not-https"),
    ],
)
def test_what_is_set_wrong_is_named_first(marketbeam: Any, changes: dict[str, Any], name: str) -> None:
    first = examined(marketbeam, **changes).lines[0]
    assert first.id == name
    assert first.meaning
    assert " > " in first.fix or "Ask the provider" in first.fix


@pytest.mark.parametrize(
    "changes", [{}, {"authorization": "header-with-bearer"}, {"authorization": "header", "app_type": "aiw"}]
)
def test_right_settings_have_no_fault_and_no_warning(marketbeam: Any, changes: dict[str, Any]) -> None:
    found = examined(marketbeam, **changes)
    assert {one.state for one in found.lines} == {State.OK}
    assert found.readiness is Readiness.READY_WITH_CAVEATS


def test_a_service_with_groups_and_profiles_may_have_them(full: Any) -> None:
    assert {one.state for one in examined(full, push_groups=True, update=True).lines} == {State.OK}


def test_what_was_not_answered_is_unknown_and_no_pass(marketbeam: Any) -> None:
    found = check(Given(okta=OktaSettings(provisioning=True)), marketbeam)
    assert {one.id for one in found.lines if one.state is State.NOT_AVAILABLE} == {
        "okta-boxes-unknown",
        "okta-username-unknown",
        "okta-before-unknown",
    }


FORMS = {
    "short.toml": 'app_type = "aiw"\ncreate = true\ndeactivate = false\nusername = "email"\n',
    "scim.toml": '[idp.okta]\ncreate = true\ndeactivate = false\n[idp."okta:oin"]\nbatch = 100\n',
    "grouped.toml": 'username = "email"\n[features]\ncreate = true\ndeactivate = false\n',
    "short.json": '{"okta": {"create": "yes", "deactivate": "no"}}',
    "lines.txt": "My app\n- Create Users: yes\n- Deactivate Users: no\nAPI key: CANARY\n",
    "lines.yaml": "create: true\ndeactivate: off\n",
    "app.json": json.dumps(
        {
            "name": "scim2",
            "features": ["PUSH_NEW_USERS"],
            "credentials": {"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}},
        }
    ),
    "features.json": json.dumps(
        [
            {"name": "INBOUND_PROVISIONING", "status": "DISABLED"},
            {
                "name": "USER_PROVISIONING",
                "status": "ENABLED",
                "capabilities": {
                    "create": {"lifecycleCreate": {"status": "ENABLED"}},
                    "update": {
                        "lifecycleDeactivate": {"status": "DISABLED"},
                        "profile": {"status": "DISABLED"},
                        "password": {"status": "DISABLED", "seed": "RANDOM"},
                    },
                },
            },
        ]
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_form_says_the_same(tmp_path: Path, marketbeam: Any, name: str, encoding: str) -> None:
    (tmp_path / name).write_text(FORMS[name], encoding)
    settings = read_settings(tmp_path / name)
    assert (settings.create, settings.deactivate) == (True, False)
    assert check(Given(okta=settings), marketbeam).lines[0].id == "okta-deactivate-off"
    assert "CANARY" not in repr(settings)


def test_the_template_of_the_user_name_is_understood() -> None:
    def of(template: str) -> str:
        app = {"features": [], "credentials": {"userNameTemplate": {"template": template}}}
        return from_document(app).username

    assert of("${source.login}") == "okta-username"
    assert of("${source.email}") == "email"
    assert of('${fn:substringBefore(source.login, "@")}') == "email-prefix"
    assert of("${source.employeeNumber}") == "custom"


def test_every_question_can_be_answered() -> None:
    answers = {q.name: (q.choices[0] if q.choices else "yes") for q in QUESTIONS}
    settings = from_answers(answers)
    assert all(getattr(settings, q.name) not in (None, "") for q in QUESTIONS)
    assert from_answers({"deactivate": "unknown", "create": "no"}).deactivate is None


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"deactivate": "maybe"}, "deactivate: expected yes or no, found 'maybe'"),
        ({"username": "mail"}, "username: expected one of okta-username, email"),
        ({"colour": "red"}, "no setting of an Okta app is in it .found 'colour'"),
        ([{"name": "INBOUND_PROVISIONING"}], "one of them named USER_PROVISIONING"),
        (7, "expected settings, found int"),
        ({}, "no setting of an Okta app is in it"),
    ],
)
def test_what_cannot_be_used_says_what_was_expected(document: Any, says: str) -> None:
    with pytest.raises(OktaSettingsError, match=says):
        from_document(document)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"deactivate = [1", b"<html>"]
)
def test_nonsense_is_refused_and_never_breaks(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "okta.toml").write_bytes(content)
    with pytest.raises(OktaSettingsError):
        read_settings(tmp_path / "okta.toml")
