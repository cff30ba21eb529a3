"""Badges of the cohort: one for completing it, one given by hand, and awards of the learner."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.badges import actions, issuing
from campus.badges.models import Achievement, Award, IssueRun, Rule
from campus.badges.pictures import Design
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.people.models import Person, Profile
from campus.progress.models import Completion

TEXTS: dict[str, Any] = {
    "name_ja": "ケーススタディ修了",
    "name_en": "Case study completed",
    "description_ja": "データを使って企業の課題を解き、最後までやり遂げました。",
    "description_en": "Solved a company's problem with data, to the end.",
    "criteria_ja": "・すべての提出物を期限までに出す\n・相互評価を3件行う",
    "criteria_en": "- Hand in everything in time\n- Review three others",
    "valid_months": None,
    "alignments": [],
}
DESIGN = Design(text="修了", small="2026")


@pytest.fixture(autouse=True)
def site_address(settings: LazySettings) -> None:
    """Badges name the public address of the site."""
    settings.SITE_URL = "https://quest.example.jp"
    settings.ALLOWED_HOSTS = ["quest.example.jp", "testserver"]


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes guessing passphrases dear would make each test dear too."""
    monkeypatch.setattr("campus.badges.credentials.keys._COST", 2**4)


@pytest.fixture(scope="session")
def png() -> bytes:
    from campus.badges.pictures import draw

    return draw(DESIGN)


@pytest.fixture
def picture(png: bytes) -> actions.Picture:
    return actions.Picture(actions.store(png, folder=actions.FOLDER), DESIGN.kept())


def make(cohort: Cohort, rule: Rule, picture: actions.Picture, **texts: Any) -> Achievement:
    return actions.create(cohort=cohort, rule=rule, texts=TEXTS | texts, picture=picture, actor=None)


@pytest.fixture
def achievement(cohort: Cohort, picture: actions.Picture) -> Achievement:
    """For completing the cohort."""
    return make(cohort, Rule.COMPLETION, picture)


@pytest.fixture
def by_hand(cohort: Cohort, picture: actions.Picture) -> Achievement:
    return make(cohort, Rule.BY_HAND, picture, name_ja="学び合い賞", name_en="Helped others", valid_months=24)


def complete(*enrolments: Enrolment) -> None:
    """Let them have completed the cohort."""
    Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).update(state=EnrolmentState.COMPLETED)
    Completion.objects.bulk_create(Completion(enrolment=one, completed_at=timezone.now()) for one in enrolments)


def run_jobs() -> int:
    """Do the queued jobs of issuing, one after the other; returns how many there were."""
    done = 0
    while job := ProcrastinateJob.objects.filter(status="todo", task_name="badges.issue").order_by("id").first():
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
        while issuing.issue_some(**job.args):
            pass
        done += 1
    return done


def issue(achievement: Achievement, actor: Person | None = None) -> IssueRun:
    """Issue it to all who get it, to the end."""
    run = issuing.start(achievement, actor=actor)
    run_jobs()
    run.refresh_from_db()
    return run


@pytest.fixture
def award(achievement: Achievement, enrolment: Enrolment, learner: Person, organiser: Person) -> Award:
    """The learner's, issued."""
    Profile.objects.create(person=learner, name_roman="SATO Hanako")
    Person.objects.filter(pk=learner.pk).update(name="佐藤 花子")
    complete(enrolment)
    issue(achievement, organiser)
    return Award.objects.with_badge().get(person=learner)


@pytest.fixture
def public(award: Award) -> Award:
    """The same, shown to everybody."""
    actions.share(award, is_public=True, evidence=[])
    award.refresh_from_db()
    return award


def classmates(cohort: Cohort, count: int) -> list[Enrolment]:
    """So many further learners; in two statements."""
    people = Person.objects.bulk_create(
        Person(email=f"p{n}@example.org", name=f"受講 {n:04d}", date_joined=timezone.now()) for n in range(count)
    )
    return Enrolment.objects.bulk_create(Enrolment(person=one, cohort=cohort) for one in people)
