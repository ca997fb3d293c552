"""The guides are in step with their data, hold every anchor that a line leads to, and show what both IdPs would."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness import guides
from harness.guides import page

ROOT = Path(__file__).parent.parent.parent
SEEN = ROOT / "harness" / "guides" / "seen.json"


def test_what_administrators_see_is_what_the_simulated_idps_show(request: pytest.FixtureRequest) -> None:
    from harness.guiding import seen

    text = json.dumps(seen(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-documents"):
        SEEN.write_text(text, "utf-8")
        page.situations.cache_clear()
    assert SEEN.read_text("utf-8") == text, "harness/guides/seen.json is out of step: run `make docs`"


@pytest.mark.parametrize("idp", guides.IDPS)
def test_a_guide_is_in_step_with_its_data(request: pytest.FixtureRequest, idp: str) -> None:
    path = ROOT / "docs" / "guides" / f"connect-{idp}.md"
    text = page.markdown(idp)
    if request.config.getoption("--update-documents"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{path} is out of step: run `make docs` and look at the difference"


def test_every_link_of_a_section_leads_into_a_guide() -> None:
    for anchor in guides.sections():
        name, _, place = guides.link(anchor).partition("#")
        assert f'<a id="{place}"></a>' in (ROOT / "docs" / name).read_text("utf-8")


def test_every_anchor_that_a_line_names_is_a_section() -> None:
    """Whoever makes lines names anchors in the code: ``guide="okta-key"``, or by the functions of harness.guides."""
    named = set()
    for path in sorted((ROOT / "harness").rglob("*.py")):
        text = path.read_text("utf-8")
        named |= set(re.findall(r"""(?:guide=|fine\(|unknown\()["']((?:okta|entra)-[\w-]+)["']""", text))
    assert named
    assert named - set(guides.sections()) == set()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attributes if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("idp", guides.IDPS)
def test_the_page_of_the_console_has_every_section_and_no_script(idp: str) -> None:
    reader = _Reader()
    reader.feed(page.html(idp))
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert {s.anchor for s in guides.guide(idp).sections} <= set(reader.ids)
    assert reader.tags & {"script", "style", "img", "link", "iframe"} == set()


@pytest.mark.parametrize("idp", guides.IDPS)
def test_every_situation_shows_something(idp: str) -> None:
    assert [one.id for one in page.situations(idp) if not one.lines or not one.do] == []
