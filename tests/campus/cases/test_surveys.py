"""A form as a step of a case: shown in place, handed in by submitting it, nobody else's business."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.actions import adopt_case, ask_in_step
from campus.cases.hand_ins import Among, HandIn, hand_ins_of, is_recorded
from campus.cases.models import CaseVersion, CohortCase, Step, StepKind
from campus.cases.signals import deadlines_moved
from campus.cohorts.copying import Copying, copy_parts
from campus.cohorts.models import Cohort, Enrolment
from campus.people.models import Person
from campus.questionnaires.models import Questionnaire
from campus.questionnaires.queries import response_of
from tests.campus.cast import reschedule, signed_in
from tests.campus.questionnaires.conftest import asked, make_form, submitted

pytestmark = pytest.mark.django_db
PAGE = "/cohorts/spring/cases/daily-sales/steps/survey/"
TYPED = {"words": ["Good"]}


@pytest.fixture
def form(cohort: Cohort) -> Questionnaire:
    return make_form(cohort, [asked("short_text", "words", is_required=True)], title_ja="アンケート")


@pytest.fixture
def survey_step(cohort_case: CohortCase, form: Questionnaire) -> Step:
    """A survey of the case, open since yesterday, before everything else closes."""
    step = Step.objects.create(
        cohort_case=cohort_case,
        key="survey",
        title_ja="振り返り",
        position=9,
        kind=StepKind.SURVEY,
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(hours=1),
        questionnaire=form,
    )
    return Step.objects.with_case().get(pk=step.pk)


def test_the_step_shows_its_form_and_takes_the_answers(survey_step: Step, form: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    assert "Words（日）" in client.get(PAGE).text
    assert client.post(PAGE, {"do": "submit"}).status_code == 422
    assert client.post(PAGE, TYPED | {"do": "submit"})["Location"] == PAGE
    assert "回答を提出しました" in client.get(PAGE).text


def test_submitting_hands_in_the_step(
    survey_step: Step, form: Questionnaire, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    assert list(hand_ins_of([survey_step])) == []
    submitted(form, enrolment.person, TYPED)
    submitted(form, enrolment.person, {"words": ["Better"]})
    submitted(form, mate_enrolment.person, TYPED)
    own = response_of(enrolment.person, form)
    assert own is not None
    assert own.submitted_at is not None
    assert own.last_submitted_at is not None
    expected = HandIn(
        survey_step.pk, enrolment.pk, None, own.submitted_at.timestamp(), own.last_submitted_at.timestamp(), 2
    )
    assert list(hand_ins_of([survey_step], Among([enrolment.pk]))) == [expected]
    assert {one.enrolment_id for one in hand_ins_of([survey_step])} == {enrolment.pk, mate_enrolment.pk}


def test_anonymous_answers_hand_in_the_step_too(survey_step: Step, cohort: Cohort, enrolment: Enrolment) -> None:
    anonymous = make_form(cohort, [asked("short_text", "words")], is_anonymous=True)
    ask_in_step(step=survey_step, questionnaire=anonymous, actor=None)
    submitted(anonymous, enrolment.person, TYPED)
    assert [(one.enrolment_id, one.times) for one in hand_ins_of([survey_step])] == [(enrolment.pk, 1)]


def test_all_steps_are_asked_for_at_once(
    survey_step: Step, form: Questionnaire, learner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submitted(form, learner, TYPED)
    with django_assert_num_queries(2):
        list(hand_ins_of([survey_step]))


def test_home_goes_on_to_the_next_step_once_the_survey_is_in(
    survey_step: Step, form: Questionnaire, learner: Person
) -> None:
    client = signed_in(learner)
    assert client.get("/").context["cohorts"][0].next_step.step == survey_step
    submitted(form, learner, TYPED)
    assert client.get("/").context["cohorts"][0].next_step.step != survey_step


def test_nobody_is_late_with_a_survey_that_has_no_form(survey_step: Step) -> None:
    ask_in_step(step=survey_step, questionnaire=None, actor=None)
    assert not is_recorded(survey_step)


def test_before_the_step_opens_there_is_no_form(survey_step: Step, learner: Person) -> None:
    reschedule(survey_step, opens=timedelta(hours=1), closes=timedelta(hours=2))
    client = signed_in(learner)
    assert client.get(PAGE).context["sheet"] is None
    assert client.post(PAGE, TYPED | {"do": "submit"}).status_code == 405


def test_a_late_answer_is_taken_and_said_to_be_late(survey_step: Step, form: Questionnaire, learner: Person) -> None:
    reschedule(survey_step, opens=timedelta(hours=-2), closes=timedelta(hours=-1))
    client = signed_in(learner)
    assert "締切を過ぎています" in client.get(PAGE).text
    client.post(PAGE, TYPED | {"do": "submit"})
    late = next(iter(hand_ins_of([survey_step])))
    assert late.first_at > survey_step.closes_at


def test_only_learners_are_asked(
    survey_step: Step, facilitator: Person, mentor: Person, organiser: Person, outsider: Person
) -> None:
    for person in (facilitator, mentor, organiser):
        assert signed_in(person).get(PAGE).context["sheet"] is None
        assert signed_in(person).post(PAGE, TYPED | {"do": "submit"}).status_code == 405
    assert signed_in(outsider).post(PAGE, TYPED | {"do": "submit"}).status_code == 404


def test_a_form_of_another_cohort_or_for_another_kind_of_step_is_refused(
    survey_step: Step, open_step: Step, form: Questionnaire, other_cohort: Cohort
) -> None:
    foreign = make_form(other_cohort, [asked("short_text", "words")])
    for step, questionnaire in [(survey_step, foreign), (open_step, form)]:
        with pytest.raises(ValidationError):
            ask_in_step(step=step, questionnaire=questionnaire, actor=None)


def test_an_adopted_case_has_a_form_in_its_survey(cohort: Cohort, case_version: CaseVersion, learner: Person) -> None:
    survey = {
        "key": "survey",
        "kind": "survey",
        "by": "person",
        "title": {"ja": "振り返り", "en": "Reflection"},
        "opens_day": 0,
        "closes_day": 7,
    }
    case_version.manifest["steps"].append(survey)
    adopt_case(cohort=cohort, case_version=case_version, starts_at=timezone.now(), actor=None)
    step = Step.objects.get(key="survey")
    assert step.questionnaire is not None
    assert step.questionnaire.is_open
    assert "この教材で学んだことを書いてください" in signed_in(learner).get(PAGE).text


DESK = "/cohorts/spring/desk/cases/surveys/"


def test_the_organiser_chooses_among_the_cohorts_published_forms(
    survey_step: Step, form: Questionnaire, organiser: Person, other_cohort: Cohort
) -> None:
    client = signed_in(organiser)
    better = make_form(survey_step.cohort, [asked("date", "day")], title_ja="別のフォーム")
    foreign = make_form(other_cohort, [asked("date", "day")])
    assert "別のフォーム" in client.get(DESK).text
    name = f"step-{survey_step.pk}-questionnaire"
    assert client.post(DESK, {name: foreign.pk}).status_code == 200
    survey_step.refresh_from_db()
    assert survey_step.questionnaire == form
    assert client.post(DESK, {name: better.pk})["Location"] == DESK
    survey_step.refresh_from_db()
    assert survey_step.questionnaire == better


def test_nobody_else_chooses_forms(
    survey_step: Step, facilitator: Person, mentor: Person, learner: Person, outsider: Person
) -> None:
    for person in (facilitator, mentor, learner, outsider):
        assert signed_in(person).get(DESK).status_code == 404
        assert signed_in(person).post(DESK, {f"step-{survey_step.pk}-questionnaire": ""}).status_code == 404


def test_home_lists_open_forms_that_no_step_shows(survey_step: Step, form: Questionnaire, learner: Person) -> None:
    other = make_form(survey_step.cohort, [asked("short_text", "words")])
    make_form(survey_step.cohort, [asked("short_text", "words")], purpose="application")
    client = signed_in(learner)
    assert client.get("/").context["cohorts"][0].forms == [other]
    submitted(other, learner, TYPED)
    assert client.get("/").context["cohorts"][0].forms == []


def test_a_copied_case_shows_the_new_cohorts_copy_of_its_form(
    survey_step: Step, form: Questionnaire, other_cohort: Cohort
) -> None:
    copying = Copying(source=survey_step.cohort, target=other_cohort, actor=None)
    copy_parts(copying, ["forms", "cases"])
    copy = other_cohort.questionnaires.get()
    assert copy.copied_from == form
    assert Step.objects.get(cohort_case__cohort=other_cohort, key="survey").questionnaire == copy


def test_the_form_opens_with_its_step_and_moves_with_it(survey_step: Step, form: Questionnaire) -> None:
    ask_in_step(step=survey_step, questionnaire=form, actor=None)
    form.refresh_from_db()
    assert form.opens_at == survey_step.opens_at
    later = survey_step.opens_at + timedelta(days=3)
    survey_step.opens_at = later
    deadlines_moved.send(sender=Step, steps=[survey_step], extensions=None)
    form.refresh_from_db()
    assert (form.opens_at, form.is_open) == (later, False)
