"""The data of the guides: complete, unambiguous, and in words for people who have never read an RFC."""

from __future__ import annotations

import re

import pytest

from harness import guides
from harness.model.diagnosis import State


@pytest.mark.parametrize("guide", guides.guides(), ids=lambda guide: guide.idp)
def test_every_chapter_but_the_safety_net_has_a_section(guide: guides.Guide) -> None:
    assert {section.part for section in guide.sections} >= set(guides.PARTS) - {"safety"}


@pytest.mark.parametrize("guide", guides.guides(), ids=lambda guide: guide.idp)
def test_every_anchor_says_whose_it_is(guide: guides.Guide) -> None:
    assert [s.anchor for s in guide.sections if not s.anchor.startswith(f"{guide.idp}-")] == []


def test_no_fault_is_told_twice() -> None:
    told = [f.id for s in guides.sections().values() for f in s.faults] + [f.id for f in guides.of_people()]
    assert len(told) == len(set(told))


def test_nothing_speaks_of_an_rfc_or_of_http() -> None:
    texts = [t for s in guides.sections().values() for t in (s.title, s.do, s.why)]
    texts += [t for f in guides.faults().values() for t in (f.says, f.means, f.fix)]
    assert [t for t in texts if re.search(r"\bRFC|\b7643|\b7644|\bHTTP 4", t)] == []


def test_every_fault_that_is_wrong_says_what_it_means_for_people_and_leads_somewhere() -> None:
    for section in guides.sections().values():
        for fault in section.faults:
            line = guides.line(fault.id, "as seen")
            assert line.meaning, fault.id
            assert line.guide == section.anchor
            if fault.state is not State.OK:
                assert " > " in line.fix or "Graph" in line.fix, fault.id
                assert line.who == "customer"


def test_a_link_leads_to_the_guide_of_the_idp() -> None:
    assert guides.link("entra-active") == "guides/connect-entra.md#entra-active"
    with pytest.raises(KeyError):
        guides.link("entra-nowhere")


def test_an_unknown_idp_is_told_which_there_are() -> None:
    with pytest.raises(KeyError, match="there are okta, entra"):
        guides.guide("other")
