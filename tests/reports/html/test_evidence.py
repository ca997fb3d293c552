from __future__ import annotations

from types import ModuleType

import pytest

from harness.model.exchange import Trouble, TroubleKind
from harness.model.finding import Finding
from reports.html.evidence import WIDTH, Piece, evidence


def _lines(samples: ModuleType, finding: Finding, **more: object) -> list[tuple[str, str]]:
    shown = evidence(finding, samples.exchange("s", 1, **more), ())
    return [(piece.kind, piece.text) for piece in shown.pieces]


def test_what_was_expected_stands_against_the_line_that_came(samples: ModuleType) -> None:
    lines = _lines(samples, Finding(["false"], True, at="/active"), answer={"id": "1", "active": True, "x": 1, "y": 2})
    assert lines == [
        ("context", "HTTP 200 OK"),
        ("context", "{"),
        ("context", '  "id": "1",'),
        ("expected", '  "active": false'),
        ("actual", '  "active": true,'),
        ("context", '  "x": 1,'),
        ("context", '  "y": 2'),
        ("gap", "…"),
    ]


@pytest.mark.parametrize("expected", ['"active": false', "false"])
def test_a_member_and_a_bare_value_are_spelt_alike(samples: ModuleType, expected: str) -> None:
    lines = _lines(samples, Finding([expected], True, at="/active"), answer={"active": True})
    assert ("expected", '  "active": false') in lines


@pytest.mark.parametrize(
    ("at", "answer", "actual"),
    [
        ("/emails/1/primary", {"emails": [{"primary": True}, {"primary": False}]}, '      "primary": false'),
        ("/a~1b~0c", {"a/b~c": 1}, '  "a/b~c": 1'),
        (
            "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager.x",
            {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager.x": "m"}},
            '    "manager.x": "m"',
        ),
    ],
)
def test_the_place_is_found_in_arrays_escapes_and_extensions(
    samples: ModuleType, at: str, answer: object, actual: str
) -> None:
    assert ("actual", actual) in _lines(samples, Finding(["x"], 1, at=at), answer=answer)


def test_something_absent_is_shown_where_it_would_be(samples: ModuleType) -> None:
    lines = _lines(samples, Finding(['"externalId": "00u1"'], None, at="/externalId"), answer={"id": "1"})
    assert lines[2:4] == [("context", '  "id": "1"'), ("context", "}")]
    assert lines[4:6] == [("expected", '  "externalId": "00u1"'), ("actual", "  (no externalId here)")]


def test_a_header_is_shown_or_said_to_be_missing(samples: ModuleType) -> None:
    finding = Finding(["Content-Type: application/scim+json"], "text/html", at="content-type")
    assert _lines(samples, finding)[-1] == ("actual", "Content-Type: application/scim+json")
    assert _lines(samples, Finding(["a Location"], None, at="Location"))[-1] == ("actual", "(no header Location)")


def test_without_a_place_the_actual_value_speaks_for_itself(samples: ModuleType) -> None:
    lines = _lines(samples, Finding(["HTTP 404"], "HTTP 200"), answer={"id": "1"})
    assert lines == [("context", "HTTP 200 OK"), ("expected", "HTTP 404"), ("actual", "HTTP 200")]


def test_no_answer_is_said_to_be_none(samples: ModuleType) -> None:
    lines = _lines(samples, Finding(["HTTP 200"], None, at="/id"), trouble=Trouble(TroubleKind.RESET, "gone"))
    assert lines[0] == ("actual", "(no answer: reset)")


def test_nothing_hostile_makes_an_excerpt_long(samples: ModuleType) -> None:
    body = {"name": ["x" * 50_000] * 30, "deep": {str(n): n for n in range(200)}}
    for at in ("/name", "/name/3", "/deep", "/nowhere/at/all"):
        shown = evidence(Finding(["y" * 5000], "z" * 5000, at=at), samples.exchange("s", 1, answer=body), ())
        assert len(shown.pieces) < 30
        assert all(len(piece.text) < WIDTH + 200 for piece in shown.pieces)


def test_what_changed_since_the_last_read_is_listed_and_what_stayed_is_not(samples: ModuleType) -> None:
    before = samples.exchange("s", 1, answer=samples.user(title="Boss", emails=[{"value": "a", "primary": True}]))
    write = samples.exchange("s", 2, "PATCH", answer=samples.user())
    after = samples.exchange("s", 3, answer=samples.user(active=False, emails=[{"value": "a", "primary": False}]))
    shown = evidence(Finding(["true"], False, at="/active"), after, (before, write, after))
    assert [(c.pointer, c.before, c.after) for c in shown.changes] == [
        ("/emails/0/primary", "true", "false"),
        ("/active", "true", "false"),
        ("/title", '"Boss"', "(absent)"),
    ]
    assert shown.compared is before


def test_nothing_is_compared_with_another_resource(samples: ModuleType) -> None:
    other = samples.exchange("s", 1, path="/Users/other", answer=samples.user())
    after = samples.exchange("s", 2, answer=samples.user(active=False))
    assert evidence(Finding(["true"], False, at="/active"), after, (other, after)).compared is None


def test_true_and_one_are_not_the_same(samples: ModuleType) -> None:
    before, after = (
        samples.exchange("s", 1, answer={"id": "1", "active": True}),
        samples.exchange("s", 2, answer={"id": "1", "active": 1}),
    )
    changes = evidence(Finding(["true"], 1, at="/active"), after, (before, after)).changes
    assert [(c.before, c.after) for c in changes] == [("true", "1")]
    assert Piece("actual", '  "active": 1') in evidence(Finding(["true"], 1, at="/active"), after, ()).pieces


def test_a_read_is_told_with_the_write_that_it_looks_back_on(samples: ModuleType) -> None:
    refused = {"schemas": [], "status": "400", "detail": "A boolean was expected"}
    elsewhere = samples.exchange("s", 1, "PATCH", path="/Users/other", send={})
    write = samples.exchange("s", 2, "PATCH", send={"active": "False"}, status=400, answer=refused)
    read = samples.exchange("s", 3, answer=samples.user())
    shown = evidence(Finding(["false"], True, at="/active"), read, (elsewhere, write, read))
    assert shown.write is write
    assert shown.wrote == '{"active": "False"} → HTTP 400: A boolean was expected'
    assert evidence(Finding(["x"], 1), write, (elsewhere, write, read)).write is None
