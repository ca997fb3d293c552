"""Order: what every worker of a storm is told before it begins. It travels in messages and holds keys: never write it
down, never print it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from harness.load.crowd import BYSTANDER, LEAVER, Crowd

PATIENCE_S = 60.0
"""For how many of our seconds a job goes on coming back to what failed."""

COMPRESS = 600.0
"""How many times faster the IdP's clock runs while a job waits: a cycle of forty minutes takes four seconds."""


@dataclass(frozen=True)
class Order:
    """One storm.

    ``keys`` are the API keys by number of the tenant. ``leaver`` and ``bystander`` are the patterns of user names,
    ``bystanders`` how many there are in each tenant. ``lanes`` and ``per_second`` take the place of the IdP's own pace.
    ``max_rate`` (requests a second) and ``max_requests`` hold for all workers together, 0 for no limit.
    ``sample``: one answer in so many is held against its schema. ``ours`` is the reference server: only there is
    something written that no IdP would write. ``profile`` is the name of a profile or the path of its file, ``setups``
    how the IdPs are set up.
    """

    crowd: Crowd
    base_url: str
    keys: Mapping[int, str] = field(default_factory=dict, repr=False)
    leaver: str = LEAVER
    bystander: str = BYSTANDER
    bystanders: int = 0
    lanes: int | None = None
    per_second: float | None = None
    compress: float = COMPRESS
    patience_s: float = PATIENCE_S
    timeout_s: float = 30.0
    max_rate: float = 0.0
    max_requests: int = 0
    connections: int = 32
    sample: int = 50
    ours: bool = False
    profile: str = "marketbeam"
    setups: Mapping[str, Any] = field(default_factory=dict)
    ca_bundle: str = ""
    worker: int = 0
    workers: int = 1

    def for_worker(self, worker: int, workers: int) -> Order:
        """What one of several workers is told: its place, its keys, its share of what is capped."""
        mine = {number: key for number, key in self.keys.items() if number % workers == worker}
        return replace(
            self,
            keys=mine,
            worker=worker,
            workers=workers,
            max_rate=self.max_rate / workers,
            max_requests=-(-self.max_requests // workers),
        )


def order_to_json(order: Order) -> dict[str, Any]:
    value = {name: getattr(order, name) for name in Order.__dataclass_fields__ if name not in ("crowd", "keys")}
    return value | {
        "crowd": asdict(order.crowd),
        "keys": {str(number): key for number, key in order.keys.items()},
        "setups": dict(order.setups),
    }


def order_from_json(value: Mapping[str, Any]) -> Order:
    crowd = dict(value["crowd"])
    crowd["speakers"] = tuple((idp, variant) for idp, variant in crowd["speakers"])
    keys = {int(number): key for number, key in value["keys"].items()}
    return Order(**{**value, "crowd": Crowd(**crowd), "keys": keys})
