"""What is missing when the files do not tell, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.case import Likelihood, Suspicion
from harness.triage.picture import Picture

_LOGS = {
    "okta": "Okta's System Log of that time: Reports > System Log, search the person, Download CSV.",
    "entra": "Entra's provisioning log of that time: Provisioning logs > the person > Download (kept 30 or 7 days).",
    "": "The log of the IdP of that time: Okta System Log > Download CSV, or Entra Provisioning logs > Download.",
}
_EXPORTS = {
    "okta": "A screenshot or the words of Provisioning > To App: which boxes are ticked?",
    "entra": "The mapping: Provisioning > Mappings > Show advanced options > Review your schema here > Download.",
    "": "Which IdP, and which kind of app (Okta: catalogue or wizard; Entra: gallery or not)?",
}


def missing(picture: Picture, causes: tuple[Suspicion, ...], *, exported: bool) -> Iterator[str]:
    """Nothing when something likely was found."""
    if any(cause.likelihood is not Likelihood.LOW for cause in causes):
        return
    idp = picture.idp
    yield "One affected person (user name): what does the IdP show, what does the service show, since when (UTC)?"
    if not picture.events:
        yield _LOGS.get(idp, _LOGS[""])
    if not picture.recorded:
        what = "The IdP does not log what it sends. " if idp == "okta" else "The log does not hold what was sent. "
        ours = "The service's own access log of that time, or a capture of one attempt: scimulator capture"
        yield f"{what if picture.events else ''}{ours}"
    elif not picture.ok + picture.failed:
        yield "The answers: these files hold requests alone. A HAR has both, and so has scimulator capture"
    if not exported:
        yield _EXPORTS.get(idp, _EXPORTS[""])
    if not picture.sightings:
        yield "The exact error text, copied and not retyped: scimulator explain TEXT"
