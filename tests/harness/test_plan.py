from __future__ import annotations

from dataclasses import replace

import pytest

from harness.model.change import Unassign
from harness.model.idp import Variant, Vendor
from harness.model.outlook import Outlook
from harness.model.profile import Claim, Profile
from harness.model.scenario import Probe
from harness.model.story import LONG, Part, Presence, Story
from harness.plan import PlanError, Selection, plan, set_up

LEAVER = Story("leaver", "Somebody leaves", (Unassign("leaver"),), (Part("leaver"),), quick=("okta", "entra"))
ALREADY = Story("already-inactive", "Twice", (Unassign("leaver"),), (Part("leaver", Presence.INACTIVE),))
ONLY_ENTRA = Story("purged", "Purged", (Unassign("leaver"),), (Part("leaver"),), idps=("entra",))
TOLD_BY_ONE = Story("told-by-one", "Once", (Unassign("leaver"),), (Part("leaver"),), skips=("okta:aiw", "entra"))
MONTH = Story("month", "A month", (Unassign("leaver"),), (Part("leaver"),), suite=LONG)
GROUPS = Story("groups", "Groups", (Unassign("leaver"),), (Part("leaver"),), needs=("groups",))
STORIES = (LEAVER, ALREADY, ONLY_ENTRA, TOLD_BY_ONE, MONTH, GROUPS)


def vendor(name: str, *variants: str) -> Vendor:
    return Vendor(
        name=name,
        title=name.title(),
        variants=tuple(Variant(v, v) for v in variants),
        connect=lambda variant: pytest.fail("planning connects nothing"),
        outlook=lambda transcript: Outlook(),
        stories=STORIES,
        sequences=(),
    )


IDPS = {"okta": vendor("okta", "oin", "aiw"), "entra": vendor("entra", "default")}
IDPS["generic"] = replace(vendor("generic", "strict"), on_request=True)
PROBES = {
    "filters": Probe("filters", "Filters", lambda cast: iter(()), needs=("filter",), quick=True),  # type: ignore[arg-type,return-value]
    "refusals": Probe("refusals", "Refusals", lambda cast: iter(()), needs=("!create",)),  # type: ignore[arg-type,return-value]
}
PROFILE = Profile("p", "P", "deprovisioning", {"deactivate": Claim.SUPPORTED, "create": Claim.REFUSED})


def ids(selection: Selection = Selection(), profile: Profile = PROFILE) -> list[str]:  # noqa: B008 - a frozen value
    return [s.id for s in plan(profile, selection, IDPS, PROBES)]


def test_every_story_is_told_by_every_app_type_that_knows_it() -> None:
    assert ids() == [
        "okta/oin/leaver",
        "okta/oin/already-inactive",
        "okta/oin/told-by-one",
        "okta/aiw/leaver",
        "okta/aiw/already-inactive",
        "entra/default/leaver",
        "entra/default/already-inactive",
        "entra/default/purged",
        "probe/refusals",
    ]


def test_a_probe_is_planned_only_where_the_profile_makes_sense_of_it() -> None:
    claims = {"filter": Claim.SUPPORTED, "create": Claim.SUPPORTED, "deactivate": Claim.SUPPORTED}
    planned = ids(profile=Profile("p", "P", "full", claims))
    assert [i for i in planned if i.startswith("probe/")] == ["probe/filters"]


def test_a_story_about_groups_is_told_where_groups_are_claimed() -> None:
    claims = {"groups": Claim.SUPPORTED}
    assert "okta/oin/groups" in ids(profile=Profile("p", "P", "full", claims))
    assert "okta/oin/groups" not in ids()


def test_nobody_is_inactive_beforehand_where_deactivation_is_not_claimed() -> None:
    planned = ids(profile=Profile("p", "P", "read-only"))
    assert not [i for i in planned if "already-inactive" in i]


