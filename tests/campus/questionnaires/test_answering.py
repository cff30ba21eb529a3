"""Answering a form: saved as typed, checked when submitted, changed until the deadline, nothing lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires import refusals
from campus.questionnaires.actions import add_file, answer, remove_file, start, submit
from campus.questionnaires.building import begin_draft, close, create_questionnaire, forget_versions, publish
from campus.questionnaires.models import AnswerSet, Question, Questionnaire, Response
from campus.questionnaires.queries import is_complete, owed_by, response_of
from campus.questionnaires.queries import submitted as submitted_responses
from campus.questionnaires.sheets import Sheet
from tests.campus.cast import enrol, make_person
from tests.campus.questionnaires.conftest import ANSWERS, EVERY_KIND, TYPED, asked, entries, make_form, submitted

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a file"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def refused(response: Response) -> dict[str, list[str]]:
    with pytest.raises(refusals.Incomplete) as caught:
        submit(response=response)
    return {name: [str(error) for error in errors] for name, errors in caught.value.form.errors.items()}


def question(questionnaire: Questionnaire, key: str) -> Question:
    return Question.objects.get(section__version__questionnaire=questionnaire, key=key)


def test_answers_of_every_kind_are_kept_as_they_were_meant(questionnaire: Questionnaire, learner: Person) -> None:
    made = submitted(questionnaire, learner, TYPED)
    assert made.answers == ANSWERS
    assert is_complete(learner, questionnaire)
    assert [one.person for one in submitted_responses([questionnaire])] == [learner]


def test_what_is_typed_is_saved_right_or_wrong(questionnaire: Questionnaire, learner: Person) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    wrong = {"name": ["x" * 50], "years": ["many"], "since": ["soon"], "work": ["_other"], "skills-code": ["odd"]}
    answer(response=response, typed=wrong)
    known = response_of(learner, questionnaire)
    assert known is not None
    assert known.draft == wrong
    assert not is_complete(learner, questionnaire)
    assert refused(known) == {
        "name": ["Write at most 20 characters; you have written 50."],
        "years": ["Enter a number, for example 12.5."],
        "since": ["Enter a date, for example 2026-04-01."],
        "work-other": ["You chose “Other”. Please say what."],
        "skills-code": ["Select a valid choice. odd is not one of the available choices."],
    }
    known.refresh_from_db()
    assert known.draft == wrong


def test_there_is_one_set_of_answers_of_each_person(
    questionnaire: Questionnaire, learner: Person, mate: Person
) -> None:
    first = start(questionnaire=questionnaire, person=learner)
    assert start(questionnaire=questionnaire, person=learner) == first
    assert start(questionnaire=questionnaire, person=mate) != first


def test_submitted_answers_can_be_changed_and_the_earlier_ones_are_kept(
    questionnaire: Questionnaire, learner: Person
) -> None:
    first = submitted(questionnaire, learner, TYPED)
    response = response_of(learner, questionnaire)
    assert response is not None
    answer(response=response, typed=TYPED | {"name": ["Hana"]})
    response.refresh_from_db()
    assert response.has_unsent_changes
    assert AnswerSet.objects.in_force(questionnaire).get().answers["name"] == "Hanako"
    second = submit(response=response)
    response.refresh_from_db()
    assert AnswerSet.objects.in_force(questionnaire).get() == second
    assert second.answers["name"] == "Hana"
    assert set(response.answer_sets.values_list("answers__name", "is_current")) == {("Hanako", False), ("Hana", True)}
    # What counts for deadlines is when the answers first came.
    assert (response.submitted_at, response.last_submitted_at) == (first.submitted_at, second.submitted_at)
    assert not response.has_unsent_changes


def test_after_the_deadline_nothing_can_be_typed_or_submitted(questionnaire: Questionnaire, learner: Person) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    answer(response=response, typed=TYPED)
    close(questionnaire=questionnaire, actor=None)
    with pytest.raises(refusals.NotOpen):
        answer(response=response, typed={})
    with pytest.raises(refusals.NotOpen):
        submit(response=response)
    with pytest.raises(refusals.NotOpen):
        start(questionnaire=questionnaire, person=learner)
    response.refresh_from_db()
    assert response.draft == TYPED


def test_a_form_that_opens_later_takes_nothing_yet(cohort: Cohort, learner: Person) -> None:
    later = make_form(cohort, [asked("short_text", "name")], opens_at=timezone.now() + timedelta(days=1))
    with pytest.raises(refusals.NotOpen):
        start(questionnaire=later, person=learner)


def test_a_question_is_asked_only_where_its_condition_holds(questionnaire: Questionnaire, learner: Person) -> None:
    made = submitted(questionnaire, learner, TYPED | {"school-name": ["left from before"]})
    assert "school-name" not in made.answers
    response = response_of(learner, questionnaire)
    assert response is not None
    answer(response=response, typed=TYPED | {"work": ["school"]})
    assert refused(response) == {"school-name": ["This field is required."]}
    answer(response=response, typed=TYPED | {"work": ["school"], "school-name": ["Kita"]})
    assert submit(response=response).answers["school-name"] == "Kita"


def test_too_many_choices_are_refused_in_words(questionnaire: Questionnaire, learner: Person) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    answer(response=response, typed=TYPED | {"tools": ["sql", "python", "excel"]})
    assert refused(response) == {"tools": ["Choose up to 2."]}


def test_numbers_are_read_in_full_width_and_with_commas(cohort: Cohort, learner: Person) -> None:
    form = make_form(cohort, [asked("number", "amount")])
    assert submitted(form, learner, {"amount": ["１，２３４"]}).answers == {"amount": 1234}


def test_a_number_out_of_bounds_is_refused_and_the_bounds_are_said_before(
    questionnaire: Questionnaire, learner: Person
) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    answer(response=response, typed=TYPED | {"years": ["51"]})
    assert refused(response) == {"years": ["Ensure this value is less than or equal to 50."]}
    form = Sheet(questionnaire, learner).form
    assert form.fields["years"].help_text == "A number from 0 to 50."


def test_every_row_of_a_required_matrix_is_asked_for(cohort: Cohort, learner: Person) -> None:
    matrix = asked("matrix", "skills", is_required=True, choices=entries("no", "yes"), rows=entries("a", "b"))
    form = make_form(cohort, [matrix])
    response = start(questionnaire=form, person=learner)
    answer(response=response, typed={"skills-a": ["yes"]})
    assert refused(response) == {"skills-b": ["This field is required."]}


def test_a_file_is_kept_and_goes_with_the_answers(questionnaire: Questionnaire, learner: Person) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    file = add_file(response=response, question=question(questionnaire, "cv"), name="cv.pdf", data=PDF)
    response.refresh_from_db()
    assert response.draft == {"cv": [str(file.pk)]}
    assert file.file.read() == PDF
    answer(response=response, typed=TYPED | response.draft)
    assert submit(response=response).answers["cv"] == {"file": str(file.pk), "name": "cv.pdf"}
    remove_file(response=response, question=question(questionnaire, "cv"))
    assert "cv" not in submit(response=response).answers


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("cv.exe", b"MZ", "This kind of file is not accepted."),
        ("cv", PDF, "This kind of file is not accepted."),
        ("cv.pdf", b"<html>", "The file’s content does not match its name."),
        ("cv.txt", b"a\0b", "The file’s content does not match its name."),
        ("cv.pdf", b"", "The file is empty."),
        ("cv.pdf", PDF + b"x" * 10 * 1024 * 1024, "The file is too large."),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused(
    name: str, data: bytes, words: str, questionnaire: Questionnaire, learner: Person
) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    with pytest.raises(refusals.FileRefused, match=words):
        add_file(response=response, question=question(questionnaire, "cv"), name=name, data=data)
    assert not response.files.exists()


def test_nobody_hands_in_a_file_of_somebody_else(questionnaire: Questionnaire, learner: Person, mate: Person) -> None:
    theirs = start(questionnaire=questionnaire, person=mate)
    file = add_file(response=theirs, question=question(questionnaire, "cv"), name="cv.pdf", data=PDF)
    response = start(questionnaire=questionnaire, person=learner)
    answer(response=response, typed=TYPED | {"cv": [str(file.pk)]})
    assert list(refused(response)) == ["cv"]


def test_an_endless_text_is_refused(questionnaire: Questionnaire, learner: Person) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    with pytest.raises(refusals.TooLong):
        answer(response=response, typed={"name": ["x" * 500_000]})


def test_right_answers_earn_points_and_a_passing_mark_is_kept(cohort: Cohort, learner: Person, mate: Person) -> None:
    check = make_form(
        cohort,
        [
            asked("single", "one", points=1, choices=entries("a", "b", correct="a")),
            asked("multiple", "both", points=2, choices=entries("a", "b", correct="b")),
        ],
        mark=2,
        purpose="prerequisite",
    )
    good = submitted(check, learner, {"one": ["a"], "both": ["b"]})
    poor = submitted(check, mate, {"one": ["a"], "both": ["a", "b"]})
    assert [(one.score, one.has_passed) for one in (good, poor)] == [(3, True), (1, False)]


def test_a_score_that_was_shown_is_final(cohort: Cohort, learner: Person) -> None:
    check = make_form(
        cohort, [asked("single", "one", points=1, choices=entries("a", "b", correct="a"))], shows_score=True
    )
    submitted(check, learner, {"one": ["b"]})
    response = response_of(learner, check)
    assert response is not None
    with pytest.raises(refusals.Final):
        answer(response=response, typed={"one": ["a"]})


def test_answers_stay_with_their_version(questionnaire: Questionnaire, learner: Person, mate: Person) -> None:
    made = submitted(questionnaire, learner, TYPED)
    begun = start(questionnaire=questionnaire, person=mate)
    answer(response=begun, typed={"name": ["Taro"]})
    draft = begin_draft(questionnaire=questionnaire, actor=None)
    Question.objects.filter(section__version=draft, key="why").delete()
    publish(questionnaire=questionnaire, actor=None)
    forget_versions(questionnaire)
    assert made.version.number == 1
    assert start(questionnaire=questionnaire, person=learner).version == made.version
    # What isn't submitted goes over to the new questions, and what was typed stays.
    moved = start(questionnaire=questionnaire, person=mate)
    assert (moved.version, moved.draft) == (draft, {"name": ["Taro"]})


def test_anonymous_answers_lead_to_nobody_and_show_in_groups_of_five(survey: Questionnaire, learner: Person) -> None:
    made = submitted(survey, learner, {"mood": ["2"], "words": ["Too fast"]})
    assert (made.response, made.submitted_at) == (None, None)
    response = response_of(learner, survey)
    assert response is not None
    assert (response.draft, response.answer_sets.count()) == ({}, 0)
    assert is_complete(learner, survey)
    with pytest.raises(refusals.Final):
        answer(response=response, typed={"mood": ["5"]})
    for number, shown in enumerate([0, 0, 0, 5, 5], start=2):
        person = make_person(f"P{number}")
        enrol(person, survey.cohort)
        submitted(survey, person, {"mood": ["3"]})
        assert AnswerSet.objects.in_force(survey).count() == shown


def test_a_learner_owes_the_forms_that_are_open_and_not_submitted(
    cohort: Cohort, learner: Person, organiser: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    forms = {
        "open": make_form(cohort, [asked("scale", "mood", minimum=1, maximum=5)]),
        "closes": make_form(cohort, EVERY_KIND, opens_at=now - hour, closes_at=now + hour),
        "closed": make_form(cohort, EVERY_KIND, closes_at=now - hour),
        "planned": make_form(cohort, EVERY_KIND, opens_at=now + hour),
        "draft": create_questionnaire(cohort=cohort, blueprint_key="empty", actor=organiser),
    }
    with django_assert_num_queries(1):
        assert owed_by(learner, [cohort]) == {cohort.pk: [forms["closes"], forms["open"]]}
    assert {name for name, form in forms.items() if form.is_open} == {"open", "closes"}

    submitted(forms["open"], learner, {"mood": ["3"]})
    assert owed_by(learner, [cohort]) == {cohort.pk: [forms["closes"]]}
