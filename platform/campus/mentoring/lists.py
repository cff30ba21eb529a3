"""The queue as a list; for those who run the cohort mentors with their loads, reviews, and conflicts of interest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.mentoring.models import Conflict, MentorReview
from campus.mentoring.queries import Entry, Waiting, entries_of, mentors_of, owner_of
from campus.mentoring.queue import Peers, diverges
from campus.mentoring.words import reasons_of
from campus.reviews.rubrics import Rubric, rubric_of
from campus.ui.columns import button_column, moment_column
from campus.ui.lists import Column, Filter, Listing, MemoryListing, TextFilter
from campus.ui.templatetags.ui import chip, local_time


class StepFilter(Filter):
    """By step."""

    step = forms.ChoiceField(label=_("Step"))

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.title) for one in steps]
        self.fields["step"].choices = [("", _("All steps")), *choices]  # type: ignore[attr-defined]


class QueueFilter(StepFilter):
    """Of works that wait."""

    def narrow(self, rows: list[Waiting]) -> list[Waiting]:
        wanted = self.cleaned_data["step"]
        return [row for row in rows if not wanted or str(row.step_id) == wanted]


class ReviewsFilter(StepFilter):
    """Of reviews, also by mentor and by whether the owners have them."""

    mentor = forms.CharField(label=_("Mentor"), max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", pgettext_lazy("filter", "All")),
            ("draft", _("Draft")),
            ("released", pgettext_lazy("mentoring", "Released")),
        ],
    )

    def narrow(self, rows: Any) -> Any:
        wanted = self.cleaned_data
        if wanted["step"]:
            rows = rows.filter(deliverable__step=wanted["step"])
        if wanted["state"]:
            rows = rows.filter(released_at__isnull=wanted["state"] == "draft")
        return rows.filter(mentor__person__name__icontains=wanted["mentor"])


class QueueListing(MemoryListing):
    """Of thousands of works only those on the page are read in full."""

    def drawn(self, rows: Iterable[Waiting]) -> list[Entry]:
        return entries_of(list(rows))


def queue_list(
    request: HttpRequest, cohort: Cohort, waiting: list[Waiting], steps: Sequence[Step], *, may_judge: bool
) -> QueueListing:
    """What waits, with why; a link to judge for mentors, to read for organisers."""

    def address(row: Entry) -> str:
        name = "mentoring:review" if may_judge else "deliverables:deliverable"
        return reverse(name, args=[cohort.slug, row.pk])

    columns = [
        Column(
            "work",
            pgettext_lazy("mentoring", "Work"),
            lambda row: row.deliverable.owner_name,
            cell=lambda row: format_html('<a href="{}">{}</a>', address(row), row.deliverable.owner_name),
        ),
        Column("step", _("Step"), lambda row: row.deliverable.step.title),
        Column("why", _("Why"), _why_in_file, cell=_why_on_page),
        Column(
            "handed_in",
            pgettext_lazy("mentoring", "Handed in"),
            lambda row: row.deliverable.handed_in_at,
            cell=lambda row: local_time(row.deliverable.handed_in_at),
            sort=lambda row: row.handed_in_at,
        ),
        Column(
            "score",
            pgettext_lazy("mentoring", "Urgency"),
            lambda row: round(row.place.score, 1),
            is_number=True,
            note=_("wait × uncertainty × risk"),
        ),
    ]
    filters = QueueFilter(request.GET, steps=steps)
    return QueueListing(request, waiting, columns=columns, name="mentors-queue", order=[], filters=filters)


def _why_in_file(row: Entry) -> str:
    return " ".join(words for _tone, words in reasons_of(row))


def _why_on_page(row: Entry) -> str:
    items = format_html_join("", '<li class="{}">{}</li>', reasons_of(row))
    return format_html('<ul class="reasons">{}</ul>', items)


def mentors_list(request: HttpRequest, cohort: Cohort) -> Listing:
    """Each mentor with what she has in hand."""
    columns = [
        Column("mentor", _("Mentor"), lambda one: one.person.name, sort="person__name"),
        Column("open", _("Open reviews"), lambda one: one.begun, sort="begun", is_number=True),
        Column("most", pgettext_lazy("mentoring", "Limit"), lambda one: one.most, sort="most", is_number=True),
        Column("released", _("Released reviews"), lambda one: one.released, sort="released", is_number=True),
    ]
    return Listing(
        request,
        mentors_of(cohort),
        columns=columns,
        name=f"mentors-{cohort.slug}",
        order=["person__name", "pk"],
        filters=TextFilter(request.GET, label=_("Mentor"), within=["person__name"]),
    )


def conflicts_list(request: HttpRequest, cohort: Cohort) -> Listing:
    """Who must not judge whom; the page's form ``end`` removes one."""
    found = Conflict.objects.filter(mentor__cohort=cohort)
    columns = [
        Column("mentor", _("Mentor"), lambda one: one.mentor.person.name, sort="mentor__person__name"),
        Column("with", _("With whom"), lambda one: str(one.with_whom)),
        Column("by", _("Declared by"), lambda one: one.declared_by.name if one.declared_by else None),
        moment_column("at", _("Declared"), lambda one: one.declared_at, sort="declared_at"),
        button_column(
            "end",
            pgettext_lazy("conflict", "Remove"),
            address=lambda one: reverse("mentoring:end_conflict", args=[cohort.slug, one.pk]),
            about=lambda one: f"{one.mentor.person.name}, {one.with_whom}",
            form="end",
        ),
    ]
    return Listing(
        request,
        found.select_related("mentor__person", "team", "enrolment__person", "declared_by"),
        columns=columns,
        name=f"conflicts-{cohort.slug}",
        order=["mentor__person__name", "pk"],
        filters=TextFilter(
            request.GET,
            label=_("Mentor, team or learner"),
            within=["mentor__person__name", "team__name", "enrolment__person__name"],
        ),
    )


