"""Every clause has a theme, every glob holds something, and a slip in the file is named."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from harness.catalogue.loader import CatalogueError, load
from harness.catalogue.themes import load_themes, parse_themes, place


def test_little_is_left_for_the_theme_of_everything_else() -> None:
    left = sorted(name for name, theme in place(load(), load_themes()).items() if theme == "other")
    assert len(left) <= len(load()) // 20, f"give these a theme in themes.toml: {left}"


def test_every_glob_holds_a_requirement() -> None:
    assert [g for t in load_themes() for g in t.holds if not any(fnmatchcase(name, g) for name in load())] == []


def test_what_an_idp_expects_stands_last_and_only_follows_from_other_things() -> None:
    placed = place(load(), load_themes())
    results = {theme.name for theme in load_themes() if theme.result}
    assert {placed[r.id] for r in load().values() if r.level == "VENDOR"} <= results


def test_of_several_globs_the_longest_counts() -> None:
    themes = parse_themes('[[theme]]\nname = "a"\nholds = ["RFC-*"]\n[[theme]]\nname = "b"\nholds = ["RFC-7-*"]\n')
    assert place(["RFC-7-1", "RFC-8-1"], themes) == {"RFC-7-1": "b", "RFC-8-1": "a"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[theme]\n", "not TOML"),
        ("[[theme]]\nholds = []\n", "expected a name"),
        ('[[theme]]\nname = "a"\n[[theme]]\nname = "a"\n', "no other theme"),
        ('[[theme]]\nname = "a"\nexplain = []\n', "unknown explain"),
        ('[[theme]]\nname = "a"\nexplains = ["b"]\n', "which is no theme"),
    ],
)
def test_a_slip_in_the_file_is_named(text: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        parse_themes(text)


def test_a_requirement_that_no_theme_holds_is_named() -> None:
    with pytest.raises(CatalogueError, match="no theme holds RFC-1"):
        place(["RFC-1"], parse_themes('[[theme]]\nname = "a"\nholds = ["X-*"]\n'))
