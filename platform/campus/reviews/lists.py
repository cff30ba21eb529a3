"""The desk's lists: the works of a round, and whom other numbers would concern."""

from typing import Any

from django import forms
from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.access import MemberRequest
from campus.cohorts.models import Cohort
from campus.reviews.decisions import PASSED_ON, Stage
from campus.reviews.figures import differs
from campus.reviews.models import Appeal, Outcome, ReviewRound, Work
from campus.reviews.numbers import Change, Effect
from campus.reviews.results import WIDE, Line, shown_result
from campus.reviews.rubric_changes import Effect as RubricEffect
from campus.reviews.rubric_changes import Shift
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Filter, Listing, MemoryListing
from campus.ui.templatetags.ui import chip, number


def works_listed(round: ReviewRound) -> QuerySet[Work]:
    """The round's works with counts of their reviews and the width of their interval."""
    works = round.works.select_related("team", "enrolment__person", "enrolment__study_class", "appeal")
    works = works.select_related("round__step__cohort_case__cohort", "round__judged__cohort_case__case_version")

    def count(**narrowed: Any) -> Count:
        return Count("assignments", filter=Q(**{f"assignments__{key}": value for key, value in narrowed.items()}))

    wide = Cast(KT("result__overall__high"), FloatField()) - Cast(KT("result__overall__low"), FloatField())
    return works.annotate(
        given=count(stage=Stage.GIVEN),
        open=count(stage__in=[Stage.ASSIGNED, Stage.BEGUN]),
        passed_on=count(end_reason__in=PASSED_ON),
        name=Coalesce(F("team__name"), F("enrolment__person__name")),
        width=wide,
    )


class WorkFilter(Filter):
    """Which works to show."""

    ONLY = (
        ("", _("All")),
        ("starved", _("Without any review")),
        ("few", _("With fewer reviews than wanted")),
        ("wide", _("Whose reviewers differ a lot")),
        ("appealed", _("With an open request for re-evaluation")),
    )
    only = forms.ChoiceField(label=_("Works"), choices=ONLY)

    def narrow(self, rows: QuerySet[Work]) -> QuerySet[Work]:
        wish = self.cleaned_data["only"]
        conditions = {
            "starved": Q(given=0),
            "few": Q(given__lt=F("round__reviews_each")),
            "wide": Q(width__gt=WIDE, result__overall__count__gt=1),
            "appealed": Q(appeal__isnull=False, appeal__decided_at=None),
        }
        return rows.filter(conditions[wish]) if wish else rows


def _link(work: Work) -> str:
    address = reverse("reviews:work", args=[work.round.cohort.slug, work.pk])
    return format_html('<a href="{}">{}</a>', address, work.owner_name)


def _result(work: Work) -> str:
    shown = shown_result(work)
    if shown is None:
        return ""
    return number(shown.overall.mean, 1) if shown.is_single else _band(shown.overall)


def _band(line: Line) -> str:
    return f"{number(line.value, 1)} ({number(line.low, 1)}–{number(line.high, 1)})"


def _notes(work: Work) -> Any:
    if hasattr(work, "appeal") and not work.appeal.decided_at:
        return chip(str(_("Re-evaluation asked for")), "warning")
    if work.result and differs(work.result):
        return chip(str(_("Reviewers differ")), "warning")
    return chip(str(_("No review yet")), "") if not work.given else ""  # type: ignore[attr-defined]


WORK_COLUMNS = [
    Column("work", _("Work of"), lambda one: one.owner_name, cell=_link, sort="name"),
    Column(
        "class",
        _("Class"),
        lambda one: one.enrolment.study_class.name if one.enrolment and one.enrolment.study_class else "",
        sort="enrolment__study_class__name",
        is_short=True,
    ),
    Column("given", _("Reviews received"), lambda one: one.given, sort="given", is_number=True),
    Column("open", _("In progress"), lambda one: one.open, sort="open", is_number=True),
    Column("passed_on", _("Passed on"), lambda one: one.passed_on, sort="passed_on", is_number=True),
    Column("result", _("Mean and range"), _result, sort="width"),
    Column("notes", pgettext_lazy("reviews", "Note"), lambda _work: "", cell=_notes, in_file=False),
]


