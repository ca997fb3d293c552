"""Every defect really misbehaves: a tour through the server goes differently with it than without it."""

import re

import pytest

from reference_server.app import ReferenceServer
from reference_server.defects import UnknownDefect, catalogue
from reference_server.presets import names

CATALOGUE = catalogue()
REQUIREMENT = re.compile(
    r"(RFC\d{4}-[\w.]+-\w+|IPSIE-[\w.-]+|IOP-[\w.]+-\d+|FF-[\d.]+-\d+|OKTA-\d+|ENTRA-\d+|PROF-D-\d+|MB-\d+"
    r"|(HTTP|AUTH|SEC)-[A-Z]+-\d+|(ACCESS|REFUSE|STATE)-\d+)"
)


@pytest.mark.parametrize("preset", names())
def test_two_clean_tours_are_the_same_and_never_end_in_a_server_error(preset, tour, clean):
    log = clean(preset)
    assert tour(preset) == log
    assert not [line for line in log if re.search(r"-> 5(?!01)", line)]
    assert len(log) > 200


MEETING = {"parallel-deactivation-500", "profile-push-undoes-deactivation", "race-splits-the-state"}
"""Wrongs that show when two requests meet: a tour sends one after the other, the probe of races is theirs."""


@pytest.mark.thorough
@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - MEETING))
def test_the_server_is_really_wrong_with(name, tour, clean):
    preset = (*CATALOGUE[name].presets, "marketbeam")[0]
    log = tour(preset, name, known=clean(preset))
    assert log != clean(preset)[: len(log)], f"{CATALOGUE[name].title}: nothing of it shows under {preset}"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_defect_names_itself_and_what_it_breaks(name):
    defect = CATALOGUE[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
    assert defect.title
    assert defect.breaks
    assert [b for b in defect.breaks if not REQUIREMENT.fullmatch(b)] == []
    assert set(defect.presets) <= set(names())


def test_no_two_defects_say_the_same():
    titles = [d.title for d in CATALOGUE.values()]
    assert len(titles) == len(set(titles))


def test_an_unknown_defect_is_told_with_those_that_sound_alike():
    with pytest.raises(UnknownDefect, match="active-string-false-truthy"):
        ReferenceServer(defects=["active-string-false"])


def test_defects_can_be_combined(client_type):
    server = ReferenceServer(defects=["no-match-404", "error-status-number"])
    client = client_type(server.wsgi, server.add_tenant("Team", "it@team.example").api_key)
    answer = client.filter('userName eq "nobody@tour.example"')
    assert (answer.status, answer.json["status"]) == (404, 404)


def test_a_defect_of_one_server_leaves_another_alone(tour, clean):
    tour("marketbeam", "filter-ignored", "error-status-number")
    assert tour("marketbeam") == clean("marketbeam")
