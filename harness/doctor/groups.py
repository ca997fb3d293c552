"""How the service takes questions about groups, which both IdPs ask when somebody saves or tests the settings."""

from __future__ import annotations

from harness.doctor.remedies import fix, named
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange

TITLE = "Groups"


def line(answers: tuple[Exchange, ...], idps: tuple[str, ...]) -> Line:
    """``answers`` are those to the IdPs' own questions about groups."""
    proof = tuple(Proof(f"{x.method} {x.path}: {_told(x)}", x.id) for x in answers)
    odd = next((x for x in answers if not x.answered or breaks(x)), None)
    page = next((x for x in answers if x.answered and not isinstance(x.json, dict)), None)
    refused = next((x for x in answers if x.answered and not x.ok), None)
    if not answers:
        return Line(
            "groups", State.NOT_AVAILABLE, TITLE, "Nothing about groups is asked when these settings are saved."
        )
    if page is not None and not breaks(page):
        return Line(
            "groups-page",
            State.WARNING,
            TITLE,
            "Asked about groups, the service sends a page for people instead of an answer. While groups are switched "
            "on, Entra ID takes the whole service for incompatible and slows down the deactivation of people too.",
            fix("Switch groups off, and send this line to the service.", "groups", idps),
            "customer",
            evidence=proof,
        )
    if odd is not None:
        return Line(
            "groups-break",
            State.WARNING,
            TITLE,
            "The question about groups ended in an error of the service. While groups are switched on, such errors can "
            "slow down the deactivation of people as well.",
            fix("Switch groups off, and send this line to the service.", "groups", idps),
            "customer",
            evidence=proof,
        )
    if refused is not None and "entra" in idps:
        return Line(
            "groups-refused",
            State.WARNING,
            TITLE,
            "The service has no groups and says so. Entra ID has groups switched on as delivered, and takes that "
            "answer for a broken service: it then slows down, and after four weeks stops, the deactivation of people.",
            fix("Switch groups off before you start provisioning.", "groups", idps),
            "customer",
            evidence=proof,
        )
    if refused is not None:
        return Line(
            "groups", State.OK, TITLE, "The service has no groups and says so, which Okta takes.", evidence=proof
        )
    empty = all(not x.resources for x in answers)
    told = (
        f"Questions about groups are answered with an empty list, which {named(idps)} can live with. Leave groups "
        "switched off unless the service says that it manages them."
        if empty
        else "The service shows groups."
    )
    return Line("groups", State.OK, TITLE, told, evidence=proof)


def breaks(answer: Exchange) -> bool:
    """Whether the service broke down. That something is not implemented (501) is a plain answer."""
    return answer.status >= 500 and answer.status != 501


def _told(answer: Exchange) -> str:
    if answer.trouble is not None:
        return answer.trouble.message
    detail = answer.json.get("detail") if isinstance(answer.json, dict) else None
    return f"{answer.status}" + (f" ({detail[:160]})" if isinstance(detail, str) and detail else "")
