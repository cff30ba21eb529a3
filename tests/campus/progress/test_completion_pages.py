"""Pages about completion: what learners read, what organisers change, and to whom they don't exist."""

import io
from datetime import datetime

import pytest
from django.forms import Form
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.people.models import Person
from campus.progress.completing import record_completions
from campus.progress.completion import completed, rule_of
from campus.progress.models import CompletionRule
from campus.progress.queries import steps_in
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.progress.work import DAY, HOUR, learner_of, submit

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/"
PAGE, RULE, WHAT_IF = f"{DESK}completion/", f"{DESK}completion/rule/", f"{DESK}completion/what-if/"
SETTLE, WAY = f"{DESK}completion/settle/", "/cohorts/spring/completion/"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def step(cohort_case: CohortCase, open_step: Step, closed_step: Step) -> Step:
    """The one step that the cohort asks for; it closed yesterday."""
    cohort_case.steps.exclude(pk=closed_step.pk).delete()
    return closed_step


@pytest.fixture
def done(cohort: Cohort, study_class: StudyClass, step: Step, now) -> Enrolment:
    """A learner of class A who handed it in."""
    learner = learner_of(cohort, "出雲", enrolled_at=now - 20 * DAY, seen_at=now, study_class=study_class)
    submit(step, learner, at=now - 2 * DAY)
    return learner


@pytest.fixture
def foreign(cohort: Cohort, step: Step, now) -> Enrolment:
    """A learner of class B, who handed in nothing."""
    class_b = StudyClass.objects.create(cohort=cohort, name="B")
    return learner_of(cohort, "別府", enrolled_at=now - 20 * DAY, seen_at=now, study_class=class_b)


def form_of(client: Client, **fields: object) -> dict[str, object]:
    """What the rule's form sends if nothing but these fields is touched."""
    return values_of(client.get(RULE).context["form"]) | fields


def values_of(form: Form) -> dict[str, object]:
    """What a browser would send; empty fields as empty texts."""
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


# --- Who may not ---


@pytest.mark.parametrize("address", [PAGE, RULE, WHAT_IF])
def test_learners_mentors_and_outsiders_find_no_such_page_and_strangers_sign_in(
    address: str, learner: Person, mentor: Person, outsider: Person, client: Client
) -> None:
    assert [signed_in(person).get(address).status_code for person in (learner, mentor, outsider)] == [404] * 3
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_way_is_the_learners_own(mentor: Person, organiser: Person, outsider: Person, client: Client) -> None:
    assert [signed_in(person).get(WAY).status_code for person in (mentor, organiser, outsider)] == [404] * 3
    assert client.get(WAY)["Location"].startswith("/accounts/login/")


def test_facilitators_read_about_their_classes_but_change_nothing(
    facilitator: Person, done: Enrolment, foreign: Enrolment, cohort: Cohort
) -> None:
    client = signed_in(facilitator)
    assert [count for _outlook, count in client.get(PAGE).context["counts"]] == [1, 0, 0]
    assert [client.get(address).status_code for address in (RULE, WHAT_IF)] == [404, 404]
    assert [client.post(address).status_code for address in (RULE, SETTLE)] == [404, 404]
    assert not CompletionRule.objects.exists()


# --- The learner ---


def test_a_learner_reads_what_is_missing_by_when(
    english: None, learner: Person, enrolment: Enrolment, open_step: Step
) -> None:
    Person.objects.filter(pk=learner.pk).update(language="en")
    page = signed_in(learner).get(WAY)
    assert "You can complete this cohort" in page.text
    assert f"Hand in “{open_step.title}” by " in page.text
    submit(open_step, enrolment, at=timezone.now())
    assert f"Hand in “{open_step.title}” by " not in signed_in(learner).get(WAY).text


def test_home_says_what_is_missing_first_and_leads_to_the_rest(learner: Person, step: Step) -> None:
    page = signed_in(learner).get("/").text
    assert f'href="{WAY}"' in page
    assert "期限延長を相談してください" in page


def test_who_has_completed_is_congratulated(learner: Person, enrolment: Enrolment, step: Step, now) -> None:
    submit(step, enrolment, at=now - 2 * DAY)
    assert "1分以内に記録されます" in signed_in(learner).get(WAY).text
    record_completions(enrolment.cohort)
    assert "修了しました" in signed_in(learner).get(WAY).text
    assert "おめでとうございます" in signed_in(learner).get("/").text


# --- The matrix and the page about one learner ---


def test_the_matrix_shows_and_narrows_by_completion(organiser: Person, done: Enrolment, foreign: Enrolment) -> None:
    client = signed_in(organiser)

    def names(query: str) -> list[str]:
        return [line.name for line in client.get(f"{DESK}progress/?{query}").context["listing"].page]

    assert names("completion=completed") == ["出雲"]
    assert names("completion=out_of_reach") == ["別府"]
    assert names("sort=-completion") == ["別府", "出雲"]
    assert "2人中1人が修了" in client.get(f"{DESK}progress/").text
    answer = client.get(f"{DESK}progress/?export=xlsx")
    header, first, *_rest = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert dict(zip(header, first, strict=True))["修了まで"] == "修了"
    page = client.get(f"{DESK}progress/{foreign.pk}/").text
    assert "期限延長を相談してください" in page


