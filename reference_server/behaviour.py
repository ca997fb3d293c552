"""Behaviour: the seams of the server, as one value. A defect steps in at a seam; without defects they do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from scim2_models import PatchOp, Resource, ResourceType, SearchRequest
    from scim2_server.storage import SearchPage

    from reference_server.access import Standing
    from reference_server.app import ReferenceServer
    from reference_server.http import Request, Response
    from reference_server.jit import SignIn, Welcome
    from reference_server.people import Desk
    from reference_server.routes import Route
    from reference_server.service import Call, Caller
    from reference_server.sessions import Grant

P = ParamSpec("P")
R = TypeVar("R")


class Seam(Generic[P, R]):
    """A step of the server that can be wrapped or replaced. ``does`` gives it its proper work."""

    def __init__(self) -> None:
        self._work: Callable[P, R] | None = None
        self._wraps: list[Callable[..., R]] = []

    def does(self, work: Callable[P, R]) -> None:
        self._work = work

    def around(self, wrap: Callable[Concatenate[Callable[P, R], P], R]) -> Callable[..., R]:
        """Put ``wrap(proceed, ...)`` around the step. Usable as a decorator."""
        self._wraps.append(wrap)
        return wrap

    def instead(self, work: Callable[P, R]) -> Callable[P, R]:
        """Do ``work`` instead of the step. Usable as a decorator."""
        self._wraps.append(lambda _proceed, *args, **kwargs: work(*args, **kwargs))
        return work

    @property
    def untouched(self) -> bool:
        """Whether the step does its proper work and nothing else."""
        return not self._wraps

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        assert self._work is not None, "this seam was never given its work"
        run: Callable[..., R] = self._work
        for wrap in self._wraps:
            run = partial(wrap, run)
        return run(*args, **kwargs)


@dataclass
class Behaviour:
    """Every seam, in the order in which a request meets them. README.md of ``defects`` explains them with examples."""

    respond: Seam[[Request], Response]
    """The whole server: hooks, unknown paths and SCIM; what comes back is what is sent."""
    admit: Seam[[Request], Caller]
    """Authentication. Raises Unauthorized."""
    refuse: Seam[[Request, Route], Response | None]
    """What the preset refuses; None lets the request through."""
    serve: Seam[[Call], Response]
    """A SCIM request that was let in and is not refused."""
    failure: Seam[[Exception], Response]
    """Turns what was raised while serving into an error answer."""
    scope: Seam[[Caller], str | None]
    """The tenant whose people a caller sees; None would be everybody's."""
    find: Seam[[Desk, ResourceType, str], Resource[Any]]
    """One resource by id."""
    search: Seam[[Desk, list[ResourceType], SearchRequest[Any]], SearchPage]
    """A page of resources."""
    read_patch: Seam[[Call, Any, Resource[Any]], Any]
    """The JSON of a PATCH body, made ready: spellings settled, what is not ours left out."""
    apply_patch: Seam[[Call, Resource[Any], PatchOp[Any]], Resource[Any] | None]
    """The resource after a PATCH; None when nothing changes."""
    apply_put: Seam[[Call, Resource[Any], Resource[Any]], Resource[Any] | None]
    """The resource after a PUT (current, replacement); None when nothing changes."""
    create: Seam[[Desk, ResourceType, Resource[Any]], Resource[Any]]
    """Stores a new resource."""
    keep: Seam[[Desk, ResourceType, Resource[Any], str | None], Resource[Any]]
    """Stores a changed resource and sees to what follows from it (resource, expected version)."""
    remove: Seam[[Desk, ResourceType, str, str | None], None]
    """Deletes a resource and sees to what follows from it."""
    represent: Seam[[Request, dict[str, Any]], dict[str, Any]]
    """One resource as it stands in a reply, alone or in a list."""
    discover: Seam[[Request, str, Any], Any]
    """A discovery document, by the name of its endpoint."""
    standing: Seam[[str, str], Standing]
    """THE question whether somebody (tenant, userName) may come in."""
    alive: Seam[[Grant, Standing], bool]
    """Whether a session or personal token still works."""
    end_access: Seam[[str, str, str], None]
    """Ends all sessions and tokens of (tenant, person id); the third word is what did it: patch, put, delete, bulk."""
    sign_in: Seam[[str, SignIn], Welcome]
    """Somebody arrives by SSO."""
    server: ReferenceServer
    """The server itself, for a wrong that needs its people, keys or sessions."""

    @classmethod
    def plain(cls, server: ReferenceServer) -> Behaviour:
        seams: dict[str, Any] = {field.name: Seam() for field in fields(cls) if field.name != "server"}
        return cls(**seams, server=server)
