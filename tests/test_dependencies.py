"""What we depend on: bounded, of one mind, under licences that a product may be shipped with; and the audit of it."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.audit import audit, installed

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
NAMED = [
    (where, text)
    for where, texts in [("dependencies", PROJECT["dependencies"]), *PROJECT["optional-dependencies"].items()]
    for text in texts
    if not text.startswith("scimulator[")
]
FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|Unlicense|ZPL|Zope Public|LGPL)", re.I
)
"""LGPL is psycopg's: it is imported and not changed, and comes only where it is asked for."""


@pytest.mark.parametrize(("where", "text"), NAMED, ids=[f"{where}: {text}" for where, text in NAMED])
def test_every_dependency_says_from_which_version_and_up_to_which(where, text):
    signs = {specifier.operator for specifier in Requirement(text).specifier}
    assert signs & {">=", "==", "~="}, f"{where}: {text} has no lower bound"
    assert signs & {"<", "==", "~="}, (
        f"{where}: {text} has no upper bound: the next major version would break us unseen"
    )


def test_what_is_installed_fits_together():
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_is_shipped_is_under_licences_that_allow_it():
    unfit = {name: licence for name in sorted(shipped()) if not FREE.search(licence := licence_of(name))}
    assert unfit == {}


def shipped():
    """Everything that a user may get with us, with what that needs: all extras but those for our own work."""
    found, open_ends = set(), [text for where, text in NAMED if where not in ("dev", "peers", "audit")]
    while open_ends:
        wanted = Requirement(open_ends.pop())
        name = wanted.name.lower().replace("_", "-")
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # An extra that is not installed here.
        found.add(name)
        open_ends += needs
    return found


def licence_of(name):
    about = metadata(name)
    named = about.get_all("Classifier") or []
    return " ".join(
        [about.get("License-Expression") or "", about.get("License") or "", *(n for n in named if "License" in n)]
    )


FINE = {"name": "jinja2", "version": "3.1.6", "vulns": []}
HOLE = {"name": "jinja2", "version": "3.1.6", "vulns": [{"id": "X-1", "fix_versions": ["3.1.7"]}]}
UNKNOWN = {"name": "jinja2", "skip_reason": "not found"}


def test_a_service_that_knows_nothing_is_no_audit_and_is_said_to_be_none():
    found = audit(lambda _service, _packages: [UNKNOWN], installed())
    assert (found.service, found.looked_up, found.holes) == ("", 0, ())
    assert found.said.startswith("NOT AUDITED: no vulnerability service can be reached from here (pypi, osv)")
    assert str(len(installed())) in found.said


def test_the_second_service_is_asked_when_the_first_cannot_be_reached():
    asked = []

    def ask(service, packages):
        asked.append((service, len(packages)))
        return None if service == "pypi" else [FINE]

    found = audit(ask, ["jinja2==3.1.6"])
    assert asked == [("pypi", 1), ("osv", 1), ("osv", 1)]
    assert "Audited with osv: 1 of 1 installed packages looked up, 0 known holes." in found.said


def test_a_known_hole_is_named_with_the_version_that_mends_it_and_what_was_not_known_is_counted():
    found = audit(lambda _service, packages: [HOLE, UNKNOWN][: len(packages)], ["jinja2==3.1.6", "ours==1"])
    assert found.holes == ("jinja2 3.1.6: X-1, mended in 3.1.7",)
    assert "1 of 2 installed packages looked up; 1 are not known there, 1 known holes." in found.said
