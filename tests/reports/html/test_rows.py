from __future__ import annotations

from types import ModuleType

from harness.model.exchange import Role
from reports.html.rows import blocks, rows


def test_what_the_idp_sent_stands_alone_and_quiet_reads_of_the_harness_are_folded(samples: ModuleType) -> None:
    found = rows(samples.leaver_transcript(samples.key()), ())
    assert [(r.number, r.last_number, r.folded) for r in found] == [
        (1, 1, True), (2, 3, True), (4, 4, False), (5, 5, False), (6, 8, True), (9, 9, False), (10, 10, True),
    ]  # fmt: skip


def test_an_exchange_that_shows_a_finding_is_never_folded(samples: ModuleType) -> None:
    transcript = samples.leaver_transcript(samples.key())
    found = rows(transcript, {transcript.exchanges[6].id})
    flagged = next(r for r in found if r.number == 7)
    assert (flagged.folded, len(flagged.exchanges), flagged.first.role) == (False, 1, Role.WITNESS)


def test_each_change_opens_with_a_heading_in_words(samples: ModuleType) -> None:
    found = rows(samples.leaver_transcript(samples.key()), ())
    assert [r.heading for r in found if r.heading] == [
        "Change 1 of 2: the leaver loses the app (Unassign)",
        "Change 2 of 2: the leaver gets the app again (Reassign)",
    ]


def test_rows_hold_every_exchange_once_and_in_order(samples: ModuleType) -> None:
    transcript = samples.large(100).results[0].transcript
    found = rows(transcript, {transcript.exchanges[3].id})
    assert tuple(x for row in found for x in row.exchanges) == transcript.exchanges


def test_blocks_keep_the_order_and_hold_no_more_than_the_size(samples: ModuleType) -> None:
    transcript = samples.large(100).results[0].transcript
    cut = blocks(rows(transcript, ()), 4)
    assert all(sum(len(r.exchanges) for r in block) <= 4 for block in cut)
    assert tuple(x for block in cut for row in block for x in row.exchanges) == transcript.exchanges
    assert [block[0].number for block in cut[1:]] == [block[-1].last_number + 1 for block in cut[:-1]]


def test_a_folded_row_says_how_it_was_answered(samples: ModuleType) -> None:
    found = rows(samples.leaver_transcript(samples.key()), ())
    assert found[1].statuses == "200 ×2"
    assert found[2].statuses == "200"