def test_the_quick_gate_is_a_part_of_the_whole() -> None:
    quick = ids(Selection(quick=True))
    assert quick == ["okta/oin/leaver", "okta/aiw/leaver", "entra/default/leaver"]
    assert set(quick) <= set(ids())


@pytest.mark.parametrize(
    ("selection", "planned"),
    [
        (Selection(idps=("okta:aiw",), suite="stories"), ["okta/aiw/leaver", "okta/aiw/already-inactive"]),
        (Selection(idps=("entra", "entra:default"), stories=("purged",)), ["entra/default/purged"]),
        (Selection(stories=("refusals",)), ["probe/refusals"]),
        (Selection(suite="extended"), ["okta/aiw/told-by-one", "entra/default/told-by-one"]),
        (Selection(suite="long", idps=("okta",)), ["okta/oin/month", "okta/aiw/month"]),
        (Selection(stories=("month",), idps=("entra",)), ["entra/default/month"]),
        (Selection(idps=("generic",), stories=("leaver",)), ["generic/strict/leaver"]),
        (Selection(suite="probes"), ["probe/refusals"]),
        (Selection(idps=("okta",), stories=("purged",)), []),
    ],
)
def test_a_selection_takes_what_it_names(selection: Selection, planned: list[str]) -> None:
    assert ids(selection) == planned


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(idps=("onelogin",)), "no IdP called 'onelogin'; there are okta, entra, generic"),
        (Selection(idps=("okta:wizard",)), "okta has no app type 'wizard'; it has oin, aiw"),
        (Selection(stories=("leave",)), "no story or probe called 'leave'; there are already-inactive"),
        (Selection(suite="all"), "no suite called 'all'; there are stories, probes, extended, long"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(selection: Selection, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        ids(selection)


def configured(tables: object) -> Vendor:
    if "wrong" in str(tables):
        raise ValueError("wrong: expected right")
    return replace(IDPS["okta"], title=str(tables))


SETTABLE = {**IDPS, "okta": replace(IDPS["okta"], configure=configured)}


def test_an_idp_is_set_up_by_a_table_for_all_its_app_types_and_one_for_each() -> None:
    done = set_up(SETTABLE, {"okta": {"a": 1}, "okta:aiw": {"b": 2}})
    assert done["okta"].title == "{'': {'a': 1}, 'aiw': {'b': 2}}"
    assert list(done) == list(IDPS)
    assert set_up(SETTABLE, {}) == SETTABLE


@pytest.mark.parametrize(
    ("setups", "said"),
    [
        ({"onelogin": {}}, "[idp.onelogin]: there is no IdP called 'onelogin'; there are okta, entra, generic"),
        ({"okta:opp": {}}, "[idp.\"okta:opp\"]: okta has no app type 'opp'; it has oin, aiw"),
        ({"entra": {}}, "[idp.entra]: ENTRA cannot be set up from a file"),
        ({"okta": {"wrong": 1}}, "[idp.okta]: wrong: expected right"),
    ],
)
def test_a_set_up_that_does_not_work_is_named(setups: dict[str, dict[str, object]], said: str) -> None:
    with pytest.raises(PlanError) as refused:
        set_up(SETTABLE, setups)
    assert str(refused.value).lower() == said.lower()


def test_every_run_tells_what_each_app_type_does_differently_and_nothing_twice() -> None:
    """What is left out by default is told by the suite "extended", so that nothing is lost."""
    from harness.plan import vendors
    from harness.profiles import load

    profile = load("marketbeam")
    usual = {s.id for s in plan(profile, Selection(suite="stories"), vendors(), {})}
    unusual = {s.id for s in plan(profile, Selection(suite="extended"), vendors(), {})}
    assert not usual & unusual
    for speaker in ("okta/oin", "okta/aiw", "entra/default", "entra/aadOptscim062020"):
        assert {f"{speaker}/{name}" for name in ("connection", "leaver", "rehire", "group-push-refused")} <= usual
        assert f"{speaker}/leaver-disabled" in usual | unusual
