"""A badge in the form that shields.io reads from an address ("endpoint"): the verdict and the profile."""

from __future__ import annotations

import json
from pathlib import Path

from harness.model.run import Run
from harness.model.verdict import Conclusion

_COLOURS = {
    Conclusion.CONFORMANT: "brightgreen",
    Conclusion.WITH_WARNINGS: "yellow",
    Conclusion.NON_CONFORMANT: "red",
    Conclusion.NOTHING_BROKEN: "blue",
    Conclusion.INCOMPLETE: "lightgrey",
    Conclusion.UNREACHABLE: "lightgrey",
}


def write(run: Run, directory: Path) -> Path:
    """Write ``badge.json`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "badge.json"
    path.write_text(json.dumps(render(run), ensure_ascii=False) + "\n", "utf-8")
    return path


def render(run: Run) -> dict[str, object]:
    """The badge as a JSON-plain value. A verdict that cannot be told is grey and says so, never green."""
    message = run.conclusion.value.replace("-", " ")
    return {
        "schemaVersion": 1,
        "label": f"SCIM {run.profile}",
        "message": message,
        "color": _COLOURS[run.conclusion],
        "isError": run.conclusion is Conclusion.NON_CONFORMANT,
    }
