"""2,000 badges by the real job into PostgreSQL, beside PyLD's plain signing and bare Ed25519; then with killed workers.

Target: 2,000 within 30 s, the last hundred as fast as the first, nothing missing or double whatever is killed.
BADGES=200 in the environment makes it short.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, end_part, headline, percentile, start_part

if TYPE_CHECKING:
    from campus.badges.models import Achievement, IssueRun
    from campus.cohorts.models import Cohort

BADGES, PLAIN = int(os.environ.get("BADGES", "2000")), 50
KILLS = 4
# Much more than a run needs (most of it are the starts of workers), so that one that hangs is told within minutes.
LONGEST_SECONDS = 600


def main() -> None:
    headline(f"{BADGES:,} badges issued to a cohort")
    with database_only():
        from campus.badges import issuing

        cohort = completed_cohort()
        first, second = achievement(cohort, "first"), achievement(cohort, "second")
        sign_only(first)
        began = time.monotonic()
        run = issuing.start(first, actor=None)
        print(f"awards made in {time.monotonic() - began:.2f} s")
        seconds = let_work(run, kills=0)
        print(f"issued, told in the page and mails written in {seconds:.1f} s, a worker's start included")
        by_chunk()
        check(first)
        run = issuing.start(second, actor=None)
        seconds = let_work(run, kills=KILLS)
        print(f"with {KILLS} workers killed: {seconds:.1f} s")
        check(second)
        anew(first)


def completed_cohort() -> Cohort:
    from django.utils import timezone

    from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Programme
    from campus.people.models import Person, Profile
    from campus.progress.models import Completion

    today = timezone.localdate()
    programme = Programme.objects.create(slug="case-study", title_ja="ケーススタディ教育プログラム")
    dates = {"starts_on": today - timedelta(days=60), "ends_on": today}
    cohort = Cohort.objects.create(programme=programme, slug="spring", title_ja="2026年度 春期", **dates)
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@example.org", name=f"受講 花子{number}") for number in range(BADGES)
    )
    Profile.objects.bulk_create(Profile(person=one, name_roman=f"JUKO Hanako {one.pk}") for one in people)
    state = EnrolmentState.COMPLETED
    enrolments = Enrolment.objects.bulk_create(Enrolment(person=one, cohort=cohort, state=state) for one in people)
    Completion.objects.bulk_create(Completion(enrolment=one, completed_at=timezone.now()) for one in enrolments)
    return cohort


def achievement(cohort: Cohort, name: str) -> Achievement:
    from campus.badges import actions
    from campus.badges.models import Rule
    from campus.badges.pictures import Design

    texts = {
        f"{text}_{language}": f"{name} 修了"
        for text in ("name", "description", "criteria")
        for language in ("ja", "en")
    }
    picture = actions.drawn(Design(text="修了"))
    return actions.create(cohort=cohort, rule=Rule.COMPLETION, texts=texts, picture=picture, actor=None)


def sign_only(achievement: Achievement) -> None:
    """What the signatures cost by themselves, one way and the other."""
    from django.utils import timezone

    from campus.badges import keys, signing
    from campus.badges.credentials.build import credential_of
    from campus.badges.credentials.fast import Signer
    from campus.badges.credentials.proof import sign
    from campus.badges.models import Award, StatusList

    issuer, now = keys.issuer_of_site(), timezone.now()
    _row, opened = keys.signing_keys(issuer)
    status = StatusList(issuer=issuer, number=1)
    version, facts = achievement.version, signing.Facts(issuer)
    unsigned = []
    for enrolment in achievement.cohort.enrolments.select_related("person__profile")[:BADGES]:
        award = Award(version=version, person=enrolment.person, salt="s", status_list=status, status_index=enrolment.pk)
        signing._fill_in(award, now)
        unsigned.append(credential_of(facts.of(award)))
    signer = Signer(opened)
    ways = {
        f"PyLD's plain way ({PLAIN})": (PLAIN, lambda one: sign(one, opened, created=now)),
        "our fast way": (BADGES, lambda one: signer.sign(one, created=now)),
        "bare Ed25519 over the JSON": (BADGES, lambda one: opened.ed25519.sign(json.dumps(one).encode())),
    }
    for name, (count, way) in ways.items():
        began = time.process_time()
        for one in unsigned[:count]:
            way(one)
        print(f"{name}: {(time.process_time() - began) / count * 1000:.3f} ms a badge")


def anew(achievement: Achievement) -> None:
    """After a compromise of the keys: all replaced, workers killed meanwhile."""
    from campus.badges import keys, replacing
    from campus.badges.models import Award, OldPlace

    keys.rotate(keys.issuer_of_site(), actor=None, is_compromised=True)
    seconds = let_work(replacing.start(achievement, actor=None), kills=KILLS)
    print(f"issued anew for all, with {KILLS} workers killed: {seconds:.1f} s")
    check(achievement, what="replaced")
    revisions = set(Award.objects.filter(achievement=achievement).values_list("revision", flat=True))
    old = OldPlace.objects.filter(award__achievement=achievement).count()
    print(f"issues {revisions}, places revoked {old}")
    if revisions != {2} or old != BADGES:
        raise SystemExit("badges were not replaced exactly once")


def let_work(run: IssueRun, *, kills: int) -> float:
    """Let a worker issue; kill it at equal distances and start another; returns the seconds."""
    from campus.badges.models import IssueRun

    live, worker, killed = start_part("live"), start_part("worker"), 0
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        now = IssueRun.objects.get(pk=run.pk)
        if not now.is_running:
            break
        if killed < kills and now.done >= BADGES * killed // kills:
            # The first dies before it has signed any, each of the others in the middle of its work.
            time.sleep(0.0 if now.done else 3.0)
            worker.kill()
            worker.wait()
            killed += 1
            print(f"  killed at {IssueRun.objects.get(pk=run.pk).done} after {time.monotonic() - began:.1f} s")
            worker = start_part("worker")
        if worker.poll() is not None:
            raise SystemExit(f"the worker ended by itself ({worker.returncode})")
        time.sleep(0.02)
    seconds = time.monotonic() - began
    for part in (worker, live):
        end_part(part)
    if IssueRun.objects.get(pk=run.pk).is_running:
        raise SystemExit(f"not over after {seconds:.0f} s")
    return seconds


def by_chunk() -> None:
    """How long each chunk took, by the moments at which their holders were told."""
    from campus.live.models import Event

    moments = sorted({event.at.timestamp() for event in Event.objects.filter(kind="badge").only("at")})
    ends = [
        moment
        for moment, later in zip(moments, [*moments[1:], None], strict=True)
        if not later or later - moment > 0.02
    ]
    spans = [later - earlier for earlier, later in itertools.pairwise(ends)]
    if spans:
        print(f"from the first chunk told to the last: {ends[-1] - ends[0]:.1f} s")
        print(f"a chunk: p50 {percentile(spans, 0.5):.2f} s, second {spans[0]:.2f} s, last {spans[-1]:.2f} s")


def check(achievement: Achievement, *, what: str = "issued") -> None:
    from django.db.models import Count

    from campus.badges.models import Award, Credential
    from campus.badges.verification import check_award
    from campus.live.models import Event
    from campus.notices.models import Mail, Notice

    awards = Award.objects.filter(achievement=achievement)
    signed = Credential.objects.filter(award__in=awards).count()
    run = achievement.runs.latest("started_at")
    key = f"badge:{achievement.pk}" if what == "issued" else f"badge-replaced:{run.pk}"
    uids = {str(uid) for uid in awards.values_list("uid", flat=True)}
    news = Event.objects.filter(kind="badge", payload__what=what)
    told = [event.payload["award"] for event in news if event.payload["award"] in uids]
    doubles = awards.values("person").annotate(n=Count("pk")).filter(n__gt=1).count() + len(told) - len(set(told))
    figures = {
        "awards": awards.issued().count(),
        "signed": signed,
        "told live": len(told),
        "notices": Notice.objects.filter(key=key).count(),
        "mails": Mail.objects.filter(key=key).count(),
    }
    missing = sum(abs(BADGES - count) for count in figures.values())
    sample = awards.with_badge().select_related("credential").order_by("?")[:20]
    genuine = sum(check_award(award).is_genuine for award in sample)
    print(f"{figures}: missing {missing}, double {doubles}; {genuine} of 20 drawn are genuine")
    if missing or doubles or genuine < 20:
        raise SystemExit("badges are missing, double or not genuine")


if __name__ == "__main__":
    main()
