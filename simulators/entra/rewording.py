"""The PATCH that a line of the provisioning log stands for: its modified properties, in the words of a dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulators.entra.dialect import Dialect
from simulators.entra.mapping import Difference
from simulators.entra.paths import PathError, path
from simulators.render import encoded

FLAGGED = "aadOptscim062020"


def patch_of(variant: str, changes: Iterable[tuple[str, str, str]]) -> bytes:
    """The body for (attribute, old, new): Add what was empty, Remove what is, Replace the rest; b"" for nothing.

    The log shows every value as text; ``active`` is a boolean to the mapping.
    """
    differences = list(_differences(changes))
    if not differences:
        return b""
    return encoded(Dialect(variant == FLAGGED).user_patch(differences))


def _differences(changes: Iterable[tuple[str, str, str]]) -> Iterator[Difference]:
    for name, old, new in changes:
        try:
            simple = path(name).simple
        except PathError:
            # An attribute of the directory itself is named in some rows; it is not what is sent.
            continue
        op = "Remove" if not new else "Replace" if old else "Add"
        value = new.lower() == "true" if name == "active" else new
        yield Difference(name, op, value if new else None, simple)
