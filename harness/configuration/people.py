"""A list of people as an IdP or a service exports it: read row by row, whatever a spreadsheet made of it since.

Columns are recognised by their names: those of Entra's "Download users", of Okta's people and its reports, of a SCIM
service, with or without brackets, blanks and capital letters. Everybody in the list is taken to be given the app.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from harness.intake.decoding import read_text, text_of
from harness.model.sighting import Complaint, Provenance

FORMAT = "people"
LARGEST_CELL = 1 << 20
LARGEST_JSON = 64 << 20
_PREAMBLE = 12
"""How many lines may stand above the names of the columns."""

_NAMES = {
    "userPrincipalName": "userprincipalname upn",
    "mail": "mail email emailaddress primaryemail primarysmtpaddress workemail emailsvalue",
    "login": "login oktausername userlogin loginname",
    "userName": "username user usernamevalue",
    "accountEnabled": "accountenabled enabled",
    "blocked": "blockcredential signinblocked blocked",
    "status": "status userstatus accountstatus state lifecyclestate",
    "active": "active isactive",
    "objectId": "id objectid userid oktauserid",
    "externalId": "externalid",
    "userType": "usertype",
    "deletedDateTime": "deleteddatetime deletiontimestamp softdeletiontimestamp whensoftdeleted",
    "displayName": "displayname name fullname",
    "givenName": "givenname firstname",
    "surname": "surname lastname familyname",
    "mailNickname": "mailnickname alias",
    "department": "department",
    "jobTitle": "jobtitle title",
    "companyName": "companyname organization",
    "country": "country countryorregion",
    "city": "city",
    "employeeId": "employeeid employeenumber",
}
_BY_LABEL = {label: name for name, labels in _NAMES.items() for label in labels.split()}
_WHO = ("userPrincipalName", "login", "userName", "mail")
_YES = frozenset(
    ["true", "yes", "y", "1", "enabled", "active", "wahr", "vrai", "verdadero", "vero", "ja", "oui", "si", "sí"]
)
_NO = frozenset(["false", "no", "n", "0", "disabled", "inactive", "falsch", "faux", "falso", "nein", "non"])

TOMBSTONE = re.compile(r"[0-9a-f]{32}(?=[^@]+@)", re.IGNORECASE)
"""What Entra puts in front of the name of a deleted account: its object id without dashes."""

_GONE = frozenset(["deprovisioned", "deactivated", "deleted", "terminated"])


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a list. ``number`` is the row in the file, 1 the first; names of attributes are the directory's.

    ``blocked``: may not sign in; ``gone``: deactivated or deleted; ``suspended``: Okta's own word. Else they may use
    the app.
    """

    number: int
    attributes: Mapping[str, str]
    blocked: bool = False
    gone: bool = False
    suspended: bool = False

    @property
    def name(self) -> str:
        """What the person is called in messages."""
        return next((self.attributes[name] for name in _WHO if self.attributes.get(name)), "(no name)")

    @property
    def may_use(self) -> bool:
        return not (self.blocked or self.gone or self.suspended)


@dataclass(frozen=True)
class People:
    """A list and what kind it is: ``idp`` "okta", "entra" or ""; ``columns`` are the recognised attributes."""

    path: Path
    idp: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[Row | Complaint]:
        """The people, one by one; what cannot be read is a Complaint with its row. Raises OSError."""
        return iter(())


def open_people(path: Path) -> tuple[People, tuple[Complaint, ...]]:
    """Find out what kind of list this is, by its first lines. Raises OSError."""
    if _is_json(path):
        return _from_json(path)
    for number, cells in _cells(path):
        if not isinstance(cells, str) and set(columns := _columns(cells)) & set(_WHO):
            return _Csv(path, _kind(columns), columns, number), ()
        if number >= _PREAMBLE:
            break
    message = (
        "expected a list with a column for the user name, such as userPrincipalName, login, userName or email, in "
        f"its first {_PREAMBLE} lines"
    )
    hint = "Entra: Users > All users > Download users. Okta: a CSV of people with the columns login and status."
    return People(path, "", ()), (_complaint(path, "line 1", message, hint, fatal=True),)