class AppealFilter(Filter):
    """Which requests for re-evaluation to show."""

    STATES = (("", _("All")), ("waiting", _("Waits for a decision")), *Outcome.choices)
    state = forms.ChoiceField(label=_("State"), choices=STATES)

    def narrow(self, rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
        wish = self.cleaned_data["state"]
        if wish == "waiting":
            return rows.filter(decided_at=None)
        return rows.filter(outcome=wish) if wish else rows


def appeals_listed(request: MemberRequest, cohort: Cohort) -> Listing:
    """Requests for re-evaluation, those that wait first; without the name where the reader has a conflict."""
    rows = Appeal.objects.filter(work__round__step__cohort_case__cohort=cohort)
    rows = rows.annotate(is_decided=Q(decided_at__isnull=False))

    def may_open(appeal: Appeal) -> bool:
        return bool(request.user.has_perm("reviews.look_into", appeal.work))

    def name(appeal: Appeal) -> Any:
        return appeal.work.owner_name if may_open(appeal) else _("Conflict of interest")

    def linked(appeal: Appeal) -> str:
        return _link(appeal.work) if may_open(appeal) else chip(str(_("Conflict of interest")), "warning")

    return Listing(
        request,
        rows.select_related("work__team", "work__enrolment__person", "work__round__step__cohort_case__cohort"),
        columns=[
            Column("work", _("Work of"), name, cell=linked),
            Column("step", _("Step"), lambda one: one.work.round.step.title),
            moment_column("asked", pgettext_lazy("appeal", "Asked"), lambda one: one.asked_at, sort="asked_at"),
            Column("state", _("State"), _appeal_state, cell=_appeal_chip),
            Column("decided", pgettext_lazy("appeal", "Decided"), lambda one: one.decided_at, on_page=False),
        ],
        name=f"appeals-{cohort.slug}",
        order=["is_decided", "asked_at", "pk"],
        filters=AppealFilter(request.GET),
    )


def _appeal_state(appeal: Appeal) -> Any:
    return appeal.get_outcome_display() if appeal.decided_at else _("Waits for a decision")


def _appeal_chip(appeal: Appeal) -> str:
    return chip(str(_appeal_state(appeal)), "" if appeal.decided_at else "warning")


def changes_listed(request: HttpRequest, cohort: Cohort, effect: Effect) -> MemoryListing:
    """The learners for whom something changes."""

    def name(change: Change) -> str:
        address = reverse("cohorts:person", args=[cohort.slug, change.share.enrolment_id])
        return format_html('<a href="{}">{}</a>', address, change.share.enrolment.person.name)

    columns = [
        Column("name", _("Name"), lambda one: one.share.enrolment.person.name, cell=name),
        Column("class", _("Class"), _class_of, is_short=True),
        Column("given", _("Reviews received"), lambda one: one.given, sort=lambda one: one.given, is_number=True),
        Column(
            "owed",
            pgettext_lazy("round", "Assigned now"),
            lambda one: one.owed_before,
            is_number=True,
            on_page=False,
        ),
        Column(
            "then",
            pgettext_lazy("round", "Assigned after"),
            lambda one: one.owed_after,
            is_number=True,
            on_page=False,
        ),
        Column(
            "share",
            pgettext_lazy("round", "Assigned"),
            lambda one: f"{one.owed_before} → {one.owed_after}",
            is_number=True,
            in_file=False,
        ),
        Column("back", _("Withdrawn at once"), lambda one: one.taken_back, is_number=True),
        Column("out", _("Assigned at once"), lambda one: one.given_out, is_number=True),
        Column("what", pgettext_lazy("round", "Effect"), _meaning, is_short=True),
    ]
    return MemoryListing(request, effect.concerned, columns=columns, name="review-numbers", order=[])


def shifts_listed(request: HttpRequest, cohort: Cohort, effect: RubricEffect) -> MemoryListing:
    """The works whose value another rubric would change, those first that move furthest."""

    def name(shift: Shift) -> str:
        address = reverse("reviews:work", args=[cohort.slug, shift.work.pk])
        return format_html('<a href="{}">{}</a>', address, shift.work.owner_name)

    columns = [
        Column("work", _("Work of"), lambda one: one.work.owner_name, cell=name),
        Column("before", pgettext_lazy("rubric", "Value now"), lambda one: _band(one.before)),
        Column("after", pgettext_lazy("rubric", "Value after"), lambda one: _band(one.after)),
        Column(
            "difference",
            pgettext_lazy("rubric", "Difference"),
            lambda one: round(one.difference, 2),
            cell=lambda one: f"{one.difference:+.1f}",
            sort=lambda one: one.difference,
            is_number=True,
        ),
    ]
    return MemoryListing(request, effect.shifts, columns=columns, name="review-rubric", order=[])


def _class_of(change: Change) -> str:
    found = change.share.enrolment.study_class
    return found.name if found else ""


def _meaning(change: Change) -> str:
    if change.was_done and not change.is_done:
        return str(_("More reviews to give"))
    if change.is_done and not change.was_done:
        return str(_("All reviews handed in"))
    return ""
