"""The IdP's directory: invents people and teams, the same ones for the same seed."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from harness.model.person import Person, Team

if TYPE_CHECKING:
    from faker import Faker

DOMAIN = "rehearsal.example"
LOCALES = ("en_US", "de_DE", "fr_FR", "cs_CZ", "es_ES")
"""Names with and without diacritics, all of which have a readable ASCII form for the user name."""

DEPARTMENTS = ("Sales", "Research", "Support", "Finance", "Legal")


class Directory:
    """Makes people for a run. Names come from a seeded Faker; ids and user names from the seed alone."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def person(self, scenario: str, part: str) -> Person:
        """The person who plays this part in this scenario: unique in a run, equal in every run with this seed."""
        digest = hashlib.sha256(f"{self.seed}/{scenario}/{part}".encode()).hexdigest()
        number = int(digest[:8], 16)
        fake = _faker(LOCALES[number % len(LOCALES)])
        fake.seed_instance(number)
        given, family = str(fake.first_name()), str(fake.last_name())
        user_name = f"{_ascii(given)}.{_ascii(family)}.{digest[32:38]}@{DOMAIN}"
        return Person(
            directory_id=digest[:32],
            user_name=user_name,
            given_name=given,
            family_name=family,
            email=user_name,
            title="Account Executive",
            department=DEPARTMENTS[number % len(DEPARTMENTS)],
        )

    def team(self, scenario: str, role: str, members: tuple[str, ...]) -> Team:
        digest = hashlib.sha256(f"{self.seed}/{scenario}/{role}".encode()).hexdigest()
        return Team(directory_id=digest[:32], name=f"Rehearsal {digest[32:38]}", members=members, role=role)


@cache
def _faker(locale: str) -> Faker:
    # Imported here: loading Faker takes longer than answering --help may.
    from faker import Faker

    # Names are all that is asked for; the other providers of each locale are not looked for.
    return Faker(locale, providers=["faker.providers.person"], use_weighting=False)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(c for c in plain if c.isalnum()) or "someone"
