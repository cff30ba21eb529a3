"""Learners and their work as the site would leave it, at moments of one's choice."""

from datetime import datetime, timedelta

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, StudyClass
from campus.people.models import Person
from campus.submissions.models import Grading, Standing, Submission
from campus.teams.models import Team
from grader.contract import State
from tests.campus.cast import enrol

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def graded_step(case: CohortCase, key: str, title: str, *, opens_at: datetime, closes_at: datetime) -> Step:
    """One more graded step of the case."""
    step = Step.objects.create(
        cohort_case=case,
        key=key,
        title_ja=title,
        title_en=key.title(),
        position=20 + case.steps.count(),
        kind="model",
        opens_at=opens_at,
        closes_at=closes_at,
    )
    return Step.objects.with_case().get(pk=step.pk)


def learner_of(
    cohort: Cohort,
    name: str,
    *,
    enrolled_at: datetime,
    seen_at: datetime | None,
    state: EnrolmentState = EnrolmentState.ACTIVE,
    study_class: StudyClass | None = None,
) -> Enrolment:
    """A learner of this name, enrolled and last seen at these moments."""
    number = Person.objects.count()
    person = Person.objects.create(email=f"p{number}@example.org", name=name, password="!", seen_at=seen_at)
    enrolment = enrol(person, cohort, state=state, study_class=study_class)
    Enrolment.objects.filter(pk=enrolment.pk).update(enrolled_at=enrolled_at)
    enrolment.refresh_from_db()
    return enrolment


def submit(
    step: Step, enrolment: Enrolment, *, at: datetime, team: Team | None = None, state: State = State.SCORED
) -> Submission:
    """A submission of that moment, with its grading."""
    submission = Submission.objects.create(
        step=step,
        enrolment=enrolment,
        team=team,
        file_name="f.csv",
        file_size=1,
        file_digest="0" * 64,
        created_at=at,
    )
    Grading.objects.create(submission=submission, state=state)
    return submission


def place(submission: Submission) -> None:
    """Make the submission its owner's best."""
    owner = submission.owner
    half = {"submission": submission, "values": {}, "primary": 1.0, "at": submission.created_at}
    Standing.objects.create(
        step=submission.step,
        scored_count=1,
        enrolment=None if owner.team else owner.enrolment,
        team=owner.team,
        **{f"{split}_{name}": value for split in ("public", "private") for name, value in half.items()},
    )
