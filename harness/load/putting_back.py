"""Putting back: the groups that a storm has made and, cut short, has not taken away.

A storm makes one group in each tenant and deletes it when it is over. Where a worker was stopped or lost before that,
the command does it; where the command itself was killed, ``--undo`` does, and so does the next storm on these tenants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from harness.gate import ExitCode
from harness.load import guard
from harness.load.census import Census, Send, Taker
from harness.load.crowd import Crowd
from harness.load.ground import GroundError, read_ground
from harness.load.order import Order
from harness.load.own import group_name
from harness.model.exchange import Response, Trouble
from harness.model.secret import Secret
from harness.model.step import Effect, Step
from harness.model.target import Target
from harness.wire.session import Session

LONGEST_SILENCE_S = 10.0
"""Nobody who has pulled the switch waits longer for one answer."""


def unsure(order: Order, reports: Sequence[dict[str, Any]]) -> list[int]:
    """The tenants whose group may be left, by what the workers have reported: none of those that say it is gone."""
    if not order.crowd.group:
        return []
    gone = {job["number"] for report in reports for job in report["jobs"]}
    gone -= {number for report in reports for number in report["groups"]}
    return [number for number in range(order.crowd.tenants) if number not in gone]


def put_back(
    order: Order, tenants: Iterable[int], send: Send, sleep: Callable[[float], None] = time.sleep
) -> list[int]:
    """Delete the group of each of some tenants; those where it may still be there.

    From the first request on that gets no answer nothing more is sent: who is not there now is not waited for.
    """
    silent: list[Trouble] = []

    def sent(step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        response, trouble, size = send(step, key)
        silent.extend([trouble] if trouble is not None else [])
        return response, trouble, size

    return [n for n in tenants if silent or not Taker(order, sent, sleep).clear(Census(), order.crowd.job(n))]


@contextmanager
def sender(order: Order) -> Iterator[Send]:
    """Sends requests from this process, one after the other."""
    target = Target(
        order.base_url,
        Secret("", "the ground of the storm"),
        frozenset(Effect),
        verify=order.ca_bundle or True,
        timeout_s=min(order.timeout_s, LONGEST_SILENCE_S),
    )
    session = Session(target)

    def send(step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        sent = session.send(step, Secret(key, "the ground of the storm"))
        return sent.response, sent.trouble, 0

    try:
        yield send
    finally:
        session.close()


def tidy(order: Order, reports: Sequence[dict[str, Any]]) -> str:
    """Take away what the workers have left; what to do about what stays, "" for nothing."""
    tenants = unsure(order, reports)
    if not tenants:
        return ""
    with sender(order) as send:
        return told(order, put_back(order, tenants, send))


def told(order: Order, left: Sequence[int]) -> str:
    if not left:
        return ""
    where = f"tenant {left[0]}" if len(left) == 1 else f"{len(left):,} tenants, the first of them tenant {left[0]}"
    return (
        f'The group of the storm may be left at {where}; it is called "{group_name(order.crowd.job(left[0]))}". '
        "scimulator storm --undo --ground FILE deletes it, and so does the next storm with --group there."
    )


def undo(ground: str, authorised: str, ca_bundle: str) -> int:
    """What ``--undo`` does; the exit code."""
    try:
        given = read_ground(ground)
        guard.admit(given.base_url, authorised or None, datetime.now(UTC).date())
    except (GroundError, guard.Refused) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    crowd = Crowd(len(given.keys), given.people, (("entra", "default"),), group=True)
    order = Order(crowd, given.base_url, given.keys, ca_bundle=ca_bundle)
    with sender(order) as send:
        left = put_back(order, range(crowd.tenants), send)
    click.echo(told(order, left) or f"Done: no group of a storm is left at {crowd.tenants:,} tenants.")
    return ExitCode.NON_CONFORMANT if left else ExitCode.CONFORMANT
