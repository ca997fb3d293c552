"""The settings of an Okta app as somebody can give them: a short form, answers, or what Okta's API returns.

``GET /api/v1/apps/{id}`` and ``GET /api/v1/apps/{id}/features`` by the pages of Okta's Management API; the short form
is TOML, JSON, or lines such as "Deactivate Users: yes". No credential is read.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from harness.intake.decoding import read_text

LARGEST = 4 * 1024 * 1024


class OktaSettingsError(ValueError):
    """A file or an answer cannot be used; the message says where, what came and what was expected."""


@dataclass(frozen=True)
class OktaSettings:
    """What is known of one app; None and "" mean: not known.

    ``app_type`` "oin" (catalogue) or "aiw" (wizard). ``username`` and ``sign_in`` say by which name people are looked
    for and which single sign-on sends: one of NAMES. ``sourcing``: the app may source Okta users. ``assigned_before``:
    people had the app before provisioning was switched on. ``same_group``: one group assigns the app and is pushed.
    """

    app_type: str = ""
    base_url: str = ""
    authorization: str = ""
    username: str = ""
    sign_in: str = ""
    provisioning: bool | None = None
    create: bool | None = None
    update: bool | None = None
    deactivate: bool | None = None
    sync_password: bool | None = None
    push_groups: bool | None = None
    sourcing: bool | None = None
    assigned_before: bool | None = None
    same_group: bool | None = None

    def with_(self, other: OktaSettings) -> OktaSettings:
        """Both together; where both have something to say, the other one counts."""
        told = {f.name: getattr(other, f.name) for f in fields(other)}
        return replace(self, **{name: value for name, value in told.items() if value not in (None, "")})


NAMES = ("okta-username", "email", "email-prefix", "custom")
APP_TYPES = ("oin", "aiw")
AUTHORIZATIONS = ("bearer", "header", "header-with-bearer", "doubled", "basic", "oauth")


@dataclass(frozen=True)
class Question:
    """One question of the short form. ``choices`` is empty where the answer is yes or no."""

    name: str
    text: str
    choices: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "app_type", "Is it an app of Okta's catalogue (oin) or one from the App Integration Wizard (aiw)?", APP_TYPES
    ),
    Question("provisioning", "Provisioning > Integration: is the API integration switched on?"),
    Question("deactivate", "Provisioning > To App: is Deactivate Users ticked?"),
    Question("create", "Provisioning > To App: is Create Users ticked?"),
    Question("update", "Provisioning > To App: is Update User Attributes ticked?"),
    Question("sync_password", "Provisioning > To App: is Sync Password ticked?"),
    Question("push_groups", "Push Groups: is a group pushed, or about to be?"),
    Question("same_group", "Is one of these groups also assigned to the app?"),
    Question("username", "Sign On: which Application username format?", NAMES),
    Question("sign_in", "Sign On: which of these does single sign-on send as NameID?", NAMES),
    Question("authorization", "Provisioning > Integration: how was the API key typed?", AUTHORIZATIONS),
    Question("assigned_before", "Did people have the app before provisioning was switched on, with red marks since?"),
    Question("sourcing", "Provisioning > To Okta: is Allow this app to source Okta users ticked?"),
)
"""The short form, in the order of Okta's pages; for the command and for the console."""

_BY_LABEL = {
    "createusers": "create",
    "updateuserattributes": "update",
    "deactivateusers": "deactivate",
    "syncpassword": "sync_password",
    "pushgroups": "push_groups",
    "grouppush": "push_groups",
    "applicationusernameformat": "username",
    "nameid": "sign_in",
    "nameidformat": "sign_in",
    "scimconnectorbaseurl": "base_url",
    "apptype": "app_type",
    "teamassigns": "same_group",
    "enableapiintegration": "provisioning",
}
"""Other names of a setting, without blanks and signs: the labels of Okta's pages, and names in scim.toml."""

_CHOICES = {"app_type": APP_TYPES, "authorization": AUTHORIZATIONS, "username": NAMES, "sign_in": NAMES}
_ALSO = {
    "oktausername": "okta-username",
    "emailprefix": "email-prefix",
    "emailaddress": "email",
    "login": "okta-username",
    "catalogue": "oin",
    "catalog": "oin",
    "wizard": "aiw",
}
_YES = {"yes": True, "true": True, "on": True, "ticked": True, "1": True}
_NO = {"no": False, "false": False, "off": False, "unticked": False, "0": False}
_PASSED_OVER = frozenset({"import_groups", "rename_groups", "mapping", "schema", "token", "api_key"})


def read_settings(path: Path) -> OktaSettings:
    """Read one file in any of the forms. Raises OktaSettingsError and OSError."""
    text = read_text(path, LARGEST)
    try:
        return from_document(_parsed(text), path.name)
    except RecursionError as error:
        raise OktaSettingsError(f"{path.name}: it is nested too deeply to hold settings") from error


