"""Two runs side by side, for a person: one offline page, a Markdown comment, and the same as JSON for scripts."""

from reports.comparison.html import html
from reports.comparison.markdown import markdown
from reports.comparison.plain import plain

__all__ = ["html", "markdown", "plain"]
