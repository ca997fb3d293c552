"""What has to be said to pytest-xdist, so that a parallel run gives the same result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin.items import ScimSuite
from harness.pytest_plugin.session import STAGE, VEIL, begin, is_ours, run_directory, settings_of, veil_of

if TYPE_CHECKING:
    from harness.model.scenario import Scenario


class Parallel:
    """The hooks of pytest-xdist; registered only where it is there. The controller collects nothing itself."""

    def __init__(self) -> None:
        self._scenarios: dict[str, Scenario] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give every worker the same run directory, and the same pseudonyms."""
        if is_ours(node.config):
            settings = settings_of(node.config)
            node.workerinput["scimulator_out"] = str(run_directory(node.config, settings))
            if veil_of(node.config, settings) is not None:
                node.workerinput["scimulator_veil"] = node.config.stash[VEIL].hex()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Begin the run with what the first worker has collected (all collect the same)."""
        config = node.config
        if not is_ours(config) or STAGE in config.stash:
            return
        suite = ScimSuite.from_parent(node.config.pluginmanager.getplugin("session"), name="scim", nodeid="scim")
        known = {item.scenario.id: item.scenario for item in suite.items(settings_of(config))}
        wanted = dict.fromkeys(scope_of(nodeid).rpartition("::")[2] for nodeid in ids)
        begin(config, [known[scenario] for scenario in wanted if scenario in known])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep all items of a scenario on one worker: it is played once. Listed accounts are the same in each scenario,
        so there one worker plays them all: two at a time would change the same person."""
        if not is_ours(config):
            return None
        shared = bool(settings_of(config).accounts)
        from xdist.scheduler import LoadScopeScheduling

        class ByScenario(LoadScopeScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                return "scenarios with listed accounts" if shared else scope_of(nodeid)

        return ByScenario(config, log)


def scope_of(nodeid: str) -> str:
    """What has to stay together: the scenario of one of our items, or the item itself."""
    head, _, _ = nodeid.rpartition("::")
    _, separator, scenario = head.rpartition("::")
    return head if separator and "/" in scenario else nodeid
