"""`campus demo`: make the demo cohorts once, and print the accounts."""

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from campus import live
from campus.cases.actions import install_case
from campus.cases.models import CaseVersion
from campus.cohorts.models import Cohort, Role
from campus.demo import (
    admission,
    badges,
    choice,
    cohorts,
    contact,
    conversation,
    groups,
    life,
    mentoring,
    own_case,
    people,
    questionnaires,
    reviews,
)
from campus.demo.deliverables import hand_in_texts, show_best
from campus.demo.twins import copy_work
from campus.demo.work import live_a_week, material_of
from campus.people.models import Person

CASE = "demand-forecasting"
SECOND = "defect-detection"
PREVIOUS_SIZE = 12
APPLICANTS = 18
# So many learners' work is graded for real; the others' is copied, so that the demo of 2,000 is made in minutes.
GRADED = 60


class Command(BaseCommand):
    """Make what is missing; a second call changes nothing."""

    help = "Make the demo cohorts, their people and a week of graded work, and print the accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=60, help="learners in the current cohort (default 60)")

    def handle(self, *args: Any, size: int, **options: Any) -> None:
        if size < 6:
            self.stderr.write("The demo needs at least 6 learners.")
            raise SystemExit(2)
        # Cohorts stay on the version they started with, also where the checkout has a newer one by now.
        if not Cohort.objects.filter(slug=cohorts.CURRENT).exists():
            version = self._timed("case proven and installed", install)
            self._timed("cohorts and people", lambda: make_cohorts(version, size=size))
        self._timed("a week of work, graded", fill_cohorts)
        self._timed("forms and answers", make_forms)
        self._timed("peer reviews", make_reviews)
        self._timed("mentors' reviews", make_mentoring)
        self._timed("a week of conversation", make_conversation)
        self._timed("badges", make_badges)
        self._timed("groups and a team's space", make_groups)
        self._timed("a case in the making", make_own_case)
        if not Cohort.objects.filter(slug=choice.CHOICE).exists():
            second = self._timed("second case proven and installed", lambda: install(SECOND))
            self._timed("a cohort that chooses its case", lambda: make_choice(second))
        self._print_accounts()

    def _timed(self, what: str, do: Any) -> Any:
        began = time.monotonic()
        result = do()
        self.stdout.write(f"  demo: {what} ({time.monotonic() - began:.1f} s)")
        return result

    def _print_accounts(self) -> None:
        self.stdout.write(f"  demo accounts, password {people.PASSWORD}")
        for account in people.ACCOUNTS:
            self.stdout.write(f"    {account.email:<28} {account.role or 'operator'}")


def install(case: str = CASE) -> CaseVersion:
    """A case of the demo, with data from the repository's public seed."""
    return install_case(source=settings.CASE_SOURCES / case, actor=None)


@live.atomic
def make_cohorts(version: CaseVersion, *, size: int) -> None:
    """Create the cohorts with their people."""
    cast = people.make_people(learners=size - 2 + PREVIOUS_SIZE, applicants=APPLICANTS)
    named = {account.key: cast.pop(account.key) for account in people.ACCOUNTS}
    applicants = [cast.pop(key) for key in [key for key in cast if key.startswith("applicant")]]
    others = list(cast.values())
    staff_accounts = (people.FACILITATOR, people.MENTOR, people.ORGANISER)
    staff = {account.role: named[account.key] for account in staff_accounts if account.role}
    running = cohorts.make_cohort(
        _running(version),
        case_version=version,
        learners=[named[people.LEARNER.key], named[people.MATE.key], *others[: size - 2]],
        staff=staff,
    )
    cohorts.invite(named[people.NEWCOMER.key], running)
    life.live_in(running, facilitator=staff[Role.FACILITATOR], now=timezone.now())
    contact.talk(running)
    cohorts.make_cohort(
        _over(version),
        case_version=version,
        learners=[named[people.OUTSIDER.key], *others[size - 2 :]],
        staff={role: staff[role] for role in (Role.ORGANISER, Role.MENTOR)},
    )
    admission.call_for_applications(version=version, organiser=staff[Role.ORGANISER], applicants=applicants)


