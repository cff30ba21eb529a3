"""Lists of the desk: the cohort's forms, and all answers to one."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.questionnaires.kinds import AnswerColumn, kind_of
from campus.questionnaires.models import AnswerSet, Purpose, Question, QuestionKind, Questionnaire
from campus.ui.exports import Cell
from campus.ui.lists import Column, Filter, Listing
from campus.ui.templatetags.ui import local_time

SHOWN_OF_TEXTS = 60


class FormFilter(Filter):
    """The cohort's forms by purpose."""

    purpose = forms.ChoiceField(
        label=pgettext_lazy("form", "Purpose"),
        choices=[("", pgettext_lazy("filter", "All")), *Purpose.choices],
    )

    def narrow(self, rows: QuerySet[Questionnaire]) -> QuerySet[Questionnaire]:
        purpose = self.cleaned_data["purpose"]
        return rows.filter(purpose=purpose) if purpose else rows


def forms_listing(request: HttpRequest, cohort: Cohort, *, may_build: bool) -> Listing:
    """The cohort's forms with their state and how many have answered."""
    rows = cohort.questionnaires.prefetch_related("versions").annotate(
        answered=Count("responses", filter=Q(responses__submitted_at__isnull=False)),
    )
    if not may_build:
        rows = rows.filter(facilitators_see_results=True, is_anonymous=False)
    page = "desk_form" if may_build else "results"

    def name(one: Questionnaire) -> str:
        address = reverse(f"questionnaires:{page}", args=[cohort.slug, one.pk])
        return format_html('<a href="{}">{}</a>', address, one.title)

    columns = [
        Column("title", pgettext("form", "Title"), lambda one: one.title, name, sort="title_ja"),
        Column("purpose", pgettext("form", "Purpose"), Questionnaire.get_purpose_display, sort="purpose"),
        Column("state", pgettext("form", "State"), lambda one: one.state.label, _state),
        Column("answered", pgettext("form", "Answers"), lambda one: one.answered, sort="answered", is_number=True),
        Column("deadline", pgettext("form", "Deadline"), lambda one: one.closes_at, _deadline, sort="closes_at"),
    ]
    return Listing(
        request, rows, columns=columns, name="forms", order=["-pk"], filters=FormFilter(request.GET), per_page=50
    )


def _state(one: Questionnaire) -> str:
    return render_to_string("questionnaires/desk/parts/state.html", {"questionnaire": one})


def _deadline(one: Questionnaire) -> str:
    return local_time(one.closes_at)


class AnswerFilter(Filter):
    """Answers by name, class, version and what was chosen; not for anonymous forms."""

    name = forms.CharField(label=gettext_lazy("Name or email address contains"))
    study_class = forms.ChoiceField(label=pgettext_lazy("filter", "Class"))
    version = forms.ChoiceField(label=pgettext_lazy("form", "Version"))
    chose = forms.ChoiceField(label=pgettext_lazy("filter", "Chose"))

    def __init__(self, *args: Any, questionnaire: Questionnaire, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", pgettext("filter", "All"))
        names = questionnaire.cohort.classes.values_list("pk", "name")
        numbers = [version.number for version in questionnaire.versions.all() if version.published_at]
        self._offer("study_class", [everything, *((str(pk), name) for pk, name in names)])
        several = [(str(number), str(number)) for number in numbers] if len(numbers) > 1 else []
        self._offer("version", [everything, *several])
        self._offer("chose", [everything, *_choices(questions)])

    def _offer(self, name: str, choices: list[Any]) -> None:
        if len(choices) > 1:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def narrow(self, rows: QuerySet[AnswerSet]) -> QuerySet[AnswerSet]:
        chosen = self.cleaned_data
        if chosen.get("name"):
            person = "response__person"
            words = chosen["name"]
            rows = rows.filter(Q(**{f"{person}__name__icontains": words}) | Q(**{f"{person}__email__icontains": words}))
        if chosen.get("study_class"):
            rows = rows.filter(response__person__enrolments__study_class=chosen["study_class"])
        if chosen.get("version"):
            rows = rows.filter(version__number=chosen["version"])
        if chosen.get("chose"):
            question, _colon, choice = chosen["chose"].partition(":")
            rows = rows.filter(**{f"answers__{question}__chosen__contains": [choice]})
        return rows


def _choices(questions: Sequence[Question]) -> list[Any]:
    """The choices of each question that has some, as groups."""
    return [
        (one.label, [(f"{one.key}:{key}", label) for key, label in one.choice_labels().items()])
        for one in questions
        if QuestionKind(one.kind).has_choices
    ]


def answers_listing(
    request: HttpRequest,
    questionnaire: Questionnaire,
    questions: Sequence[Question],
    rows: QuerySet[AnswerSet],
    *,
    filters: AnswerFilter | None,
) -> Listing:
    """One row per person, a column per question; of an anonymous form without anything about the person."""
    columns = [] if questionnaire.is_anonymous else _person_columns()
    if any(question.points for question in questions):
        columns.append(Column("score", pgettext("form", "Score"), lambda one: one.score, sort="score", is_number=True))
    for question in questions:
        columns.extend(_question_columns(questionnaire, question))
    order = ["pk"] if questionnaire.is_anonymous else ["-submitted_at", "pk"]
    return Listing(request, rows, columns=columns, name=f"form-{questionnaire.pk}", order=order, filters=filters)


def _person_columns() -> list[Column]:
    return [
        Column("name", _("Full name"), lambda one: one.response.person.name, sort="response__person__name"),
        Column("email", _("Email address"), lambda one: one.response.person.email, on_page=False),
        Column("class", pgettext("filter", "Class"), lambda one: one.class_name, sort="class_name"),
        Column(
            "submitted",
            pgettext("form", "Submitted at"),
            lambda one: one.submitted_at,
            lambda one: local_time(one.submitted_at),
            sort="submitted_at",
        ),
        Column("version", pgettext("form", "Version"), lambda one: one.version.number, is_number=True),
    ]


def _question_columns(questionnaire: Questionnaire, question: Question) -> list[Column]:
    made = kind_of(question).columns(question)
    return [_column(questionnaire, question, one, f"{question.key}-{place}") for place, one in enumerate(made)]


def _column(questionnaire: Questionnaire, question: Question, column: AnswerColumn, key: str) -> Column:
    def value(row: AnswerSet) -> Cell:
        answer = row.answers.get(question.key)
        return None if answer is None else column.cell(answer)

    cell = _shown_file(questionnaire, question) if question.kind == QuestionKind.FILE else _shown_text(value)
    return Column(key, column.label, value, cell, is_number=column.is_number)


def _shown_text(value: Callable[[AnswerSet], Cell]) -> Callable[[AnswerSet], Any]:
    """Long texts are cut on the page; the file has all of them."""

    def cell(row: AnswerSet) -> Any:
        shown = value(row)
        is_long = isinstance(shown, str) and len(shown) > SHOWN_OF_TEXTS
        return f"{str(shown)[:SHOWN_OF_TEXTS]}…" if is_long else shown

    return cell


def _shown_file(questionnaire: Questionnaire, question: Question) -> Callable[[AnswerSet], Any]:
    base = _address_of_files(questionnaire.cohort.slug, questionnaire.pk)

    def cell(row: AnswerSet) -> Any:
        answer = row.answers.get(question.key)
        return format_html('<a href="{}{}/">{}</a>', base, answer["file"], answer["name"]) if answer else None

    return cell


@cache
def _address_of_files(cohort: str, questionnaire: int) -> str:
    return f"{reverse('questionnaires:form', args=[cohort, questionnaire])}files/"