def _parsed(text: str) -> Any:
    for read in (json.loads, tomllib.loads):
        parser: Callable[[str], Any] = read
        try:
            return parser(text)
        except ValueError:
            continue
    return dict(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Lines such as "Deactivate Users: yes" or "create = no"; the rest is passed over."""
    for row in text.splitlines():
        if match := re.match(r"\s*-?\s*([^:=#]+?)\s*[:=]\s*(.*?)\s*$", row):
            yield match[1], match[2].strip("\"'")


def from_document(document: Any, where: str = "the settings") -> OktaSettings:
    """Settings from parsed JSON or TOML. Raises OktaSettingsError when nothing in it is a setting of an app."""
    if isinstance(document, list) or (isinstance(document, Mapping) and "capabilities" in document):
        return _from_features(document if isinstance(document, list) else [document], where)
    if not isinstance(document, Mapping):
        raise OktaSettingsError(f"{where}: expected settings, found {type(document).__name__}")
    if isinstance(document.get("features"), list):
        return _from_app(document)
    for inner in ("idp", "okta", "features"):
        if isinstance(document.get(inner), Mapping):
            rest = {k: v for k, v in document.items() if k != inner and inner == "features"}
            return from_document({**rest, **document[inner]}, where)
    return from_answers(document, where)


def from_answers(answers: Mapping[str, Any], where: str = "the answers") -> OktaSettings:
    """Settings from answers by name, each a yes or no or one of its choices. Raises OktaSettingsError."""
    known = {f.name for f in fields(OktaSettings)}
    values: dict[str, Any] = {}
    strange = []
    for label, answer in answers.items():
        plain = re.sub(r"[^a-z]", "", label.lower())
        name = label if label in known else next((k for k in known if k.replace("_", "") == plain), "")
        name = name or _BY_LABEL.get(plain, "")
        if name:
            values[name] = _answer(name, answer, f"{where}: {label}")
        elif label not in _PASSED_OVER:
            strange.append(label)
    if not values:
        given = f" (found {', '.join(map(repr, strange[:5]))})" if strange else ""
        raise OktaSettingsError(
            f"{where}: no setting of an Okta app is in it{given}; expected {', '.join(sorted(known))}"
        )
    return OktaSettings(**values)


def _answer(name: str, answer: Any, where: str) -> Any:
    if name == "base_url":
        return str(answer).strip()
    text = str(answer).strip().lower()
    choices = _CHOICES.get(name)
    if choices is None:
        if text in ("", "unknown", "?"):
            return None
        if text not in {**_YES, **_NO}:
            raise OktaSettingsError(f"{where}: expected yes or no, found {answer!r}")
        return {**_YES, **_NO}[text]
    text = _ALSO.get(re.sub(r"[^a-z]", "", text), text)
    if text and text not in choices:
        raise OktaSettingsError(f"{where}: expected one of {', '.join(choices)}, found {answer!r}")
    return text


_FEATURES = {
    "PUSH_NEW_USERS": "create",
    "PUSH_PROFILE_UPDATES": "update",
    "PUSH_USER_DEACTIVATION": "deactivate",
    "PUSH_PASSWORD_UPDATES": "sync_password",
    "GROUP_PUSH": "push_groups",
    "PROFILE_MASTERING": "sourcing",
}
_TEMPLATES = {
    "source.login": "okta-username",
    "source.email": "email",
    "user.login": "okta-username",
    "user.email": "email",
}


def _from_app(app: Mapping[str, Any]) -> OktaSettings:
    """An app as the API returns it: its list of features, and the template of the user name."""
    ticked = {str(feature) for feature in app["features"]}
    values: dict[str, Any] = {name: feature in ticked for feature, name in _FEATURES.items()}
    credentials = app.get("credentials")
    template = credentials.get("userNameTemplate") if isinstance(credentials, Mapping) else None
    written = str(template.get("template", "")) if isinstance(template, Mapping) else ""
    if written:
        plain = written.removeprefix("${").removesuffix("}").strip()
        prefix = "substringBefore" in written
        values["username"] = "email-prefix" if prefix else _TEMPLATES.get(plain, "custom")
    return OktaSettings(provisioning=bool(ticked), **values)


def _from_features(features: list[Any], where: str) -> OktaSettings:
    """The list of features of an app as the API returns it."""
    for feature in features:
        if isinstance(feature, Mapping) and feature.get("name") == "USER_PROVISIONING":
            able = feature.get("capabilities")
            return OktaSettings(
                provisioning=feature.get("status") == "ENABLED",
                create=_enabled(able, "create", "lifecycleCreate"),
                update=_enabled(able, "update", "profile"),
                deactivate=_enabled(able, "update", "lifecycleDeactivate"),
                sync_password=_enabled(able, "update", "password"),
            )
    raise OktaSettingsError(f"{where}: expected the features of an app, one of them named USER_PROVISIONING")


def _enabled(able: Any, *path: str) -> bool | None:
    for name in path:
        able = able.get(name) if isinstance(able, Mapping) else None
    return able.get("status") == "ENABLED" if isinstance(able, Mapping) else None
