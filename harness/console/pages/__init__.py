"""The pages, one file for each thing that somebody wants to do."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every page of the console."""
    from harness.console.pages import earlier, files, guides, preview, rehearsal, start, trying, watch

    return [page.blueprint for page in (start, rehearsal, trying, earlier, files, preview, guides, watch)]
