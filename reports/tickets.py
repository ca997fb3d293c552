"""A whole run as Markdown to be pasted into a ticket: the verdict, and each cause that asks for action."""

from __future__ import annotations

from harness.model.run import Run
from harness.model.verdict import Outcome
from reports.html.causes import cause_views
from reports.html.ticket import ticket
from reports.markdown import text

MOST = 10
"""So many causes are written out; a ticket with more of them is not read."""


def render(run: Run) -> str:
    """The text. What the service has sent stands in code blocks only."""
    views = [v for v in cause_views(run) if v.cause.outcome in (Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED)]
    parts = [f"## SCIM rehearsal: {run.conclusion.value}\n\n{text(run.sentence, 2000)}"]
    parts += [ticket(run, view) for view in views[:MOST]]
    if len(views) > MOST:
        parts.append(f"... and {len(views) - MOST} more causes, in the report.")
    return "\n\n---\n\n".join(parts) + "\n"
