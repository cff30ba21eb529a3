"""The desk's pages about cases: the schedule, adding a case, letting learners choose."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CaseVersion, ChoiceRule, CohortCase, Step, Track
from campus.cases.scheduling import steps_in
from campus.cohorts.models import AuditEntry, Cohort
from campus.people.models import Person
from tests.campus.cast import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SCHEDULE, CASES, CHOICE = (f"/cohorts/spring/desk/{name}/" for name in ("schedule", "cases", "choice"))
CHOOSE = "/cohorts/spring/choose-cases/"
DAY = timedelta(days=1)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def desk(organiser: Person) -> Client:
    organiser.language = "en"
    organiser.save()
    return signed_in(organiser)


@pytest.mark.parametrize("page", [SCHEDULE, CASES, CHOICE, f"{CHOICE}rest/", f"{CHOICE}end/"])
def test_only_the_organiser_finds_the_pages(
    page: str,
    cohort_case: CohortCase,
    facilitator: Person,
    mentor: Person,
    learner: Person,
    outsider: Person,
    client: Client,
) -> None:
    for person in (facilitator, mentor, learner, outsider):
        assert signed_in(person).post(page, {"save": "1"}).status_code in (404, 405)
        assert signed_in(person).get(page).status_code in (404, 405)
    assert client.post(page)["Location"].startswith("/accounts/login/") or client.post(page).status_code == 405


def fields(desk: Client, **changes: str) -> dict[str, str]:
    """The schedule's form as a browser sends it back."""
    form = desk.get(SCHEDULE).context["form"]
    values = {}
    for name in form.fields:
        bound = form[name]
        value = bound.field.prepare_value(bound.value())
        values[name] = value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value or "")
    return values | changes


