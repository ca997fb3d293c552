from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.model.verdict import Outcome
from reports.sarif import render, write

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def _log(run: Any, **options: Any) -> dict[str, Any]:
    (log,) = render(run, **options)["runs"]
    return dict(log)


@pytest.mark.parametrize("name", RUNS)
def test_every_finding_is_a_result_with_a_place_in_the_repository(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    results = _log(run)["results"]
    assert len(results) == len(run.findings)
    for result in results:
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "scim.toml"
        assert location["physicalLocation"]["region"]["startLine"] == 1


def test_what_was_asked_is_the_logical_place(samples: ModuleType) -> None:
    results = _log(samples.with_findings())["results"]
    names = {place["fullyQualifiedName"] for r in results for place in r["locations"][0]["logicalLocations"]}
    assert any(name.startswith(("GET /", "PATCH /", "POST /")) for name in names)
    assert "okta/oin/leaver" in names


def test_the_outcome_decides_the_level_and_the_gravest_come_first(samples: ModuleType) -> None:
    run = samples.with_findings()
    results = _log(run)["results"]
    levels = {v.requirement: v.outcome for v, _ in run.findings}
    words = {Outcome.FAILED: "error", Outcome.WARNED: "warning", Outcome.NOTED: "note", Outcome.KNOWN: "warning"}
    for result in results:
        assert result["level"] == words.get(levels[result["ruleId"]], "none")
    assert results[0]["level"] == "error"
    assert results[0]["ruleId"] == "MB-1"


def test_a_known_failure_is_suppressed_and_one_to_review_is_marked(samples: ModuleType) -> None:
    k = samples.key()
    x = samples.leaver_transcript(k)
    from harness.model.run import ScenarioResult
    from harness.model.verdict import Conclusion

    verdicts = (
        samples.broken(k, "MB-1", Outcome.KNOWN, x.exchanges[0].id),
        samples.broken(k, "RFC7644-3.12-01", Outcome.REVIEW, x.exchanges[0].id),
    )
    run = samples.run([ScenarioResult(k, Outcome.KNOWN, x, verdicts)], Conclusion.CONFORMANT)
    by_rule = {r["ruleId"]: r for r in _log(run)["results"]}
    assert by_rule["MB-1"]["suppressions"][0]["kind"] == "external"
    assert by_rule["RFC7644-3.12-01"]["kind"] == "review"
    assert by_rule["RFC7644-3.12-01"]["level"] == "none"


def test_rules_carry_text_remedy_and_link_and_are_referred_to_by_index(samples: ModuleType) -> None:
    log = _log(samples.with_findings())
    rules = log["tool"]["driver"]["rules"]
    for result in log["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert all(rule["helpUri"].startswith("https://") and rule["help"]["text"] for rule in rules)


def test_fingerprints_do_not_depend_on_the_order_of_scenarios(samples: ModuleType) -> None:
    run = samples.with_findings()
    turned = replace(run, results=tuple(reversed(run.results)))
    prints = [[r["partialFingerprints"] for r in _log(one)["results"]] for one in (run, turned)]
    assert prints[0] == prints[1]


def test_more_results_than_are_shown_are_left_out_with_a_notice(samples: ModuleType) -> None:
    run = samples.with_findings()
    log = _log(run, most=2)
    assert len(log["results"]) == 2
    (notice,) = log["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith(f"{len(run.findings) - 2} more findings")


@pytest.mark.parametrize(
    ("config", "uri"),
    [("ci/scim.toml", "ci/scim.toml"), ("", "scim.toml"), ("/etc/scim.toml", "scim.toml"), ("../x.toml", "scim.toml")],
)
def test_the_place_is_the_configuration_and_never_an_absolute_path(samples: ModuleType, config: str, uri: str) -> None:
    run = samples.with_findings()
    log = _log(replace(run, meta={**run.meta, "config": config}))
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["results"]} == {uri}


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.hostile(), tmp_path / "out")
    assert path == tmp_path / "out" / "report.sarif"
    assert json.loads(path.read_text("utf-8"))["version"] == "2.1.0"
    assert path.stat().st_size < 100_000
