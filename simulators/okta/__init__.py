"""Okta as a SCIM client. ``OKTA`` is what the entry point names; ``connect`` gives an app that was set up otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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
from simulators.okta.pace import PACE
from simulators.okta.quirks import QUIRKS
from simulators.okta.reading import read_setup
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


OMITS = (
    ("Retrieve specific users: entitlements", "roles and entitlements need Okta's governance product"),
    ("Read /ResourceTypes and /Schemas", "only for apps with entitlement management or Import User Schema"),
    ("On-premises provisioning agent", "speaks SCIM 1.1 to a server beside it, not to a cloud service"),
    ("SCIM 1.1", "another protocol"),
    (
        "Deprovisioning when the app itself is inactive",
        "no story deactivates the app: Okta then leaves the assignments of deactivated users alone, and still "
        "deprovisions who leaves the group that assigned them",
    ),
    (
        "Automatic retry of 5xx and time-outs",
        "not documented: they wait for an administrator, like every other failure",
    ),
    ("Several requests at once", "captured, but a transcript is one request after the other"),
    ("Failed on DATE: the prefix of texts on Push Groups", "a date would make two equal runs differ"),
    ("OAuth consent and refresh", "the access token that the operator gives is sent as it is"),
)
"""What of Okta's pages, and of what Okta is known to do, nobody plays here."""


def connect(variant: str, setup: Setup = BY_THE_GUIDE) -> Okta:
    """A fresh app of this type.

    Raises KeyError, naming the known types, for another one, and SetupError for what the type does not offer.
    """
    return Okta(OKTA.variant(variant), setup, SEQUENCES)


def configure(tables: Mapping[str, Mapping[str, Any]]) -> Vendor:
    """Okta as an operator set it up: a table for each app type, and one under "" for all of them.

    Raises SetupError, naming the member, also for what an app type does not offer.
    """
    setups = {v.name: read_setup({**tables.get("", {}), **tables.get(v.name, {})}).fitting(v) for v in VARIANTS}
    return replace(OKTA, connect=lambda variant: connect(variant, setups[OKTA.variant(variant).name]))


OKTA = Vendor(
    name="okta",
    title="Okta",
    variants=VARIANTS,
    connect=connect,
    outlook=outlook,
    stories=told_by("okta"),
    sequences=SEQUENCES,
    quirks=QUIRKS,
    omits=OMITS,
    configure=configure,
    pace=PACE,
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
