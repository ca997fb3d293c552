"""Coverage-guided fuzzing of the readers of logs and exports, by hand: it is no test and runs until it is stopped.

``pip install atheris``, then ``python tests/harness/intake/fuzz_logs.py GROUP CORPUS -max_total_time=600 -timeout=10``.
GROUP is entra, okta or text; CORPUS is a folder that keeps what was found and is begun with ``samples`` beside this
file. A crash or a reading of more than ten seconds is written to a file and ends it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import atheris  # type: ignore[import-not-found]

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing import InMemory, begin, start

with atheris.instrument_imports(include=["harness.intake", "json", "csv"]):
    from harness.intake import entra_csv, entra_export, entra_log, error_text, okta_csv, okta_log
    from harness.intake.entra_schema import from_json
    from harness.model.sighting import Complaint

GROUPS = {
    "entra": (entra_log.IMPORTER, entra_csv.IMPORTER, entra_export.IMPORTER),
    "okta": (okta_log.IMPORTER, okta_csv.IMPORTER),
    "text": (error_text.IMPORTER,),
}
_APART = b"\n%%%%\n"
"""Stands between the files that complete each other."""


def prepare(group: str, corpus: Path) -> Callable[[bytes], None]:
    """The first byte chooses the reader. Whatever comes out has to be writable as UTF-8."""
    readers = GROUPS[group]
    folder = Path(__file__).parent / "samples"
    begin(corpus, _samples(folder, group), len(readers))

    def one(data: bytes) -> None:
        importer, content = readers[(data[0] if data else 0) % len(readers)], data[1:]
        assert 0 <= importer.recognises("f", content[:65536]) <= 100
        if importer.together is not None:
            files = tuple(InMemory(part) for part in content.split(_APART)[:4])
            found = importer.together(files, lambda _: None)  # type: ignore[arg-type]
        else:
            found = importer.read(InMemory(content), lambda _: None)  # type: ignore[arg-type]
        for seen in found:
            assert isinstance(seen, Complaint) or (seen.event is None) != (seen.exchange is None)
            repr(seen).encode("utf-8")
        if importer is entra_export.IMPORTER:
            try:
                value = json.loads(content)
            except (ValueError, RecursionError):
                return
            from_json(value)

    return one


def _samples(folder: Path, group: str) -> Iterator[bytes]:
    """The samples of the group, of each so much as shows its form: short inputs are tried far more often."""
    begins = {"text": ("entra-screen", "okta-tasks"), "okta": ("okta-",), "entra": ("entra-", "Provisioning")}[group]
    paths = [path for path in sorted(folder.iterdir()) if path.name.startswith(begins)]
    for path in paths:
        if (path.suffix == ".txt") == (group == "text"):
            yield _short(path)
    if trio := [_short(path) for path in paths if path.name.startswith("Provisioning")]:
        yield _APART.join(trio)


def _short(path: Path) -> bytes:
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        return json.dumps(_first(json.JSONDecoder().raw_decode(text)[0])).encode()  # pages may follow each other
    return "".join(text.splitlines(keepends=True)[: 2 if path.suffix == ".jsonl" else 4]).encode()


def _first(value: Any) -> Any:
    """The same value with one element in each list."""
    if isinstance(value, dict):
        return {name: _first(part) for name, part in value.items()}
    return [_first(part) for part in value[:1]] if isinstance(value, list) else value


if __name__ == "__main__":
    start(GROUPS, prepare)
