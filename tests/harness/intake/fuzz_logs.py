"""Coverage-guided fuzzing of the readers of logs and exports, by hand: it is no test and runs until it is stopped.

``pip install atheris``, then ``python tests/harness/intake/fuzz_logs.py CORPUS -max_total_time=600 -timeout=10``, where
CORPUS is a folder that keeps what was found; ``samples`` beside this file is a good second one to begin with. A crash
or a reading of more than ten seconds is written to a file and ends it.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["harness.intake", "json", "csv"]):
    from harness.intake import entra_csv, entra_export, entra_log, error_text, okta_csv, okta_log
    from harness.intake.decoding import text_of
    from harness.intake.entra_schema import from_json
    from harness.model.sighting import Complaint

FILE = Path(tempfile.mkdtemp()) / "file"


def one(data: bytes) -> None:
    """The first byte chooses the reader. Whatever comes out has to be writable as UTF-8."""
    which, content = (data[0] if data else 0) % 6, data[1:]
    stream = text_of(io.BytesIO(content))
    if which == 0:
        found = entra_log.read_stream(stream, "f")
    elif which == 1:
        found = okta_log.read_stream(stream, "f")
    elif which == 2:
        found = okta_csv.read_stream(stream, "f")
    elif which == 3:
        FILE.write_bytes(content)
        found = entra_csv.IMPORTER.read(FILE, lambda _: None)
    elif which == 4:
        found = error_text.read_text(content, "f")
    else:
        FILE.write_bytes(content)
        found = entra_export.IMPORTER.read(FILE, lambda _: None)
    for seen in found:
        assert isinstance(seen, Complaint) or (seen.event is None) != (seen.exchange is None)
        repr(seen).encode("utf-8")
    for module in (entra_log, okta_log, okta_csv, entra_csv, error_text, entra_export):
        assert 0 <= module.IMPORTER.recognises("f", content[:65536]) <= 100
    if which == 5:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return
        from_json(value)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
