"""Microsoft Entra ID as a SCIM client. The entry point names ``ENTRA``; ``vendor`` sets one up otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from harness.model.idp import Vendor
from simulators.entra.app import VARIANTS, Entra
from simulators.entra.connection import probe_connection
from simulators.entra.cycles import incremental_cycles, restart, retry, start_cycle
from simulators.entra.groups import add_members, delete_group, provision_group, remove_members, update_group
from simulators.entra.on_demand import provision_group_on_demand, provision_on_demand
from simulators.entra.outlook import outlook
from simulators.entra.pace import PACE
from simulators.entra.quirks import QUIRKS
from simulators.entra.reading import read_setup
from simulators.entra.references import link_manager
from simulators.entra.rewording import patch_of
from simulators.entra.setup import BY_THE_GUIDE, Setup
from simulators.entra.switches import OMITS
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
from simulators.tables import TableError

SEQUENCES = (
    probe_connection,
    start_cycle,
    incremental_cycles,
    provision_user,
    update_user,
    link_manager,
    disable_user,
    soft_delete_user,
    hard_delete_user,
    restore_user,
    reassign_user,
    provision_group,
    update_group,
    add_members,
    remove_members,
    delete_group,
    provision_on_demand,
    provision_group_on_demand,
    retry,
    restart,
)


def connect(variant: str, setup: Setup = BY_THE_GUIDE) -> Entra:
    """A fresh job of this dialect. Raises KeyError, naming the known dialects, for another one."""
    return Entra(ENTRA.variant(variant), setup)


def vendor(setup: Setup = BY_THE_GUIDE) -> Vendor:
    """Entra as a certain administrator has set it up: the jobs and the outlook go by the same mapping and ticks."""
    return Vendor(
        name="entra",
        title="Microsoft Entra ID",
        variants=VARIANTS,
        connect=partial(connect, setup=setup),
        outlook=partial(outlook, setup=setup),
        stories=told_by("entra"),
        sequences=SEQUENCES,
        quirks=QUIRKS,
        omits=OMITS,
        configure=configure,
        pace=PACE,
        patch_of=patch_of,
    )


def configure(tables: Mapping[str, Mapping[str, Any]]) -> Vendor:
    """Entra as an operator set it up: one table, under "", for both dialects. Raises TableError, naming the member."""
    for variant in tables:
        if variant:
            raise TableError(f"both dialects are set up alike: move what stands under entra:{variant} to entra")
    return vendor(read_setup(tables[""]))


ENTRA = vendor()

__all__ = ["BY_THE_GUIDE", "ENTRA", "SEQUENCES", "Entra", "Setup", "connect", "vendor"]
