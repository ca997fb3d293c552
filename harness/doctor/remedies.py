"""What to do about a line, and where an administrator clicks for it; the paths are those of the guides."""

from __future__ import annotations

from collections.abc import Iterable

from harness import guides

_ANCHORS = {
    "address": {"okta": "okta-address", "entra": "entra-address"},
    "key": {"okta": "okta-key", "entra": "entra-key"},
    "test": {"okta": "okta-test", "entra": "entra-test"},
    "groups": {"okta": "okta-groups", "entra": "entra-groups"},
    "name": {"okta": "okta-username", "entra": "entra-matching"},
    "leave": {"okta": "okta-boxes", "entra": "entra-actions"},
}
_THEMES = {"address": "address", "key": "key", "test": "test", "groups": "groups", "lookup": "name", "write": "leave"}
"""Which section tells more about lines whose id begins so."""
_NAMES = {"okta": "Okta", "entra": "Entra ID"}
_UNKNOWN = {
    "address": "the field for the SCIM base URL",
    "key": "the field for the API key",
    "test": "the connection test",
    "groups": "the settings of groups",
    "name": "the mapping of the user name",
    "leave": "the settings of what happens when somebody leaves",
}


def named(idps: Iterable[str]) -> str:
    """The IdPs in a sentence: "Okta and Entra ID"."""
    names = [_NAMES.get(idp, idp) for idp in dict.fromkeys(idps)]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def where(place: str, idps: Iterable[str]) -> str:
    """The way to a place in each of these IdPs, a line for each."""
    return "\n".join(f"{named([idp])}: {_way(place, idp)}" for idp in dict.fromkeys(idps))


def _way(place: str, idp: str) -> str:
    anchor = _ANCHORS[place].get(idp)
    return guides.path(anchor) if anchor else _UNKNOWN[place]


def fix(what: str, place: str, idps: Iterable[str]) -> str:
    """A sentence that says what to do, and where."""
    ways = where(place, idps)
    return f"{what}\n{ways}" if ways else what


def guide(id: str, idps: Iterable[str]) -> str:
    """The anchor of the guide's section about a line; the first IdP's, "" when no guide tells of it."""
    theme, _, rest = id.partition("-")
    named_first = [idp for idp in idps if theme == "test" and rest == idp] or list(idps)
    place = _ANCHORS.get(_THEMES.get(theme, ""), {})
    return next((place[idp] for idp in named_first if idp in place), "")
