"""What can be rehearsed, as questions that an administrator has, and the arguments of the run that answers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """One question. ``stories`` answer it, at ``only`` this identity provider ("" for all).

    ``writes``: something is sent that changes somebody's state, which is put back, or that the service has to refuse.
    """

    name: str
    title: str
    explains: str
    stories: tuple[str, ...]
    writes: bool = False
    only: str = ""


QUESTIONS = (
    Question(
        "connection",
        "Does the connection test pass?",
        "The test that the button in your identity provider makes. It only reads.",
        ("connection",),
    ),
    Question(
        "leaver",
        "Does somebody who is taken off the app lose access?",
        "One of your test people is deactivated the way your identity provider does it, and put back afterwards.",
        ("leaver",),
        writes=True,
    ),
    Question(
        "disabled",
        "Does somebody whose account is disabled lose access?",
        "The account in the directory is switched off; the app is still assigned.",
        ("leaver-disabled",),
        writes=True,
    ),
    Question(
        "rehire",
        "Does somebody who comes back get access again?",
        "One of your test people is deactivated and activated again.",
        ("rehire",),
        writes=True,
    ),
    Question(
        "groups",
        "What happens when group push was left on?",
        "A team of test people is sent, which the service has to refuse; then one of them leaves.",
        ("group-push-refused",),
        writes=True,
    ),
    Question(
        "deleted",
        "Does somebody who is deleted in the directory lose access?",
        "Entra ID then also changes the user name, which is put back afterwards.",
        ("leaver-deleted",),
        writes=True,
        only="entra",
    ),
    Question(
        "keys",
        "Does a wrong key stay outside?",
        "Requests with a wrong key, or none, are sent to an account that does not exist.",
        ("tokens",),
        writes=True,
    ),
)

PROFILES = {
    "marketbeam": "It only takes access away",
    "full": "It also creates people, and manages groups",
    "read-only": "It changes nothing at all",
}
"""What the service's own documentation promises, in words that such documentation uses."""


def offered(idp: str) -> tuple[Question, ...]:
    """The questions that make sense with an identity provider."""
    return tuple(q for q in QUESTIONS if not q.only or idp.partition(":")[0] == q.only)


def chosen(idp: str, names: Iterable[str]) -> tuple[Question, ...]:
    wanted = set(names)
    return tuple(question for question in offered(idp) if question.name in wanted)


def stories(questions: Sequence[Question]) -> list[str]:
    """The arguments that name what is played."""
    return [f"--story={story}" for question in questions for story in question.stories]


def run_arguments(
    base_url: str, idp: str, profile: str, questions: Sequence[Question], accounts: Sequence[str], out: Path
) -> list[str]:
    """The arguments of ``scimulator`` for a rehearsal that was agreed to."""
    writes = ["--allow=write"] if any(q.writes for q in questions) and accounts else []
    return [
        "run",
        f"--target={base_url}",
        f"--profile={profile}",
        f"--idp={idp}",
        *stories(questions),
        *(f"--account={account}" for account in accounts),
        *writes,
        "--audience=admin",
        "--report=html",
        "--jsonl",
        f"--out={out}",
    ]
