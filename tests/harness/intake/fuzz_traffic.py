"""Coverage-guided fuzzing of the readers of recorded traffic, by hand: it is no test and runs until it is stopped.

``pip install atheris``, then ``python tests/harness/intake/fuzz_traffic.py GROUP CORPUS -max_total_time=600
-timeout=10``. GROUP is har, json, collections, text or run; CORPUS is a folder that keeps what was found and is begun
with the samples of test_formats.py. A crash or a reading of more than ten seconds is written to a file and ends it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-not-found]

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing import InMemory, begin, start

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


def prepare(group: str, corpus: Path) -> Callable[[bytes], None]:
    """The first byte chooses among the readers of the group. Whatever comes out has to be writable as UTF-8."""
    from test_formats import FILES
    from test_har import archive, entry

    readers = GROUPS[group]
    texts = [text for _, text, _ in FILES.values()] + [archive([entry("GET", "https://a.example/scim/v2/Users/1")])]
    begin(corpus, (text.encode() for text in texts), len(readers))

    def one(data: bytes) -> None:
        importer, content = readers[(data[0] if data else 0) % len(readers)], data[1:]
        assert 0 <= importer.recognises("f", content[:65536]) <= 100
        found = list(importer.read(InMemory(content), lambda _: None))  # type: ignore[arg-type]
        for seen in found:
            repr(seen).encode("utf-8", "backslashreplace")
            if not isinstance(seen, Complaint):
                assert seen.exchange is not None
                list(clues_of(seen.exchange))
        gather(found, answered=False)

    return one


if __name__ == "__main__":
    start(GROUPS, prepare)
