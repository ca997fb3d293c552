"""The HTML report: one offline file that retells a run, the verdict first."""

from reports.html.render import render, write

__all__ = ["render", "write"]
