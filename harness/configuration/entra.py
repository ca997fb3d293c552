"""What an export of an Entra job says about leavers: every setting that keeps their access, by what it means.

The rules follow Microsoft's pages on how provisioning works and on customizing attribute mappings; each fault, its
source and its words stand in ``harness/guides/entra.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.configuration import active
from harness.guides import fine, line, unknown
from harness.model.diagnosis import Line, State
from harness.model.entra_export import AttributeFlow, EntraExport, JobExport, ObjectFlow
from harness.model.profile import Profile

ACTIVE, USER_NAME, EXTERNAL_ID = "active", "username", "externalid"

_DOWNLOAD = (
    "Download the schema: Provisioning > Mappings > Provision Microsoft Entra ID Users > Show advanced options > "
    "Review your schema here, and give it with --export."
)
_SECRETS = (
    "It is no part of the schema. Ask Microsoft Graph for GET /servicePrincipals/{id}/synchronization/secrets and give "
    "the answer with --export as well; the token in it is not kept."
)
_JOBS = "Look at Provisioning > Overview, or give the answer of GET /servicePrincipals/{id}/synchronization/jobs."
_ROLES = frozenset({"SingleAppRoleAssignment", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"})
_STOPPED = ("paused", "disabled", "notconfigured")


def examine(export: EntraExport, profile: Profile, sign_in: str = "") -> Iterator[Line]:
    """The Lines about one job, in no particular order.

    ``sign_in`` is the attribute of the directory that single sign-on sends as the name, "" when it is not known.
    """
    if export.schema is None:
        yield unknown("entra-active", "What is mapped was not given", _DOWNLOAD)
    else:
        people = export.schema.people
        if people is None:
            yield line("entra-users-off", "the schema has no mapping of people")
        else:
            yield from _people(people, profile, sign_in)
        yield from _groups(export.schema.groups, profile)
    yield from _settings(export)
    yield from _jobs(export.jobs)


def _people(people: ObjectFlow, profile: Profile, sign_in: str) -> Iterator[Line]:
    if not people.enabled:
        yield line("entra-users-off", f'"enabled": false at {people.at}')
    yield active.examine(people.row(ACTIVE))
    yield from _actions(people, profile)
    yield from _matching(people, profile, sign_in)
    if profile.refuses("update"):
        yield from _mappings(people, profile)
    if people.scope:
        told = " or ".join(
            "(" + " and ".join(f"{c.attribute} {c.operator} {', '.join(c.values)}".rstrip() for c in group) + ")"
            for group in people.scope
        )
        yield line("entra-scope-filter", f"only people for whom holds: {told}")
    else:
        yield fine("entra-scope", "No scoping filter leaves anybody out")


def _actions(people: ObjectFlow, profile: Profile) -> Iterator[Line]:
    ticked = f"ticked: {', '.join(people.flow_types) or 'nothing'}"
    if people.does("Update"):
        yield fine("entra-actions", "Update is ticked", ticked)
    else:
        yield line("entra-update-unticked", ticked)
    if people.does("Add") and profile.refuses("create"):
        yield line("entra-create-ticked", ticked)
    if people.does("Delete") and profile.refuses("delete"):
        yield line("entra-delete-ticked", ticked)
    if not people.does("Delete") and profile.supports("delete"):
        yield line("entra-delete-unticked", ticked)


def _matching(people: ObjectFlow, profile: Profile, sign_in: str) -> Iterator[Line]:
    rows = people.matching
    if not rows:
        yield line("entra-matching-none", "no row has a matching precedence")
        return
    by_name = next((row for row in rows if row.target.lower() == USER_NAME), None)
    told = "; ".join(f"{row.matching}. {row.target} gets {row.source}" for row in rows)
    made_by_sign_in = profile.supports("jit") and not profile.supports("create")
    for row in rows:
        name = row.target.lower()
        # A second way of matching is asked only when the first one found nobody.
        milder = State.WARNING if by_name else None
        if name == EXTERNAL_ID:
            if made_by_sign_in:
                yield line("entra-matching-external-id", told, state=milder)
        elif name.startswith("emails["):
            yield line("entra-matching-mail", told)
        elif name != USER_NAME:
            yield line("entra-matching-unknown", told, state=milder)
    if by_name is None:
        return
    if sign_in and by_name.reads and sign_in not in by_name.reads:
        yield line("entra-matching-subject", told, f"single sign-on sends {sign_in}")
    elif rows[0] is by_name:
        yield fine("entra-matching", "People are matched by userName", told)


def _mappings(people: ObjectFlow, profile: Profile) -> Iterator[Line]:
    written = [row for row in people.rows if row.flow_type.lower() != "objectaddonly"]
    extra = [row for row in written if row.target.lower() not in (ACTIVE, USER_NAME, EXTERNAL_ID)]
    roles = [row for row in extra if row.functions & _ROLES or row.target.lower().startswith("roles")]
    inner = [row for row in extra if "[" in row.target and row not in roles]
    rest = [row for row in extra if row not in roles and row not in inner]
    reads_past = profile.tolerates("mixed-patch")
    if inner:
        yield _naming("entra-mapped-inner", inner, State.WARNING if reads_past else None)
    if roles:
        yield _naming("entra-mapped-roles", roles)
    if rest:
        yield _naming("entra-mapped-too-much", rest)
    if not extra:
        yield fine("entra-mappings", "Nothing is mapped that the service does not take")
    name = next((row for row in written if row.target.lower() == USER_NAME), None)
    if name is not None and "userPrincipalName" in name.reads:
        told = f"userName gets {name.source}"
        if reads_past:
            title = "userName is written again when an account is deleted, and the service reads past it"
            yield line("entra-tombstone", told, state=State.OK, title=title)
        else:
            yield line("entra-tombstone", told)


def _groups(groups: ObjectFlow | None, profile: Profile) -> Iterator[Line]:
    if not profile.refuses("groups"):
        return
    if groups is not None and groups.enabled:
        yield line("entra-groups-on", f'"enabled": true for {groups.name or "groups"}, at {groups.at}')
    else:
        yield fine("entra-groups", "The mapping of groups is switched off")


def _settings(export: EntraExport) -> Iterator[Line]:
    settings = export.settings
    if not settings:
        yield unknown("entra-skip", "Whether people out of scope are left alone was not given", _SECRETS)
        yield unknown("entra-deletions", "Whether accidental deletion prevention is on was not given", _DELETIONS)
        return
    if _true(settings.get("SkipOutOfScopeDeletions", "")):
        yield line("entra-skip-set", "SkipOutOfScopeDeletions is True")
    else:
        yield fine("entra-skip", "People who are taken off the app are not left alone")
    if _true(settings.get("SyncAll", "")):
        yield line("entra-scope-all", "SyncAll is true")
    if _true(settings.get("DeleteThresholdEnabled", "")):
        number = settings.get("DeleteThresholdValue", "(no number)")
        yield fine("entra-deletions", f"Accidental deletion prevention is on, from {number} people on")
    elif "DeleteThresholdEnabled" in settings:
        yield line("entra-no-threshold", "DeleteThresholdEnabled is false")
    else:
        yield unknown("entra-deletions", "Whether accidental deletion prevention is on was not given", _DELETIONS)
    yield from _address(settings.get("BaseAddress", ""), export.flags)


_DELETIONS = "Look at Provisioning > Settings > Prevent accidental deletion."


def _address(address: str, flags: frozenset[str]) -> Iterator[Line]:
    if not address:
        return
    if not address.lower().startswith("https://"):
        yield line("entra-address-not-https", f"the tenant URL is {address}")
    elif "aadOptscim062020" not in flags:
        yield line("entra-flag-off", f"the tenant URL is {address}")


def _jobs(jobs: tuple[JobExport, ...]) -> Iterator[Line]:
    if not jobs:
        yield unknown("entra-job", "Whether the job runs was not given", _JOBS)
    for job in jobs:
        quarantine = job.quarantine
        if job.code.lower() == "quarantine" or quarantine is not None:
            told = [f"job {job.id}: {job.code}"]
            if quarantine is not None:
                told += [f"{quarantine.reason}: {quarantine.message or quarantine.code}".rstrip(": ")]
                told += [f"next attempt {quarantine.next_attempt}"] if quarantine.next_attempt else []
            yield line("entra-job-quarantined", *told)
        elif job.state.lower() in _STOPPED or job.code.lower() in _STOPPED:
            yield line("entra-job-stopped", f"job {job.id}: schedule {job.state or '?'}, status {job.code or '?'}")
        else:
            yield fine("entra-job", "The job runs", f"job {job.id}: {job.code or job.state}")


def _naming(fault: str, rows: list[AttributeFlow], state: State | None = None) -> Line:
    told = line(fault, *(f"{row.target} gets {row.source}" for row in rows), state=state)
    return replace(told, title=f"{told.title}: {_named(rows)}")


def _named(rows: list[AttributeFlow]) -> str:
    shown = [row.target for row in rows[:8]]
    return ", ".join(shown) + (f" and {len(rows) - 8} more" if len(rows) > 8 else "")


def _true(text: str) -> bool:
    return text.strip().lower() == "true"
