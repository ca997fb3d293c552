"""Presets are data: they load by name, extend one another, and a wrong file says what is wrong."""

import pytest

from reference_server.presets import PresetError, load, names


def test_all_presets_are_there_with_a_title_and_a_family():
    assert set(names()) == {"marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only", "full"} | {
        "ipsie-al1",
        "ipsie-al2",
        "interop",
    }
    assert {load(name).family for name in names()} == {"deprovisioning", "read-only", "full"}
    assert all(load(name).title for name in names())


def test_a_preset_takes_from_the_one_it_extends_what_it_does_not_say():
    base, strict = load("marketbeam"), load("marketbeam-strict")
    assert strict.refusals == base.refusals
    assert strict.published == base.published
    assert base.tolerates("mixed-patch")
    assert not strict.tolerates("mixed-patch")


def test_an_unknown_preset_is_named_with_those_that_exist():
    with pytest.raises(PresetError, match=r"nosuch.*marketbeam"):
        load("nosuch")


def test_the_models_of_a_preset_are_made_once():
    assert load("marketbeam").provider is load("marketbeam").provider
