"""Peer review on the desk's menu, and on the page about one person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk
from campus.cohorts.models import Enrolment, Role
from campus.cohorts.panels import Panel, show_on_persons_page
from campus.people.models import Person
from campus.reviews.forms import ExcuseForm
from campus.reviews.models import Assignment, Rating
from campus.reviews.queries import ratings_of
from campus.reviews.rounds import rounds_in

lay_on_desk(
    section=Section.PROGRESS,
    label=_("Peer review"),
    url_name="reviews:desk",
    permission="reviews.oversee",
    position=50,
)
lay_on_desk(
    section=Section.PROGRESS,
    label=_("Requests for re-evaluation"),
    url_name="reviews:appeals",
    permission="reviews.list_appeals",
    position=55,
)


def reviews_of_person(enrolment: Enrolment, reader: Person) -> dict[str, Any] | None:
    """How many reviews the learner gave in each round, and where she may be let off."""
    if enrolment.role != Role.LEARNER:
        return None
    lines = []
    for found in rounds_in(enrolment.cohort):
        share = found.shares.filter(enrolment=enrolment).first()
        given = Assignment.objects.given().filter(share=share).count() if share else 0
        ratings = ratings_of(share) if share else []
        helped = sum(rating >= Rating.WELL for rating in ratings)
        lines.append({"round": found, "share": share, "given": given, "rated": len(ratings), "helped": helped})
    if not lines:
        return None
    may_excuse = reader.has_perm("reviews.oversee", enrolment.cohort)
    return {"lines": lines, "may_excuse": may_excuse, "form": ExcuseForm()}


show_on_persons_page(Panel("reviews/desk/panel.html", reviews_of_person, position=45))
