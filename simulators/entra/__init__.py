"""Microsoft Entra ID as a SCIM client. The entry point names ``ENTRA``; ``connect`` gives a job set up otherwise."""

from __future__ import annotations

from harness.model.idp import Vendor
from simulators.entra.app import BY_THE_GUIDE, VARIANTS, Entra, Setup
from simulators.entra.connection import probe_connection, start_cycle
from simulators.entra.groups import add_member, delete_group, provision_group, remove_member, rename_group
from simulators.entra.outlook import outlook
from simulators.entra.quirks import QUIRKS
from simulators.entra.users import (
    disable_user,
    hard_delete_user,
    provision_user,
    reassign_user,
    restore_user,
    soft_delete_user,
    update_user,
)
from simulators.stories import told_by

SEQUENCES = (
    probe_connection,
    provision_user,
    update_user,
    disable_user,
    soft_delete_user,
    hard_delete_user,
    restore_user,
    reassign_user,
    provision_group,
    rename_group,
    add_member,
    remove_member,
    delete_group,
)


def connect(variant: str, setup: Setup = BY_THE_GUIDE) -> Entra:
    """A fresh job of this dialect. Raises KeyError, naming the known dialects, for another one."""
    return Entra(ENTRA.variant(variant), setup, SEQUENCES, start_cycle)


ENTRA = Vendor(
    name="entra",
    title="Microsoft Entra ID",
    variants=VARIANTS,
    connect=connect,
    outlook=outlook,
    stories=told_by("entra"),
    sequences=SEQUENCES,
    quirks=QUIRKS,
)

__all__ = ["BY_THE_GUIDE", "ENTRA", "SEQUENCES", "Entra", "Setup", "connect"]
