"""EntraExport: what an administrator of Entra can download about a provisioning job: mappings, state, settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

_PART = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|\[(?P<attribute>[^\]]*)\]|(?P<function>[A-Za-z_]\w*)\s*\(')


@dataclass(frozen=True)
class AttributeFlow:
    """One row of a mapping, in the words of the export.

    ``source`` is the expression as it stands there ("[userPrincipalName]", 'Switch([IsSoftDeleted], ...)', a constant
    in quotes), ``kind`` "Attribute", "Constant" or "Function". ``matching`` is the precedence by which somebody is
    matched, 0 for none; ``flow_type`` "Always", "ObjectAddOnly" and the like. ``at`` is the JSON Pointer of the row.
    """

    target: str
    source: str
    kind: str = "Attribute"
    matching: int = 0
    default: str = ""
    flow_type: str = "Always"
    flow_behavior: str = ""
    at: str = ""

    @cached_property
    def reads(self) -> frozenset[str]:
        """The attributes of the directory that the expression names: what stands in square brackets."""
        return frozenset(m["attribute"].strip() for m in _PART.finditer(self.source) if m["attribute"] is not None)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the expression calls, also those that we cannot evaluate."""
        return frozenset(m["function"] for m in _PART.finditer(self.source) if m["function"])

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """The texts in quotes, in order, letter case kept."""
        return tuple(m["text"] for m in _PART.finditer(self.source) if m["text"] is not None)


@dataclass(frozen=True)
class ScopeClause:
    """One condition of a scoping filter, in the words of the export."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ObjectFlow:
    """The mapping of people or of groups. ``flow_types`` are the ticked target object actions: Add, Update, Delete.

    ``scope`` holds groups of clauses; whoever passes all the clauses of one group is in scope. Empty: everybody is.
    """

    name: str
    source_object: str
    target_object: str
    enabled: bool = True
    flow_types: tuple[str, ...] = ("Add", "Update", "Delete")
    scope: tuple[tuple[ScopeClause, ...], ...] = ()
    rows: tuple[AttributeFlow, ...] = ()
    at: str = ""

    def does(self, action: str) -> bool:
        """Whether a target object action ("Add", "Update", "Delete") is ticked."""
        return any(ticked.lower() == action.lower() for ticked in self.flow_types)

    @cached_property
    def matching(self) -> tuple[AttributeFlow, ...]:
        """The rows by which somebody is looked for at the service, in their precedence."""
        return tuple(sorted((row for row in self.rows if row.matching), key=lambda row: row.matching))

    def row(self, target: str) -> AttributeFlow | None:
        """The row that writes this attribute of the service, any letter case; None when nothing is mapped to it."""
        return next((row for row in self.rows if row.target.lower() == target.lower()), None)


@dataclass(frozen=True)
class SchemaExport:
    """A synchronization schema: which object goes where, attribute by attribute.

    ``source`` and ``target`` are the directories' own names; ``booleans`` the attributes of the service that the
    schema declares as such.
    """

    mappings: tuple[ObjectFlow, ...]
    source: str = ""
    target: str = ""
    booleans: frozenset[str] = frozenset()

    @property
    def people(self) -> ObjectFlow | None:
        return self._of("user")

    @property
    def groups(self) -> ObjectFlow | None:
        return self._of("group")

    def _of(self, kind: str) -> ObjectFlow | None:
        found = [m for m in self.mappings if m.source_object.lower() == kind]
        return next((m for m in found if m.enabled), found[0] if found else None)


@dataclass(frozen=True)
class JobQuarantine:
    """The quarantine of a job; ``reason`` is the vendor's word, the times ISO 8601 as exported, "" when not told."""

    reason: str
    code: str = ""
    message: str = ""
    began: str = ""
    next_attempt: str = ""
    series_began: str = ""
    series_count: int = 0


@dataclass(frozen=True)
class JobExport:
    """A synchronization job. ``state`` is that of its schedule, ``code`` that of its status, both the vendor's words.

    ``error_code`` and ``error_message`` are those of the last execution. ``interval`` is an ISO 8601 duration.
    """

    id: str
    template: str = ""
    state: str = ""
    interval: str = ""
    code: str = ""
    error_code: str = ""
    error_message: str = ""
    quarantine: JobQuarantine | None = None

    @property
    def engine(self) -> str:
        """The engine by the job's id: "scim" is today's, "customappsso" that of before 2018, unsupported; or ""."""
        for told in (self.id, self.template):
            for engine in ("customappsso", "scim"):
                if told.lower().startswith(engine):
                    return engine
        return ""


@dataclass(frozen=True)
class EntraExport:
    """What one or several exports say together. ``settings`` are the job's key/value pairs without any credential.

    Of them ``BaseAddress`` keeps only flags behind its question mark, and ``SyncNotificationSettings`` is taken apart
    into ``DeleteThresholdEnabled`` and ``DeleteThresholdValue``, so that no recipient is kept.
    """

    schema: SchemaExport | None = None
    jobs: tuple[JobExport, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.schema is not None or bool(self.jobs) or bool(self.settings)

    def with_(self, other: EntraExport) -> EntraExport:
        """Both together; where both have something to say, the other one counts."""
        return replace(
            self,
            schema=other.schema or self.schema,
            jobs=self.jobs + other.jobs,
            settings={**self.settings, **other.settings},
        )

    @property
    def flags(self) -> frozenset[str]:
        """The feature flags in the tenant URL, as written there ("aadOptscim062020")."""
        _, _, query = self.settings.get("BaseAddress", "").partition("?")
        return frozenset(part for part in query.split("&") if part)
