"""What a try with one person means: whether access ended, and above all whether they are back."""

from __future__ import annotations

from collections.abc import Sequence

from harness.model.diagnosis import Line, State
from reports.words import Word

NOT_BACK = ("write-not-back", "write-back-unknown")
KEEPS = ("write-access-alive", "write-no-effect", "write-refused", "write-nothing-sent")
_TONES = {State.OK: ("✓", "pass"), State.WARNING: ("!", "warn"), State.WRONG: ("✕", "fail")}
_UNKNOWN = ("?", "unknown")


def trial_answer(account: str, lines: Sequence[Line], *, stopped: bool, left: bool = False) -> Word:
    """The headline and the sentences below it. ``account`` is "" where only an earlier try was put back.

    ``left``: somebody else, perhaps at another service, is still to be put back.
    """
    by_id = {line.id: line for line in lines}
    if lost := [line for line in lines if line.id in NOT_BACK]:
        return Word("Not put back", "✕", "fail", " ".join(line.meaning for line in lost))
    back = " ".join(line.meaning for line in lines if line.id.startswith("write-back"))
    if not account and left:
        return Word("Somebody may still be switched off", "!", "warn", back)
    if not account:
        return Word("Nobody is left switched off", "✓", "pass", back)
    about = [line for line in lines if not line.id.startswith("write-back")]
    if not about:
        how = "You stopped the try before anything was seen." if stopped else "Nothing was seen."
        return Word("Nothing is known", *_UNKNOWN, f"{how} {back}")
    if wrong := [line for line in about if line.state is State.WRONG]:
        short = "A leaver would keep access" if wrong[0].id in KEEPS else "A leaver would not be handled rightly"
        return Word(short, "✕", "fail", f"{wrong[0].meaning} {back}")
    off, access = by_id.get("write-off") or by_id.get("write-off-but-refused"), by_id.get("write-access")
    if off is None:
        return Word("Whether access ends is not known", *_UNKNOWN, f"{about[0].meaning} {back}")
    if access is None or access.state is not State.OK:
        told = f"{off.meaning} Whether what they had open has ended cannot be seen from here."
        return Word("Switched off; the rest is for you to see", "!", "warn", f"{told} {back}")
    worst = State.WARNING if any(line.state is not State.OK for line in lines) else State.OK
    looked = "" if worst is State.OK else " Something below wants a look."
    return Word("Access ended", *_TONES[worst], f"{off.meaning} {access.meaning}{looked} {back}")
