"""The list of applicants: columns, and filters over profile and answers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.intake.applications.queries import answers_in_force, application_form, with_answers, with_score
from campus.intake.applications.selection import applications_to
from campus.intake.models import WAITLIST_ORDER, ApplicantState, Application, Decision
from campus.people.codes import AgeBand, Industry, Occupation, Prefecture
from campus.people.profile_fields import PROFILE_FIELDS, Viewer
from campus.people.visibility import profile_columns
from campus.questionnaires.kinds import kind_of
from campus.questionnaires.models import Question, Questionnaire
from campus.ui.exports import Cell
from campus.ui.lists import Column, Filter, Listing, TextFilter
from campus.ui.templatetags.ui import chip, local_time

KINDS = {Decision.SELECTED: "success", Decision.WAITLISTED: "warning", Decision.DECLINED: ""}
WITHDRAWN, UNTOLD = "withdrawn", "untold"
NAMED_BY = ("enrolment__person__name", "enrolment__person__email")
ANY = ("", pgettext_lazy("filter", "All"))
PROFILE_FILTERS = {"industry": Industry, "occupation": Occupation, "prefecture": Prefecture, "age_band": AgeBand}


class ApplicantFilter(Filter):
    """Narrows by decision, name, score, profile and, for questions with choices, by answer."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("selection", "Decision"),
        choices=[
            ANY,
            *Decision.choices,
            (UNTOLD, pgettext_lazy("selection", "Decided, not announced")),
            (WITHDRAWN, ApplicantState.WITHDRAWN.label),
        ],
    )
    search = forms.CharField(label=gettext_lazy("Name or email"), max_length=100)
    score_from = forms.IntegerField(label=gettext_lazy("Score from"), min_value=0, max_value=10_000)
    score_to = forms.IntegerField(label=gettext_lazy("Score up to"), min_value=0, max_value=10_000)

    def __init__(self, *args: Any, form: Questionnaire | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        for key, codes in PROFILE_FILTERS.items():
            self.fields[key] = forms.ChoiceField(
                label=PROFILE_FIELDS[key].label, choices=[ANY, *codes.choices], required=False
            )
        for question in questions_of(form):
            if question.choices and not question.rows:
                choices = [ANY, *question.choice_labels().items()]
                name = f"answer-{question.key}"
                self.fields[name] = forms.ChoiceField(label=question.label, choices=choices, required=False)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The applicants that fit all that is filled in."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        rows = self._by_decision(rows, chosen.get("decision", ""))
        if search := chosen.get("search", "").strip():
            rows = rows.filter(
                Q(enrolment__person__name__icontains=search) | Q(enrolment__person__email__icontains=search)
            )
        bounds = {"score__gte": chosen.get("score_from"), "score__lte": chosen.get("score_to")}
        rows = rows.filter(**{bound: value for bound, value in bounds.items() if value is not None})
        rows = rows.filter(
            **{f"enrolment__person__profile__{key}": chosen[key] for key in PROFILE_FILTERS if key in chosen}
        )
        for name in chosen:
            if name.startswith("answer-"):
                rows = rows.filter(self._has_answered(name.removeprefix("answer-"), chosen[name]))
        return rows

    def _by_decision(self, rows: QuerySet[Any], decision: str) -> QuerySet[Any]:
        """Who has withdrawn is shown only where asked for, or where nothing is chosen."""
        if decision == WITHDRAWN:
            return rows.exclude(pk__in=Application.objects.standing())
        if decision == UNTOLD:
            return rows.filter(pk__in=Application.objects.to_announce())
        return rows.filter(pk__in=Application.objects.standing(), decision=decision) if decision else rows

    def _has_answered(self, key: str, choice: str) -> Exists:
        return Exists(answers_in_force(self.form).filter(answers__contains={key: {"chosen": [choice]}}))


def questions_of(form: Questionnaire | None) -> list[Question]:
    """The questions of the form in force."""
    return form.published.all_questions if form and form.published else []


def applicants(request: HttpRequest, *, cohort: Cohort, query: QueryDict | None = None) -> Listing:
    """The list as the address asks for it, or as another query string does."""
    form = application_form(cohort)
    rows = with_answers(with_score(applications_to(cohort), cohort), form)
    rows = rows.select_related("enrolment__person__profile", "decided_by")
    return Listing(
        request,
        rows,
        columns=_columns(cohort, form),
        name=_("applicants"),
        order=["submitted_at", "pk"],
        filters=ApplicantFilter(query if query is not None else request.GET, form=form),
        selectable=True,
    )


def waitlist(request: HttpRequest, *, cohort: Cohort) -> Listing:
    """Who waits, in the order in which they move up; each keeps the place in it, however the list is narrowed."""
    waiting = applications_to(cohort).waiting()
    places = {pk: place for place, pk in enumerate(waiting.values_list("pk", flat=True), start=1)}
    return Listing(
        request,
        with_score(waiting, cohort).select_related("enrolment__person"),
        columns=[
            Column("name", gettext_lazy("Full name"), _name, _link_in(cohort), sort="enrolment__person__name"),
            Column("place", gettext_lazy("Place in the list"), lambda row: places.get(row.pk), is_number=True),
            Column("score", gettext_lazy("Score"), lambda row: row.score, sort="score", is_number=True),
            Column("submitted", gettext_lazy("Applied on"), lambda row: row.submitted_at, _moment, sort="submitted_at"),
        ],
        name=_("waitlist"),
        order=WAITLIST_ORDER,
        filters=TextFilter(request.GET, label=gettext_lazy("Name or email"), within=NAMED_BY),
    )


def _name(row: Any) -> str:
    return str(row.enrolment.person.name)


def _columns(cohort: Cohort, form: Questionnaire | None) -> list[Column]:
    profile = profile_columns(
        Viewer.ORGANISER, path="enrolment__person", on_page=("name", "organisation", "occupation")
    )
    name, others = profile[0], profile[1:]
    linked = Column(name.key, name.label, name.value, _link_in(cohort), sort=name.sort)
    return [
        linked,
        Column("decision", pgettext_lazy("selection", "Decision"), _decision, _shown_decision, sort="decision"),
        Column("score", gettext_lazy("Score"), lambda row: row.score, sort="score", is_number=True),
        *others,
        Column("note", gettext_lazy("Note"), lambda row: row.note, _shortened),
        Column("submitted", gettext_lazy("Applied on"), lambda row: row.submitted_at, _moment, sort="submitted_at"),
        Column("told", gettext_lazy("Announced on"), lambda row: row.announced_at, on_page=False),
        *(_answer_column(question) for question in questions_of(form)),
    ]


def _link_in(cohort: Cohort) -> Callable[[Any], Any]:
    def link(row: Any) -> Any:
        return format_html(
            '<a href="{}">{}</a>', reverse("intake:applicant", args=[cohort.slug, row.pk]), row.enrolment.person.name
        )

    return link


def _decision(row: Any) -> Any:
    return ApplicantState.WITHDRAWN.label if row.is_withdrawn else Decision(row.decision).label


def _shown_decision(row: Any) -> Any:
    """The decision, and beside it whether the applicant has still to be told."""
    if row.is_withdrawn:
        return chip(str(ApplicantState.WITHDRAWN.label))
    decision = Decision(row.decision)
    shown = chip(str(decision.label), KINDS.get(decision, "info"))
    if not row.is_untold:
        return shown
    return format_html('{} <span class="muted small nowrap">{}</span>', shown, _("not announced"))


def _shortened(row: Any) -> str:
    return row.note if len(row.note) <= 40 else f"{row.note[:40]}…"


def _moment(row: Any) -> str:
    return local_time(row.submitted_at)


def _answer_column(question: Question) -> Column:
    """A question's answers, in the file only."""

    def value(row: Any) -> Cell:
        answers = row.answers or {}
        return kind_of(question).text(question, answers[question.key]) if question.key in answers else None

    return Column(f"answer-{question.key}", question.label, value, on_page=False)