# --- The rule ---


def test_an_organiser_sees_the_effect_before_saving(
    organiser: Person, done: Enrolment, foreign: Enrolment, step: Step, cohort: Cohort
) -> None:
    client = signed_in(organiser)
    sent = form_of(client, **{f"step-{step.pk}": "late_too"})
    page = client.post(RULE, sent | {"look": "1"})
    assert [(now, then) for _outlook, now, then, _difference in page.context["effect"].counts] == [
        (1, 1),
        (0, 1),
        (1, 0),
    ]
    assert rule_of(cohort).number == 0
    assert client.post(RULE, sent | {"save": "1"})["Location"] == PAGE
    rule = rule_of(cohort)
    assert (rule.number, rule.demand(steps_in(cohort)[0]), rule.saved_by) == (1, "late_too", organiser)
    assert "提出（締切後も可）" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"step": "not_needed"}, "__all__"), ({"step": "whenever"}, "step"), ({"helpful_posts": "-1"}, "helpful_posts")],
)
def test_a_rule_that_makes_no_sense_is_refused(
    organiser: Person, step: Step, cohort: Cohort, wrong: dict[str, str], field: str
) -> None:
    client = signed_in(organiser)
    sent = {f"step-{step.pk}" if name == "step" else name: value for name, value in wrong.items()}
    page = client.post(RULE, form_of(client, **sent) | {"save": "1"})
    assert list(page.context["form"].errors) == [f"step-{step.pk}" if field == "step" else field]
    assert rule_of(cohort).number == 0


def test_two_organisers_do_not_overwrite_each_other(organiser: Person, step: Step, cohort: Cohort) -> None:
    client = signed_in(organiser)
    sent = form_of(client, helpful_posts=1)
    client.post(RULE, form_of(client, helpful_posts=2) | {"save": "1"})
    page = client.post(RULE, sent | {"save": "1"})
    assert "ほかの人が" in page.text
    assert rule_of(cohort).helpful_posts == 2
    client.post(RULE, values_of(page.context["form"]) | {"save": "1"})
    assert (rule_of(cohort).number, rule_of(cohort).helpful_posts) == (2, 1)


def test_a_trial_changes_nothing_and_names_those_it_would_reach(
    organiser: Person, done: Enrolment, foreign: Enrolment, step: Step, cohort: Cohort
) -> None:
    client = signed_in(organiser)
    page = client.get(f"{WHAT_IF}?moved={step.pk}&days=5")
    assert [str(one) for one in page.context["listing"].page] == ["別府"]
    file = client.get(f"{WHAT_IF}?late_counts=on&export=csv").content.decode()
    assert "別府" in file
    assert "今から提出しても修了の条件を満たせます" in file
    assert "までに提出してください" not in page.text
    assert [str(one) for one in client.get(f"{WHAT_IF}?dropped={step.pk}").context["listing"].page] == ["別府"]
    assert client.get(WHAT_IF).context["listing"].total == 0
    assert list(client.get(f"{WHAT_IF}?days=5").context["form"].errors) == ["moved"]
    step.refresh_from_db()
    assert step.closes_at < timezone.now()
    assert rule_of(cohort).number == 0


# --- Completions in question ---


def test_an_organiser_settles_what_is_in_question(
    organiser: Person, done: Enrolment, foreign: Enrolment, cohort: Cohort, outsider_enrolment: Enrolment
) -> None:
    record_completions(cohort)
    client = signed_in(organiser)
    client.post(RULE, form_of(client, helpful_posts=1) | {"save": "1"})
    assert [line.pk for line in client.get(PAGE).context["listing"].page] == [done.pk]
    assert "受講生を1人以上選んでください。" in client.post(SETTLE, {"what": "keep"}, follow=True).text
    client.post(SETTLE, {"what": "keep", "selected": [outsider_enrolment.pk, foreign.pk]})
    assert client.get(PAGE).context["listing"].total == 1
    client.post(SETTLE, {"what": "take_back", "selected": [done.pk]})
    assert client.get(PAGE).context["listing"].total == 0
    assert not completed(cohort).exists()


@pytest.mark.parametrize("address", [PAGE, WHAT_IF, RULE])
def test_pages_ask_the_database_little_whatever_the_size(
    address: str, organiser: Person, done: Enrolment, step: Step, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        submit(step, enrol(make_person(f"L{number}"), done.cohort), at=timezone.now() - number * HOUR)
    client = signed_in(organiser)
    with django_assert_max_num_queries(25):
        client.get(address)
