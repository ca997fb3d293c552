from __future__ import annotations

from pathlib import Path

import pytest

from harness.console.questions import offered
from harness.console.telling import Result, result
from harness.model.diagnosis import Readiness, State
from harness.running import run as run_command
from harness.stage import retell


def _played(place: Path, idp: str, *defects: str, stories: tuple[str, ...] = ("leaver",), allow: bool = True) -> Result:
    given = {"idps": (idp,), "stories": stories, "defects": defects, "out": str(place), "reports": "csv"}
    run_command(given, as_json=False, as_lines=False, quiet=True, verbose=False)
    return result(retell(place))


def _words(told: Result) -> str:
    lines = [f"{t.harm} {t.meaning} {t.why} {' '.join(w.workaround.does for w in t.ways)}" for t in told.troubles]
    return " ".join([told.sentence, *lines, *(f"{what} {how}" for what, how in told.unknown)])


def test_a_service_that_does_it_right_is_ready(tmp_path: Path) -> None:
    told = _played(tmp_path / "run", "okta:oin")
    assert (told.readiness, told.troubles, told.unknown) == (Readiness.READY, (), ())
    assert [one.state for one in told.leavers] == [State.OK]


@pytest.mark.parametrize(
    ("idp", "defect", "why"),
    [
        ("okta:oin", "patch-noop-success", "still active"),
        ("entra:default", "active-string-false-truthy", 'writes the word "False"'),
        ("entra:default", "deactivate-answers-500", "broke down over it (500)"),
        ("okta:oin", "sessions-survive", "session in the browser still works"),
    ],
)
def test_it_says_why_a_leaver_keeps_access_in_words_without_a_standard(
    tmp_path: Path, idp: str, defect: str, why: str
) -> None:
    told = _played(tmp_path / "run", idp, defect)
    assert told.readiness is Readiness.NOT_READY
    assert "eave" in told.sentence
    assert why in told.troubles[0].why
    assert "RFC" not in _words(told)
    assert "SCIM" not in told.sentence


def test_a_group_that_is_not_refused_well_is_not_told_as_a_leaver_who_stayed(tmp_path: Path) -> None:
    told = _played(tmp_path / "run", "entra:default", "group-refusal-503", stories=("group-push-refused",))
    assert [one.state for one in told.leavers] == [State.OK]
    assert told.sentence.startswith("Leavers could keep their access")
    assert "Enabled: No" in _words(told)


def test_where_nobody_left_nothing_is_known(tmp_path: Path) -> None:
    told = _played(tmp_path / "run", "okta:oin", stories=("connection",))
    assert told.readiness is Readiness.CANNOT_TELL
    assert "nothing is known about leavers" in told.sentence


def test_each_identity_provider_is_asked_what_only_it_does() -> None:
    assert "deleted" not in {question.name for question in offered("okta:oin")}
    assert "deleted" in {question.name for question in offered("entra:default")}
