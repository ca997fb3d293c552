"""Okta apps to play with."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.account import Cast
from simulators.okta import DEPROVISIONING, OKTA, Features, connect


@pytest.fixture
def app(playing: Any, cast: Cast) -> Any:
    """``app("oin")`` or ``app("aiw", Features(update=True))``."""

    def app(variant: str, features: Features = DEPROVISIONING, cast: Cast = cast) -> Any:
        return playing(connect(variant, features), cast, OKTA, variant)

    return app
