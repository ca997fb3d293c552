"""The JSON Schema of scim.toml, for completion in editors; it follows the settings and is shipped as a file."""

from __future__ import annotations

from typing import Any

from harness.model.audience import Audience
from harness.settings import REDACTIONS, SECTIONS, SOURCES, TYPES

TITLE = "scim.toml: what scimulator is to rehearse, and against what"

_SECTIONS = {
    "target": "The service under test",
    "accounts": "The people who may be touched",
    "hooks": "Addresses of your own product that the harness may ask",
    "run": "What is played, and what is left behind",
    "reference": "The embedded reference server, when there is no target",
}

_SAYS = {
    "target.base_url": "The SCIM base URL, for example https://app.example/scim/v2",
    "target.token_env": "The environment variable that holds the API key; the key itself never stands in this file",
    "target.second_token_env": "The variable that holds the key of a second tenant, to see that tenants are kept apart",
    "target.expired_token_env": "The variable that holds a key that has run out",
    "target.revoked_token_env": "The variable that holds a key that was revoked",
    "target.limited_token_env": "The variable that holds a key that may only read",
    "target.session_token_env": "The variable that holds the session of somebody who uses the product",
    "target.patience": "For how many seconds to go on asking whether access has ended, 300 at most",
    "target.profile": "What the service claims: a name (marketbeam, full, ...) or a file",
    "target.allow": "What may be done at the service beyond reading",
    "target.ca_bundle": "A file with certificate authorities to trust",
    "target.timeout": "The longest silence of the service, in seconds",
    "target.wait": "How long the service may take to start, in seconds",
    "accounts.source": "Where people come from",
    "accounts.listed": "User names of disposable people at the service",
    "hooks.sign_in": "Called as if somebody signed in by SSO",
    "hooks.access": "Asked whether somebody's session or token still works",
    "run.idps": 'IdPs and app types, for example "okta" or "entra:default"',
    "run.stories": "Only these stories or probes",
    "run.scenarios": "Files of saved scenarios, or folders of them; told alone unless stories are named as well",
    "run.suite": "A suite of stories, or only the stories, or only the probes",
    "run.quick": "The short gate for every commit",
    "run.seed": "The seed of the invented people",
    "run.out": "The run directory itself",
    "run.reports": "The reports to write",
    "run.audience": "For whom reports are written: words and order, never the verdict",
    "run.fail_on": "What fails a build",
    "run.retries": "How often a scenario is played again in which something broke; what then holds is to be reviewed",
    "run.known": "A file of known failures: breaches that are accepted for a while",
    "run.strict_known": "Whether entries of that file that are stale or have expired fail the build",
    "run.redact": "Whether people's data are replaced by pseudonyms in everything that is written",
    "reference.preset": "How the reference server behaves",
    "reference.defects": "Wrongs of the reference server, on purpose",
}

_IDP = {
    "description": 'How an IdP is set up, in its own words: [idp.okta], or [idp."okta:oin"] for one app type',
    "type": "object",
    "additionalProperties": {"type": "object"},
}

_ALLOWED = {
    "target.allow": ["read", "write", "delete"],
    "accounts.source": list(SOURCES),
    "run.audience": [audience.value for audience in Audience],
    "run.fail_on": ["fail", "warn"],
    "run.redact": list(REDACTIONS),
}
_KINDS: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    tuple: {"type": "array", "items": {"type": "string"}},
}


def schema() -> dict[str, Any]:
    """The schema. Raises KeyError for a setting that nobody has explained in this module."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "scimulator/settings/1",
        "title": TITLE,
        "type": "object",
        "properties": {name: _section(name, members) for name, members in SECTIONS.items()} | {"idp": _IDP},
        "additionalProperties": False,
    }


def _section(name: str, members: dict[str, str]) -> dict[str, Any]:
    return {
        "description": _SECTIONS[name],
        "type": "object",
        "properties": {member: _member(f"{name}.{member}", setting) for member, setting in members.items()},
        "additionalProperties": False,
    }


def _member(path: str, setting: str) -> dict[str, Any]:
    kind = dict(_KINDS[str if setting == "hooks" else TYPES[setting]])
    if path in _ALLOWED:
        if "items" in kind:
            kind["items"] = {"enum": _ALLOWED[path]}
        else:
            kind = {"enum": _ALLOWED[path]}
    return {"description": _SAYS[path], **kind}
