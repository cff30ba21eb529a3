"""The first page: the next step and why, own scores only, figures for staff, and what it is for strangers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.actions import adopt_case
from campus.cases.choosing import set_choice_rule
from campus.cases.models import CaseVersion, ChoiceRule, CohortCase, Extension, Step, StepKind, Track
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.deliverables.models import Deliverable
from campus.discussion.places import place_of, whole_places
from campus.grouping.models import Space
from campus.grouping.slots import Day, Part, slot_of
from campus.home.ways import next_step_of
from campus.meetings.models import Meeting
from campus.people.models import Person
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, ReviewRound, Share, Work
from campus.submissions.measures import Measure
from campus.submissions.models import Grading, Standing, Submission
from campus.submissions.scores import History
from campus.teams.models import Team
from grader.contract import State
from grader.pack.text import Text
from tests.campus.cast import enrol, make_cohort, make_person, reschedule, signed_in
from tests.campus.discussion.conftest import ask, say
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def submission_of(enrolment: Enrolment, step: Step, *, team: Team | None = None, mae: float = 5.25) -> Submission:
    """A scored submission with its place on the board, as grading would leave it."""
    submission = Submission.objects.create(
        step=step, enrolment=enrolment, team=team, file_name="f.csv", file_size=1, file_digest="0" * 64
    )
    Grading.objects.create(submission=submission, state=State.SCORED)
    values = {"mae": mae, "wape": 0.1, "saving_yen": 123456.0}
    Standing.objects.create(
        step=step,
        enrolment=None if team else enrolment,
        team=team,
        scored_count=1,
        **{
            f"{half}_{name}": value
            for half in ["public", "private"]
            for name, value in {
                "submission": submission,
                "values": values if half == "public" else {**values, "mae": 77.77},
                "primary": mae,
                "at": submission.created_at,
            }.items()
        },
    )
    return submission


@pytest.fixture
def steps(cohort_case: CohortCase) -> dict[str, Step]:
    """`problem` closed, `forecast` open for 3 days, `team-forecast` for 6, `proposal` to come."""
    by_key = {step.key: step for step in Step.objects.with_case().filter(cohort_case=cohort_case)}
    reschedule(by_key["problem"], opens=-9 * DAY, closes=-2 * DAY)
    reschedule(by_key["forecast"], opens=-2 * DAY, closes=3 * DAY)
    reschedule(by_key["team-forecast"], opens=-2 * DAY, closes=6 * DAY)
    reschedule(by_key["proposal"], opens=6 * DAY, closes=9 * DAY)
    return by_key


def test_the_next_step_is_the_owed_one_that_closes_first(steps: dict[str, Step]) -> None:
    found = next_step_of(list(steps.values()), [])
    assert found is not None
    assert (found.step.key, str(found.why), found.is_owed) == ("forecast", "まだ提出していません。", True)


def test_what_is_handed_in_gives_way_to_what_is_owed(steps: dict[str, Step]) -> None:
    found = next_step_of(list(steps.values()), [steps["forecast"].pk])
    assert found is not None
    assert found.step.key == "team-forecast"


def test_with_all_handed_in_one_can_improve_then_waits_then_is_done(steps: dict[str, Step]) -> None:
    handed_in = [step.pk for step in steps.values() if step.is_graded]
    in_order = list(steps.values())
    assert next_step_of(in_order, handed_in).step.key == "forecast"  # type: ignore[union-attr]
    to_come = [steps["problem"], steps["proposal"]]
    assert next_step_of(to_come, handed_in).step.key == "proposal"  # type: ignore[union-attr]
    assert next_step_of([steps["problem"]], handed_in) is None


def test_a_learner_sees_the_next_step_with_deadline_reason_and_ways(learner: Person, steps: dict[str, Step]) -> None:
    page = signed_in(learner).get("/").text
    assert "次に取り組むこと" in page
    assert "まだ提出していません。" in page
    assert "あと2日" in page
    for way in ["", "data/", "steps/forecast/", "forecast/submit/", "forecast/board/"]:
        assert f'href="/cohorts/spring/cases/daily-sales/{way}"' in page


def test_the_way_through_a_case_shows_each_step_with_ones_own_state_and_deadline(
    learner: Person, enrolment: Enrolment, mate_enrolment: Enrolment, team: Team, steps: dict[str, Step]
) -> None:
    submission_of(mate_enrolment, steps["team-forecast"], team=team)
    submission_of(mate_enrolment, steps["forecast"])
    until = steps["forecast"].closes_at + 4 * DAY
    Extension.objects.create(step=steps["forecast"], enrolment=enrolment, closes_at=until, reason="病気")
    (case,) = signed_in(learner).get("/").context["cohorts"][0].cases
    found = {one.step.key: (one.cell and str(one.cell.state), one.step.closes_at) for one in case.way}
    assert found["forecast"] == ("extended", until)
    assert found["team-forecast"] == ("handed_in", steps["team-forecast"].closes_at)
    assert found["problem"] == ("missed", steps["problem"].closes_at)


def test_own_scores_are_shown_but_neither_final_nor_other_peoples(
    learner: Person, enrolment: Enrolment, mate_enrolment: Enrolment, steps: dict[str, Step]
) -> None:
    submission_of(enrolment, steps["forecast"], mae=5.25)
    submission_of(mate_enrolment, steps["forecast"], mae=3.33)
    page = signed_in(learner).get("/").text
    assert "5.25" in page
    assert "¥123,456" in page
    assert "77.77" not in page
    assert "3.33" not in page


def test_a_teams_score_is_seen_by_its_members_alone(
    learner: Person, mate: Person, mate_enrolment: Enrolment, team: Team, cohort: Cohort, steps: dict[str, Step]
) -> None:
    submission_of(mate_enrolment, steps["team-forecast"], team=team, mae=4.44)
    stranger = make_person("Solo")
    enrol(stranger, cohort)
    assert "4.44" in signed_in(learner).get("/").text
    assert "4.44" in signed_in(mate).get("/").text
    assert "4.44" not in signed_in(stranger).get("/").text


def test_the_latest_score_stands_with_its_change(open_step: Step, learner: Person, enrolment: Enrolment) -> None:
    for value in (500.0, 5.0):
        graded(open_step, enrolment, value=value)
    page = signed_in(learner).get("/")
    scored = page.context["cohorts"][0].scored
    first, second = scored.history.values
    assert (scored.history.gain, scored.history.is_best) == (pytest.approx(first - second, abs=0.01), True)
    assert f"{scored.history.change} 改善" in page.text
    assert 'figures="{' in page.text


@pytest.mark.parametrize(
    ("lower_is_better", "values", "gain", "best"),
    [(True, [3.0], None, 3.0), (True, [3.0, 3.5], -0.5, 3.0), (False, [3.0, 3.5], 0.5, 3.5), (True, [3, 3], 0.0, 3)],
)
def test_a_change_is_a_gain_whichever_way_is_better(
    lower_is_better: bool, values: list[float], gain: float | None, best: float
) -> None:
    label = Text(ja="指標", en="measure")
    measure = Measure(key="k", label=label, digits=2, unit=None, lower_is_better=lower_is_better)
    history = History(Step(), measure, [(timezone.now(), value) for value in values])
    assert (history.gain, history.best) == (gain, best)


def test_reviews_to_give_stand_with_how_many_are_open_until_they_are_given(
    learner: Person, enrolment: Enrolment, mate_enrolment: Enrolment, cohort: Cohort, steps: dict[str, Step]
) -> None:
    owed = reviews_owed(enrolment, [mate_enrolment, enrol(make_person("L"), cohort)], steps["proposal"])
    page = signed_in(learner).get("/")
    assert "相互評価が2件残っています" in page.text
    assert "3件のうち0件を提出済みです。" in page.text
    Assignment.objects.filter(pk=owed[0].pk).update(stage=Stage.GIVEN, given_at=timezone.now())
    assert [one.to_give.open for one in signed_in(learner).get("/").context["cohorts"][0].reviews] == [1]
    Assignment.objects.update(stage=Stage.GIVEN, given_at=timezone.now())
    assert signed_in(learner).get("/").context["cohorts"][0].reviews == []


def reviews_owed(reviewer: Enrolment, authors: list[Enrolment], judged: Step) -> list[Assignment]:
    """The authors' works in the reviewer's hands, in a review step that is open."""
    step = Step.objects.create(
        cohort_case=judged.cohort_case,
        key="peers",
        title_ja="相互評価",
        position=judged.position + 1,
        kind=StepKind.REVIEW,
        opens_at=timezone.now() - DAY,
        closes_at=timezone.now() + 5 * DAY,
    )
    found = ReviewRound.objects.create(step=step, judged=judged)
    share = Share.objects.create(round=found, enrolment=reviewer)
    works = []
    for author in authors:
        deliverable = Deliverable.objects.create(step=judged, enrolment=author, number=1)
        works.append(Work.objects.create(round=found, enrolment=author, deliverable=deliverable))
    return [Assignment.objects.create(share=share, work=one, deliverable=one.deliverable) for one in works]


def meeting_of(
    cohort: Cohort, host: Person, title: str, *, days: int, study_class: StudyClass | None = None
) -> Meeting:
    starts_at = timezone.now() + days * DAY
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    return Meeting.objects.create(cohort=cohort, host=host, title=title, study_class=study_class, **times)


def test_the_own_group_and_the_next_meeting_that_is_for_one(
    learner: Person, team: Team, cohort: Cohort, facilitator: Person, study_class: StudyClass, steps: dict[str, Step]
) -> None:
    Space.objects.create(team=team, slot=slot_of(Day.MONDAY, Part.NIGHT))
    other = StudyClass.objects.create(cohort=cohort, name="B")
    meeting_of(cohort, facilitator, "よそのクラスの会", days=1, study_class=other)
    meeting_of(cohort, facilitator, "みんなの会", days=3)
    meeting_of(cohort, facilitator, "Aクラスの会", days=2, study_class=study_class)
    page = signed_in(learner).get("/").text
    assert "Team 1" in page
    assert "毎週の集まり：月曜日" in page
    assert "Aクラスの会" in page
    assert "みんなの会" not in page
    assert "よそのクラスの会" not in page


def test_running_cohorts_come_first_by_what_closes_first_and_those_that_are_over_last(
    learner: Person, cohort: Cohort, steps: dict[str, Step], case_version: CaseVersion
) -> None:
    today = timezone.localdate()
    for slug, first, last in [("over", -90, -30), ("later", 10, 60), ("urgent", -5, 60)]:
        other = make_cohort(slug)
        other.starts_on, other.ends_on = today + first * DAY, today + last * DAY
        other.save()
        enrol(learner, other)
        case = adopt_case(cohort=other, case_version=case_version, starts_at=timezone.now() - 5 * DAY, actor=None)
        if slug == "urgent":
            reschedule(case.steps.get(key="problem"), opens=-DAY, closes=DAY)
    found = signed_in(learner).get("/").context["cohorts"]
    assert [one.cohort.slug for one in found] == ["urgent", "spring", "later", "over"]


def test_the_first_page_asks_the_database_little_whatever_happened(
    learner: Person,
    organiser: Person,
    cohort: Cohort,
    study_class: StudyClass,
    facilitator: Person,
    enrolment: Enrolment,
    mate_enrolment: Enrolment,
    open_step: Step,
    steps: dict[str, Step],
    team: Team,
    case_version: CaseVersion,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    graded(open_step, enrolment)
    reviews_owed(enrolment, [mate_enrolment], steps["proposal"])
    meeting_of(cohort, facilitator, "会", days=2)
    thread = ask(whole_places().get(pk=place_of(cohort).pk), learner)
    say(thread, mate_enrolment.person)
    for number in range(3):
        other = make_cohort(f"other-{number}")
        adopt_case(cohort=other, case_version=case_version, starts_at=timezone.now() - DAY, actor=None)
        for person, role in [(learner, Role.LEARNER), (organiser, Role.ORGANISER), (organiser, Role.FACILITATOR)]:
            enrol(person, other, role)
    for person in [learner, organiser]:
        browser = signed_in(person)
        browser.get("/")
        with django_assert_max_num_queries(30):
            assert len(browser.get("/").context["cohorts"]) == 4


def test_who_takes_part_in_nothing_is_told_so(db: None) -> None:
    assert "参加中の開催期はありません" in signed_in(make_person("New")).get("/").text


def test_who_waits_or_pauses_sees_the_state_but_not_the_cohort(cohort: Cohort, steps: dict[str, Step]) -> None:
    person = make_person("Pause")
    enrol(person, cohort, state=EnrolmentState.PAUSED)
    page = signed_in(person).get("/").text
    assert "休止中" in page
    assert 'href="/cohorts/spring/"' not in page
    assert 'href="/cohorts/spring/taking-part/"' in page


def test_who_runs_the_installation_finds_its_pages_and_no_word_of_enrolling(db: None) -> None:
    operator = make_person("Op")
    Person.objects.filter(pk=operator.pk).update(is_staff=True)
    page = signed_in(Person.objects.get(pk=operator.pk)).get("/").text
    assert "システムの管理" in page
    assert "参加中の開催期はありません" not in page
    assert "システムの管理" not in signed_in(make_person("New")).get("/").text


def test_strangers_read_what_this_is_in_both_languages(client: Client, db: None) -> None:
    assert "学び合う" in client.get("/").text
    english = client.get("/", headers={"Accept-Language": "en"}).text
    assert "Learn to solve business problems" in english
    assert 'href="/accounts/login/"' in english
    assert 'href="/accounts/signup/"' in english


def test_who_still_has_to_choose_a_case_is_not_told_that_there_is_none(
    open_step: Step, enrolment: Enrolment, learner: Person, organiser: Person
) -> None:
    nothing_yet = "この開催期で使う教材はまだ決まっていません"
    until = timezone.now() + timedelta(days=3)
    track = Track(open_step.cohort_case.case_version.track)
    set_choice_rule(cohort=enrolment.cohort, cases_each=1, tracks=[track], until=until, actor=organiser)

    assert nothing_yet not in signed_in(learner).get("/").text

    for rows in (ChoiceRule, CohortCase):
        rows.objects.filter(cohort=enrolment.cohort).delete()
    assert nothing_yet in signed_in(learner).get("/").text
