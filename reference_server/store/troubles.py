"""What can be wrong with a store, and which errors of a driver say so."""

from __future__ import annotations

_OF_THE_DATABASE = ("XX", "25006")
"""How SQLSTATEs begin that psycopg counts among the errors of a program, and that are none of ours: a quota or a limit
on files, damaged data; a database that only reads, as managed ones do when their disk is full, and standbys."""


class StoreGone(Exception):
    """The store does not answer, or cannot take what it is given. Nothing of the transaction was kept, unless it broke
    while it was being confirmed."""


class StoreError(ValueError):
    """The store cannot be used. The message says why and what to do."""


def unusable(problem: BaseException | None) -> bool:
    """Whether an error of a driver says that the store cannot be used, and not that it was used wrongly.

    The names of the classes are those that PEP 249 gives every driver.
    """
    kinds = {kind.__name__ for kind in type(problem).__mro__}
    if kinds & {"OperationalError", "InterfaceError"}:
        return True
    return "InternalError" in kinds and str(getattr(problem, "sqlstate", None)).startswith(_OF_THE_DATABASE)
