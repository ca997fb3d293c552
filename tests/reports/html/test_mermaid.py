from __future__ import annotations

from types import ModuleType

from reports.html.mermaid import mermaid
from reports.html.rows import rows


def test_the_text_has_every_row_its_answer_and_the_changes(samples: ModuleType) -> None:
    text = mermaid(rows(samples.leaver_transcript(samples.key()), ()), client="Okta (oin)")
    lines = text.split("\n")
    assert lines[:2] == ["sequenceDiagram", "  participant C as Okta (oin)"]
    assert "  Note over C,H: Change 1 of 2: the leaver loses the app (Unassign)" in lines
    assert any(line.startswith("  C->>S: 5 PATCH /Users/") for line in lines)
    assert text.count("->>S:") == text.count("S-->>")


def test_nothing_in_a_label_is_syntax(samples: ModuleType) -> None:
    exchange = samples.exchange("s", 1, path="/Users;%%{init}", title="x", query="a=<b>#c|d")
    transcript = samples.leaver_transcript(samples.key())
    hostile = type(transcript)(**{**vars(transcript), "exchanges": (exchange,)})
    label = mermaid(rows(hostile, ()), client="a;b\nc").split("S: ", 1)[1].split("\n")[0]
    assert not set(label.replace("#", "").replace(";", "")) & set("<>{}|%")
