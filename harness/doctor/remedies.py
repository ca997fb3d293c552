"""Where an administrator clicks: the pages of both admin consoles on which something can be mended.

The names are those of the vendors' own help as read in 2026; who has another language or an older page finds the same
order of pages.
"""

from __future__ import annotations

from collections.abc import Iterable

OKTA_APP = "Okta Admin Console > Applications > Applications > your app"
ENTRA_APP = "Microsoft Entra admin center > Entra ID > Enterprise apps > your app"

_PLACES = {
    "address": {
        "okta": f'{OKTA_APP} > Provisioning > Integration > Edit: "SCIM connector base URL" (or "Base URL")',
        "entra": f'{ENTRA_APP} > Provisioning > Admin credentials (or Connectivity): "Tenant URL"',
    },
    "key": {
        "okta": f'{OKTA_APP} > Provisioning > Integration > Edit: "API Token" (or the Authorization field)',
        "entra": f'{ENTRA_APP} > Provisioning > Admin credentials (or Connectivity): "Secret Token"',
    },
    "test": {
        "okta": f"{OKTA_APP} > Provisioning > Integration: Test API Credentials, then Save",
        "entra": f"{ENTRA_APP} > Provisioning > Admin credentials (or Connectivity): Test Connection, then Save",
    },
    "groups": {
        "okta": f"{OKTA_APP} > Push Groups: leave it empty; Provisioning > Integration > Edit: untick Push Groups and "
        "Import Groups",
        "entra": f"{ENTRA_APP} > Provisioning > Mappings > Provision Microsoft Entra ID Groups: set Enabled to No, "
        "Save",
    },
    "name": {
        "okta": f'{OKTA_APP} > Sign On > Edit: "Application username format"; the same value has to reach the service '
        "at sign-in",
        "entra": f"{ENTRA_APP} > Provisioning > Mappings > Provision Microsoft Entra ID Users: the row whose target is "
        "userName, and Single sign-on > Attributes & Claims: Unique User Identifier",
    },
    "matching": {
        "okta": f'{OKTA_APP} > Sign On > Edit: "Application username format"',
        "entra": f"{ENTRA_APP} > Provisioning > Mappings > Provision Microsoft Entra ID Users: let userName be the one "
        "row with Matching precedence 1 and no other row match",
    },
    "leave": {
        "okta": f"{OKTA_APP} > Provisioning > To App > Edit: tick Deactivate Users, Save",
        "entra": f"{ENTRA_APP} > Provisioning > Mappings > Provision Microsoft Entra ID Users: tick Update under "
        "Target Object Actions, keep the row for active",
    },
    "flag": {
        "okta": "",
        "entra": f"{ENTRA_APP} > Provisioning > Admin credentials (or Connectivity): add ?aadOptscim062020 to the end "
        "of the Tenant URL, Test Connection, Save",
    },
}
_NAMES = {"okta": "Okta", "entra": "Entra ID"}
_UNKNOWN = {
    "address": "the field for the SCIM base URL",
    "key": "the field for the API key",
    "test": "the connection test",
    "groups": "the settings of groups",
    "name": "the mapping of the user name",
    "matching": "the mapping of the user name",
    "leave": "the settings of what happens when somebody leaves",
}


def named(idps: Iterable[str]) -> str:
    """The IdPs in a sentence: "Okta and Entra ID"."""
    names = [_NAMES.get(idp, idp) for idp in dict.fromkeys(idps)]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def where(place: str, idps: Iterable[str]) -> str:
    """The way to a place in each of these IdPs, a line for each."""
    wanted = list(dict.fromkeys(idps))
    paths = {idp: _PLACES[place].get(idp, _UNKNOWN.get(place, "")) for idp in wanted}
    return "\n".join(f"{_NAMES.get(idp, idp)}: {path}" for idp, path in paths.items() if path)


def fix(what: str, place: str, idps: Iterable[str]) -> str:
    """A sentence that says what to do, and where."""
    ways = where(place, idps)
    return f"{what}\n{ways}" if ways else what
