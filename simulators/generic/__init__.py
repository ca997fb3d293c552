"""Generic as a SCIM client. The entry point names ``GENERIC``."""

from __future__ import annotations

from harness.model.idp import Vendor
from simulators.generic.app import VARIANTS, Generic
from simulators.generic.connection import ask_what_the_service_can_do, read_everybody
from simulators.generic.cycles import begin_anew, try_again
from simulators.generic.groups import (
    add_member,
    delete_group,
    link_group,
    push_group,
    push_now,
    remove_member,
    rename_group,
    reorganise,
)
from simulators.generic.outlook import outlook
from simulators.generic.pace import PACE
from simulators.generic.quirks import QUIRKS
from simulators.generic.users import assign, deactivate, delete, reactivate, update
from simulators.stories import told_by

SEQUENCES = (
    ask_what_the_service_can_do,
    read_everybody,
    assign,
    update,
    deactivate,
    reactivate,
    delete,
    push_group,
    link_group,
    push_now,
    rename_group,
    add_member,
    remove_member,
    reorganise,
    delete_group,
    try_again,
    begin_anew,
)


def connect(variant: str) -> Generic:
    """A fresh app of this type. Raises KeyError, naming the known types, for another one."""
    return Generic(GENERIC.variant(variant), SEQUENCES)


GENERIC = Vendor(
    name="generic",
    title="Generic",
    variants=VARIANTS,
    connect=connect,
    outlook=outlook,
    stories=told_by("generic"),
    sequences=SEQUENCES,
    quirks=QUIRKS,
    on_request=True,
    pace=PACE,
)

__all__ = ["GENERIC", "SEQUENCES", "Generic", "connect"]
