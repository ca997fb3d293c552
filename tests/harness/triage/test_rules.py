"""Rules and signs fit together, and cover what was reported from the field."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from harness.catalogue.loader import load
from harness.catalogue.messages import load_messages
from harness.guides import faults
from harness.model.case import Likelihood
from harness.model.profile import CAPABILITIES
from harness.triage.rules import RuleError, load_rules, parse
from harness.triage.signs import names, of_inferred_wording, of_sighting, of_whole

FIELD = tomllib.loads((Path(__file__).parent / "field.toml").read_text("utf-8"))
RULES = load_rules()


@pytest.mark.parametrize("entry", FIELD["reported"])
def test_every_report_from_the_field_is_covered(entry: str) -> None:
    if entry in FIELD["elsewhere"]:
        assert len(FIELD["elsewhere"][entry]) > 30
    else:
        assert any(entry in rule.field for rule in RULES.values())


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_names_signs_that_exist(rule) -> None:
    known = names() | {f"fault:{name}" for name in faults()} | {f"finding:{name}" for name in load()}
    known |= {f"profile:refuses-{name}" for name in CAPABILITIES}
    assert rule.signs <= known


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_what_it_means_and_what_to_do_without_clauses(rule) -> None:
    assert rule.means.endswith((".", "!"))
    assert rule.steps_at("okta")
    assert rule.steps_at("entra")
    words = " ".join((rule.title, rule.means, rule.reply, *(s for steps in rule.steps.values() for s in steps)))
    assert not re.search(r"\bRFC|§", words)
    assert set(re.findall(r"\{(\w+)\}", rule.reply)) <= {"since", "said"}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_requirements_of_a_rule_exist(rule) -> None:
    assert set(rule.requirements) <= load().keys()


def test_messages_lead_to_rules() -> None:
    for message in load_messages().values():
        assert set(message.causes) <= RULES.keys(), message.id


def test_every_sign_is_asked_for_by_a_rule_or_by_another_sign() -> None:
    used = {sign for rule in RULES.values() for sign in rule.signs}
    texts = "".join(p.read_text("utf-8") for p in Path("harness/triage/signs").glob("*.py"))
    for name in names() - used:
        assert texts.count(name.replace("-", "_")) + texts.count(f'"{name}"') > 1, name


def test_every_sign_says_in_words_what_it_is() -> None:
    for name, question in {**of_sighting(), **of_whole()}.items():
        assert question.__doc__, name


def test_a_wording_that_nobody_has_captured_is_never_a_sure_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_inferred_wording() >= {"action-not-ticked", "purged-at-the-source", "out-of-scope-left-alone"}
    for rule in RULES.values():
        for by in rule.when:
            assert by.likelihood is not Likelihood.HIGH or not set(by.needs) & of_inferred_wording(), rule.id
    monkeypatch.setattr("harness.triage.signs.of_inferred_wording", lambda: frozenset({"slash-doubled"}))
    with pytest.raises(RuleError, match="rests on slash-doubled, whose wording is inferred"):
        load_rules.__wrapped__()


def test_a_sign_that_only_asks_for_a_message_nobody_has_captured_is_marked() -> None:
    uncaptured = {m.id for m in load_messages().values() if m.evidence.value == "inferred"}
    only = re.compile(r'return seen\.said\("([\w-]+)"\)\s*$')
    asked = {name: only.search(inspect.getsource(question)) for name, question in of_sighting().items()}
    resting = {name for name, match in asked.items() if match is not None and match[1] in uncaptured}
    assert {"password-refused", "found-without-an-id"} <= resting <= of_inferred_wording()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"who": "somebody"}, "somebody"),
        ({"when": ["a & b"]}, "->"),
        ({"when": ["a -> surely"]}, "surely"),
        ({"extra": 1}, "extra"),
        ({"steps": {"ping": []}}, "ping"),
    ],
)
def test_a_rule_that_is_written_wrongly_is_refused(change: dict[str, object], told: str) -> None:
    good = {
        "id": "x",
        "title": "t",
        "who": "nobody",
        "when": ["a -> low"],
        "means": "m",
        "reply": "r",
        "steps": {"any": []},
    }
    with pytest.raises(RuleError, match=told):
        parse({**good, **change}, "here.toml")