@dataclass(frozen=True)
class _Csv(People):
    header: int = 1

    def rows(self) -> Iterator[Row | Complaint]:
        for number, cells in _cells(self.path):
            if number <= self.header:
                continue
            if isinstance(cells, str):
                yield _complaint(self.path, f"row {number}", cells)
            elif any(cell.strip() for cell in cells):
                yield _row(number, self.columns, cells)


@dataclass(frozen=True)
class _Listed(People):
    """A ListResponse of a SCIM service, or a plain list of its people."""

    resources: tuple[Mapping[str, object], ...] = ()

    def rows(self) -> Iterator[Row | Complaint]:
        for number, resource in enumerate(self.resources, 1):
            plain = {str(k): str(v) for k, v in resource.items() if isinstance(v, str | int | bool)}
            yield _row(number, tuple(plain), list(plain.values()))


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def _from_json(path: Path) -> tuple[People, tuple[Complaint, ...]]:
    try:
        document = json.loads(read_text(path, LARGEST_JSON))
    except (ValueError, RecursionError) as error:
        return People(path, "", ()), (_complaint(path, "the whole file", f"expected JSON: {error}", fatal=True),)
    found = document.get("Resources", document.get("value")) if isinstance(document, Mapping) else document
    people = tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
    if not people:
        message = "expected the people of a service, as a list or as an answer to GET /Users"
        return People(path, "", ()), (_complaint(path, "the whole file", message, fatal=True),)
    return _Listed(path, "", tuple(dict.fromkeys(str(k) for one in people for k in one)), people), ()


def _cells(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of a CSV with their numbers; a text instead of cells says what is wrong with a row."""
    csv.field_size_limit(LARGEST_CELL)
    with path.open("rb") as file:
        text = text_of(file, newline="")
        first = text.readline(LARGEST_CELL)
        mark = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", first)
        text.seek(0)
        rows = csv.reader(text, delimiter=mark[1] if mark else _delimiter(text))
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield rows.line_num, f"this row cannot be read: {error}"
                continue
            yield rows.line_num, cells


def _delimiter(text: TextIO) -> str:
    """The sign between columns: the one that the first lines hold most often."""
    head = text.read(8192)
    text.seek(0)
    return max(",;\t|", key=head.count)


def _columns(cells: list[str]) -> tuple[str, ...]:
    """The attribute of each column: the directory's own name where it is recognised, else what stands there."""
    return tuple(_named(cell) for cell in cells)


@lru_cache(maxsize=4096)
def _named(cell: str) -> str:
    text = cell.strip().lstrip("\ufeff").removeprefix("profile.")
    inside = re.search(r"\[(\w+)\]", text)
    text = inside[1] if inside else text
    return _BY_LABEL.get(re.sub(r"[^a-z]", "", text.lower()), text)


def _kind(columns: tuple[str, ...]) -> str:
    if "userPrincipalName" in columns or "accountEnabled" in columns:
        return "entra"
    return "okta" if "login" in columns or ("status" in columns and "active" not in columns) else ""


def _row(number: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    attributes: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        if value := cell.strip():
            attributes.setdefault(_named(name), value)
    status = attributes.get("status", "").lower()
    name = next((attributes[n] for n in _WHO if n in attributes), "")
    off = status in ("inactive", "disabled", "blocked")
    return Row(
        number=number,
        attributes=attributes,
        blocked=off or _false(attributes, "accountEnabled", "active") or attributes.get("blocked", "").lower() in _YES,
        gone=status in _GONE or bool(attributes.get("deletedDateTime")) or bool(TOMBSTONE.match(name)),
        suspended=status == "suspended",
    )


def _false(attributes: Mapping[str, str], *names: str) -> bool:
    return any(attributes.get(name, "").lower() in _NO for name in names)


def _complaint(path: Path, place: str, message: str, hint: str = "", *, fatal: bool = False) -> Complaint:
    return Complaint(Provenance(path.name, FORMAT, place), message, hint, fatal)
