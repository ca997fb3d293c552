"""What Okta's System Log would say of a run, in the shape in which its API gives it (``/api/v1/logs``).

Beside it, ``okta-tasks.txt`` has the texts of Dashboard > Tasks and of Push Groups > Errors, which are no events.
As in the real one, nothing of what was sent is in the log. Both files say that they are simulated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.model.run import Run
from reports.idp_log import MARK, Line, app_name, clean, dumped, identifier, lines, mark, written

LOG = "Reports > System Log"
NAME, TASKS = "okta-log.json", "okta-tasks.txt"
_SHOWN = ("Dashboard > Tasks", "Push Groups > Errors", "Assignments", "Provisioning > Integration", "Import")
_FAILED = " FAILURE: "
_ACTOR = {"id": "", "type": "SystemPrincipal", "alternateId": "system@okta.example", "displayName": "Okta System"}
_BOXES = ("Stop deprovisioning unassigned users", "Deprovisioning unassigned users")


def write(run: Run, directory: Path) -> Path:
    """Write ``okta-log.json`` (and ``okta-tasks.txt`` if there is trouble on a page). Raises OSError."""
    shown = [line for line in lines(run, "okta") if line.notice.where in _SHOWN and line.notice.status != "Success"]
    if shown:
        written(directory, TASKS, _page(run, shown))
    return written(directory, NAME, render(run))


def render(run: Run) -> str:
    """The log as text: an array of events, oldest first."""
    return dumped([_event(line, run) for line in lines(run, "okta") if line.notice.where == LOG])


def _page(run: Run, shown: list[Line]) -> str:
    begin = f"# simulated {mark(run)['simulated']}\n\n"
    return begin + "".join(f"{line.notice.where}\n{line.at}\n{clean(line.notice.text)}\n\n" for line in shown)


def _event(line: Line, run: Run) -> dict[str, Any]:
    notice = line.notice
    message, reason = _words(line)
    return {
        MARK: mark(run, line.result.key.id),
        "actor": {
            "id": "",
            "type": "SystemPrincipal",
            "alternateId": "system@okta.example",
            "displayName": "Okta System",
        },
        "displayMessage": message,
        "eventType": notice.code,
        "outcome": {"result": notice.status.upper(), "reason": reason},
        "published": f"{line.at.removesuffix('Z')}.000Z",
        "severity": "ERROR" if notice.status == "Failure" else "INFO",
        "debugContext": {"debugData": {"customMessage": message} if notice.text in _BOXES else {}},
        "legacyEventType": None,
        "transaction": {"type": "JOB", "id": identifier("transaction", line.result.key.id, str(notice.at))[:20]},
        "uuid": identifier("event", line.key),
        "version": "0",
        "target": _targets(line),
    }


def _words(line: Line) -> tuple[str, str | None]:
    """The display message and the reason: one text of the console holds both."""
    text = clean(line.notice.text)
    if line.notice.status == "Failure":
        message, failed, reason = text.partition(_FAILED)
        return (message, reason) if failed else ("Push group to external application", text)
    who = line.person.person.user_name if line.person else line.team.name if line.team else ""
    message = text.removesuffix(f": {clean(who)}") if who else text
    return message, None if line.notice.status == "Success" else text


def _targets(line: Line) -> list[dict[str, Any]]:
    targets = []
    if line.person is not None:
        person, key = line.person.person, f"{line.person.person.directory_id[:17].upper():0<17}"
        for kind, prefix in (("AppUser", "0ua"), ("User", "00u")):
            targets.append(_target(prefix + key, kind, person.user_name, person.display_name))
    if line.team is not None:
        key = f"{line.team.directory_id[:17].upper():0<17}"
        targets.append(_target(f"00g{key}", "UserGroup", "unknown", line.team.name))
    app = line.result.key.id
    key = identifier("app", app).replace("-", "")[:17].upper()
    targets.append(_target(f"0oa{key}", "AppInstance", app_name(app), app_name(app)))
    return targets


def _target(key: str, kind: str, alternate: str, name: str) -> dict[str, Any]:
    return {
        "id": key,
        "type": kind,
        "alternateId": clean(alternate),
        "displayName": clean(name),
        "detailEntry": None,
    }
