"""Habits of Entra that depend on how a job is set up, or that are not known for certain: each has a switch.

The switch is the field of ``Setup`` that turns the habit; its default is what is known best.
"""

from __future__ import annotations

from harness.model.quirk import Quirk
from harness.model.sequence import Evidence
from simulators.entra import sources

SWITCHES = (
    Quirk(
        "test-asks-for-a-group-too",
        "The connection test searches for a group as well, since the group mapping is on when it is first pressed",
        Evidence.CAPTURED,
        sources.GROUPS_PROBED,
        "2026",
        switch="probe_groups",
    ),
    Quirk(
        "cycle-begins-with-the-test",
        "Every cycle begins with the connection test, and a failure there means quarantine (a switch, off)",
        Evidence.INFERRED,
        sources.STARTUP_PROBE,
        "2023",
        switch="probe_each_cycle",
    ),
    Quirk(
        "gone-means-stop",
        "A cached id that is answered with 404 ends in InvalidAnchor; a switch makes it match and create again instead",
        Evidence.DOCUMENTED,
        sources.LOGS,
        "2026",
        switch="rematch_after_404",
    ),
    Quirk(
        "target-object-actions",
        "Create, Update and Delete are ticked as delivered; what is unticked is skipped without an error",
        Evidence.DOCUMENTED,
        sources.HOW_IT_WORKS,
        "2026",
        switch="update",
    ),
    Quirk(
        "mapped-attributes",
        "What people are written with follows the attribute mapping, which a customer can export",
        Evidence.DOCUMENTED,
        sources.MATCHING,
        "2026",
        switch="mapping",
    ),
    Quirk(
        "groups-are-mapped",
        "The group mapping is enabled as delivered, so an assigned group reaches the service",
        Evidence.DOCUMENTED,
        sources.TUTORIAL,
        "2026",
        switch="groups",
    ),
    Quirk(
        "out-of-scope-is-disabled",
        "Whoever falls out of scope is disabled, unless SkipOutOfScopeDeletions is set for the app",
        Evidence.DOCUMENTED,
        sources.SKIP_OUT_OF_SCOPE,
        "2026",
        switch="skip_out_of_scope_deletions",
    ),
    Quirk(
        "accidental-deletions",
        "More removals in one cycle than a threshold are staged and the job is quarantined (off; reason by its name)",
        Evidence.DOCUMENTED,
        sources.ACCIDENTAL_DELETIONS,
        "2026",
        switch="deletion_threshold",
    ),
    Quirk(
        "cycle-of-forty-minutes",
        "A cycle begins about every 40 minutes",
        Evidence.DOCUMENTED,
        sources.HOW_IT_WORKS,
        "2026",
        switch="interval",
    ),
    Quirk(
        "back-off-of-quarantine",
        "Attempts come after 6, 12 and 24 hours and then daily; an answer in a forum tells of shorter gaps",
        Evidence.DOCUMENTED,
        sources.QUARANTINE,
        "2026",
        switch="backoff",
    ),
    Quirk(
        "retry-after-is-not-honoured",
        "An object that met 429 is tried again at the usual time; the sources contradict each other",
        Evidence.INFERRED,
        sources.RETRY_AFTER,
        "2025",
        switch="honours_retry_after",
    ),
    Quirk(
        "restart-keeps-links",
        "The portal's restart keeps the cached ids; one with resetScope Full drops them",
        Evidence.DOCUMENTED,
        sources.RESTART,
        "2026",
        switch="restart_keeps_links",
    ),
    Quirk(
        "deleted-leave-their-groups",
        "Somebody in the recycle bin is taken out of pushed groups",
        Evidence.INFERRED,
        sources.LEAVER_ORDER,
        "2025",
        switch="removes_deleted_members",
    ),
    Quirk(
        "nothing-without-active",
        "Where nothing is mapped to active, a leaver causes no request; some connectors delete instead",
        Evidence.DOCUMENTED,
        sources.HOW_IT_WORKS,
        "2026",
        switch="deletes_without_active",
    ),
    Quirk(
        "membership-is-not-asked",
        "Memberships and managers are written without asking first, as an older client did by a filter",
        Evidence.INFERRED,
        sources.TUTORIAL,
        "2026",
        switch="asks_members_first",
    ),
    Quirk(
        "manager-as-a-list",
        "An old sample writes the manager as a list under its bare name (off)",
        Evidence.DOCUMENTED,
        sources.TUTORIAL,
        "2020",
        switch="old_manager_sample",
    ),
    Quirk(
        "group-with-a-schema-of-its-own",
        "An old sample creates a group with a second schema URI of the vendor's and without members (off)",
        Evidence.DOCUMENTED,
        sources.TUTORIAL,
        "2026",
        switch="old_group_sample",
    ),
    Quirk(
        "operations-before-schemas",
        "A PATCH has also been seen with its operations before its schemas (off)",
        Evidence.CAPTURED,
        sources.STRING_FALSE,
        "2025",
        switch="operations_first",
    ),
)

OMITS = (
    ("Schema discovery", "GET /Schemas is for gallery apps, when the configuration is saved or its page is opened"),
    ("OAuth and federated credentials", "published for gallery apps and in beta; no capture shows the token request"),
    ("The job engine customappsso", "the behaviour of 2018, no longer supported by the vendor"),
    ("Nested groups, several roles in the portal", "only direct members are provisioned; roles come from the mapping"),
    ("409 to a creation, then PATCH", "one capture of 2018; today a conflict is logged and tried again"),
    ("QuarantinedOnDemand", "a reason by Graph, of which nobody has told when it appears"),
    (
        "Parallel requests and time-outs",
        "that there are several at once is reported; how many, and how long it waits, is not",
    ),
    ("The SCIM validator's dialect", "a tool of its own, not the provisioning service; see the suites"),
)
"""What of the vendor's pages is not simulated, and why."""
