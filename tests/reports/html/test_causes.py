from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from harness.model.outlook import Notice, Outlook
from harness.model.requirement import Harm
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports.html.causes import cause_views, harms


def test_every_finding_is_under_exactly_one_cause(samples: ModuleType) -> None:
    run = samples.with_findings()
    placed = [p.finding.id for view in cause_views(run) for card in view.cards for p in card.places]
    assert sorted(placed) == sorted(finding.id for _, finding in run.findings)


def test_two_causes_that_name_one_finding_do_not_tell_it_twice(samples: ModuleType) -> None:
    run = samples.with_findings()
    first = run.causes[0]
    twice = replace(run, causes=(*run.causes, replace(first, id="C-ffffff")))
    assert sum(view.findings for view in cause_views(twice)) == len(run.findings)


def test_causes_stand_by_harm_and_what_does_not_count_comes_last(samples: ModuleType) -> None:
    views = cause_views(samples.with_findings())
    assert [v.cause.harm for v in views[:4]] == [Harm.ACCESS, Harm.LOCKOUT, Harm.LEAK, Harm.SETUP]
    assert {v.cause.outcome for v in views[-4:]} == {Outcome.KNOWN, Outcome.NOTED}


def test_a_cause_with_two_requirements_is_one_view_with_the_root_first(samples: ModuleType) -> None:
    view = next(v for v in cause_views(samples.with_findings()) if v.cause.requirement == "MB-3")
    assert [card.requirement.id for card in view.cards] == ["MB-3", "RFC7644-3.12-01"]
    assert (view.findings, view.scenarios) == (4, 4)
    assert view.seen_by == "Microsoft Entra ID, Okta, probes"


def test_what_shows_the_harm_is_proven_besides_the_root(samples: ModuleType) -> None:
    run = samples.with_findings()
    error, session = (next(c for c in run.causes if c.requirement == name) for name in ("MB-3", "MB-1"))
    names = ("RFC7644-3.12-01", "MB-1", "MB-3")
    merged = replace(
        error,
        harm=Harm.ACCESS,
        requirement="RFC7644-3.12-01",
        requirements=names,
        findings=(*error.findings, *session.findings),
        scenarios=tuple(sorted({*error.scenarios, *session.scenarios})),
        first_finding=next(f.id for v, f in run.findings if v.requirement == "RFC7644-3.12-01"),
    )
    view = cause_views(replace(run, causes=(merged,)))[0]
    assert [proof.place.verdict.requirement for proof in view.proofs] == ["RFC7644-3.12-01", "MB-1"]
    assert view.fact == 'expected "session": "ended" or "session": "none" at /session, received alive'
    assert view.admin == "People who leave can still get into the product."


def test_each_idp_that_saw_it_gets_something_to_do_until_then(samples: ModuleType) -> None:
    view = cause_views(samples.with_findings())[0]
    assert [way.idp for way in view.ways] == ["entra", "okta"]
    assert all(way.workaround.does for way in view.ways)


def test_only_failed_causes_say_what_happens_to_people(samples: ModuleType) -> None:
    found = harms(cause_views(samples.with_findings()))
    assert [harm for harm, _ in found] == [Harm.ACCESS, Harm.LOCKOUT, Harm.LEAK, Harm.SETUP]


def test_a_run_read_back_without_its_catalogue_keeps_its_causes(samples: ModuleType) -> None:
    run = samples.with_findings()
    assert len(cause_views(Run(**{**vars(run), "requirements": {}}))) == len(cause_views(run))


def test_the_administrators_screen_shows_the_notices_about_the_very_exchange(samples: ModuleType) -> None:
    k = samples.key()
    about, other = Notice("Tasks", "Task", "about it", exchange="x-1"), Notice("Tasks", "Task", "another")
    broken = (samples.broken(k, "MB-1", Outcome.FAILED, "x-1"),)
    result = ScenarioResult(k, Outcome.FAILED, samples.leaver_transcript(k), broken, Outlook((other, about)))
    (view,) = cause_views(samples.run([result], Conclusion.NON_CONFORMANT))
    assert view.screens[0].notices == (about,)


def test_a_silent_idp_is_named_although_it_shows_nothing_and_trouble_comes_first(samples: ModuleType) -> None:
    view = next(v for v in cause_views(samples.with_findings()) if v.cause.requirement == "MB-1")
    entra, okta = view.screens
    assert (okta.idp, okta.notices, okta.silent) == ("okta", (), True)
    assert [notice.status for notice in entra.notices] == ["Failure", "Success"]
    assert not entra.silent
