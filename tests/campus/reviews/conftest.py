"""A round in which learner, mate and three others have handed in proposals, each on her own."""

from datetime import timedelta

import pytest

from campus.cases.models import CohortCase, Step, StepBy, StepKind
from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.reviews.assigning import assign
from campus.reviews.models import Assignment, ReviewRound, Work
from campus.reviews.rounds import round_of
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.deliverables.files import handed_in

NAMES = ("Jiro", "Saki", "Ken")


@pytest.fixture
def judged(cohort_case: CohortCase) -> Step:
    """The proposal, handed in person by person; closed yesterday."""
    step = Step.objects.with_case().get(cohort_case=cohort_case, key="proposal")
    step.by = StepBy.PERSON
    return reschedule(step, opens=timedelta(days=-9), closes=timedelta(days=-1))


@pytest.fixture
def review_step(judged: Step) -> Step:
    """Open since a minute, for a week."""
    made = Step.objects.create(
        cohort_case=judged.cohort_case,
        key="peers",
        title_ja="相互評価",
        title_en="Peer review",
        position=judged.position + 1,
        kind=StepKind.REVIEW,
        opens_at=judged.closes_at,
        closes_at=judged.closes_at + timedelta(days=8),
    )
    return Step.objects.with_case().get(pk=made.pk)


@pytest.fixture
def others(cohort: Cohort, study_class: StudyClass) -> list[Enrolment]:
    return [enrol(make_person(name), cohort, study_class=study_class) for name in NAMES]


@pytest.fixture
def authors(
    judged: Step, review_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, others: list[Enrolment]
) -> list[Enrolment]:
    """All five have handed in."""
    everybody = [enrolment, mate_enrolment, *others]
    for one in everybody:
        handed_in(judged, one, text=f"提案 {one.pk}")
    return everybody


@pytest.fixture
def round(authors: list[Enrolment], review_step: Step) -> ReviewRound:
    """Given out: each of the five has three works."""
    found = round_of(review_step)
    assert found
    assign(found)
    return found


@pytest.fixture
def assignment(round: ReviewRound, enrolment: Enrolment) -> Assignment:
    """The learner's first."""
    return held_by(round, enrolment)[0]


@pytest.fixture
def own_work(round: ReviewRound, enrolment: Enrolment) -> Work:
    return Work.objects.get(round=round, enrolment=enrolment)


def held_by(round: ReviewRound, enrolment: Enrolment) -> list[Assignment]:
    return list(Assignment.objects.with_all().filter(share__round=round, share__enrolment=enrolment).order_by("pk"))
