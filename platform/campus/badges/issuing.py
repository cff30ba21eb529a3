"""Gives an achievement to many: awards are made at once, each exactly once, then signed chunk after chunk by jobs.

What is owed is an award without a moment of issue. Whatever is killed, the next job goes on with what is owed, so
nobody is left out and nobody gets a badge, or is told of it, twice. Whoever signs a chunk holds the run's row; a second
job that finds it held goes away, so there may be more jobs than needed, and dead ones need not be told from living.
"""

import logging
import secrets
import time
from collections.abc import Collection, Sequence

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from campus import live
from campus.badges import replacing
from campus.badges.candidates import Candidate, candidates_of
from campus.badges.keys import issuer_of_site, signing_keys
from campus.badges.models import Achievement, Award, IssueRun, RunState
from campus.badges.notices import ISSUED
from campus.badges.places import draw_places
from campus.badges.recording import record
from campus.badges.refusals import NobodyGetsIt, StillRunning, TooMany
from campus.badges.signing import sign_all
from campus.cohorts.actions import record_audit
from campus.notices.actions import notify
from campus.people.models import Person

logger = logging.getLogger(__name__)

CHUNK = 50
# Of one run: so many places are drawn from one status list.
MOST_AT_ONCE = 20_000


def start(achievement: Achievement, *, chosen: Collection[int] | None = None, actor: Person | None) -> IssueRun:
    """Make the awards of all who get the achievement now, and have them signed; raises BadgeRefused.

    chosen: the enrolments of an achievement that is given by hand.
    """
    from campus.badges.tasks import defer_run

    issuer = issuer_of_site()
    signing_keys(issuer)  # Fail here, in front of the organiser, where the keys can't be opened.
    with live.atomic():
        row = Achievement.objects.select_for_update(of=("self",)).select_related("current", "cohort")
        held = row.get(pk=achievement.pk)
        if held.runs.filter(state=RunState.RUNNING).exists():
            raise StillRunning
        getting = [one for one in candidates_of(held, chosen=chosen) if one.gets]
        if not getting:
            raise NobodyGetsIt
        if len(getting) > MOST_AT_ONCE:
            raise TooMany(MOST_AT_ONCE)
        run = IssueRun.objects.create(achievement=held, started_by=actor)
        run.total = _make_awards(run, getting)
        run.save(update_fields=["total"])
        defer_run(run.pk)
        _audit("badge.issuing_begun", run, actor, count=run.total)
    return run


def _make_awards(run: IssueRun, getting: Sequence[Candidate]) -> int:
    """A row for each; who has got one meanwhile is passed over."""
    status_list, places = draw_places(issuer_of_site(), len(getting))
    rows = [
        Award(
            achievement=run.achievement,
            version=run.achievement.version,
            person=one.enrolment.person,
            enrolment=one.enrolment,
            run=run,
            salt=secrets.token_hex(16),
            status_list=status_list,
            status_index=place,
        )
        for one, place in zip(getting, places, strict=True)
    ]
    Award.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return run.awards.count()


def issue_for(run_id: int, *, seconds: float) -> bool:
    """Sign chunk after chunk for about so long; returns whether there is more."""
    stop_at = time.monotonic() + seconds
    while issue_some(run_id):
        if time.monotonic() >= stop_at:
            return True
    return False


def issue_some(run_id: int) -> bool:
    """Sign the next chunk of the run and tell its holders; returns whether there is more to do here.

    One transaction: a chunk is signed, recorded and told as a whole, or not at all. Harmless when called twice; where
    somebody else is at it, nothing is left to do here.
    """
    with live.atomic():
        rows = IssueRun.objects.select_for_update(of=("self",), skip_locked=True)
        run = rows.select_related("achievement__cohort").filter(pk=run_id, state=RunState.RUNNING).first()
        if run is None:
            return False
        awards = replacing.replace_next(run, CHUNK) if run.is_anew else _issue_next(run)
        run.done = F("done") + len(awards)
        is_over = len(awards) < CHUNK
        if is_over:
            run.state, run.ended_at = RunState.DONE, timezone.now()
            _audit("badge.replaced" if run.is_anew else "badge.issued", run, run.started_by, count=run.total)
        run.save(update_fields=["done", "state", "ended_at"])
        live.touch(run.stream, "progress")
    return not is_over


def _issue_next(run: IssueRun) -> list[Award]:
    """Sign the next ones, keep that in a few statements, and tell."""
    rows = run.owed.select_related("version__achievement", "person__profile", "status_list").order_by("pk")
    awards = list(rows.select_for_update(of=("self",))[:CHUNK])
    if awards:
        record(awards, sign_all(awards, at=timezone.now()))
        _tell(run, awards)
    return awards


def _tell(run: IssueRun, awards: list[Award]) -> None:
    """In the page at once, as a notice, and by mail; by its key nobody is told twice."""
    version, cohort = awards[0].version, run.achievement.cohort
    for award in awards:
        live.publish(f"person:{award.person_id}", "badge", {"what": "issued", "award": str(award.uid)})
    notify(
        kind=ISSUED.name,
        to=[award.person for award in awards],
        context={
            "badge": {"ja": version.name_ja, "en": version.name_en},
            "cohort": {"ja": cohort.title_ja, "en": cohort.title_en},
        },
        url=reverse("badges:wallet"),
        key=f"badge:{run.achievement_id}",
    )


def give_up(run_id: int, problem: str) -> None:
    """What is signed stays; the organiser sees why the rest isn't, and can take it up again."""
    with live.atomic():
        runs = IssueRun.objects.filter(pk=run_id, state=RunState.RUNNING)
        if runs.update(state=RunState.BROKEN, problem=problem[:300]):
            live.touch(f"issuerun:{run_id}", "progress")


def resume(run: IssueRun, *, actor: Person | None) -> None:
    """Go on with what is owed of an interrupted run."""
    from campus.badges.tasks import defer_run

    with live.atomic():
        row = _locked(run, RunState.BROKEN)
        if row is None:
            return
        row.state, row.problem = RunState.RUNNING, ""
        row.save(update_fields=["state", "problem"])
        defer_run(row.pk)
        _audit("badge.issuing_resumed", row, actor, count=row.owed.count())
        live.touch(row.stream, "progress")


def stop(run: IssueRun, *, actor: Person | None) -> int:
    """Issue no more of the run; what is signed stays. Returns how many are not issued."""
    with live.atomic():
        row = _locked(run, RunState.RUNNING, RunState.BROKEN)
        if row is None:
            return 0
        count = row.owed.update(anew_run=None) if row.is_anew else row.owed.delete()[0]
        row.state, row.ended_at = RunState.STOPPED, timezone.now()
        row.save(update_fields=["state", "ended_at"])
        _audit("badge.issuing_stopped", row, actor, count=row.done, left_out=count)
        live.touch(row.stream, "progress")
    return count


def _locked(run: IssueRun, *states: RunState) -> IssueRun | None:
    rows = IssueRun.objects.select_for_update(of=("self",)).select_related("achievement__cohort")
    return rows.filter(pk=run.pk, state__in=states).first()


def _audit(action: str, run: IssueRun, actor: Person | None, **details: int) -> None:
    record_audit(
        action=action,
        subject=f"achievement:{run.achievement_id}",
        actor=actor,
        cohort=run.achievement.cohort,
        run=run.pk,
        **details,
    )
