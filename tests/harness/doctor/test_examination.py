from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from harness import guides
from harness.doctor import examine
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Diagnosis, Line, Readiness, State
from harness.model.secret import Secret
from harness.model.step import Effect
from harness.model.target import Target
from harness.settings import Settings

Troubles = Callable[[Diagnosis], list[str]]
Named = Callable[[Diagnosis, str], Line]

MOST_REQUESTS = 12


@pytest.mark.parametrize("idps", [("okta",), ("entra",), ("okta:aiw",), ("entra:aadOptscim062020",), ()])
def test_a_right_configuration_has_nothing_to_look_at(patient: Any, idps: tuple[str, ...], troubles: Troubles) -> None:
    seen = patient.look(*idps)
    assert troubles(seen) == []
    assert seen.readiness is Readiness.READY
    assert len(seen.exchanges) <= MOST_REQUESTS


def test_a_look_changes_nothing_which_the_servers_own_log_shows(patient: Any) -> None:
    before = patient.server.audit.entries(patient.tenant.id)
    seen = patient.look()
    assert {x.method for x in seen.exchanges} == {"GET"}
    assert patient.server.audit.entries(patient.tenant.id) == before


def test_every_line_is_told_as_soon_as_it_is_known(patient: Any) -> None:
    told: list[str] = []
    settings = Settings(target="https://reference.scimulator.example/scim/v2", accounts=("ada@example.test",))
    seen = examine(settings, lambda line: told.append(line.id), key=Secret(patient.key), adapter=patient.adapter)
    assert sorted(told) == sorted(line.id for line in seen.lines)
    assert told[0] == "test-okta"


def test_nobody_named_is_told_as_something_that_could_not_be_asked(patient: Any, line: Named) -> None:
    seen = patient.look(account="")
    assert line(seen, "lookup").state is State.COULD_NOT_ASK
    assert seen.readiness is Readiness.READY_WITH_CAVEATS


def test_the_two_connection_tests_are_told_with_the_words_that_each_would_show(patient: Any, line: Named) -> None:
    seen = patient.look()
    assert "was verified successfully!" in line(seen, "test-okta").evidence[0].text
    assert "authorized to enable provisioning" in line(seen, "test-entra").evidence[0].text


def test_no_word_for_the_administrator_holds_the_number_of_an_rfc(patients: Callable[..., Any]) -> None:
    looks = [
        patients().look(),
        patients().look(key="wrong"),
        patients().look(url="https://reference.scimulator.example"),
        patients().look(account="nobody@example.test"),
        patients("marketbeam", "discovery-writable", "spc-says-no-patch", "resourcetypes-overclaim-group").look(),
    ]
    for seen in looks:
        for told in (seen.sentence, *(text for x in seen.lines for text in (x.title, x.meaning, x.fix))):
            assert not re.search(r"\bRFC|\brfc\d|§|\b7644\b|\b7643\b", told), told


def test_the_key_is_in_no_line_and_no_exchange(patient: Any) -> None:
    for key in (
        patient.key,
        f"Bearer {patient.key}",
        f"{patient.key[:9]}\n{patient.key[9:]}",
        f'"{patient.key}"',
        "wrong-key-12345",
    ):
        seen = patient.look(key=key)
        text = repr(seen)
        assert patient.key not in text
        assert patient.key[9:] not in text
        assert "wrong-key-12345" not in text


class _Silent:
    """A transport that never answers within the patience of one question, and keeps which patience that was."""

    def __init__(self) -> None:
        self.patience: list[float] = []

    def send(self, *_args: Any, timeout: tuple[float, float], **_kwargs: Any) -> Any:
        self.patience.append(timeout[1])
        raise requests.exceptions.ReadTimeout(f"nothing within {timeout[1]}")

    def close(self) -> None:
        pass


def test_a_service_that_hangs_is_asked_once_and_told(patient: Any, troubles: Troubles) -> None:
    seen = patient.look(adapter=_Silent())
    assert troubles(seen)[0] == "service-silent"
    assert len(seen.exchanges) == 1
    assert seen.exchanges[0].trouble is not None


def test_no_question_is_given_more_time_than_is_left_and_none_is_asked_when_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    silent = _Silent()
    target = Target("https://app.example/scim/v2", Secret("not-sent-anywhere"))
    step = question("Look", "/Users")
    assert Visit(target, silent, budget_s=2.0).ask(step).trouble is not None
    assert Visit(target, silent, budget_s=60.0).ask(step).trouble is not None
    assert silent.patience == [2.0, 4.0]
    late = Visit(target, silent, budget_s=0.0).ask(step)
    assert late.trouble is not None
    assert "used up" in late.trouble.message
    assert len(silent.patience) == 2


def test_a_visit_refuses_to_write() -> None:
    visit = Visit(Target("https://app.example/scim/v2", Secret("not-sent-anywhere")), _Silent())
    step = replace(question("Look", "/Users/u1"), method="PATCH", effect=Effect.WRITE)
    with pytest.raises(ValueError, match="only reads"):
        visit.ask(step)


def test_lines_lead_into_sections_of_the_guides_that_are_there(patient: Any) -> None:
    seen = patient.look(key="scim_wrong-key", account="")
    led = {line.id: line.guide for x in (seen, patient.look("entra")) for line in x.lines if line.guide}
    assert set(led.values()) <= set(guides.sections())
    assert led["key-refused"] == "okta-key"
    assert led["test-entra"] == "entra-test"
    assert led["lookup"] == "entra-matching"
