"""What defects leave behind, exported and triaged blind: a sample of what benchmarks/triage.py measures."""

from __future__ import annotations

import json

import pytest

from benchmarks.triage import DEFECTS, exports, names, triaged
from reference_server.defects import catalogue

SAMPLE = {
    "active-string-false-rejected": "leaver",
    # Its answer shows what was asked for: only who reads again, as for somebody who comes back, meets the difference.
    "patch-noop-success": "rehire",
    "pathless-value-object": "leaver",
    "put-only-server": "leaver",
}


def test_twenty_defects_are_measured() -> None:
    assert len(set(DEFECTS)) == 20
    assert set(DEFECTS) <= catalogue().keys()


@pytest.mark.thorough
@pytest.mark.parametrize("defect", SAMPLE)
def test_the_defect_is_named_from_traffic_and_from_the_log(defect: str) -> None:
    found = [export for export in exports(defect, frozenset({SAMPLE[defect]})) if export.traffic or export.log]
    assert found
    for export in found:
        if export.traffic:
            assert names(triaged(export.traffic), defect), export.scenario
    logs = [export for export in found if export.log]
    named = [export for export in logs if names(triaged(export.log), defect)]
    assert len(named) >= 0.7 * len(logs)


@pytest.mark.thorough
def test_the_export_gives_nothing_away() -> None:
    defect = "pathless-value-object"
    for export in exports(defect, frozenset({"leaver"})):
        for text in (*export.traffic.values(), *export.log.values()):
            assert defect not in text
        for text in export.traffic.values():
            agents = {h["value"] for e in json.loads(text)["log"]["entries"] for h in e["request"]["headers"]}
            assert not any("scimulator" in agent for agent in agents)
