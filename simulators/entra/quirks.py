"""Entra's habits on the wire that no RFC asks for, each with what it is known from."""

from __future__ import annotations

from harness.model.quirk import Quirk
from harness.model.sequence import Evidence
from simulators.entra import sources

QUIRKS = (
    Quirk(
        "no-user-agent",
        "Requests carry no User-Agent; an edge rule that demands one refuses them before SCIM is asked",
        Evidence.CAPTURED,
        sources.NO_USER_AGENT,
        "2026-09",
    ),
    Quirk(
        "plus-for-blanks",
        "Filters write blanks as + and never page",
        Evidence.CAPTURED,
        sources.NGINX_LOG,
        "2026",
    ),
    Quirk(
        "test-asks-for-nobody",
        "The connection test searches for a user who cannot exist and wants an empty list; 404 counts as broken",
        Evidence.DOCUMENTED,
        sources.TUTORIAL,
        "2026",
    ),
    Quirk(
        "test-asks-for-a-group-too",
        "The connection test searches for a group as well, since the group mapping is on when it is first pressed",
        Evidence.CAPTURED,
        sources.GROUPS_PROBED,
        "2026",
    ),
    Quirk(
        "cycle-begins-with-the-test",
        "Every cycle begins with the connection test, and a failure there means quarantine (a switch, off)",
        Evidence.INFERRED,
        sources.STARTUP_PROBE,
        "2023",
    ),
    Quirk(
        "string-booleans",
        "Without the flag, active is written as the string True or False",
        Evidence.CAPTURED,
        sources.STRING_FALSE,
        "2025",
    ),
    Quirk(
        "capital-operations",
        "Without the flag, operations are written Add, Replace and Remove",
        Evidence.DOCUMENTED,
        sources.COMPATIBILITY,
        "2025-04",
    ),
    Quirk(
        "folded-replaces",
        "With the flag, several simple replaces become one without a path, whose keys are paths with dots in them",
        Evidence.DOCUMENTED,
        sources.COMPATIBILITY,
        "2025-04",
    ),
    Quirk(
        "active-is-folded-too",
        "With the flag, active joins that object when userName changes in the same cycle",
        Evidence.INFERRED,
        sources.COMPATIBILITY,
        "2025-04",
    ),
    Quirk(
        "add-what-is-not-echoed",
        "The operation follows from the service's answer: an attribute that is missing there is added in every cycle",
        Evidence.CAPTURED,
        sources.ADD_EVERY_CYCLE,
        "2025",
    ),
    Quirk(
        "nothing-when-in-step",
        "A person who is inactive at the service already causes no call; the log shows RedundantExport",
        Evidence.INFERRED,
        sources.LOGS,
        "2026",
    ),
    Quirk(
        "tombstone",
        "A deleted account gives its userName free: the object id, without dashes, goes in front of it",
        Evidence.CAPTURED,
        sources.TOMBSTONE,
        "2026",
    ),
    Quirk(
        "tombstone-in-the-same-patch",
        "The disable and that rename come in one PATCH, active first (the order is a conclusion)",
        Evidence.CAPTURED,
        sources.RENAME_WITH_DISABLE,
        "2025",
    ),
    Quirk(
        "delete-only-in-scope",
        "DELETE comes only for an account that is removed for good while still in scope, about 30 days after deletion",
        Evidence.DOCUMENTED,
        sources.HARD_DELETE,
        "2026",
    ),
    Quirk(
        "cached-id-first",
        "A known person is read by id; one who comes back is not looked up and not created anew",
        Evidence.DOCUMENTED,
        sources.HOW_IT_WORKS,
        "2026",
    ),
    Quirk(
        "gone-means-stop",
        "A cached id that is answered with 404 ends in InvalidAnchor; a switch makes it match and create again instead",
        Evidence.DOCUMENTED,
        sources.LOGS,
        "2026",
    ),
    Quirk(
        "empty-new-group",
        "A group is created without members; they follow in one PATCH",
        Evidence.CAPTURED,
        sources.GROUP_BODY,
        "2021",
    ),
    Quirk(
        "removal-by-value",
        "Without the flag, a member is removed by path members and a value; read to the letter that empties the group",
        Evidence.CAPTURED,
        sources.MEMBER_REMOVAL,
        "2025",
    ),
    Quirk(
        "members-never-read",
        "Groups are read without their members, so drift at the service goes unnoticed",
        Evidence.CAPTURED,
        sources.MEMBERS_NEVER_READ,
        "2025",
    ),
    Quirk(
        "groups-404-quarantines",
        "A 404 to the group lookup puts the whole job into quarantine, though people get through (cause not proven)",
        Evidence.CAPTURED,
        sources.GROUPS_404,
        "2022-10",
    ),
)
