"""What the service says about itself, as far as it bears on leavers: neither IdP decides by it, people do."""

from __future__ import annotations

from functools import partial
from typing import Any

from harness.doctor.groups import breaks
from harness.doctor.remedies import fix
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.model.secret import Secret
from harness.model.step import Intent

_BEARER = ("oauthbearertoken", "oauth2", "oauth")


def ask(visit: Visit, key: Secret) -> list[Exchange]:
    """The two documents that tell what is claimed."""
    paths = ("/ServiceProviderConfig", "/ResourceTypes")
    steps = [question("Read what the service says about itself", path, intent=Intent.DISCOVER) for path in paths]
    return visit.together([partial(visit.ask, step, key=key) for step in steps])


def lines(answers: list[Exchange], groups: tuple[Exchange, ...], idps: tuple[str, ...]) -> list[Line]:
    config, types = answers
    found = [*_config(config), *_types(types, groups, idps)]
    if found:
        return found
    if not config.answered or not types.answered:
        told = "The service did not answer when it was asked to describe itself."
        title = "What the service says about itself"
        return [Line("discovery", State.COULD_NOT_ASK, title, told, evidence=_proof(answers))]
    if not config.ok and not types.ok:
        told = "The service does not describe itself. Okta and Entra ID do not need it."
        return [
            Line("discovery", State.NOT_AVAILABLE, "What the service says about itself", told, evidence=_proof(answers))
        ]
    told = "What it claims fits what it does, as far as this look shows."
    return [Line("discovery", State.OK, "What the service says about itself", told, evidence=_proof(answers))]


def _config(config: Exchange) -> list[Line]:
    title = "What the service says about itself"
    document = config.json
    if config.ok and not isinstance(document, dict):
        return [
            Line(
                "discovery-unreadable",
                State.WARNING,
                title,
                "Where it should describe itself, the service sends something else (a page for people). Identity "
                "providers of other vendors would stop here; Okta and Entra ID do not ask.",
                "Send this line to the service.",
                "service",
                evidence=_proof([config]),
            )
        ]
    if not config.ok or not isinstance(document, dict):
        return []
    found = []
    if _supported(document, "patch") is False:
        found.append(
            Line(
                "discovery-no-patch",
                State.WARNING,
                title,
                "The service says that it takes no small changes (patch). Entra ID, and Okta's catalogue apps, switch "
                "people off by nothing else: if it is true, whoever leaves keeps access.",
                "Ask the service whether it is true; scimulator doctor --write finds out with one person.",
                "service",
                evidence=_proof([config]),
            )
        )
    if _supported(document, "filter") is False:
        found.append(
            Line(
                "discovery-no-filter",
                State.WARNING,
                title,
                "The service says that people cannot be searched for. Both identity providers find people by "
                "searching; the lines about the lookup show whether it is true.",
                "Send this line to the service.",
                "service",
                evidence=_proof([config]),
            )
        )
    schemes = _schemes(document)
    if schemes and not any(s in _BEARER for s in schemes):
        found.append(
            Line(
                "discovery-basic-only",
                State.WARNING,
                title,
                f"The service says that it lets callers in by {', '.join(sorted(schemes))} only. Entra ID can only "
                "send one token, Okta both.",
                "Ask the service whether it takes a bearer token, whatever it says there.",
                "service",
                evidence=_proof([config]),
            )
        )
    return found


def _types(types: Exchange, groups: tuple[Exchange, ...], idps: tuple[str, ...]) -> list[Line]:
    names = {str(r.get("name") or r.get("id")).casefold() for r in types.resources}
    refused = [x for x in groups if x.answered and not x.ok and not breaks(x)]
    if "group" not in names or not refused:
        return []
    return [
        Line(
            "discovery-groups",
            State.WARNING,
            "What the service says about itself",
            "The service says that it has groups, but refuses to show them. An identity provider that believes it "
            "offers to push groups, and every push fails.",
            fix("Leave groups switched off, and send this line to the service.", "groups", idps),
            "service",
            evidence=_proof([types, *refused]),
        )
    ]


def _schemes(document: dict[str, Any]) -> set[str]:
    schemes = document.get("authenticationSchemes")
    kinds = [s.get("type") for s in schemes if isinstance(s, dict)] if isinstance(schemes, list) else []
    return {k.casefold() for k in kinds if isinstance(k, str)}


def _supported(document: dict[str, Any], feature: str) -> Any:
    value = document.get(feature)
    return value.get("supported") if isinstance(value, dict) else None


def _proof(answers: list[Exchange]) -> tuple[Proof, ...]:
    return tuple(
        Proof(f"{x.method} {x.path}: {x.status or (x.trouble.message if x.trouble else 'no answer')}", x.id)
        for x in answers
    )
