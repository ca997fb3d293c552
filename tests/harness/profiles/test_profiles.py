"""Profiles are data: the ones that come along make sense, and a wrong file says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.judge import use_of
from harness.model.profile import CAPABILITIES, Claim
from harness.model.requirement import Applies
from harness.probes import all_probes
from harness.profiles import ProfileError, load, names


def test_the_profiles_that_come_along_are_listed_and_can_be_read() -> None:
    assert {"marketbeam", "deprovisioning-only", "read-only", "full"} <= set(names())
    for name in names():
        assert load(name).name == name
        assert load(name).title


def test_the_default_profile_deactivates_people_and_creates_none() -> None:
    profile = load("marketbeam")
    assert profile.family == "deprovisioning"
    for capability in ("read", "filter", "search", "deactivate", "reactivate", "replace", "jit"):
        assert profile.supports(capability)
    for capability in ("create", "update", "delete", "groups", "bulk", "me"):
        assert profile.refuses(capability)
    for capability in ("sort", "etag"):
        assert profile.claim(capability) is Claim.UNCLAIMED
    assert profile.tolerances == {"mixed-patch", "empty-group-list"}


def test_the_promises_to_customers_bind_the_default_profile_alone() -> None:
    promises = [r for r in load_catalogue().values() if r.id.startswith("MB-")]
    assert len(promises) == 10
    for requirement in promises:
        assert use_of(requirement, load("marketbeam")) is Applies.TEST
        for name in ("deprovisioning-only", "read-only", "full"):
            assert use_of(requirement, load(name)) is Applies.OFF


def test_the_strict_variant_differs_in_one_tolerance_only() -> None:
    lenient, strict = load("marketbeam"), load("marketbeam-strict")
    assert strict.claims == lenient.claims
    assert strict.adjusts == lenient.adjusts
    assert lenient.tolerances - strict.tolerances == {"mixed-patch"}


def test_no_profile_leaves_the_question_of_deactivation_open() -> None:
    for name in names():
        assert load(name).claim("deactivate") is not Claim.UNCLAIMED


def test_what_probes_need_are_capabilities() -> None:
    for probe in all_probes().values():
        assert {need.lstrip("!?") for needs in probe.needs for need in needs.split("|")} <= set(CAPABILITIES)


MINIMAL = 'name = "ours"\ntitle = "Our service"\nfamily = "deprovisioning"\n'


def written(directory: Path, text: str) -> Path:
    path = directory / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_operators_own_file_is_a_profile(tmp_path: Path) -> None:
    text = f'{MINIMAL}attributes = ["id"]\n[claims]\ndeactivate = "supported"\n[adjusts]\n"PROF-D-13" = "observe"\n'
    profile = load(written(tmp_path, text))
    assert profile.supports("deactivate")
    assert profile.attributes == ("id",)
    assert profile.adjusts == {"PROF-D-13": Applies.OBSERVE}


def test_a_file_may_extend_a_profile_and_change_single_claims(tmp_path: Path) -> None:
    text = 'extends = "full"\nname = "ours"\ntitle = "No bulk"\n[claims]\nbulk = "refused"\n'
    profile = load(str(written(tmp_path, text)))
    assert profile.family == "full"
    assert profile.refuses("bulk")
    assert profile.supports("create")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", ("TOML",)),
        ('title = "x"\nfamily = "full"\n', ("name", "text")),
        (MINIMAL.replace("deprovisioning", "partial"), ("family", "'partial'", "read-only")),
        (MINIMAL + 'colour = "red"\n', ("'colour'", "claims")),
        (MINIMAL + 'tolerances = ["mixed"]\n', ("tolerances", "'mixed'", "mixed-patch")),
        (MINIMAL + 'tolerances = "mixed-patch"\n', ("tolerances", "list")),
        (MINIMAL + 'claims = "all"\n', ("claims", "table")),
        (MINIMAL + '[claims]\nfly = "supported"\n', ("claims.fly", "deactivate")),
        (MINIMAL + '[claims]\ncreate = "yes"\n', ("claims.create", "'yes'", "refused")),
        (MINIMAL + '[adjusts]\n"RFC-0" = "test"\n', ("adjusts.RFC-0", "list requirements")),
        (MINIMAL + '[adjusts]\n"PROF-D-13" = "maybe"\n', ("adjusts.PROF-D-13", "'maybe'", "observe")),
        (MINIMAL + 'extends = "nothing"\n', ("extends", "'nothing'", "marketbeam")),
    ],
)
def test_a_wrong_file_says_where_and_what_was_expected(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ProfileError) as raised:
        load(path)
    assert str(path) in str(raised.value)
    for word in words:
        assert word in str(raised.value)


def test_an_unknown_profile_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="deprovisioning-only"):
        load(tmp_path / "nowhere.toml")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "é"'.encode("latin-1"))
    with pytest.raises(ProfileError, match="UTF-8"):
        load(path)
