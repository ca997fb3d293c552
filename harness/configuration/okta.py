"""What the settings of an Okta app say about leavers. Faults, their sources and words: ``harness/guides/okta.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from harness.configuration.okta_settings import OktaSettings
from harness.guides import fine, line, unknown
from harness.model.diagnosis import Line
from harness.model.profile import Profile

_KEYS = {
    "header": "okta-key-bare",
    "doubled": "okta-key-doubled",
    "basic": "okta-key-basic",
    "oauth": "okta-key-oauth",
}


def examine(settings: OktaSettings, profile: Profile) -> Iterator[Line]:
    """The Lines about one app, in no particular order. What was not answered is said to be unknown, and no more."""
    yield from _address(settings.base_url)
    yield from _key(settings)
    yield from _boxes(settings, profile)
    yield from _names(settings)
    yield from _groups(settings, profile)
    if settings.sourcing is not None:
        if settings.sourcing:
            yield line("okta-sourcing-on", "Allow this app to source Okta users is ticked")
        else:
            yield fine("okta-sourcing", "The app does not source Okta users")
    if settings.assigned_before is None:
        how = "Look at Assignments for red marks, and answer assigned_before with yes or no."
        yield unknown("okta-before", "Whether people had the app before provisioning was switched on is not known", how)
    elif settings.assigned_before:
        yield line("okta-assigned-before", "people had the app before, and nobody pressed Provision User")
    else:
        yield fine("okta-before", "Nobody had the app before provisioning was switched on")


def _address(url: str) -> Iterator[Line]:
    if not url:
        return
    told = f"the base URL is {url}"
    if not url.lower().startswith("https://"):
        yield line("okta-address-not-https", told)
    elif "_" in url:
        yield line("okta-address-underscore", told)
    elif url.endswith("/"):
        yield line("okta-address-slash", told)
    else:
        yield fine("okta-address", "The base URL is whole", told)


def _key(settings: OktaSettings) -> Iterator[Line]:
    written = settings.authorization
    if settings.app_type == "aiw":
        # A wizard app writes the word by itself, whatever is typed.
        written = {"header": "bearer", "header-with-bearer": "doubled"}.get(written, written)
    if written in _KEYS:
        yield line(_KEYS[written], f"authorization is {settings.authorization}")
    elif written:
        yield fine("okta-key", "The key is sent as Bearer and the key", f"authorization is {settings.authorization}")


def _boxes(settings: OktaSettings, profile: Profile) -> Iterator[Line]:
    if settings.provisioning is False:
        yield line("okta-provisioning-off", "the API integration is off")
    if settings.deactivate is None:
        how = "Look at Provisioning > To App, and answer deactivate with yes or no."
        yield unknown("okta-boxes", "Whether Deactivate Users is ticked is not known", how)
    elif settings.deactivate:
        yield fine("okta-boxes", "Deactivate Users is ticked")
    else:
        yield line("okta-deactivate-off", "Deactivate Users is not ticked")
    if settings.create is False:
        yield line("okta-create-off", "Create Users is not ticked")
    if profile.refuses("update"):
        if settings.update:
            yield line("okta-update-on", "Update User Attributes is ticked")
        if settings.sync_password:
            yield line("okta-password-on", "Sync Password is ticked")
        if settings.update is False and not settings.sync_password:
            yield fine("okta-off", "Nothing is pushed that the service does not take")


def _names(settings: OktaSettings) -> Iterator[Line]:
    name, subject = settings.username, settings.sign_in
    if not name:
        how = "Look at Sign On > Credentials Details, and answer username."
        yield unknown("okta-username", "By which name people are looked for is not known", how)
        return
    told = f"people are looked for by {name}"
    if subject and subject != name:
        yield line("okta-username-differs", told, f"single sign-on sends {subject}")
    elif name == "email-prefix" and not subject:
        yield line("okta-username-prefix", told)
    else:
        same = " and by which single sign-on knows them" if subject else ""
        yield fine("okta-username", f"People are looked for by {name}{same}")


def _groups(settings: OktaSettings, profile: Profile) -> Iterator[Line]:
    if profile.refuses("groups"):
        if settings.push_groups:
            yield line("okta-groups-on", "groups are pushed")
        elif settings.push_groups is not None:
            yield fine("okta-groups", "No group is pushed")
    if settings.same_group:
        yield line("okta-same-group", "a group assigns the app and is pushed")
