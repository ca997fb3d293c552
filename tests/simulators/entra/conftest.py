"""Entra jobs to play with."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign
from simulators.entra import BY_THE_GUIDE, Setup, connect, vendor


@pytest.fixture
def job(playing: Any, cast: Cast) -> Any:
    """``job()`` speaks the default dialect; ``job("aadOptscim062020", Setup(update=False))`` the other, set up so."""

    def job(variant: str = "default", setup: Setup = BY_THE_GUIDE, cast: Cast = cast) -> Any:
        return playing(connect(variant, setup), cast, vendor(setup), variant)

    return job


@pytest.fixture
def linked(job: Any, answers: Any) -> Any:
    """``linked()``: a job that has found the leaver as u-1001 and linked him."""

    def linked(variant: str = "default", setup: Setup = BY_THE_GUIDE) -> Any:
        return job(variant, setup).when(Assign("leaver")) >> "GET /Users" << answers.users(answers.user())

    return linked
