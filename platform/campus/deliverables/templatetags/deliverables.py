"""Deliverables on the pages of other apps: the form on the page of a step, and the content of one."""

from html import unescape
from typing import Any

from django import template
from django.template import Context
from django.utils.html import strip_tags

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment
from campus.deliverables.anchors import words_for
from campus.deliverables.comparing import Comparison, compared_with_before
from campus.deliverables.content import Content, content_of
from campus.deliverables.exhibits import LONGEST_WRITE_UP, exhibit_of, may_show, open_exhibits
from campus.deliverables.models import Deliverable
from campus.deliverables.place import Place
from campus.deliverables.text import paragraphs_of
from campus.deliverables.views import names_of
from campus.submissions.models import owner_in

register = template.Library()


@register.simple_tag
def whole_content(deliverable: Deliverable, blind: bool) -> Content:
    """What there is to show of it."""
    return content_of(deliverable, blind=bool(blind))


@register.simple_tag
def what_changed(deliverable: Deliverable, blind: bool) -> Comparison | None:
    """How it differs from the version before; None for a first one."""
    return compared_with_before(deliverable, blind=bool(blind))


@register.filter
def anchor_words(anchor: str) -> str:
    """A place within a deliverable in words."""
    return words_for(anchor)


@register.filter
def without_marks(text: str) -> str:
    """Markdown as plain words, for the beginning of a text."""
    return " ".join(" ".join(unescape(strip_tags(paragraph)).split()) for paragraph in paragraphs_of(text))


@register.simple_tag
def number_of_exhibits(cohort: Cohort) -> int:
    """How many works the cohort sees."""
    return open_exhibits(cohort).count()


@register.inclusion_tag("deliverables/parts/show.html", takes_context=True)
def show_to_cohort(context: Context, step: Step) -> dict[str, Any]:
    """Draw the form by which the reader shows the own work; nothing where there is none."""
    enrolment = learner_enrolment(context["request"].user, step.cohort)
    owner = owner_in(step=step, enrolment=enrolment) if enrolment else None
    if owner is None or not may_show(step, owner):
        return {}
    shown = {"may_show": True, "exhibit": exhibit_of(step, owner), "step": step, "longest": LONGEST_WRITE_UP}
    return shown | {"csrf_token": context.get("csrf_token")}


@register.inclusion_tag("deliverables/parts/on_step.html", takes_context=True)
def hand_in_of_step(context: Context, step: Step) -> dict[str, Any]:
    """Draw what the reader handed in for the step and the form for it; for staff the way to all hand-ins.

    Nothing for other kinds of steps, and before the step opens.
    """
    request = context["request"]
    reader = request.user
    if step.kind != StepKind.TEXT or not step.has_opened():
        return {}
    enrolment = learner_enrolment(reader, step.cohort)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "place": Place(step, enrolment) if enrolment else None,
        "sees_list": reader.has_perm("deliverables.list", step.cohort),
        "step": step,
        "cohort": step.cohort,
        "names": names_of(step),
    }