def reviews_list(request: HttpRequest, cohort: Cohort, steps: Sequence[Step], peers: Mapping[Any, Peers]) -> Listing:
    """Every review of the cohort's mentors, with where it differs from the peers."""
    rubrics = {step.pk: rubric_of(step) for step in steps}
    rows = MentorReview.objects.filter(deliverable__step__in=steps).select_related(
        "mentor__person", "deliverable__team", "deliverable__enrolment__person", "deliverable__step"
    )
    columns = [
        Column(
            "work",
            pgettext_lazy("mentoring", "Work"),
            lambda row: row.deliverable.owner_name,
            cell=lambda row: format_html(
                '<a href="{}">{}</a>',
                reverse("deliverables:deliverable", args=[cohort.slug, row.deliverable_id]),
                row.deliverable.owner_name,
            ),
        ),
        Column("step", _("Step"), lambda row: row.deliverable.step.title),
        Column("mentor", _("Mentor"), lambda row: row.mentor.person.name, sort="mentor__person__name"),
        Column(
            "released",
            pgettext_lazy("mentoring", "Released"),
            lambda row: row.released_at,
            cell=lambda row: local_time(row.released_at) if row.released_at else chip(str(_("Draft")), ""),
            sort="released_at",
        ),
        Column(
            "flag",
            pgettext_lazy("mentoring", "Compared with peers"),
            lambda row: _flag(row, rubrics, peers),
            cell=lambda row: _flag_chip(_flag(row, rubrics, peers)),
        ),
    ]
    return Listing(
        request,
        rows,
        columns=columns,
        name=f"mentor-reviews-{cohort.slug}",
        order=["-saved_at", "pk"],
        filters=ReviewsFilter(request.GET, steps=steps),
    )


def _flag(row: MentorReview, rubrics: Mapping[int, Rubric], peers: Mapping[Any, Peers]) -> str:
    work = row.deliverable
    found = peers.get((work.step_id, owner_of(work.team_id, work.enrolment_id)))
    share = overall_share(rubrics[work.step_id], row.marks)
    return str(_("Differs from peers")) if share is not None and diverges(share, found) else ""


def _flag_chip(words: str) -> str:
    return chip(words, "warning") if words else ""


def overall_share(rubric: Rubric, marks: Mapping[str, int]) -> float | None:
    """All marks as one share of the scale; None while some are missing."""
    if not rubric or not rubric.is_complete(marks):
        return None
    return rubric.overall(marks)
