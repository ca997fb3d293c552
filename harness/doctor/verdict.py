"""The answer to "will a leaver really lose access?", worked out from the lines alone."""

from __future__ import annotations

from harness.doctor.remedies import named
from harness.model.diagnosis import Line, Readiness, State

UNREACHABLE = ("reach-name", "reach-closed", "service-silent", "tls-")
REFUSED = (
    "key-refused",
    "key-expired",
    "key-revoked",
    "key-not-allowed",
    "key-basic-expected",
    "key-without-bearer",
    "edge-refuses",
)

_ORDER = (State.WRONG, State.WARNING, State.COULD_NOT_ASK, State.OK, State.NOT_AVAILABLE)
_THEMES = (
    "write-not-back",
    "write-back-unknown",
    "address",
    "reach",
    "tls",
    "service",
    "key",
    "edge",
    "limits-reached",
    "door",
    "lookup",
    "write",
    "discovery",
    "groups",
    "test",
)
"""What is wrong with the address explains what else is wrong, and so on down; a failed test is what follows."""


def ordered(lines: list[Line]) -> tuple[Line, ...]:
    """The worst first, and among equals the cause before what follows from it."""
    return tuple(sorted(lines, key=lambda line: (_ORDER.index(line.state), _theme(line.id))))


def readiness(lines: tuple[Line, ...]) -> Readiness:
    states = {line.state for line in lines}
    if State.WRONG in states:
        return Readiness.NOT_READY
    if not states & {State.OK}:
        return Readiness.CANNOT_TELL
    if states & {State.WARNING, State.COULD_NOT_ASK}:
        return Readiness.READY_WITH_CAVEATS
    return Readiness.READY


def sentence(
    ready: Readiness, lines: tuple[Line, ...], idps: tuple[str, ...], account: str, *, written: bool = False
) -> str:
    """The answer in words."""
    who = named(idps)
    first = next((line for line in lines if line.state in (State.WRONG, State.WARNING, State.COULD_NOT_ASK)), None)
    if ready is Readiness.NOT_READY:
        assert first is not None
        return f"Not ready: as it is set up now, whoever leaves may keep access. Begin with: {first.title}."
    if ready is Readiness.CANNOT_TELL:
        return "Cannot tell whether whoever leaves loses access: the service could not be asked."
    proof = "That a deactivation really ends access is only shown by scimulator doctor --write, with one person."
    found = f" and find {account}" if account else ""
    if written:
        proof = f"{account} was switched off and on once, and is as before."
    if ready is Readiness.READY_WITH_CAVEATS:
        assert first is not None
        return (
            f"Ready, with something to look at: {who} will connect{found}. Look at this first: {first.title}. {proof}"
        )
    return f"Ready: {who} will connect{found}. {proof}"


def _theme(id: str) -> int:
    for place, theme in enumerate(_THEMES):
        if id == theme or id.startswith(f"{theme}-") or (theme.endswith("reached") and id == theme):
            return place
    return len(_THEMES)


def unreachable_or_refused(lines: tuple[Line, ...]) -> bool:
    """Whether nothing could be asked since the host or the key stood in the way."""
    return any(
        line.state is State.WRONG and (line.id in REFUSED or any(line.id.startswith(u) for u in UNREACHABLE))
        for line in lines
    )
