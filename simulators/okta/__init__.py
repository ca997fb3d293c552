"""Okta as a SCIM client. ``OKTA`` is what the entry point names; ``connect`` gives an app with other boxes ticked."""

from __future__ import annotations

from harness.model.idp import Vendor
from simulators.okta.app import DEPROVISIONING, VARIANTS, Features, Okta
from simulators.okta.connection import check_credentials
from simulators.okta.groups import add_member, delete_group, push_group, remove_member, rename_group
from simulators.okta.outlook import outlook
from simulators.okta.quirks import QUIRKS
from simulators.okta.users import assign_user, deactivate_user, update_user
from simulators.stories import told_by

SEQUENCES = (
    check_credentials,
    assign_user,
    update_user,
    deactivate_user,
    push_group,
    rename_group,
    add_member,
    remove_member,
    delete_group,
)


def connect(variant: str, features: Features = DEPROVISIONING) -> Okta:
    """A fresh app of this type. Raises KeyError, naming the known types, for another one."""
    return Okta(OKTA.variant(variant), features, SEQUENCES)


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

__all__ = ["DEPROVISIONING", "OKTA", "SEQUENCES", "Features", "Okta", "connect"]
