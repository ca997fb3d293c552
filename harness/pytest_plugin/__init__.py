"""The pytest plug-in: `pytest scim.toml`, `pytest --scim-target URL` and, through the command, `scimulator run`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.pytest_plugin.session import REPEATED, RUN, STAGE, begin, is_ours, settings_of, worker_of


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("scimulator", "rehearse IdP sequences against a SCIM service")
    group.addoption("--scim", action="store_true", help="rehearse against the embedded reference server")
    group.addoption(
        "--scim-target", metavar="URL", default="", help="SCIM base URL; the key comes from SCIMULATOR_TOKEN"
    )
    group.addoption("--scim-config", metavar="FILE", default="", help="scim.toml or pyproject.toml with the settings")
    for name, metavar, text in (
        ("profile", "NAME", "what the service claims: a profile name or file (default: marketbeam)"),
        ("token-env", "VARIABLE", "the environment variable that holds the API key"),
        ("second-token-env", "VARIABLE", "the environment variable that holds the key of a second tenant"),
        ("suite", "NAME", "stories, probes, extended, long, okta-spec ... (list suites shows them)"),
        ("source", "SOURCE", "where accounts come from: jit, scim, listed or hook"),
        ("preset", "NAME", "preset of the embedded reference server"),
        ("seed", "N", "seed of the invented people"),
        ("retries", "N", "play a scenario again in which something broke; what then holds is to be reviewed"),
        ("shuffle", "N", "play the scenarios in another order, the N-th"),
        ("timeout", "SECONDS", "longest silence of the target"),
        ("ca-bundle", "FILE", "certificate authorities to trust"),
        ("out", "DIR", "the run directory itself"),
        ("audience", "WHO", "for whom reports are written: admin, support or developer"),
        ("fail-on", "LEVEL", "fail or warn"),
        ("redact", "MODE", "personal: people stand under pseudonyms in everything that is written"),
        ("wait", "SECONDS", "how long a target may take to start"),
        ("shard", "PART/PARTS", "only this part of the plan, to be merged with the others"),
    ):
        group.addoption(f"--scim-{name}", metavar=metavar, default="", help=text)
    for name in (*REPEATED, "hook"):
        group.addoption(f"--scim-{name}", action="append", default=[], help=f"{name}; may be given several times")
    group.addoption("--scim-known", metavar="FILE", default="", help="breaches that are accepted for a while (TOML)")
    group.addoption("--scim-strict-known", action="store_true", help="stale and expired entries of that file fail")
    group.addoption("--scim-update-known", action="store_true", help="write what was found broken into that file")
    group.addoption("--scim-quick", action="store_true", help="the short gate for every commit")
    group.addoption("--scim-by-scenario", action="store_true", help="one item a scenario; the reports tell its checks")
    group.addoption("--scim-command", default="", help="the command line to show in reports")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "scim(clause, level, profile): a check of scimulator")
    if is_ours(config) and config.getoption("htmlpath", None):
        from reports.pytest_html import PytestHtmlBridge

        config.pluginmanager.register(PytestHtmlBridge(), "scimulator-html")
    if any(config.pluginmanager.hasplugin(name) for name in ("xdist", "xdist.plugin")):
        from harness.pytest_plugin.parallel import Parallel

        config.pluginmanager.register(Parallel(), "scimulator-parallel")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "scim.toml":
        from harness.pytest_plugin.items import ScimFile

        return ScimFile.from_parent(parent, path=file_path)
    if file_path.name.endswith(".scenario.toml"):
        from harness.pytest_plugin.items import ScenarioFile

        return ScenarioFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    if not is_ours(config):
        return
    from harness.pytest_plugin.items import ScimItem, ScimSuite

    if not any(isinstance(item, ScimItem) for item in items):
        suite = ScimSuite.from_parent(session, name="scim", nodeid="scim")
        items.extend(suite.items(settings_of(config)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Pass over items that met nothing to look at: two in three, and each would cost as much as a real one."""
    from harness.pytest_plugin.items import ScimItem

    if not isinstance(item, ScimItem) or not item.has_nothing_to_say():
        return None
    # What the item before has left standing for this one is not needed by the one after it.
    item.session._setupstate.teardown_exact(nextitem)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    config = session.config
    from harness.pytest_plugin.items import ScimItem

    if STAGE not in config.stash or config.option.collectonly or worker_of(config):
        return None
    begin(config, [item.scenario for item in session.items if isinstance(item, ScimItem)])
    if session.testsfailed or not all(type(item) is ScimItem for item in session.items):
        return None
    _loop(session)
    return True


def _loop(session: pytest.Session) -> None:
    """pytest's own loop, but that items with nothing to say are passed over before any hook is called."""
    for index, item in enumerate(session.items):
        following = session.items[index + 1] if index + 1 < len(session.items) else None
        if not item.has_nothing_to_say():  # type: ignore[attr-defined]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        elif following is None or following.parent is not item.parent:
            session._setupstate.teardown_exact(following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    stage = config.stash.get(STAGE, None)
    if stage is None:
        return
    if worker_of(config) or not stage.begun:
        stage.close()
        return
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        stage.finish()
    run = stage.conclude()
    config.stash[RUN] = run
    stage.update_known(run)
    if stage.settings.strict_known and any(known.spoilt for known in run.known) and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    from harness.model.audience import Audience
    from harness.reporting import write

    write(run, stage.directory, stage.settings.reports, Audience(stage.settings.audience))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run is None:
        return
    stage = config.stash[STAGE]
    terminalreporter.section("scimulator")
    terminalreporter.line(f"{run.conclusion}: {run.sentence}")
    for doubt in run.doubts:
        terminalreporter.line(f"doubtful: {doubt}")
    terminalreporter.line(f"run directory: {stage.directory}")