def make_choice(second: CaseVersion) -> None:
    """Those of the cohort that is over come again, and choose between its case and the second one."""
    over = Cohort.objects.get(slug=cohorts.PREVIOUS)
    enrolments = over.enrolments.filter(role=Role.LEARNER).select_related("person").order_by("pk")
    first = over.cases.select_related("case_version").earliest("position").case_version
    choice.offer_choice(
        [first, second],
        learners=[enrolment.person for enrolment in enrolments],
        organiser=Person.objects.get(email=people.ORGANISER.email),
        starts_at=_running(first).starts_at,
    )


def _running(version: CaseVersion) -> cohorts.Plan:
    """A cohort whose graded step has been open for a week."""
    opens_day, _ = cohorts.model_step_days(version)
    starts_at = _midnight(days_ago=opens_day + 7)
    return cohorts.Plan(cohorts.CURRENT, "デモ開催期（開催中）", "Demo cohort (running)", starts_at)


def _over(version: CaseVersion) -> cohorts.Plan:
    """A cohort whose graded step closed three days ago, so that final scores show; its peer review is still open."""
    _, closes_day = cohorts.model_step_days(version)
    starts_at = _midnight(days_ago=closes_day + 3)
    return cohorts.Plan(cohorts.PREVIOUS, "デモ開催期（相互評価中）", "Demo cohort (peer review)", starts_at)


def _midnight(*, days_ago: int) -> datetime:
    """Steps open at midnight, as an organiser would have them."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


def fill_cohorts() -> None:
    """Let every learner who has handed in nothing live a week."""
    for slug in (cohorts.CURRENT, cohorts.PREVIOUS):
        step = cohorts.graded_step(Cohort.objects.get(slug=slug))
        material = material_of(step.case_version)
        until = min(timezone.now(), step.closes_at)
        taking_part = step.cohort.enrolments.taking_part().filter(role=Role.LEARNER)
        learners = list(taking_part.select_related("person").order_by("pk"))
        hand_in_texts(step.cohort, learners, now=timezone.now())
        for enrolment in learners[:GRADED]:
            live_a_week(enrolment=enrolment, step=step, material=material, until=until)
        copy_work(step=step, models=learners[:GRADED], twins=learners[GRADED:])
        life.note_work_as_visits(step.cohort)
    over = Cohort.objects.get(slug=cohorts.PREVIOUS)
    life.complete(over)
    show_best(cohorts.graded_step(over))


def make_forms() -> None:
    """Forms of the running cohort, answered by most of its learners."""
    questionnaires.make_forms(Cohort.objects.get(slug=cohorts.CURRENT))


@live.atomic
def make_reviews() -> None:
    """Proposals of the cohort that is over, judged by its learners."""
    reviews.review_each_other(Cohort.objects.get(slug=cohorts.PREVIOUS))


def make_groups() -> None:
    """Study groups, a draft of project teams, and a team's space."""
    groups.form_groups(Cohort.objects.get(slug=cohorts.CURRENT))


def make_own_case() -> None:
    """A case that the organiser has begun from a table."""
    organiser = Person.objects.get(email=people.ORGANISER.email)
    own_case.begin_a_case(Cohort.objects.get(slug=cohorts.CURRENT), organiser)


@live.atomic
def make_mentoring() -> None:
    """What the mentor wrote in the running cohort, and in the other what peers have judged before the mentor."""
    mentoring.mentor_in(Cohort.objects.get(slug=cohorts.CURRENT))
    mentoring.show_judged_by_peers(Cohort.objects.get(slug=cohorts.PREVIOUS))


@live.atomic
def make_conversation() -> None:
    """What people of the running cohort asked and answered."""
    conversation.converse(Cohort.objects.get(slug=cohorts.CURRENT))


def make_badges() -> None:
    """Badges in both cohorts; some are issued."""
    running, over = (Cohort.objects.get(slug=slug) for slug in (cohorts.CURRENT, cohorts.PREVIOUS))
    badges.make_badges(running=running, over=over)
