"""How fast Generic works through an app: nothing is known of it, so all of it is assumed."""

from __future__ import annotations

from harness.model.pace import Pace

PACE = Pace(lanes=2)
