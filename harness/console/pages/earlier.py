"""Earlier runs: the list, and two of them side by side."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, request

from harness.compare import compare
from harness.console.pages.common import desk, page
from harness.console.pages.rehearsal import host_of
from harness.model.comparison import Fate
from reports.comparison import plain

blueprint = Blueprint("earlier", __name__)

SHOWN = 500


@blueprint.get("/runs")
def listed() -> Response:
    found = desk().store.summaries()
    live = {name for name, job in desk().rehearsals.items() if not job.over}
    return page("runs.html.j2", runs=found[:SHOWN], more=max(0, len(found) - SHOWN), host_of=host_of, live=live)


@blueprint.get("/compare")
def compared() -> Response:
    """Two runs: what is new, fixed, still there. The older one comes first, whichever was ticked first."""
    chosen = sorted(dict.fromkeys(request.args.getlist("run")))
    if len(chosen) != 2:
        return page(
            "problem.html.j2",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            code=422,
            problem=f"two runs can be compared, and {len(chosen)} were chosen",
            hint="go back to the list and tick exactly two",
        )
    before, after = (desk().store.directory(name) for name in chosen)
    comparison = compare(before, after)
    told = [(fate, comparison.of(fate)) for fate in Fate]
    return page(
        "compare.html.j2",
        before=chosen[0],
        after=chosen[1],
        comparison=comparison,
        sentence=plain(comparison)["sentence"],
        told=[(fate, found) for fate, found in told if found],
    )
