"""Results of a form: a summary with charts, all answers as a table and as files, the texts that people wrote."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest
from campus.questionnaires.building import record_download
from campus.questionnaires.desk_access import RESULTS, form_page
from campus.questionnaires.kinds import KINDS, Kind
from campus.questionnaires.listings import AnswerFilter, answers_listing
from campus.questionnaires.models import AnswerSet, Question, QuestionKind, Questionnaire
from campus.questionnaires.results import (
    SCORE,
    answer_counts,
    answers_seen_by,
    asked_in,
    figures_of,
    figures_of_scores,
    held_back,
    texts_of,
)
from campus.ui.pagination import page_of

QUESTIONS_PER_PAGE = 10
TEXTS_SHOWN = 3
WITH_CHART = {kind for kind, made in KINDS.items() if type(made).figures is not Kind.figures}


@dataclass(frozen=True)
class Summary:
    """A question with how many answered it, and a few of its texts where it has some."""

    question: Question
    count: int
    texts: list[str]

    @property
    def has_chart(self) -> bool:
        return self.question.kind in WITH_CHART

    @property
    def has_texts(self) -> bool:
        return _writes(self.question)


def _writes(question: Question) -> bool:
    """Whether people wrote something of their own."""
    return QuestionKind(question.kind).is_text or question.kind == QuestionKind.DATE or question.has_other


class Results:
    """What a reader may see of a form's results, narrowed by the filters in the address."""

    def __init__(self, request: MemberRequest, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.questions = asked_in(questionnaire)
        self.seen = answers_seen_by(request.user, questionnaire)
        # Filters would let one tell an anonymous answer from the others.
        self.filters = (
            None
            if questionnaire.is_anonymous
            else AnswerFilter(request.GET, questionnaire=questionnaire, questions=self.questions)
        )

    @property
    def answers(self) -> QuerySet[AnswerSet]:
        return self.filters.chosen(self.seen) if self.filters else self.seen

    def question(self, key: str) -> Question:
        """The question of this key; 404 where there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise Http404

    def shown(self, request: MemberRequest, **more: Any) -> dict[str, Any]:
        """What each page of the results needs."""
        return {
            "cohort": self.questionnaire.cohort,
            "questionnaire": self.questionnaire,
            "may_build": request.user.has_perm("questionnaires.change_questionnaire", self.questionnaire),
            "held_back": held_back(self.questionnaire) if self.questionnaire.is_anonymous else 0,
            **more,
        }


@require_GET
@form_page(RESULTS)
def summary(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    results = Results(request, questionnaire)
    page = page_of(request, results.questions, per_page=QUESTIONS_PER_PAGE)
    shown: list[Question] = list(page.object_list)
    counts = answer_counts(results.answers)
    query = request.GET.copy()
    query.pop("page", None)
    context = results.shown(
        request,
        filters=results.filters,
        page=page,
        summaries=[_summary(question, counts.get(question.key, 0), results.answers) for question in shown],
        total=results.answers.count(),
        begun=questionnaire.responses.filter(submitted_at=None).count(),
        is_scored=page.number == 1 and any(question.points for question in results.questions),
        query=query.urlencode(),
    )
    return render(request, "questionnaires/desk/summary.html", context)


def _summary(question: Question, count: int, answers: QuerySet[AnswerSet]) -> Summary:
    texts = list(texts_of(question, answers)[:TEXTS_SHOWN]) if _writes(question) and count else []
    return Summary(question, count, texts)


@require_GET
@form_page(RESULTS)
def answers(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """All answers; as a file they leave a trace in the audit log."""
    results = Results(request, questionnaire)
    listing = answers_listing(request, questionnaire, results.questions, results.seen, filters=results.filters)
    if file := listing.download():
        record_download(questionnaire=questionnaire, actor=request.user, count=listing.total)
        return file
    return render(request, "questionnaires/desk/answers.html", results.shown(request, listing=listing))


@require_GET
@form_page(RESULTS)
def texts(request: MemberRequest, *, questionnaire: Questionnaire, key: str) -> HttpResponse:
    """Everything that people wrote under one question, paged."""
    results = Results(request, questionnaire)
    question = results.question(key)
    if not _writes(question):
        raise Http404
    page = page_of(request, texts_of(question, results.answers))
    return render(request, "questionnaires/desk/texts.html", results.shown(request, question=question, page=page))


@require_GET
@form_page(RESULTS)
def figures(request: MemberRequest, *, questionnaire: Questionnaire, key: str) -> HttpResponse:
    """The figures of one question's chart; ``_score`` for those of the scores."""
    results = Results(request, questionnaire)
    if key == SCORE:
        return JsonResponse(figures_of_scores(results.answers))
    question = results.question(key)
    if question.kind not in WITH_CHART:
        raise Http404
    return JsonResponse(figures_of(question, results.answers) or {})
