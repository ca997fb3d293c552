"""Signs about the two forms in which Entra writes."""

from __future__ import annotations

from harness.triage.look import Look, operations
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole


@sign
def dialect_of_today(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra wrote in its later form (small letters, true booleans)"""
    return seen.idp == "entra" and any(op.get("op") in ("replace", "add", "remove") for op in operations(seen))


@sign
def dialect_of_before(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra wrote in its default form (capital letters, texts)"""
    return seen.idp == "entra" and any(op.get("op") in ("Replace", "Add", "Remove") for op in operations(seen))


@of_trouble
@sign
def form_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused the form of a change"""
    return bool(list(operations(seen))) and seen.failed and seen.status in (400, 500, 501)


@whole
def only_one_dialect_fails(picture: Picture) -> bool:
    """Of Entra's two forms the service refuses one and takes the other"""
    return (
        picture.has("dialect-of-today")
        and picture.has("dialect-of-before")
        and picture.has("form-refused")
        and picture.ok > 0
    )
