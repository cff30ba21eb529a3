"""The demo's round has reviews in several states, and making it again changes nothing."""

import pytest

from campus.demo.mentoring import show_judged_by_peers
from campus.demo.reviews import review_each_other
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, Work
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db


def test_what_peers_have_judged_comes_before_the_mentor(judged, review_step, others, enrolment, mentor):
    review_each_other(review_step.cohort)
    show_judged_by_peers(review_step.cohort)
    show_judged_by_peers(review_step.cohort)

    queue = signed_in(mentor).get("/cohorts/spring/desk/mentoring/")
    page = signed_in(mentor).get(f"/cohorts/spring/mentoring/{queue.context['first'].pk}/")

    assert queue.context["listing"].total == 4
    assert page.context["peers"] is not None


def test_reviews_are_given_begun_and_waiting(judged, review_step, others, enrolment, mate_enrolment, organiser):
    review_each_other(review_step.cohort)
    before = Assignment.objects.count()
    review_each_other(review_step.cohort)

    stages = set(Assignment.objects.values_list("stage", flat=True))
    assert stages >= {Stage.ASSIGNED, Stage.BEGUN, Stage.GIVEN}
    assert (Assignment.objects.count(), Work.objects.count()) == (before, 5)
    assert Work.objects.exclude(result=None).exists()
    page = signed_in(organiser).get("/cohorts/spring/desk/reviews/", follow=True)
    assert page.status_code == 200
