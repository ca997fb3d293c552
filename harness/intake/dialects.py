"""Dialects: who sent recorded requests: which IdP, in which app type or dialect, or another client; and why.

The signs are facts of both vendors' wire behaviour (see the sources in ``simulators/okta`` and ``simulators/entra``).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.intake.intents import GUID, compared, operations, parameters
from harness.model.case import Likelihood
from harness.model.exchange import Exchange, Role
from harness.model.partial import lacks
from harness.model.step import Intent

OKTA, ENTRA = "okta", "entra"
OKTA_AGENT = "okta scim client"
DECISIVE = 16
"""Whoever names themselves as another product is only taken for an IdP when so much speaks for it."""
OWN = {"scimulator-witness": Role.WITNESS, "scimulator-probe": Role.PROBE, "scimulator": Role.PREFLIGHT}
"""The names under which this program itself asks."""

_OKTA_ID = re.compile(r"00[ugo][A-Za-z0-9]{17}")
_FLAG = re.compile(r"[?&]aadOptscim0*62020", re.IGNORECASE)
_DOTTED = re.compile(r"\w+\.\w+|urn:[\w.:-]+:\w+")
_BY_MEMBER = re.compile(r'members\[value eq "[^"]*"\]$', re.IGNORECASE)
_USER_AGENT_PRODUCT = re.compile(r"[A-Za-z][\w.!#$%&'*+^`|~-]{0,60}")


@dataclass(frozen=True)
class Clue:
    """One thing that gives a sender away. ``variant`` is "" where it tells the IdP only; ``weight`` 1 to 10."""

    idp: str
    variant: str
    weight: int
    reason: str


@dataclass(frozen=True)
class Sender:
    """Who sent a recording. ``idp`` and ``variant`` are "" where they cannot be told; ``client`` is the product that
    the requests name themselves, or "". ``reasons`` lead with the strongest.
    """

    idp: str = ""
    variant: str = ""
    likelihood: Likelihood = Likelihood.LOW
    variant_likelihood: Likelihood = Likelihood.LOW
    client: str = ""
    reasons: tuple[str, ...] = ()


@dataclass
class Clues:
    """Collects what gives a sender away, exchange by exchange, in bounded memory."""

    _seen: Counter[Clue] = field(default_factory=Counter)
    _clients: Counter[str] = field(default_factory=Counter)

    def see(self, exchange: Exchange) -> None:
        product = product_of(exchange)
        if exchange.role is Role.IDP and (product in self._clients or len(self._clients) < 50):
            self._clients[product] += 1
        for clue in clues_of(exchange):
            self._seen[clue] += 1

    def sender(self) -> Sender:
        """Who it was, as far as what was seen tells. Every kind of clue counts once, however often it was seen."""
        client = next((name for name, _ in self._clients.most_common() if name), "")
        scores = {idp: self._score(lambda clue, idp=idp: clue.idp == idp) for idp in (OKTA, ENTRA)}  # type: ignore[misc]
        idp, score = max(scores.items(), key=lambda pair: pair[1])
        likelihood = _likelihood(score, min(scores.values()))
        foreign = _is_foreign(client)
        if likelihood is None or (foreign and score < DECISIVE):
            return Sender(client=client, reasons=(f"the requests call their sender {client}",) if client else ())
        if foreign:
            # A gateway may write its own name; as probably it is a client that was built after the IdP's pages.
            likelihood = Likelihood.LOW
        variant, sure = self._variant(idp)
        seen = sorted((clue for clue in self._seen if clue.idp == idp), key=lambda clue: -clue.weight)
        return Sender(idp, variant, likelihood, sure, client, tuple(dict.fromkeys(clue.reason for clue in seen)))

    def _variant(self, idp: str) -> tuple[str, Likelihood]:
        names = {clue.variant for clue in self._seen if clue.idp == idp and clue.variant}
        scores = {v: self._score(lambda clue, v=v: clue.idp == idp and clue.variant == v) for v in sorted(names)}  # type: ignore[misc]
        if not scores:
            return "", Likelihood.LOW
        variant, score = max(scores.items(), key=lambda pair: pair[1])
        rest = max((s for v, s in scores.items() if v != variant), default=0)
        likelihood = _likelihood(score, rest)
        return (variant, likelihood) if likelihood is not None else ("", Likelihood.LOW)

    def _score(self, wanted: Callable[[Clue], bool]) -> int:
        return sum(clue.weight for clue in self._seen if wanted(clue))


def recognise_sender(exchanges: Iterable[Exchange]) -> Sender:
    """Who sent these requests, taken together."""
    clues = Clues()
    for exchange in exchanges:
        clues.see(exchange)
    return clues.sender()


def idp_of(exchange: Exchange) -> str:
    """The IdP that one exchange alone gives away, or ""."""
    if _is_foreign(product_of(exchange)):
        return ""
    scores = Counter[str]()
    for clue in clues_of(exchange):
        scores[clue.idp] += clue.weight
    first, second = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] >= 4 and first[1] >= 2 * second[1] else ""


def client_of(headers: Iterable[tuple[str, str]]) -> Role:
    """In which role a sender asked: this program's own reads and probes are told apart from everybody else's."""
    agent = next((value for name, value in headers if name.lower() == "user-agent"), "")
    return OWN.get(agent.strip().lower(), Role.IDP)


def product_of(exchange: Exchange) -> str:
    """The product that a request names as its sender, without its version; "" when it names none."""
    match = _USER_AGENT_PRODUCT.match((exchange.sent_header("User-Agent") or "").strip())
    return match[0] if match else ""


def _is_foreign(product: str) -> bool:
    """Whether requests name a product as their sender that is no IdP: Okta names itself, and Entra nobody."""
    return bool(product) and not product.lower().startswith("okta")


def _likelihood(score: int, rest: int) -> Likelihood | None:
    if score >= 8 and score >= 3 * rest:
        return Likelihood.HIGH
    if score >= 4 and score >= 2 * rest:
        return Likelihood.MEDIUM
    return Likelihood.LOW if score >= 2 and score > rest else None


def clues_of(exchange: Exchange) -> Iterator[Clue]:
    """What one exchange gives away of its sender."""
    if exchange.role is not Role.IDP:
        return
    agent = (exchange.sent_header("User-Agent") or "").lower()
    if OKTA_AGENT in agent:
        yield Clue(OKTA, "", 10, 'the requests carry the User-Agent "Okta SCIM Client"')
    elif "okta" in agent:
        yield Clue(OKTA, "", 4, "the User-Agent of the requests names Okta")
    yield from _from_headers(exchange, agent)
    yield from _from_query(exchange)
    if exchange.method in ("POST", "PUT", "PATCH"):
        yield from _from_body(exchange)
        exchange.forget()


def _from_headers(exchange: Exchange, agent: str) -> Iterator[Clue]:
    if _FLAG.search(exchange.request.url):
        yield Clue(ENTRA, "aadOptscim062020", 9, "the URL carries Entra's flag aadOptscim062020")
    if exchange.request.headers and not agent and "request headers" not in lacks(exchange):
        yield Clue(ENTRA, "", 2, "the requests name no User-Agent, as Entra's do not")
    charset = exchange.sent_header("Accept-Charset") or ""
    if charset.lower() == "utf-8" and "scim+json" in (exchange.sent_header("Accept") or ""):
        yield Clue(OKTA, "", 3, "the requests ask for application/scim+json in utf-8, as Okta's do")


def _from_query(exchange: Exchange) -> Iterator[Clue]:
    told = parameters(exchange.query)
    if exchange.method != "GET":
        return
    if told.get("excludedAttributes") == "members":
        yield Clue(ENTRA, "", 4, "groups are read with excludedAttributes=members, as Entra does it")
    attribute, value = compared(exchange.query)
    if GUID.fullmatch(value) and attribute.lower() in ("username", "externalid", "displayname"):
        yield Clue(ENTRA, "", 4, "somebody is looked for whose name is a fresh GUID: Entra's test of the connection")
    paged = told.get("startIndex") == "1" and told.get("count") == "100"
    if attribute and paged:
        yield Clue(OKTA, "", 4, "people are looked for with startIndex=1&count=100, as Okta does it")
    elif attribute and not {"startIndex", "count"} & told.keys() and "+eq+%22" in exchange.query:
        yield Clue(ENTRA, "", 3, "filters are spelt with plus signs and without paging, as Entra's are")
    elif not told.keys() - {"startIndex", "count"} and told.get("count") == "2" and told.get("startIndex") == "1":
        yield Clue(OKTA, "", 3, "two people are read to test the connection, as Okta does it")


def _from_body(exchange: Exchange) -> Iterator[Clue]:
    body = exchange.sent
    if not isinstance(body, dict):
        return
    person, group = exchange.template == "/Users/{id}", exchange.template == "/Groups/{id}"
    external = body.get("externalId")
    if isinstance(external, str) and _OKTA_ID.fullmatch(external):
        yield Clue(OKTA, "", 5, "externalId looks like an Okta user id (00u...)")
    if exchange.method == "PUT":
        if person and exchange.intent in (Intent.DEACTIVATE, Intent.REACTIVATE):
            yield Clue(OKTA, "aiw", 5, "people are deactivated or activated by PUT: an app of Okta's wizard")
        if group:
            yield Clue(OKTA, "aiw", 3, "groups are written whole by PUT: an app of Okta's wizard")
        return
    if exchange.method == "POST":
        yield from _from_creation(body)
    changes = operations(body) if exchange.method == "PATCH" else []
    for change in changes:
        yield from _from_operation(change, len(changes), person=person, group=group)


def _from_creation(body: dict[str, Any]) -> Iterator[Clue]:
    meta = body.get("meta")
    if isinstance(meta, dict) and set(meta) == {"resourceType"}:
        yield Clue(ENTRA, "", 4, "new resources come with meta.resourceType alone, as Entra sends them")
    if body.get("groups") == [] and "password" in body:
        yield Clue(OKTA, "", 5, "new people come with a password and an empty list of groups, as Okta sends them")


def _from_operation(change: dict[str, Any], number: int, *, person: bool, group: bool) -> Iterator[Clue]:
    op, path, value = str(change.get("op", "")), change.get("path"), change.get("value")
    path = path if isinstance(path, str) else ""
    if op in ("Add", "Replace", "Remove"):
        yield Clue(ENTRA, "default", 5, f'operations are capitalised ("{op}"): Entra without the flag aadOptscim062020')
    if person and path.lower() == "active":
        if value in ("False", "True"):
            yield Clue(ENTRA, "default", 6, f'active is sent as the text "{value}": Entra without the flag')
        elif isinstance(value, bool) and op == "replace":
            yield Clue(ENTRA, "aadOptscim062020", 5, "active has a path and is a boolean: Entra with the flag")
    if person and not path and op == "replace" and isinstance(value, dict):
        if set(value) == {"active"} and number == 1:
            yield Clue(OKTA, "oin", 6, 'one operation without a path sets {"active": ...}: an app of the Okta catalog')
        elif any(_DOTTED.fullmatch(name) for name in value):
            yield Clue(ENTRA, "aadOptscim062020", 6, "the keys of one replace are paths with dots: Entra with the flag")
    if group and not path and op == "replace" and isinstance(value, dict):
        if "id" in value:
            yield Clue(OKTA, "oin", 6, "the id of the group stands inside the value: an app of the Okta catalog")
        elif set(value) == {"displayName"}:
            yield Clue(ENTRA, "aadOptscim062020", 3, "a group is renamed without a path: Entra with the flag")
    if group and path == "members" and op == "Remove" and isinstance(value, list):
        yield Clue(ENTRA, "default", 4, "members are removed by a list of values: Entra without the flag")
    if group and op == "remove" and _BY_MEMBER.match(path):
        yield from _from_removal()
    if group and path == "members" and isinstance(value, list):
        yield from _from_members(value)
    if path.startswith("urn:") and path.endswith(":manager") and isinstance(value, str):
        yield Clue(ENTRA, "", 3, "the manager is a plain text, as Entra sends it")
    if path == "roles" and '\\"' in json.dumps(value)[:500]:
        yield Clue(ENTRA, "", 3, "roles hold JSON inside of a text, as Entra sends them")


def _from_removal() -> Iterator[Clue]:
    # Both an app of the Okta catalog and Entra with the flag remove so: it tells the dialect and not the IdP.
    yield Clue(OKTA, "oin", 1, "members are removed one by one with a filter in the path")
    yield Clue(ENTRA, "aadOptscim062020", 1, "members are removed one by one with a filter in the path")


def _from_members(value: list[Any]) -> Iterator[Clue]:
    members = [one for one in value if isinstance(one, dict)]
    if any("$ref" in one and one["$ref"] is None for one in members):
        yield Clue(ENTRA, "", 4, "members come with an empty $ref, as Entra sends them")
    if any(set(one) == {"value", "display"} for one in members):
        yield Clue(OKTA, "oin", 3, "members come with a value and a display and nothing else, as Okta sends them")
