"""Coverage-guided fuzzing of the readers of recorded traffic, by hand: it is no test and runs until it is stopped.

``pip install atheris``, then ``python tests/harness/intake/fuzz_traffic.py GROUP CORPUS -max_total_time=600
-timeout=10``. GROUP is har, json, collections, text or run; CORPUS is a folder that keeps what was found and is begun
with the samples of test_formats.py. A crash or a reading of more than ten seconds is written to a file and ends it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found]

sys.path.insert(0, str(Path(__file__).parent))

with atheris.instrument_imports(include=["harness.intake", "harness.wire.redact", "json", "shlex"]):
    from harness.intake import access_log, curl, gateway, har, http_file, ngrok, own_run, postman, runscope
    from harness.intake.dialects import clues_of
    from harness.intake.recording import gather
    from harness.model.sighting import Complaint

GROUPS = {
    "har": (har.IMPORTER,),
    "json": (gateway.IMPORTER, ngrok.IMPORTER),
    "collections": (postman.IMPORTER, runscope.IMPORTER),
    "text": (access_log.IMPORTER, curl.IMPORTER, http_file.IMPORTER),
    "run": (own_run.IMPORTER,),
}
GROUP = GROUPS.get(sys.argv[1] if len(sys.argv) > 1 else "", ())
FILE = Path(tempfile.mkdtemp()) / "file"


def one(data: bytes) -> None:
    """The first byte chooses among the readers of the group. Whatever comes out has to be writable as UTF-8."""
    importer, content = GROUP[(data[0] if data else 0) % len(GROUP)], data[1:]
    FILE.write_bytes(content)
    assert 0 <= importer.recognises("f", content[:65536]) <= 100
    found = list(importer.read(FILE, lambda _: None))
    for seen in found:
        repr(seen).encode("utf-8", "backslashreplace")
        if not isinstance(seen, Complaint):
            assert seen.exchange is not None
            list(clues_of(seen.exchange))
    gather(found, answered=False)


def begin(corpus: Path) -> None:
    """Put the samples into an empty corpus."""
    from test_formats import FILES
    from test_har import archive, entry

    corpus.mkdir(parents=True, exist_ok=True)
    samples = [text for _, text, _ in FILES.values()] + [archive([entry("GET", "https://a.example/scim/v2/Users/1")])]
    for number, text in enumerate(samples):
        for choice in range(len(GROUP)):
            (corpus / f"sample-{number}-{choice}").write_bytes(bytes([choice]) + text.encode())


if __name__ == "__main__":
    if not GROUP or len(sys.argv) < 3:
        sys.exit(f"expected GROUP CORPUS; groups are {', '.join(GROUPS)}")
    if not any(Path(sys.argv[2]).glob("*")):
        begin(Path(sys.argv[2]))
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()
