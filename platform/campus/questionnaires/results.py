"""Answers as results: whose the reader may see, which questions were asked, what each came to."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Func, OuterRef, QuerySet, Subquery, TextField

from campus.cohorts.models import Enrolment, Role
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_organiser
from campus.people.models import Person
from campus.questionnaires.kinds import Figures, kind_of
from campus.questionnaires.kinds.number import Number
from campus.questionnaires.models import AnswerSet, Question, Questionnaire

SCORE = "_score"


def answers_seen_by(person: Person, questionnaire: Questionnaire) -> QuerySet[AnswerSet]:
    """The answers in force: all of them for organisers, of the own classes for facilitators.

    Each has ``class_name``. Of an anonymous form only full groups are ever among them.
    """
    answers = AnswerSet.objects.in_force(questionnaire).select_related("response__person", "version")
    if not is_organiser(person, questionnaire.cohort):
        learners = learners_looked_after(person, questionnaire.cohort)
        answers = answers.filter(response__person__in=learners.values("person"))
    own = Enrolment.objects.filter(cohort=questionnaire.cohort, role=Role.LEARNER, person=OuterRef("response__person"))
    return answers.annotate(class_name=Subquery(own.values("study_class__name")[:1]))


def held_back(questionnaire: Questionnaire) -> int:
    """How many anonymous answers wait for their group to be full."""
    return AnswerSet.objects.filter(version__questionnaire=questionnaire, is_held_back=True).count()


def asked_in(questionnaire: Questionnaire) -> list[Question]:
    """Every question that was published, in its latest wording; those that are asked no more come last.

    A question also keeps the choices and rows of earlier versions: answers to them are among the results.
    """
    versions = questionnaire.versions.exclude(published_at=None).prefetch_related("sections__questions")
    found: dict[str, Question] = {}
    for version in sorted(versions, key=lambda one: one.number, reverse=True):
        for section in version.sections.all():
            for question in section.questions.all():
                known = found.setdefault(question.key, question)
                if known is not question:
                    _add_entries(known.choices, question.choices)
                    _add_entries(known.rows, question.rows)
    return list(found.values())


def _add_entries(known: list[dict[str, Any]], earlier: list[dict[str, Any]]) -> None:
    keys = {entry["key"] for entry in known}
    known.extend(entry for entry in earlier if entry["key"] not in keys)


def figures_of(question: Question, answers: QuerySet[AnswerSet]) -> Figures | None:
    """What the question's chart shows; reads this question's answers only."""
    return kind_of(question).figures(question, answers_to(question.key, answers))


def answers_to(key: str, answers: QuerySet[AnswerSet]) -> Sequence[Any]:
    """All answers to one question."""
    given = answers.filter(answers__has_key=key).order_by().values_list(f"answers__{key}", flat=True)
    return list(given)


def figures_of_scores(answers: QuerySet[AnswerSet]) -> Figures:
    """How many people reached which score."""
    scores = answers.filter(score__isnull=False).order_by().values_list("score", flat=True)
    return Number().figures(Question(), list(scores))


class _Keys(Func):
    """The keys of an object, a row each."""

    function = "jsonb_object_keys"
    output_field = TextField()
    set_returning = True


def answer_counts(answers: QuerySet[AnswerSet]) -> dict[str, int]:
    """How many people answered each question, by its key, in one query that reads each set of answers once."""
    keys = answers.order_by().annotate(key=_Keys("answers")).values("key")
    return dict(keys.annotate(count=Count("pk")).values_list("key", "count"))


def texts_of(question: Question, answers: QuerySet[AnswerSet]) -> QuerySet[AnswerSet, Any]:
    """The texts that people wrote: the answer, or what they wrote under “Other”. In no order that tells of anybody."""
    path = f"answers__{question.key}" if not question.has_other else f"answers__{question.key}__other"
    return (
        answers.exclude(**{path: ""}).filter(**{f"{path}__isnull": False}).order_by("pk").values_list(path, flat=True)
    )