def test_dates_are_shown_and_read_in_the_cohorts_time_zone(desk: Client, cohort: Cohort, open_step: Step) -> None:
    cohort.time_zone = "Europe/Berlin"
    cohort.save()
    closes_at = datetime(2027, 5, 3, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    body = fields(desk, **{f"closes-{open_step.pk}": "2027-05-03T18:00"})
    assert body[f"opens-{open_step.pk}"] == f"{open_step.opens_at.astimezone(closes_at.tzinfo):%Y-%m-%dT%H:%M}"
    desk.post(SCHEDULE, body | {"save": "1"})
    assert Step.objects.get(pk=open_step.pk).closes_at == closes_at


def test_the_effect_is_shown_before_anything_is_saved(desk: Client, cohort: Cohort, cohort_case: CohortCase) -> None:
    steps = steps_in(cohort)
    page = desk.post(SCHEDULE, fields(desk, first=str(steps[1].pk), days="7", look="1"))
    assert [effect.move.step.key for effect in page.context["effects"]] == ["forecast", "team-forecast", "proposal"]
    assert steps_in(cohort)[1].opens_at == steps[1].opens_at
    # The form now holds the moved dates: saving it is what was shown.
    shown = page.context["form"]
    body = {
        name: f"{shown[name].value().astimezone(TOKYO):%Y-%m-%dT%H:%M}"
        for name in shown.fields
        if name.startswith(("opens-", "closes-"))
    }
    answer = desk.post(SCHEDULE, body | {"seen": shown["seen"].value(), "save": "1"})
    assert answer["Location"] == SCHEDULE
    # The steps of the cast begin at odd seconds, pickers know minutes.
    moved = [round((new.closes_at - old.closes_at) / DAY) for old, new in zip(steps, steps_in(cohort), strict=True)]
    assert moved == [0, 7, 7, 7]
    assert AuditEntry.objects.filter(action="step.scheduled").count() == 3


def test_what_is_impossible_is_not_saved_and_says_why(desk: Client, open_step: Step) -> None:
    body = fields(desk, **{f"closes-{open_step.pk}": "2020-01-01T00:00"})
    page = desk.post(SCHEDULE, body | {"save": "1"})
    assert page.context["stopped"]
    assert "must close after it opens" in page.text
    assert Step.objects.get(pk=open_step.pk).closes_at == open_step.closes_at


def test_a_page_opened_before_somebody_else_moved_steps_is_not_saved(desk: Client, open_step: Step) -> None:
    body = fields(desk, **{f"closes-{open_step.pk}": "2027-05-03T18:00"})
    Step.objects.filter(pk=open_step.pk).update(closes_at=open_step.closes_at + timedelta(days=1))
    page = desk.post(SCHEDULE, body | {"save": "1"})
    assert "Somebody else has moved steps in the meantime" in page.text
    assert Step.objects.get(pk=open_step.pk).closes_at == open_step.closes_at + timedelta(days=1)


def test_a_case_is_added_with_steps_from_midnight_of_the_day(
    desk: Client, cohort: Cohort, case_version: CaseVersion
) -> None:
    answer = desk.post(CASES, {"case_version": case_version.pk, "starts_on": "2027-04-01"})
    assert answer["Location"] == SCHEDULE
    assert steps_in(cohort)[0].opens_at == datetime(2027, 4, 1, tzinfo=TOKYO)
    assert "Every installed case is already in this cohort" in desk.get(CASES).text
    again = desk.post(CASES, {"case_version": case_version.pk, "starts_on": "2027-04-01"})
    assert again.context["form"].errors
    assert cohort.cases.count() == 1


@pytest.fixture
def rule(cohort_case: CohortCase, organiser: Person) -> ChoiceRule:
    until = timezone.now() + timedelta(days=3)
    return ChoiceRule.objects.create(cohort=cohort_case.cohort, cases_each=1, tracks=[Track.AI], until=until)


def test_the_organiser_lets_learners_choose_and_sees_what_they_chose(
    desk: Client, cohort: Cohort, cohort_case: CohortCase, learner: Person, mate: Person
) -> None:
    desk.post(CHOICE, {"tracks": ["ai"], "cases_each": "1", "until": "2027-04-10T18:00"})
    rule = ChoiceRule.objects.get(cohort=cohort)
    assert rule.until == datetime(2027, 4, 10, 18, tzinfo=TOKYO)
    signed_in(learner).post(CHOOSE, {"cases": cohort_case.pk})
    page = desk.get(CHOICE)
    assert [(option.case, option.taken) for option, _ in page.context["options"]] == [(cohort_case, 1)]
    assert page.context["undecided"] == 1
    desk.post(f"{CHOICE}rest/")
    assert desk.get(CHOICE).context["undecided"] == 0
    desk.post(f"{CHOICE}end/")
    assert not ChoiceRule.objects.exists()


def test_places_are_limited_from_the_page(desk: Client, rule: ChoiceRule, cohort_case: CohortCase) -> None:
    desk.post(f"{CHOICE}{cohort_case.pk}/places/", {f"{cohort_case.pk}-capacity": "30", f"{cohort_case.pk}-slug": "x"})
    cohort_case.refresh_from_db()
    assert (cohort_case.capacity, cohort_case.slug) == (30, "daily-sales")


def test_a_rule_without_enough_cases_is_refused(desk: Client, cohort_case: CohortCase) -> None:
    page = desk.post(CHOICE, {"tracks": ["data"], "cases_each": "1", "until": "2027-04-10T18:00"})
    assert page.context["form"].errors
    assert not ChoiceRule.objects.exists()


def test_home_asks_for_the_choice_first_and_then_shows_the_chosen_case(
    rule: ChoiceRule, open_step: Step, learner: Person
) -> None:
    client = signed_in(learner)
    before = client.get("/").context["cohorts"][0]
    assert (before.choice.missing, before.next_step, before.cases) == (1, None, [])
    assert client.post(CHOOSE, {"cases": open_step.cohort_case_id})["Location"] == "/"
    after = client.get("/").context["cohorts"][0]
    assert (after.choice.missing, after.next_step.step.key) == (0, "forecast")


def test_after_the_date_the_learner_can_not_change_it(
    rule: ChoiceRule, cohort_case: CohortCase, learner: Person
) -> None:
    rule.until = timezone.now()
    rule.save()
    page = signed_in(learner).post(CHOOSE, {"cases": cohort_case.pk})
    assert list(page.context["form"].errors) == ["cases"]
    assert not learner.enrolments.get().case_choices.exists()


def test_who_learns_elsewhere_or_not_at_all_has_nothing_to_choose(
    rule: ChoiceRule, outsider: Person, mentor: Person, organiser: Person, client: Client
) -> None:
    for person in (outsider, mentor, organiser):
        assert signed_in(person).post(CHOOSE, {"cases": "1"}).status_code == 404
    assert client.get(CHOOSE).status_code == 302


def test_without_a_rule_there_is_nothing_to_choose(cohort_case: CohortCase, learner: Person) -> None:
    assert signed_in(learner).get(CHOOSE).status_code == 404


def test_the_schedule_asks_as_little_for_many_steps_and_moves_as_for_few(
    desk: Client, cohort: Cohort, cohort_case: CohortCase, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    Step.objects.bulk_create(
        Step(
            cohort_case=cohort_case,
            key=f"more-{number}",
            title_ja=f"追加{number}",
            position=20 + number,
            kind="model",
            opens_at=now,
            closes_at=now + DAY,
        )
        for number in range(30)
    )
    with django_assert_max_num_queries(14):
        desk.get(SCHEDULE)
    body = fields(desk, first=str(steps_in(cohort)[0].pk), days="3", look="1")
    with django_assert_max_num_queries(20):
        assert len(desk.post(SCHEDULE, body).context["effects"]) >= 30
