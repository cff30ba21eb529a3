"""Changing a round's numbers: the effect first, then for everybody at once."""

from collections import Counter

import pytest
from django.test import Client

from campus.cohorts.models import AuditEntry
from campus.notices.models import Notice
from campus.reviews.assigning import assign
from campus.reviews.decisions import EndReason, Stage
from campus.reviews.models import Assignment, ReviewRound
from campus.reviews.numbers import change_numbers, effect_of, numbers_of, version_of
from tests.campus.cast import signed_in
from tests.campus.reviews.conftest import held_by
from tests.campus.reviews.reviewing import give_all

pytestmark = pytest.mark.django_db
NUMBERS = {"reviews_each": 3, "idle_hours": 72, "due_hours": 120, "favours": 3}
FOUR, TWO = NUMBERS | {"reviews_each": 4}, NUMBERS | {"reviews_each": 2}


def address(round):
    return f"/cohorts/spring/desk/reviews/{round.pk}/numbers/"


def test_nobody_but_the_organiser_sees_or_changes_them(round, learner, outsider, facilitator, mentor):
    sent = FOUR | {"based_on": version_of(round)}
    for person in (learner, outsider, facilitator, mentor):
        browser = signed_in(person)
        assert browser.get(address(round), FOUR).status_code == 404
        assert browser.post(address(round), sent).status_code == 404
    assert Client().post(address(round), sent).status_code == 302
    assert numbers_of(ReviewRound.objects.get()) == NUMBERS


def test_the_effect_names_whom_it_concerns_and_changes_nothing(
    round, organiser, enrolment, django_assert_max_num_queries
):
    give_all(round, enrolment)

    with django_assert_max_num_queries(50):
        page = signed_in(organiser).get(address(round), FOUR)

    effect = page.context["effect"]
    assert (effect.owe_again, effect.given_out, effect.taken_back) == (1, 5, 0)
    assert enrolment.person.name in page.content.decode()
    assert (numbers_of(ReviewRound.objects.get()), Assignment.objects.count()) == (NUMBERS, 15)


def test_saved_they_are_carried_out_told_and_kept_in_the_log(round, organiser, authors):
    saved = signed_in(organiser).post(address(round), FOUR | {"based_on": version_of(round)})
    round.refresh_from_db()
    assign(round)

    assert (saved.status_code, round.reviews_each) == (302, 4)
    assert set(Counter(Assignment.objects.open().values_list("share", flat=True)).values()) == {4}
    assert Notice.objects.filter(kind="reviews.owed").count() == len(authors)
    entry = AuditEntry.objects.get(action="reviews.numbers_changed")
    assert (entry.actor, entry.details["fields"], entry.details["reviews_each"]) == (organiser, "reviews_each", 4)


def test_with_fewer_what_was_begun_stays_and_the_rest_is_taken_back(round, organiser, enrolment):
    mine = held_by(round, enrolment)
    Assignment.objects.filter(pk__in=[one.pk for one in mine]).update(stage=Stage.BEGUN)

    effect = effect_of(round, TWO)
    change_numbers(round=round, numbers=TWO, based_on=version_of(round), actor=organiser)
    plan = assign(round)

    assert Counter(reason for _, reason in plan.ends) == effect.reasons
    assert effect.reasons[EndReason.NOT_NEEDED] == 4
    assert {one.stage for one in held_by(round, enrolment)} == {Stage.BEGUN}
    assert assign(round).is_empty


def test_only_other_hours_are_told_to_nobody(round, organiser):
    change_numbers(round=round, numbers=NUMBERS | {"idle_hours": 48}, based_on=version_of(round), actor=organiser)

    assert round.rules.idle_after.total_seconds() == 48 * 3600
    assert not Notice.objects.filter(kind="reviews.owed").exists()


def test_numbers_that_somebody_else_has_changed_meanwhile_are_looked_at_again(round, organiser):
    based_on = version_of(round)
    ReviewRound.objects.update(favours=1)

    page = signed_in(organiser).post(address(round), FOUR | {"based_on": based_on})

    assert page.context["based_on"] == "3-72-120-1"
    assert ReviewRound.objects.get().reviews_each == 3


@pytest.mark.parametrize(
    "wrong", [{"reviews_each": 0}, {"idle_hours": ""}, {"favours": 9}, {"due_hours": 30, "idle_hours": 48}]
)
def test_numbers_that_make_no_sense_are_refused_with_what_was_typed(round, organiser, wrong):
    page = signed_in(organiser).get(address(round), NUMBERS | wrong)

    assert (page.status_code, "effect" in page.context) == (422, False)
    assert page.context["form"].errors
