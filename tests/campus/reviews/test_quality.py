"""What a reviewer learns from her own reviews, and that nobody else does."""

import pytest
from django.test import Client

from campus.reviews import actions
from campus.reviews.models import Assignment, Rating, Review, Share
from campus.reviews.quality import quality_of
from tests.campus.cast import signed_in
from tests.campus.reviews.conftest import held_by
from tests.campus.reviews.reviewing import give, give_all

pytestmark = pytest.mark.django_db
PAGE = "/cohorts/spring/cases/daily-sales/peers/reviews/given/"


@pytest.fixture
def given(round, enrolment, authors):
    """The learner gives every work the best level, the others the lowest; each work has its three reviews."""
    for one in authors:
        give_all(round, one, points=3 if one == enrolment else 1)
    return Share.objects.select_related("round").get(round=round, enrolment=enrolment)


def quality(share: Share, round):
    share.round = round
    return quality_of(share)


@pytest.mark.usefixtures("english")
def test_her_marks_are_held_against_those_of_others_for_the_same_works(given, round):
    found = quality(given, round)

    assert (found.given, found.compared) == (3, 3)
    assert [(one.label, one.ahead, one.apart) for one in found.lines] == [("Overall", 2, 2), ("Impact", 2, 2)]
    assert found.overall.is_generous
    assert len(found.advice) >= 2


def test_a_work_that_only_one_other_has_judged_or_whose_reviews_were_set_aside_says_nothing(given, round, enrolment):
    work = held_by(round, enrolment)[0].work
    theirs = Review.objects.filter(assignment__work=work).exclude(assignment__share=given).first()
    theirs.set_aside_at = theirs.saved_at
    theirs.save()

    assert quality(given, round).compared == 2


def test_strict_scattered_and_even_reviewers_hear_different_advice(given, round, enrolment):
    generous = quality(given, round)
    Review.objects.exclude(assignment__share=given).update(marks={"impact": 3})
    even = quality(given, round)
    Review.objects.filter(assignment__share=given).update(marks={"impact": 1})
    strict = quality(given, round)

    assert (even.overall.ahead, strict.overall.is_strict) == (0, True)
    assert generous.advice[0] != strict.advice[0]
    assert not set(even.advice) & {generous.advice[0], strict.advice[0]}


def test_ratings_are_counted_and_the_best_stands_first(given, round):
    mine = Review.objects.filter(assignment__share=given).order_by("pk")
    for review, rating in zip(mine, (Rating.MUCH, Rating.LITTLE, Rating.NOT), strict=True):
        actions.rate(review=review, rating=rating, by=review.assignment.work.enrolment)

    found = quality(given, round)

    assert [count for _label, count in found.rated] == [1, 0, 1, 1]
    assert (found.helped, len(found.ratings)) == (1, 3)


def test_she_sees_it_once_all_of_hers_are_in(round, learner, enrolment, assignment):
    give(assignment)
    early = signed_in(learner).get(PAGE)
    give_all(round, enrolment)
    then = signed_in(learner).get(PAGE)

    assert ("quality" in early.context, then.context["quality"].given) == (False, 3)


def test_her_page_leads_there_and_costs_few_queries(given, learner, django_assert_max_num_queries):
    browser = signed_in(learner)

    assert PAGE in browser.get(PAGE.removesuffix("given/")).content.decode()
    with django_assert_max_num_queries(40):
        page = browser.get(PAGE)

    assert "+2.0" in page.content.decode()


def test_nobody_else_sees_it(given, learner, outsider, organiser, facilitator, mentor):
    """Everybody's page is her own; who learns not in the cohort, or has no part in the round, has none."""
    for person in (outsider, organiser, facilitator, mentor):
        assert signed_in(person).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302
    assert not Assignment.objects.open().exists()
