"""Rules as data: reads them and refuses what is double, dangling or misspelt."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from harness.model.case import Actor, Likelihood
from harness.model.rule import Alternative, Rule

_NEEDED = {"id", "title", "who", "when", "means", "reply", "steps"}
_KNOWN = _NEEDED | {"unless", "over", "behind", "field", "requirements", "weight"}
_IDPS = {"any", "okta", "entra"}
_ORDER = tuple(Likelihood)


class RuleError(ValueError):
    """A rule is wrong; the message names file, rule and what was expected."""


@cache
def load_rules() -> dict[str, Rule]:
    """Every rule by id. Raises RuleError."""
    found: dict[str, Rule] = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if not entry.name.endswith(".toml"):
            continue
        for table in tomllib.loads(entry.read_text("utf-8")).get("rule", ()):
            rule = parse(table, entry.name)
            if rule.id in found:
                raise RuleError(f"{entry.name}: {rule.id} stands there twice")
            found[rule.id] = rule
    for rule in found.values():
        if strange := {*rule.over, *rule.behind} - found.keys():
            raise RuleError(f"{rule.id}: over or behind names {', '.join(sorted(strange))}, which is no rule")
        if sure := _surer_than_known(rule):
            raise RuleError(f"{rule.id}: high rests on {', '.join(sure)}, whose wording is inferred; expected medium")
    return found


@cache
def expected() -> frozenset[str]:
    """The rules of what a service does on purpose, and of files in which nothing went wrong. Raises RuleError."""
    tables = (
        tomllib.loads(entry.read_text("utf-8"))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".toml")
    )
    named = frozenset(name for table in tables for name in table.get("expected", ()))
    if strange := named - load_rules().keys():
        raise RuleError(f"expected names {', '.join(sorted(strange))}, which is no rule")
    return named


def _surer_than_known(rule: Rule) -> list[str]:
    """Signs of an inferred wording on which the rule rests what it calls HIGH."""
    from harness.triage.signs import of_inferred_wording

    high = {name for a in rule.when if a.likelihood is Likelihood.HIGH for name in a.needs}
    return sorted(high & of_inferred_wording())


def parse(table: dict[str, Any], where: str) -> Rule:
    """Turn one TOML table into a Rule. Raises RuleError."""
    name = f"{where}: {table.get('id', '(no id)')}"
    if strange := (_NEEDED - table.keys()) | (table.keys() - _KNOWN):
        raise RuleError(f"{name}: missing or unknown: {', '.join(sorted(strange))}")
    if strange := table["steps"].keys() - _IDPS:
        raise RuleError(f"{name}: steps for {', '.join(sorted(strange))}; known: {', '.join(sorted(_IDPS))}")
    try:
        when = sorted((_alternative(text) for text in table["when"]), key=lambda a: _ORDER.index(a.likelihood))
        return Rule(
            id=table["id"],
            title=table["title"],
            who=Actor(table["who"]),
            means=table["means"],
            reply=table["reply"],
            when=tuple(when),
            unless=tuple(_alternative(f"{text} -> low") for text in table.get("unless", ())),
            over=tuple(table.get("over", ())),
            behind=tuple(table.get("behind", ())),
            steps={idp: tuple(steps) for idp, steps in table["steps"].items()},
            field=tuple(table.get("field", [table["id"]])),
            requirements=tuple(table.get("requirements", ())),
            weight=table.get("weight", 0),
        )
    except ValueError as error:
        raise RuleError(f"{name}: {error}") from error


def _alternative(text: str) -> Alternative:
    signs, arrow, likelihood = text.partition("->")
    if not arrow:
        raise ValueError(f"expected 'sign & !sign -> high', came {text!r}")
    names = [name.strip() for name in signs.split("&")]
    return Alternative(
        needs=tuple(n for n in names if not n.startswith("!")),
        lacks=tuple(n.removeprefix("!") for n in names if n.startswith("!")),
        likelihood=Likelihood(likelihood.strip()),
    )
