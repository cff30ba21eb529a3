"""A mentor's morning: what lies in the database, and the order, reasons and numbers of her queue that follow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campus.cases.models import CohortCase, Step, StepKind
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable
from campus.mentoring import actions
from campus.mentoring.actions import Judgement
from campus.mentoring.queries import entries_of, queue_for
from campus.people.models import Person
from campus.reviews.models import Appeal, ReviewRound, Work
from campus.teams.actions import form_team
from campus.teams.models import TeamKind
from tests.campus.cast import enrol, make_person, reschedule, signed_in
from tests.campus.deliverables.files import handed_in
from tests.campus.mentoring.conftest import opened

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SURE, UNSURE, WEAK = (3, 0.7, 0.6, 0.8), (3, 0.5, 0.2, 0.9), (3, 0.3, 0.2, 0.4)


class Morning:
    """Hands work in as if it had come so many days ago, and says what its peers said."""

    def __init__(self, cohort: Cohort, proposal: Step, review_round: ReviewRound) -> None:
        self.cohort, self.proposal, self.round = cohort, proposal, review_round
        self.now = timezone.now()

    def alone(self, name: str) -> Enrolment:
        return enrol(make_person(name), self.cohort)

    def project(self, name: str, *, days: float, peers: tuple[float, ...] = (), **fields: object) -> Deliverable:
        """What the project team of this name handed in."""
        member = self.alone(name)
        form_team(cohort=self.cohort, kind=TeamKind.PROJECT, name=name, members=[member], actor=None)
        return self.version(member, days=days, peers=peers, **fields)

    def version(
        self, member: Enrolment, *, days: float, peers: tuple[float, ...] = (), **fields: object
    ) -> Deliverable:
        work = handed_in(self.proposal, member)
        self.came(work, days=days, **fields)
        overall = dict(zip(("count", "value", "low", "high"), peers, strict=True)) if peers else None
        Work.objects.update_or_create(
            round=self.round,
            team=work.team,
            defaults={"deliverable": work, "result": overall and {"overall": overall}},
        )
        return work

    def came(self, work: Deliverable, *, days: float, **fields: object) -> None:
        Deliverable.objects.filter(pk=work.pk).update(handed_in_at=self.now - days * DAY, **fields)


@pytest.fixture
def morning(cohort: Cohort, cohort_case: CohortCase, proposal: Step) -> Morning:
    """Peers judge the proposals; what follows the proposal closes in ten days, what follows the first step tomorrow."""
    first = Step.objects.get(cohort_case=cohort_case, key="problem")
    second = Step.objects.filter(cohort_case=cohort_case, position__gt=first.position).earliest("position")
    reschedule(second, opens=-DAY, closes=DAY)
    review_step = Step.objects.create(
        cohort_case=cohort_case,
        key="peer-review",
        title_ja="相互評価",
        position=proposal.position + 1,
        kind=StepKind.REVIEW,
        opens_at=timezone.now() - DAY,
        closes_at=timezone.now() + 10 * DAY,
    )
    return Morning(cohort, proposal, ReviewRound.objects.create(step=review_step, judged=proposal))


def test_the_queue_of_a_morning_in_its_order_and_with_its_reasons(
    morning: Morning,
    cohort: Cohort,
    cohort_case: CohortCase,
    as_mentor: Enrolment,
    other_mentor: Enrolment,
    organiser: Person,
) -> None:
    problem = opened(cohort_case, "problem")
    single = handed_in(problem, morning.alone("個人"))
    morning.came(single, days=14)
    actions.set_limits(cohort=cohort, percents={problem: 100}, loads={}, actor=organiser)
    morning.project("確か", days=0, peers=SURE)
    morning.project("遅れた", days=4, is_late=True)
    disputed = morning.project("異議", days=2, peers=WEAK)
    Appeal.objects.create(work=Work.objects.get(deliverable=disputed), reason="根拠が読まれていません。")
    first = morning.project("新版", days=6, peers=SURE)
    actions.release(deliverable=first, mentor=other_mentor, judgement=Judgement({"impact": 3}, {}, "よい提案です。"))
    morning.version(first.enrolment, days=1, peers=SURE)
    morning.project("割れた", days=7, peers=UNSURE)
    taken = morning.project("ほかの人", days=20, peers=UNSURE)
    actions.take(deliverable=taken, mentor=other_mentor)
    friend = morning.project("友人", days=20, peers=UNSURE)
    actions.declare_conflict(mentor=as_mentor, team=friend.team, enrolment=None, actor=as_mentor.person)

    entries = entries_of(queue_for(as_mentor.person, cohort, now=morning.now))

    assert [(str(one), round(one.place.score, 2), [*map(str, one.place.reasons)]) for one in entries] == [
        ("個人", 6.0, ["next_step_close", "never", "waits"]),
        ("割れた", 5.6, ["wide_interval", "never", "waits"]),
        ("異議", 4.76, ["appeal", "low_result", "never", "waits"]),
        ("遅れた", 4.01, ["no_reviews", "never", "late", "waits"]),
        ("確か", 1.4, ["never"]),
        ("新版", 1.37, ["new_version", "waits"]),
    ]
    page = signed_in(as_mentor.person).get("/cohorts/spring/desk/mentoring/").text
    shown = sorted((str(one) for one in entries), key=lambda name: page.index(f">{name}</a>"))
    assert shown == [str(one) for one in entries]
    assert "友人" not in page
    (own, *_) = entries_of(queue_for(other_mentor.person, cohort, now=morning.now))
    assert str(own) == "ほかの人"
