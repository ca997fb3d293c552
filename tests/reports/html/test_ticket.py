from __future__ import annotations

from types import ModuleType

from reports.html.causes import cause_views
from reports.html.ticket import ticket


def test_a_ticket_says_what_breaks_for_whom_who_acts_and_shows_the_proof(samples: ModuleType) -> None:
    run = samples.with_findings()
    text = ticket(run, cause_views(run)[0])
    assert text.startswith("**Leavers keep access: ")
    for part in (
        "Has to act: The developers of the service",
        "Fix: End sessions",
        "Okta until then: ",
        "```diff",
        "scimulator reproduce RUN C-",
    ):
        assert part in text
    assert '+   "session": "ended"' in text
    assert '-   "session": "alive",' in text


def test_nothing_hostile_breaks_out_of_its_code_block_or_becomes_markup(samples: ModuleType) -> None:
    run = samples.hostile()
    for view in cause_views(run):
        text = ticket(run, view)
        assert text.count("```") == 2 * text.count("```diff")
        outside = "".join(text.split("```")[::2])
        assert "<script>" not in outside.replace("\\<script\\>", "")
        assert all(c.isprintable() or c == "\n" for c in text)
