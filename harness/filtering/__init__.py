"""Filters and PATCH paths as the harness itself reads them (RFC 7644 §3.4.2.2, §3.5.2).

``parse`` and ``parse_path`` follow the grammar; ``evaluate`` says of a resource whether it matches: True, False, or
None where the texts leave it open. It shares nothing with the reference server: a judge that borrowed the server's
parser would make the same mistake twice and agree with itself.
"""

from harness.filtering.evaluator import evaluate
from harness.filtering.parser import FilterSyntaxError, parse, parse_path
from harness.filtering.rules import Rules
from harness.filtering.syntax import And, Compare, Node, Not, Or, PatchPath, Path, Present, ValuePath

__all__ = [
    "And",
    "Compare",
    "FilterSyntaxError",
    "Node",
    "Not",
    "Or",
    "PatchPath",
    "Path",
    "Present",
    "Rules",
    "ValuePath",
    "evaluate",
    "parse",
    "parse_path",
]
