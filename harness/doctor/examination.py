"""Examine: everything that can be found out about a configuration by reading, the worst for people first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from harness.doctor import (
    address,
    astray,
    connection,
    discovery,
    door,
    groups,
    key,
    key_life,
    key_refused,
    lookup,
    lookup_lines,
    reaching,
    replies,
    verdict,
)
from harness.doctor.address import Address
from harness.doctor.connection import Speaker, Tested
from harness.doctor.key import Key
from harness.doctor.remedies import guide
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Diagnosis, Line, State
from harness.model.exchange import Exchange
from harness.model.secret import Secret
from harness.model.target import Target
from harness.plan import PlanError, set_up, vendors
from harness.settings import Settings, SettingsError
from harness.wire.reach import reach

OnLine = Callable[[Line], None]

DEFAULT_IDPS = ("okta", "entra")
_HANDSHAKE_S = 3.0
_RAW = "header"
"""How a table [idp.okta] says that the key is sent as it stands."""


def examine(
    settings: Settings,
    on_line: OnLine | None = None,
    *,
    key: Secret | None = None,
    adapter: Any = None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
) -> Diagnosis:
    """Look at a configuration without changing anything, in ten seconds at most.

    ``settings`` names the target, the IdPs (none: both) and at most one account. ``key`` is the key exactly as it was
    pasted; left out, it is taken from the environment as the settings say. ``on_line`` is told of each line as soon as
    it is known, in the order of looking; the Diagnosis holds them in the order in which to act. ``adapter`` is a
    transport in place of a socket. Raises SettingsError for unknown IdPs and for a missing key.
    """
    return _Examination(settings, key or _pasted(settings), adapter, on_line, on_exchange).run()


def concluded(
    lines: Iterable[Line],
    exchanges: tuple[Exchange, ...],
    idps: tuple[str, ...],
    account: str,
    *,
    written: bool = False,
) -> Diagnosis:
    """The Diagnosis of these lines. ``written``: the account was switched off and on as well."""
    sorted_ = verdict.ordered([replace(line, guide=line.guide or guide(line.id, idps)) for line in lines])
    ready = verdict.readiness(sorted_)
    return Diagnosis(ready, verdict.sentence(ready, sorted_, idps, account, written=written), sorted_, exchanges)


def _pasted(settings: Settings) -> Secret:
    """The key of the environment with whatever came along when it was copied. Raises SettingsError."""
    settings.token()
    return Secret(os.environ[settings.token_env], f"environment variable {settings.token_env}")


@dataclass
class _Examination:
    settings: Settings
    pasted: Secret
    adapter: Any
    on_line: OnLine | None
    on_exchange: Callable[[Exchange], None]
    lines: list[Line] = field(default_factory=list)
    _moved: bool = False
    """Whether the address was entered with http and answers over https."""

    def __post_init__(self) -> None:
        asked = self.settings.idps or DEFAULT_IDPS
        try:
            configured = set_up(vendors(), self.settings.setups)
            self.speakers: tuple[Speaker, ...] = connection.speakers(asked, configured)
        except PlanError as error:
            raise SettingsError(str(error)) from error
        except KeyError as error:
            known = ", ".join(vendors())
            raise SettingsError(f"--idp {', '.join(asked)}: {error.args[0]}; expected one of {known}") from error
        self.idps = tuple(s.name for s in self.speakers)
        self.account = self.settings.accounts[0] if self.settings.accounts else ""
        self.address: Address = address.read(self.settings.target, self.idps)
        self.key: Key = key.read(self.pasted, self.idps, as_it_stands=self._raw_header())
        verify: bool | str = self.settings.ca_bundle or True
        target = Target(self.address.base, self.key.clean, verify=verify, timeout_s=self.settings.timeout)
        self.visit = Visit(target, self.adapter, on_exchange=self.on_exchange)
        for secret in (self.pasted, self.key.clean, key.as_sent(self.key)):
            self.visit.redactor.learn(secret, "token")

    def run(self) -> Diagnosis:
        try:
            self._look()
        finally:
            self.visit.close()
        exchanges = tuple(sorted(self.visit.exchanges, key=lambda x: x.ordinal))
        return concluded(self.lines, exchanges, self.idps, self.account)

    def _look(self) -> None:
        if not self._address_is_usable() or not self._host_is_reached() or not self._key_is_usable():
            return
        tests = self._connection_tests()
        first = next((t.first for t in tests if t.first is not None), None)
        if first is not None and not self._lets_us_in(first, tests):
            return
        self._everything_else(tests)

    def _tell(self, *lines: Line) -> None:
        for told in lines:
            line = replace(told, guide=told.guide or guide(told.id, self.idps))
            self.lines.append(line)
            if self.on_line is not None:
                self.on_line(line)

    def _address_is_usable(self) -> bool:
        if self.address.line is not None and self.address.line.id == address.HTTP:
            self._over_https()
        line = self.address.line
        if line is not None:
            self._tell(line)
        return bool(self.address.base) and not (line is not None and line.id in address.UNSENT and not self._moved)

    def _over_https(self) -> None:
        """Look, without the key, whether the same address answers over https; if so, go on there."""
        better = f"https://{self.address.base.removeprefix('http://')}"
        if self.adapter is None and reach(better, _HANDSHAKE_S, self.visit.target.verify).failed:
            return
        answer = self.visit.ask(question("Look whether it answers over https", "/Users", key=False), base_url=better)
        if answer.status == 401 or address.speaks_scim(answer):
            self._moved = True
            self.visit.moved(better)
            line = address.over_http(better, self.address.given, self.idps, tried=True)
            self.address = replace(self.address, base=better, line=line)

    def _host_is_reached(self) -> bool:
        if self.adapter is not None:
            return True
        verify = self.visit.target.verify
        found, reached = reaching.look(self.address.base, _HANDSHAKE_S, verify, self.idps, reaching.utc_now)
        self._tell(*found)
        return reached

    def _key_is_usable(self) -> bool:
        if self.key.line is not None:
            self._tell(self.key.line)
        return bool(self.key.clean)

    def _connection_tests(self) -> list[Tested]:
        """As they would go with what stands in the fields now. The second is not asked when the first hangs."""
        entered = self.address.base
        tests: list[Tested] = []
        for speaker in self.speakers:
            if tests and tests[-1].first is not None and tests[-1].first.trouble is not None:
                break
            # Okta leaves a slash at the end standing; Entra's own page gives addresses with one.
            base = f"{entered}/" if self.address.slash and speaker.name == "okta" else entered
            tests.append(connection.test(speaker, self.visit, base, self._entered_key(speaker)))
        return tests

    def _entered_key(self, speaker: Speaker) -> Secret:
        """The key as it stands in the field of this IdP, as far as a header can carry it."""
        if self._raw_header() and speaker.name != "okta":
            return self.key.clean
        return key.as_sent(self.key)

    def _raw_header(self) -> bool:
        """Whether the Okta app sends the key as it was typed, which only a table of settings can tell."""
        tables = [table for name, table in self.settings.setups.items() if name.partition(":")[0] == "okta"]
        return "okta" in self.idps and any(table.get("authorization") == _RAW for table in tables)

    def _lets_us_in(self, first: Exchange, tests: list[Tested]) -> bool:
        """Whether there is an address and a key with which more can be asked; says what is wrong with those given."""
        answer = first
        if self.key.flawed or self.address.slash or (not first.ok and "filter=" in first.query):
            # What an IdP met with a flawed key tells nothing about a sound one, and a search may be what is refused.
            answer = self._knock()
        if answer.trouble is not None:
            self._tell(astray.silent(answer))
            return False
        if answer.status in (401, 403) and (answer.status == 401 or not self._is_elsewhere(answer)):
            return self._refused(answer, tests)
        if answer.status == 429:
            self._tell(replies.limits([answer]))
            return False
        if not answer.ok and answer.status >= 500:
            self._tell(astray.broken(answer), *(connection.line(t) for t in tests))
            return False
        if address.speaks_scim(answer):
            if (line := self._slash(tests)) is not None:
                self._tell(line)
            return True
        return self._elsewhere(answer, tests)

    def _knock(self) -> Exchange:
        return self.visit.ask(question("Ask with what was entered, put right", "/Users", "startIndex=1&count=1"))

    def _is_elsewhere(self, answer: Exchange) -> bool:
        return not isinstance(answer.json, dict) and address.looks_like_sign_in(self.address.base)

    def _refused(self, answer: Exchange, tests: list[Tested]) -> bool:
        self._tell(key_refused.refused(answer, self.key, self.visit, self.idps), *(connection.line(t) for t in tests))
        return False

    def _slash(self, tests: list[Tested]) -> Line | None:
        okta = next((t.first for t in tests if t.speaker.name == "okta" and t.first is not None), None)
        refused = self.address.slash and okta is not None and not okta.ok and not self.key.flawed
        return astray.slash(self.address, okta) if refused and okta is not None else None

    def _elsewhere(self, answer: Exchange, tests: list[Tested]) -> bool:
        """No SCIM at this address: look beside it, and go on there when it is found."""
        location = answer.header("Location") or "" if 300 <= answer.status < 400 else ""
        found, tried = address.find(self.visit, self.key.clean, location)
        self._tell(astray.elsewhere(self.address, answer, found, tried, self.idps))
        if not found:
            self._tell(*(connection.line(t) for t in tests))
            return False
        self.visit.moved(found)
        again = self._knock()
        if again.status in (401, 403):
            return self._refused(again, tests)
        return again.answered

    def _everything_else(self, tests: list[Tested]) -> None:
        visit, clean = self.visit, self.key.clean
        asked = self.account
        looks: list[Callable[[], Any]] = [partial(discovery.ask, visit, clean), partial(door.ask, visit)]
        if asked:
            looks.append(partial(lookup.ask, asked, self.speakers, visit, clean))
        found = visit.together(looks)
        about_groups = tuple(x for t in tests for x in t.groups)
        self._tell(*(connection.line(t) for t in tests))
        if asked:
            people = [r for t in tests for x in t.exchanges for r in x.resources]
            self._tell(*lookup_lines.lines(found[2], self.speakers, people))
        else:
            self._tell(astray.nobody_named())
        self._tell(*door.lines(found[1]))
        self._tell(groups.line(about_groups, self.idps), *discovery.lines(found[0], about_groups, self.idps))
        answers = [x for x in visit.exchanges if x.answered]
        sound = [x for x in answers if x.ok or x.status in (404, 501)]
        self._tell(replies.media_type(sound), replies.clock(answers), replies.limits(answers))
        if not any(line.id.startswith("key-") for line in self.lines):
            self._tell(Line("key", State.OK, "API key", "The service lets this key in."))
        self._tell(key_life.lifetime(self.key, answers, reaching.utc_now(), self.idps))
        if not any(line.id.startswith("address") for line in self.lines):
            self._tell(Line("address", State.OK, "Base URL", f"SCIM answers at {self.address.base}."))
