"""Triaging: files in, a Case out; what the command, the page and the tests use."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from harness import blaming, keeping, saved
from harness.configuration import Given, check
from harness.guides import faults
from harness.intake.entra_export import read_export
from harness.intake.masking import Masker
from harness.intake.ordering import Told, in_time
from harness.intake.reading import is_one, read_files, recognise
from harness.intake.reconstruct import reconstruct
from harness.intake.recording import Gathered, gather
from harness.model.case import Actor, Case, Likelihood, Possibility, Suspicion, Timeline
from harness.model.diagnosis import Line, State
from harness.model.entra_export import EntraExport
from harness.model.profile import Profile
from harness.model.sighting import Complaint, Confidence, Provenance, Sighting
from harness.plan import vendors
from harness.profiles import load
from harness.triage import asking, reply
from harness.triage.diagnosing import conclude, diagnose
from harness.triage.document import document
from harness.triage.look import look
from harness.triage.picture import Picture
from harness.triage.rules import load_rules
from harness.triage.weighing import weighed
from harness.veil import Veil

FileProgress = Callable[[Path, int, int], None]
EXPORT = "entra-export"


def triage(
    paths: Iterable[Path],
    profile: str = "marketbeam",
    idp: str = "",
    progress: FileProgress | None = None,
    ordered: Told | None = None,
) -> Case:
    """What the files say together. What cannot be read is in the Case's complaints; nothing is sent.

    ``idp`` ("okta", "entra") is taken where the files do not tell. ``progress`` is told what is read, ``ordered`` how
    much of it was looked at, where it had to be put in order first. Raises ProfileError for an unknown profile.
    """
    exports, traffic, complaints = _apart(list(paths))
    found = in_time(_sightings(traffic, complaints, progress), alone=_alone(traffic), told=ordered)
    return conclude_case(found, exports, load(profile), idp)


def conclude_case(
    found: Iterable[Sighting | Complaint], export: EntraExport | None, profile: Profile, idp: str = ""
) -> Case:
    """The Case of what was read, however it was read; ``found`` in order of time (in_time)."""
    picture = Picture()
    for capability in ("create", "groups", "update"):
        if profile.refuses(capability):
            picture.mark(f"profile:refuses-{capability}")
    gathered = gather(_taken(found, picture), most=blaming.MOST, idp=idp)
    if idp:
        picture.idps[idp] += 10**9
    lines = _exported(picture, export, profile) if export else ()
    conclude(picture)
    causes = (*diagnose(picture), *_others(lines))
    run = blaming.blame(gathered, profile) if _reached(picture, causes) else None
    if run is not None:
        causes = blaming.suspicions(run, causes, picture.idp)
    causes = weighed(causes, picture, run.causes if run is not None else ())
    timelines, divergence = tuple(_timelines(picture)), _divergence(picture, causes)
    unknown = tuple(asking.missing(picture, causes, exported=bool(export)))
    return Case(
        files=tuple(picture.files),
        idp=picture.idp,
        causes=causes,
        timelines=timelines,
        divergence=divergence,
        rebuilt=_rebuilt(divergence, timelines, _variants(gathered, export, picture.idp)),
        unknown=unknown,
        complaints=(*picture.complaints, *(_not_judged(gathered, picture) if run is not None else ())),
        reply=reply.draft(causes, unknown, picture),
    )


def _not_judged(gathered: Gathered, picture: Picture) -> Iterator[Complaint]:
    """What only a part of a large recording was looked at for."""
    if gathered.kept < gathered.exchanges:
        yield Complaint(
            Provenance(", ".join(picture.files), "", "the recording as a whole"),
            f"each of its {gathered.exchanges} exchanges was looked at for signs of trouble, and the first "
            f"{gathered.kept} were held against the rules of SCIM",
            "scimulator judge FILE --most N holds more of them against the rules",
        )


def _reached(picture: Picture, causes: tuple[Suspicion, ...]) -> bool:
    """Whether the service itself answered: what stands at a wrong address is not to be judged."""
    astray = any(c.who is Actor.CUSTOMER and c.likelihood is not Likelihood.LOW for c in causes)
    return picture.has("people-found-at-the-address") or not astray


def _taken(found: Iterable[Sighting | Complaint], picture: Picture) -> Iterator[Sighting]:
    """Everything goes into the picture; what was recorded goes on to the judge."""
    for one in found:
        picture.take(one)
        if not isinstance(one, Complaint) and one.exchange is not None and one.confidence is Confidence.RECORDED:
            yield one


def _apart(paths: list[Path]) -> tuple[EntraExport | None, list[Path], list[Complaint]]:
    """Exports are read as a whole and told apart from logs and traffic."""
    export, rest = EntraExport(), list[Path]()
    complaints: list[Complaint] = []
    for path in paths:
        try:
            importer = recognise(path)
            if importer is not None and importer.name == EXPORT:
                read, doubts = read_export(path)
                export = export.with_(read)
                complaints += doubts
        except OSError:
            pass  # told when it is read
        rest.append(path)
    return export or None, rest, complaints


def _alone(paths: list[Path]) -> bool:
    try:
        return is_one(paths)
    except OSError:
        return False  # told when it is read


def _sightings(
    paths: list[Path], complaints: list[Complaint], progress: FileProgress | None
) -> Iterator[Sighting | Complaint]:
    told = set(complaints)
    for found in read_files(paths, progress):
        if not (isinstance(found, Complaint) and found in told):
            yield found
    yield from complaints


def _exported(picture: Picture, export: EntraExport, profile: Profile) -> tuple[Line, ...]:
    """What the configuration check finds in an export, as signs for the rules."""
    picture.idps["entra"] += 1
    lines = check(Given(export=export), profile).lines
    for line in lines:
        if line.state in (State.WRONG, State.WARNING) and line.id in faults():
            picture.mark(f"fault:{line.id}")
    return tuple(line for line in lines if line.state is State.WRONG)


def _others(lines: tuple[Line, ...]) -> Iterator[Suspicion]:
    """Wrong settings that no rule speaks of, in the words of the guide."""
    spoken = {sign for rule in load_rules().values() for sign in rule.signs}
    for line in lines:
        if f"fault:{line.id}" not in spoken and line.id in faults():
            yield Suspicion(
                id=line.id,
                title=line.title,
                likelihood=Likelihood.MEDIUM,
                who=Actor(line.who or "customer"),
                meaning=line.meaning,
                steps=(line.fix,) if line.fix else (),
                evidence=tuple(proof.text for proof in line.evidence),
            )


def _timelines(picture: Picture) -> Iterator[Timeline]:
    for person in picture.trails():
        trail = sorted(person.trail, key=lambda look: (look.at or "", look.number))
        yield Timeline(person.name, "group" if person.group else "person", tuple(look.sighting for look in trail))


def _divergence(picture: Picture, causes: tuple[Suspicion, ...]) -> Sighting | None:
    """The first place where it went another way: the first evidence of the likeliest cause, else the first failure."""
    for cause in causes[:1]:
        if cause.who.value != "nobody" and cause.seen:
            return min(cause.seen, key=lambda s: (s.at or "~",))
    return picture.first_failure.sighting if picture.first_failure else None


def _variants(gathered: Gathered, export: EntraExport | None, idp: str) -> tuple[str, ...]:
    """The app types that it can be: what recorded traffic or the tenant URL of an export gives away; () if nothing."""
    told = (s for s in gathered.senders.values() if s.idp == idp and s.variant)
    known = {s.variant for s in told if s.variant_likelihood is not Likelihood.LOW}
    flags = export.flags if export is not None and idp == "entra" else ()
    known |= {variant.name for variant in vendors()[idp].variants if variant.name in flags} if flags else set()
    return tuple(sorted(known))


def _rebuilt(
    divergence: Sighting | None, timelines: tuple[Timeline, ...], variants: tuple[str, ...]
) -> tuple[Possibility, ...]:
    """What the IdP must have sent where it first went another way; nothing where the requests themselves are there."""
    if divergence is None or divergence.confidence is Confidence.RECORDED:
        return ()
    event = divergence
    if event.event is None:
        # The answer inside of an error text stands at the same place as the event that it was taken from.
        beside = (s for line in timelines for s in line.sightings if s.provenance == divergence.provenance)
        event = next((s for s in beside if s.event is not None), divergence)
    return reconstruct(event, vendors(), variants)


def told(case: Case, *, personal: bool = False) -> dict[str, Any]:
    """The Case as a document, without credentials; with ``personal`` also without names of people."""
    plain: dict[str, Any] = _masked(document(case))
    if not personal:
        return plain
    veil = Veil(secrets.token_bytes(32))
    for timeline in case.timelines:
        if timeline.kind == "person":
            veil.learn(timeline.subject)
        for sighting in timeline.sightings:
            seen = look(sighting, 0)
            if seen is not None and not seen.group:
                veil.learn_all(alias.removeprefix("id:") for alias in seen.aliases)
    veil.learn_all(_ADDRESS.findall(json.dumps(plain, ensure_ascii=False)))
    kept = {name: plain[name] for name in ("schema", "files", "idp")}
    veiled: dict[str, Any] = {**veil.value(plain), **kept}
    return veiled


_ADDRESS = re.compile(r"[\w.+%-]+@[\w.-]+\.\w+")


def _masked(value: Any, masker: Masker | None = None) -> Any:
    """Credentials that stand in a log's or a mail's text are taken out; traffic was masked when it was read."""
    masker = masker or Masker()
    if isinstance(value, str):
        return masker.text(value)
    if isinstance(value, dict):
        return {name: _masked(part, masker) for name, part in value.items()}
    return [_masked(part, masker) for part in value] if isinstance(value, list) else value


def as_json(told: dict[str, Any]) -> str:
    return json.dumps(told, indent=2, ensure_ascii=False)


def write(told: dict[str, Any], html: Path | None, out: Path | None) -> list[Path]:
    """Write the page, or a folder with document, page and reply; the paths. Raises OSError."""
    from reports.casepage import render

    written = []
    if html is not None:
        html.write_text(render(told), "utf-8")
        written.append(html)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in (("case.json", as_json(told)), ("case.html", render(told)), ("reply.txt", told["reply"])):
            (out / name).write_text(text + "\n", "utf-8")
            written.append(out / name)
    return written


def keep(case: Case, name: str, into: Path) -> Path:
    """Write the case as a saved scenario. Raises ValueError when it has no cause or the name will not do; OSError."""
    return saved.write(keeping.kept(case, name), into)


def exit_code(case: Case) -> int:
    if not case.files and not case.causes:
        return 2
    return 0 if any(cause.likelihood is not Likelihood.LOW for cause in case.causes) else 1
