"""Results: a summary with figures, all answers as a table and as files, texts; who sees whose, and nobody's names."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, StudyClass
from campus.people.models import Person
from campus.questionnaires.building import begin_draft, forget_versions, publish
from campus.questionnaires.kinds import kind_of
from campus.questionnaires.models import Question, QuestionKind, Questionnaire
from campus.questionnaires.results import asked_in
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.questionnaires.conftest import TYPED, asked, entries, make_form, submitted

pytestmark = pytest.mark.django_db


def page_of(questionnaire: Questionnaire, below: str = "") -> str:
    return f"/cohorts/spring/desk/forms/{questionnaire.pk}/results/{below}"


@pytest.fixture
def client_of_organiser(organiser: Person) -> Client:
    Person.objects.filter(pk=organiser.pk).update(language="en")
    organiser.refresh_from_db()
    return signed_in(organiser)


@pytest.fixture
def answered(questionnaire: Questionnaire, learner: Person, mate: Person) -> Questionnaire:
    """Answered by two learners of class A and one of class B."""
    third = make_person("Saburo")
    enrol(third, questionnaire.cohort, study_class=StudyClass.objects.create(cohort=questionnaire.cohort, name="B"))
    submitted(questionnaire, learner, TYPED)
    submitted(questionnaire, mate, {"name": ["=1+1"], "work": ["school"], "school-name": ["Kita"], "mood": ["2"]})
    submitted(questionnaire, third, {"name": ["Sabu"], "work": ["office"], "skills-data": ["none"]})
    return questionnaire


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_has_a_row_for_each_person_and_a_column_for_each_question(
    answered: Questionnaire, client_of_organiser: Client
) -> None:
    answer = client_of_organiser.get(page_of(answered, "answers/?export=csv&sort=name"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, first, _, second = rows_of(answer)
    assert head == [
        *["Full name", "Email address", "Class", "Submitted at", "Version", "Name", "Why", "Work", "Tools", "Mood"],
        *["Skills: Data", "Skills: Code", "Years", "Since", "Cv", "School-Name"],
    ]
    given = ["Hanako", "To learn it", "Office", "Sql; Excel", "4", "Some", "", "2.5", "2026-04-01", "", ""]
    assert [*first[:3], *first[5:]] == ["Hanako", "hanako@example.org", "A", *given]
    # A text that a spreadsheet would take for a formula stays a text.
    assert second[5] == "'=1+1"
    assert second[-1] == "Kita"


def test_choices_are_in_the_readers_language(answered: Questionnaire, organiser: Person) -> None:
    rows = rows_of(signed_in(organiser).get(page_of(answered, "answers/?export=csv&sort=name")))
    assert rows[0][5] == "Name（日）"
    assert rows[1][7] == "office（日）"


def test_a_download_leaves_a_trace_without_personal_data(answered: Questionnaire, client_of_organiser: Client) -> None:
    client_of_organiser.get(page_of(answered, "answers/?export=xlsx"))
    entry = AuditEntry.objects.get(action="questionnaire.downloaded")
    assert (entry.subject, entry.details) == (f"questionnaire:{answered.pk}", {"count": 3})


def test_the_workbook_keeps_numbers_as_numbers(answered: Questionnaire, client_of_organiser: Client) -> None:
    answer = client_of_organiser.get(page_of(answered, "answers/?export=xlsx&sort=name"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    row = next(sheet.iter_rows(min_row=2, max_row=2, values_only=True))
    assert (row[9], row[12]) == (4, 2.5)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=hana", ["Hanako"]),
        ("chose=work:office", ["Hanako", "Saburo"]),
        ("chose=work:_other", []),
        ("version=9", ["Hanako", "Saburo", "Taro"]),
        ("chose=evil", ["Hanako", "Saburo", "Taro"]),
    ],
)
def test_answers_are_narrowed_by_filters(
    query: str, names: list[str], answered: Questionnaire, client_of_organiser: Client
) -> None:
    listing = client_of_organiser.get(page_of(answered, f"answers/?sort=name&{query}")).context["listing"]
    assert [row.response.person.name for row in listing.page] == names


def test_the_class_filter_counts_nobody_twice(answered: Questionnaire, client_of_organiser: Client) -> None:
    study_class = answered.cohort.classes.get(name="A")
    page = client_of_organiser.get(page_of(answered, f"?study_class={study_class.pk}"))
    assert page.context["total"] == 2


FIGURES = {
    "work": (["Office", "School", "Other"], [[2, 1, 0]], "3 answers"),
    "tools": (["Sql", "Python", "Excel"], [[1, 0, 1]], "1 answer"),
    "mood": (["1 bad", "2", "3", "4", "5 good"], [[0, 1, 0, 1, 0]], "2 answers, 3.00 on average"),
    "skills": (["Data", "Code"], [[1, 0], [1, 0]], "2 answers"),
    "years": (["2.5"], [[1]], "1 answer, 2.5 on average, median 2.5"),
}


@pytest.mark.parametrize("key", FIGURES)
def test_each_chart_counts_what_was_answered(key: str, answered: Questionnaire, client_of_organiser: Client) -> None:
    figures = client_of_organiser.get(page_of(answered, f"questions/{key}/figures/")).json()
    labels, values, summary = FIGURES[key]
    assert figures["labels"] == labels
    assert [series["values"] for series in figures["series"]] == values
    assert figures["summary"] == summary


def test_texts_have_no_chart(answered: Questionnaire, client_of_organiser: Client) -> None:
    assert client_of_organiser.get(page_of(answered, "questions/name/figures/")).status_code == 404
    assert client_of_organiser.get(page_of(answered, "questions/nothing/figures/")).status_code == 404


@pytest.mark.parametrize(
    ("values", "labels", "counts"),
    [
        ([], [], []),
        ([3], ["3"], [1]),
        ([1, 1, 4], ["1", "2", "3", "4"], [2, 0, 0, 1]),
        ([2.5], ["2.5"], [1]),
        ([0, 5, 99], ["0–10", "10–20", "20–30", "30–40", "40–50", "50–60", "60–70", "70–80", "80–90", "90–100"],
         [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ([0.1, 0.2], ["0.1–0.11", "0.11–0.12", "0.12–0.13", "0.13–0.14", "0.14–0.15", "0.15–0.16", "0.16–0.17",
                      "0.17–0.18", "0.18–0.19", "0.19–0.2", "0.2–0.21"], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ],
)  # fmt: skip
def test_numbers_are_counted_in_round_bins(values: list[float], labels: list[str], counts: list[int]) -> None:
    question = Question(kind=QuestionKind.NUMBER)
    figures = kind_of(question).figures(question, values)
    assert figures is not None
    assert figures["labels"] == labels
    assert figures["series"][0]["values"] == counts


def test_scores_have_a_chart(cohort: Cohort, learner: Person, mate: Person, client_of_organiser: Client) -> None:
    check = make_form(cohort, [asked("single", "one", points=2, choices=entries("a", "b", correct="a"))])
    submitted(check, learner, {"one": ["a"]})
    submitted(check, mate, {"one": ["b"]})
    assert "People by score" in client_of_organiser.get(page_of(check)).text
    figures = client_of_organiser.get(page_of(check, "questions/_score/figures/")).json()
    assert (figures["labels"], figures["series"][0]["values"]) == (["0", "1", "2"], [1, 0, 1])


def test_texts_are_read_page_by_page(answered: Questionnaire, client_of_organiser: Client) -> None:
    page = client_of_organiser.get(page_of(answered, "questions/name/"))
    assert set(page.context["page"]) == {"Hanako", "=1+1", "Sabu"}
    assert client_of_organiser.get(page_of(answered, "questions/mood/")).status_code == 404


def test_answers_of_earlier_versions_stand_under_the_question_they_were_given_to(
    answered: Questionnaire, client_of_organiser: Client
) -> None:
    draft = begin_draft(questionnaire=answered, actor=None)
    Question.objects.filter(section__version=draft, key="mood").delete()
    work = Question.objects.get(section__version=draft, key="work")
    work.label_en, work.choices = "Your work", entries("school")
    work.save()
    publish(questionnaire=answered, actor=None)
    forget_versions(answered)
    with translation.override("en"):
        asked_now = {question.key: question for question in asked_in(answered)}
        assert list(asked_now)[-1] == "mood"
        assert asked_now["work"].label == "Your work"
        assert asked_now["work"].choice_labels()["office"] == "Office"
    figures = client_of_organiser.get(page_of(answered, "questions/work/figures/")).json()
    assert dict(zip(figures["labels"], figures["series"][0]["values"], strict=True))["Office"] == 2


def test_facilitators_see_their_own_classes_and_only_where_the_form_says_so(
    answered: Questionnaire, facilitator: Person
) -> None:
    client = signed_in(facilitator)
    pages = ["", "answers/", "questions/name/", "questions/work/figures/", "answers/?export=csv"]
    assert {client.get(page_of(answered, page)).status_code for page in pages} == {404}
    Questionnaire.objects.filter(pk=answered.pk).update(facilitators_see_results=True)
    assert {client.get(page_of(answered, page)).status_code for page in pages} == {200}
    names = [row[0] for row in rows_of(client.get(page_of(answered, "answers/?export=csv&sort=name")))]
    assert names == ["氏名", "Hanako", "Taro"]
    assert client.get(page_of(answered, "questions/work/figures/")).json()["series"][0]["values"] == [1, 1, 0]
    desk = client.get("/cohorts/spring/desk/forms/")
    assert [row.pk for row in desk.context["listing"].page] == [answered.pk]
    assert client.get(f"/cohorts/spring/desk/forms/{answered.pk}/").status_code == 404


def test_nobody_else_sees_results(
    answered: Questionnaire, learner: Person, mentor: Person, outsider: Person, client: Client
) -> None:
    Questionnaire.objects.filter(pk=answered.pk).update(facilitators_see_results=True)
    pages = ["", "answers/", "answers/?export=csv", "questions/name/", "questions/work/figures/"]
    for person in (learner, mentor, outsider):
        assert {signed_in(person).get(page_of(answered, page)).status_code for page in pages} == {404}
    assert {client.get(page_of(answered, page)).status_code for page in pages} == {302}


@pytest.fixture
def respondents(survey: Questionnaire, study_class: StudyClass) -> list[Person]:
    people = [make_person(f"P{number}") for number in range(6)]
    for person in people:
        enrol(person, survey.cohort, study_class=study_class)
    return people


def test_an_anonymous_form_shows_nothing_below_five_answers(
    survey: Questionnaire, respondents: list[Person], client_of_organiser: Client
) -> None:
    for person in respondents[:4]:
        submitted(survey, person, {"mood": ["1"], "words": [f"secret of {person.name}"]})
    page = client_of_organiser.get(page_of(survey))
    assert page.context["total"] == 0
    assert "4 answers wait" in page.text
    for below in ["", "answers/", "questions/words/", "answers/?export=csv", "questions/mood/figures/"]:
        assert "secret" not in client_of_organiser.get(page_of(survey, below)).text
    figures = client_of_organiser.get(page_of(survey, "questions/mood/figures/")).json()
    assert sum(figures["series"][0]["values"]) == 0


def test_an_anonymous_form_names_nobody_and_can_not_be_filtered(
    survey: Questionnaire, respondents: list[Person], client_of_organiser: Client
) -> None:
    for person in respondents:
        submitted(survey, person, {"mood": ["1"], "words": [f"text {person.pk}"]})
    head, *rows = rows_of(client_of_organiser.get(page_of(survey, "answers/?export=csv")))
    assert head == ["Mood", "Words"]
    # The sixth waits for four others.
    assert len(rows) == 5
    everything = client_of_organiser.get(page_of(survey, "answers/?name=P0&study_class=1&version=1"))
    assert everything.context["listing"].filters is None
    assert everything.context["listing"].total == 5
    assert "p0@example.org" not in everything.text


def test_facilitators_never_see_an_anonymous_form(
    survey: Questionnaire, respondents: list[Person], facilitator: Person
) -> None:
    Questionnaire.objects.filter(pk=survey.pk).update(facilitators_see_results=True)
    assert signed_in(facilitator).get(page_of(survey)).status_code == 404
    assert signed_in(facilitator).get("/cohorts/spring/desk/forms/").status_code == 404


def test_results_ask_the_database_a_bounded_number_of_times(
    answered: Questionnaire, client_of_organiser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(24):
        client_of_organiser.get(page_of(answered))
    for below in ["answers/", "questions/name/", "questions/work/figures/", "answers/?export=csv"]:
        with django_assert_max_num_queries(16):
            client_of_organiser.get(page_of(answered, below))


def test_withdrawn_learners_stay_in_the_results(
    answered: Questionnaire, enrolment: Enrolment, organiser: Person
) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    assert signed_in(organiser).get(page_of(answered)).context["total"] == 3
