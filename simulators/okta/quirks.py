"""Okta's habits on the wire that no RFC asks for, each with what it is known from."""

from __future__ import annotations

from harness.model.quirk import Quirk
from harness.model.sequence import Evidence
from simulators.okta import sources
from simulators.okta.switches import SWITCHES

QUIRKS = (
    Quirk(
        "pathless-active",
        "Catalogue apps change active with a PATCH that has no path and an object as value",
        Evidence.CAPTURED,
        sources.CAPTURE_2018,
        "2018",
    ),
    Quirk(
        "fixed-verbs",
        "Whether an app uses PATCH or PUT is set per app; the service is never asked, and there is no fallback",
        Evidence.CAPTURED,
        sources.CAPTURE_2018,
        "2018",
    ),
    Quirk(
        "read-merge-write",
        "A PUT is the service's own last answer, read-only members included, with Okta's values written over it",
        Evidence.CAPTURED,
        sources.LAB_2026,
        "2026-10",
    ),
    Quirk(
        "list-echoed-as-user",
        "When a read by id is answered with a list, that list comes back as the user, with active added on top",
        Evidence.CAPTURED,
        sources.LIST_ECHO,
        "2023",
    ),
    Quirk(
        "always-a-password",
        "Every create carries a random password of about eight letters and digits, and groups as an empty list",
        Evidence.CAPTURED,
        sources.LAB_2026,
        "2026-10",
    ),
    Quirk(
        "content-type-without-body",
        "DELETE names a media type although it has no body; GET does not",
        Evidence.CAPTURED,
        sources.CAPTURE_2018,
        "2018",
    ),
    Quirk(
        "404-is-nobody",
        "A lookup that is answered with 404 counts as nobody found",
        Evidence.DOCUMENTED,
        sources.REFERENCE,
        "2024",
    ),
    Quirk(
        "failed-assignment-unlinks",
        "A person whose assignment failed at any call is not linked, so removing that person later sends nothing",
        Evidence.CAPTURED,
        sources.FAILED_ASSIGNMENT,
        "2020",
    ),
    Quirk(
        "save-asks-again",
        "Saving a wizard app without Import Groups repeats the credential test and leaves the groups alone",
        Evidence.CAPTURED,
        sources.LAB_2026,
        "2026-10",
    ),
    Quirk(
        "activation-apart-from-profile",
        "Reactivation and profile push are separate calls, so a wizard app writes the whole user twice",
        Evidence.CAPTURED,
        sources.DOUBLE_WRITE,
        "2023",
    ),
    Quirk(
        "never-deletes-people",
        "However a person leaves, the service only ever sees active set to false",
        Evidence.DOCUMENTED,
        sources.FAQ,
        "2026-08",
    ),
    Quirk(
        "id-inside-rename",
        "The PATCH that renames a group repeats the read-only id inside its value",
        Evidence.CAPTURED,
        sources.CAPTURE_2018,
        "2018",
    ),
    Quirk(
        "rename-with-every-change",
        "Catalogue apps send the group's name with every change of membership, whether it changed or not",
        Evidence.DOCUMENTED,
        sources.REFERENCE,
        "2024",
    ),
    Quirk(
        "new-group-written-twice",
        "A wizard app reads a group back right after creating it and writes it whole once more",
        Evidence.CAPTURED,
        sources.LAB_2026,
        "2026-10",
    ),
    Quirk(
        "inactive-people-left-out",
        "People who are not linked or not active are left out of a push, so their removal is never sent",
        Evidence.DOCUMENTED,
        sources.PUSH_PREREQUISITES,
        "2026 (read)",
    ),
    Quirk(
        "refused-push-is-final",
        "A refused group push is not tried again until an administrator asks for it",
        Evidence.CAPTURED,
        sources.NO_RETRY,
        "2026",
    ),
    Quirk(
        "members-without-type",
        "Members carry the id and the Okta username, with its own capitals, and neither type nor $ref",
        Evidence.CAPTURED,
        sources.NO_TYPE,
        "2026 (read)",
    ),
    Quirk(
        "removal-by-filter",
        "A member is taken out by a filter in the path, one operation a person, before one addition for all",
        Evidence.CAPTURED,
        sources.FILTERED_REMOVE,
        "2026",
    ),
    Quirk(
        "empty-push",
        "Push now of an empty team replaces the members with an empty list",
        Evidence.CAPTURED,
        sources.EMPTY_PUSH,
        "2026 (read)",
    ),
    Quirk(
        "stale-member-ids",
        "A person who was deleted and made anew at the service keeps the old id in Okta's pushes",
        Evidence.CAPTURED,
        sources.STALE_MEMBER,
        "2026",
    ),
    Quirk(
        "no-removal-from-groups",
        "A leaver is not taken out of the pushed groups: active set to false has to be enough",
        Evidence.DOCUMENTED,
        sources.DEACTIVATION_HELP,
        "2026 (read)",
    ),
    Quirk(
        "no-way-back-by-itself",
        "Nothing is reconciled: what failed waits for an administrator, but for a 429 with Retry-After",
        Evidence.DOCUMENTED,
        sources.TASKS,
        "2026 (read)",
    ),
    *SWITCHES,
)
