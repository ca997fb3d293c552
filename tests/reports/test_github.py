from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports.github import commands


def test_each_cause_is_one_annotation_at_the_configuration(samples: ModuleType) -> None:
    run = samples.with_findings()
    lines = list(commands(replace(run, meta={**run.meta, "config": "ci/scim.toml"})))
    errors = [line for line in lines if line.startswith("::error ")]
    assert len(errors) == sum(c.outcome is Outcome.FAILED and c.level is not Level.VENDOR for c in run.causes) > 1
    assert all(line.startswith(("::error file=ci/scim.toml,line=1,", "::warning file=ci/scim.toml,")) for line in lines)


def test_the_gravest_stands_first(samples: ModuleType) -> None:
    assert next(commands(samples.with_findings())).partition("title=")[2].startswith("MB-1%3A ")


def test_vendors_expectations_and_notes_annotate_nothing(samples: ModuleType) -> None:
    text = "\n".join(commands(samples.with_findings()))
    assert "OKTA-2.3-04" not in text
    assert "RFC7644-3.4.2.3-01" not in text


@pytest.mark.parametrize(("number", "shown"), [(3, 3), (10, 10), (11, 10), (300, 10)])
def test_never_more_than_ten_of_a_kind_and_the_last_says_how_many_more(
    samples: ModuleType, number: int, shown: int
) -> None:
    results = []
    requirements = dict(samples.requirements())
    causes = []
    for index in range(number):
        k = samples.key(story=f"story-{index}")
        name = f"RFC7644-9-{index:03d}"
        requirements[name] = replace(requirements["RFC7644-3.12-01"], id=name)
        verdict = samples.broken(k, "RFC7644-3.12-01", Outcome.FAILED, "")._replace(requirement=name)
        (cause,) = samples.causes_of([ScenarioResult(k, Outcome.FAILED, samples.leaver_transcript(k), (verdict,))])
        causes.append(cause)
        results.append(ScenarioResult(k, Outcome.FAILED, samples.leaver_transcript(k), (verdict,)))
    run = replace(samples.run(results, Conclusion.NON_CONFORMANT), requirements=requirements, causes=tuple(causes))
    lines = list(commands(run))
    assert len(lines) == shown
    if number > shown:
        assert f"{number - 9} more causes" in lines[-1]


def test_hostile_text_cannot_end_the_line_or_start_another_command(samples: ModuleType) -> None:
    for line in commands(samples.hostile()):
        assert "\n" not in line
        assert "\r" not in line
        head, _, _ = line[2:].partition("::")
        assert head.count(",") == 2


def test_a_clean_run_annotates_nothing(samples: ModuleType) -> None:
    assert list(commands(samples.conformant())) == []
