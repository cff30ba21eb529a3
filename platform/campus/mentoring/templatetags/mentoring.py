"""Places in words, and the way from a deliverable to what mentors say about it."""

from typing import Any

from django import template
from django.template import Context

from campus.deliverables.anchors import words_for
from campus.deliverables.models import Deliverable
from campus.mentoring.queries import Entry, feedback_on
from campus.mentoring.words import reasons_of

register = template.Library()


@register.filter
def place(anchor: str) -> str:
    """A place of a work in words."""
    return words_for(anchor)


@register.inclusion_tag("mentoring/parts/on_deliverable.html", takes_context=True)
def mentors_words(context: Context, deliverable: Deliverable) -> dict[str, Any]:
    """On the page of a deliverable: to what was released about it for its owner, to the review for a mentor."""
    user = context["request"].user
    owns = user.has_perm("mentoring.read_feedback", deliverable)
    return {
        "deliverable": deliverable,
        "cohort": deliverable.step.cohort,
        "count": feedback_on(deliverable).count() if owns else 0,
        "may_judge": user.has_perm("mentoring.judge", deliverable),
    }


@register.filter
def why(entry: Entry) -> list[tuple[str, str]]:
    """The reasons for a work's place in the queue: the kind of the mark and a sentence."""
    return reasons_of(entry)
