"""Okta apps to play with."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.account import Cast
from simulators.okta import BY_THE_GUIDE, OKTA, Setup, connect


@pytest.fixture
def app(playing: Any, cast: Cast) -> Any:
    """``app("oin")`` or ``app("aiw", Setup(Features(update=True)))``."""

    def app(variant: str, setup: Setup = BY_THE_GUIDE, cast: Cast = cast) -> Any:
        return playing(connect(variant, setup), cast, OKTA, variant)

    return app
