"""Okta as a SCIM client. ``OKTA`` is what the entry point names; ``connect`` gives an app that was set up otherwise."""

from __future__ import annotations

from harness.model.idp import Vendor
from simulators.okta.app import Okta
from simulators.okta.connection import check_credentials
from simulators.okta.groups import (
    activate_push,
    change_membership,
    delete_group,
    link_group,
    push_group,
    push_now,
    rename_group,
)
from simulators.okta.imports import import_users
from simulators.okta.outlook import outlook
from simulators.okta.quirks import QUIRKS
from simulators.okta.retries import let_time_pass, retry
from simulators.okta.setup import BY_THE_GUIDE, VARIANTS, Authorization, Empty, Features, Setup, SetupError
from simulators.okta.users import assign_user, deactivate_user, sync_password, update_user
from simulators.stories import told_by

SEQUENCES = (
    check_credentials,
    assign_user,
    update_user,
    sync_password,
    deactivate_user,
    import_users,
    push_group,
    rename_group,
    change_membership,
    push_now,
    link_group,
    activate_push,
    delete_group,
    retry,
    let_time_pass,
)


def connect(variant: str, setup: Setup = BY_THE_GUIDE) -> Okta:
    """A fresh app of this type.

    Raises KeyError, naming the known types, for another one, and SetupError for what the type does not offer.
    """
    return Okta(OKTA.variant(variant), setup, SEQUENCES)


OKTA = Vendor(
    name="okta",
    title="Okta",
    variants=VARIANTS,
    connect=connect,
    outlook=outlook,
    stories=told_by("okta"),
    sequences=SEQUENCES,
    quirks=QUIRKS,
)

__all__ = [
    "BY_THE_GUIDE",
    "OKTA",
    "SEQUENCES",
    "Authorization",
    "Empty",
    "Features",
    "Okta",
    "Setup",
    "SetupError",
    "connect",
]
