"""The door of the desk's pages about one form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.questionnaires.models import Question, Questionnaire, Section, Version
from campus.questionnaires.queries import questionnaire_in

BUILD, RESULTS = "questionnaires.change_questionnaire", "questionnaires.view_results"


def form_page(permission: str) -> Callable[[View], View]:
    """Hand the view the cohort's form, for those with the right to it; for the others it does not exist (404)."""

    def decorate(view: View) -> View:
        @member_page
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, questionnaire: int, **kwargs: Any) -> HttpResponseBase:
            found = questionnaire_in(cohort, questionnaire)
            if found is None or not request.user.has_perm(permission, found):
                raise Http404
            return view(request, questionnaire=found, **kwargs)

        return guarded

    return decorate


def draft_of(questionnaire: Questionnaire) -> Version:
    """The form's draft; 404 where there is none to work on."""
    if questionnaire.draft is None:
        raise Http404
    return questionnaire.draft


def section_of(questionnaire: Questionnaire, pk: int) -> Section:
    """A section of the draft."""
    section = get_object_or_404(Section, pk=pk, version=draft_of(questionnaire))
    section.version = draft_of(questionnaire)
    return section


def question_of(questionnaire: Questionnaire, pk: int) -> Question:
    """A question of the draft."""
    question = get_object_or_404(Question.objects.select_related("section"), pk=pk)
    question.section = section_of(questionnaire, question.section_id)
    return question
