"""What this version knows, as lists of JSON-plain rows with at least "id" and "title"."""

from __future__ import annotations

from typing import Any


def inventory(kind: str) -> list[dict[str, Any]]:
    """The rows of a kind. Raises KeyError for an unknown kind."""
    return _KINDS[kind]()


def _requirements() -> list[dict[str, Any]]:
    from harness.catalogue.loader import load
    from harness.checks import all_checks

    judged: dict[str, list[str]] = {}
    for check in all_checks().values():
        for requirement in check.requirements:
            judged.setdefault(requirement, []).append(check.id)
    return [
        {
            "id": r.id,
            "title": r.says,
            "level": r.level.value,
            "section": r.section,
            "link": r.link,
            "applies": {family: use.value for family, use in r.applies.items()},
            "checks": judged.get(r.id, []),
            "untestable": r.untestable,
        }
        for r in load().values()
    ]


USES = {
    "tested": "judged as written",
    "inverted": "not judged: the profile refuses this, and other clauses judge the refusal",
    "with a hook": "judged where a hook of the operator shows something",
    "observed": "reported, cannot fail",
    "not applicable": "not claimed by this profile",
    "untestable": "no check, for the reason given",
}
"""How a profile uses a requirement, in words."""


def requirements_under(profile: str) -> list[dict[str, Any]]:
    """The requirements, each with its "use" under a profile (one of USES) and "why". Raises ProfileError."""
    from harness.catalogue.loader import load
    from harness.model.requirement import Applies
    from harness.profiles import load as load_profile

    claimed, catalogue = load_profile(profile), load()
    rows = _requirements()
    for row in rows:
        requirement = catalogue[row["id"]]
        cell = claimed.adjusts.get(requirement.id, requirement.under(claimed.family))
        use = {
            Applies.TEST: "tested",
            Applies.REFUSED: "inverted",
            Applies.HOOK: "with a hook",
            Applies.OBSERVE: "observed",
            Applies.OFF: "not applicable",
        }.get(cell) or ("tested" if claimed.supports(requirement.needs) else "not applicable")
        why = ""
        if use != "not applicable" and requirement.untestable:
            use, why = "untestable", requirement.untestable
        elif cell is Applies.CLAIMED and use == "not applicable":
            why = f"{claimed.name} does not claim {requirement.needs}"
        row |= {"use": use, "why": why}
    return rows


def _checks() -> list[dict[str, Any]]:
    from harness.checks import all_checks

    return [
        {"id": c.id, "title": c.title, "requirements": list(c.requirements), "scope": c.scope.value}
        for c in all_checks().values()
    ]


def _sequences() -> list[dict[str, Any]]:
    """How each IdP reacts, in the order of its vendor's pages; ``on`` names the Changes."""
    from harness.plan import vendors

    return [
        {
            "id": f"{v.name}.{s.name}",
            "title": s.title,
            "idp": v.name,
            "function": s.name,
            "on": [change.__name__ for change in s.on],
            "evidence": s.evidence.value,
            "source": s.source,
            "date": s.seen,
            "not_simulated": s.omits,
        }
        for v in vendors().values()
        for s in v.sequences
    ]


def _quirks() -> list[dict[str, Any]]:
    from harness.plan import vendors

    return [
        {
            "id": f"{v.name}.{q.name}",
            "title": q.says,
            "idp": v.name,
            "evidence": q.evidence.value,
            "source": q.source,
            "date": q.seen,
        }
        for v in vendors().values()
        for q in v.quirks
    ]


def _stories() -> list[dict[str, Any]]:
    from harness.plan import vendors

    stories = {s.name: s for v in vendors().values() for s in v.stories}
    return [
        {
            "id": s.name,
            "title": s.title,
            "suite": s.suite or "stories",
            "idps": [v.name for v in vendors().values() if s in v.stories],
            "changes": [f"{c.kind} {c.part}".strip() for c in s.changes],
        }
        for s in stories.values()
    ]


def _suites() -> list[dict[str, Any]]:
    """What ``--suite`` takes; a vendor's published test names its steps and what it is needed for."""
    from harness.model.story import EXTENDED, LONG
    from harness.suites import all_suites

    ours = {
        "stories": "What IdPs send, as every run tells it",
        "probes": "What a picky client asks, as every run plays it",
        EXTENDED: "Wrong settings, unusual comebacks, and app types that show little new elsewhere",
        LONG: "Hundreds of people, and a month",
    }
    rows: list[dict[str, Any]] = [{"id": name, "title": title, "steps": []} for name, title in ours.items()]
    return rows + [
        {
            "id": s.name,
            "title": f"{s.title}, for {s.programme}",
            "source": s.source,
            "steps": [claim.title for claim in s.claims],
        }
        for s in all_suites().values()
    ]


def _probes() -> list[dict[str, Any]]:
    from harness.probes import all_probes

    return [{"id": p.name, "title": p.title, "needs": list(p.needs)} for p in all_probes().values()]


def _profiles() -> list[dict[str, Any]]:
    from harness.profiles import load, names

    return [{"id": p.name, "title": p.title, "family": p.family} for p in map(load, names())]


def _presets() -> list[dict[str, Any]]:
    from reference_server.presets import load, names

    return [{"id": name, "title": load(name).title} for name in names()]


def _defects() -> list[dict[str, Any]]:
    from reference_server.defects import catalogue

    return [{"id": d.name, "title": d.title, "breaks": list(d.breaks)} for d in catalogue().values()]


def _idps() -> list[dict[str, Any]]:
    from harness.plan import vendors

    return [
        {"id": f"{v.name}:{variant.name}", "title": f"{v.title}, {variant.title}"}
        for v in vendors().values()
        for variant in v.variants
    ]


def _reports() -> list[dict[str, Any]]:
    from harness.reporting import formats

    return [{"id": name, "title": where} for name, where in formats().items()]


def _importers() -> list[dict[str, Any]]:
    from harness.intake.importer import importers

    return [{"id": importer.name, "title": importer.title} for importer in importers()]


_KINDS = {
    "requirements": _requirements,
    "checks": _checks,
    "sequences": _sequences,
    "quirks": _quirks,
    "stories": _stories,
    "suites": _suites,
    "probes": _probes,
    "profiles": _profiles,
    "presets": _presets,
    "defects": _defects,
    "idps": _idps,
    "reports": _reports,
    "importers": _importers,
}
