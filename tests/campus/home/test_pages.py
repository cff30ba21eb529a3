"""The first page: the next step and why, own scores only, figures for staff, and what it is for strangers."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase, Extension, Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.home.queries import GradedStep, next_step_of
from campus.people.models import Person
from campus.submissions.models import Grading, Standing, Submission
from campus.teams.models import Team
from grader.contract import State
from tests.campus.cast import enrol, make_person, reschedule, signed_in

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
    graded = {step.pk: GradedStep(step) for step in steps.values() if step.is_graded}
    found = next_step_of(list(steps.values()), graded)
    assert found is not None
    assert (found.step.key, str(found.why)) == ("forecast", "まだ提出していません。")


def test_what_is_handed_in_gives_way_to_what_is_owed(steps: dict[str, Step], enrolment: Enrolment) -> None:
    graded = {step.pk: GradedStep(step) for step in steps.values() if step.is_graded}
    graded[steps["forecast"].pk].latest = submission_of(enrolment, steps["forecast"])
    found = next_step_of(list(steps.values()), graded)
    assert found is not None
    assert found.step.key == "team-forecast"


def test_with_all_handed_in_one_can_improve_then_waits_then_is_done(
    steps: dict[str, Step], enrolment: Enrolment
) -> None:
    handed_in = submission_of(enrolment, steps["forecast"])
    graded = {step.pk: GradedStep(step, latest=handed_in) for step in steps.values() if step.is_graded}
    in_order = list(steps.values())
    assert next_step_of(in_order, graded).step.key == "forecast"  # type: ignore[union-attr]
    to_come = [steps["problem"], steps["proposal"]]
    assert next_step_of(to_come, graded).step.key == "proposal"  # type: ignore[union-attr]
    assert next_step_of([steps["problem"]], graded) is None


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


def test_staff_see_their_cohort_in_figures_and_learners_do_not(
    organiser: Person, learner: Person, outsider: Person, enrolment: Enrolment, steps: dict[str, Step]
) -> None:
    submission_of(enrolment, steps["forecast"])
    overview = signed_in(organiser).get("/").context["cohorts"][0].overview
    assert (overview.learners, overview.scored, overview.submissions_lately, overview.waiting, overview.failed) == (
        1,
        1,
        1,
        0,
        0,
    )
    assert [one.overview for one in signed_in(learner).get("/").context["cohorts"]] == [None]
    assert [one.cohort.slug for one in signed_in(outsider).get("/").context["cohorts"]] == ["autumn"]


def test_the_first_page_asks_the_database_little_whatever_happened(
    learner: Person,
    organiser: Person,
    cohort: Cohort,
    enrolment: Enrolment,
    steps: dict[str, Step],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        submission_of(enrol(make_person(f"L{number}"), cohort), steps["forecast"])
    submission_of(enrolment, steps["forecast"])
    for person in [learner, organiser]:
        client = signed_in(person)
        with django_assert_max_num_queries(32):
            client.get("/")


def test_who_takes_part_in_nothing_is_told_so(db: None) -> None:
    assert "参加中の開催期はありません" in signed_in(make_person("New")).get("/").text


def test_who_waits_or_pauses_sees_the_state_but_not_the_cohort(cohort: Cohort, steps: dict[str, Step]) -> None:
    person = make_person("Pause")
    enrol(person, cohort, state=EnrolmentState.PAUSED)
    page = signed_in(person).get("/").text
    assert "休止中" in page
    assert 'href="/cohorts/spring/"' not in page
    assert 'href="/cohorts/spring/taking-part/"' in page


def test_strangers_read_what_this_is_in_both_languages(client: Client, db: None) -> None:
    assert "学び合う" in client.get("/").text
    english = client.get("/", headers={"Accept-Language": "en"}).text
    assert "Learn to solve a company" in english
    assert 'href="/accounts/login/"' in english
    assert 'href="/accounts/signup/"' in english
