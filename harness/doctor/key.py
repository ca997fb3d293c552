"""The key as a text: what came along when it was pasted, and the key that is meant.

No line ever shows the key or a part of it; a flaw is described in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.doctor.remedies import fix
from harness.model.diagnosis import Line, Proof, State
from harness.model.secret import Secret

_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_PLACEHOLDER = re.compile(
    r"^(<.*>|\{.*\}|\[.*\]|x{4,}|\*{3,}|•{3,}|your[ _-]?(api[ _-]?)?(key|token).*|changeme|token)$", re.I
)

NO_ACCESS = "Until this is put right no request of the identity provider is let in: whoever leaves keeps access."


@dataclass(frozen=True)
class Key:
    """A key as it was pasted and as it has to be. ``clean`` is what our own questions use."""

    pasted: Secret
    clean: Secret
    line: Line | None = None

    @property
    def flawed(self) -> bool:
        return self.line is not None and self.line.state is State.WRONG


def read(pasted: Secret, idps: tuple[str, ...], *, as_it_stands: bool = False) -> Key:
    """Look at the text of a key. ``as_it_stands``: it is sent without the word Bearer in front (Okta: Header Auth)."""
    raw = pasted.reveal()
    text = raw.strip()
    unquoted = text.strip(_QUOTES).strip()
    word, _, rest = unquoted.partition(" ")
    has_word = word.casefold().rstrip(":") == "bearer"
    header = re.match(r"authorization\s*:\s*(bearer\s+)?", unquoted, re.I)
    bare = unquoted[header.end() :].strip() if header else rest.strip() if has_word else unquoted
    again = re.match(r"bearer\s+", bare, re.I)
    bare = bare[again.end() :] if again else bare
    clean = "".join(bare.split())
    line = None
    if not clean:
        line = _line("key-empty", "There is no key: the field was empty.", "Paste the key", idps)
    elif _PLACEHOLDER.match(unquoted):
        line = _line("key-placeholder", "This is the example from a guide, not a key.", "Paste the real key", idps)
    elif clean != bare:
        inside = "a line break" if any(c in bare for c in "\r\n") else "a blank"
        line = _line(
            "key-white-space-inside",
            f"There is {inside} in the middle of the key: it was copied in two pieces. {NO_ACCESS}",
            "Copy the key again in one piece",
            idps,
        )
    elif as_it_stands and not has_word:
        line = _line(
            "key-missing-bearer",
            "This field is sent as it stands, and the word Bearer is missing in front of the key: the service cannot "
            f"tell what it is. {NO_ACCESS}",
            "Type the word Bearer, one blank, then the key",
            ("okta",),
        )
    elif (has_word or header) and not (as_it_stands and has_word and not again):
        line = _line(
            "key-doubled-bearer",
            "The key begins with the word Bearer. The identity provider adds that word itself, so the service gets it "
            f"twice and refuses. {NO_ACCESS}",
            "Paste the key alone, without the word Bearer",
            idps,
        )
    elif unquoted != text:
        line = _line(
            "key-quotes",
            f"There are quotation marks around the key; they would be sent as a part of it. {NO_ACCESS}",
            "Paste the key without quotation marks",
            idps,
        )
    elif text != raw:
        line = _line(
            "key-white-space",
            "A blank or a line break came along at the beginning or the end of the key. We left it out; an identity "
            "provider may send it, and then nobody is let in.",
            "Paste the key again without it",
            idps,
            State.WARNING,
        )
    return Key(pasted, Secret(clean, pasted.source), line)


def as_sent(key: Key) -> Secret:
    """The key as an IdP puts it into its header: as pasted, but for what no header can carry."""
    return Secret(" ".join(key.pasted.reveal().split()), key.pasted.source)


def _line(id: str, meaning: str, what: str, idps: tuple[str, ...], state: State = State.WRONG) -> Line:
    return Line(id, state, "API key", meaning, fix(f"{what}.", "key", idps), "customer")


def line_with(
    id: str, meaning: str, what: str, idps: tuple[str, ...], proof: list[Proof], state: State = State.WRONG
) -> Line:
    """A line about the key, with what was seen; who runs the IdP has to act."""
    return Line(id, state, "API key", meaning, fix(f"{what}.", "key", idps), "customer", evidence=tuple(proof))
