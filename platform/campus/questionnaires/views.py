"""The pages of those who answer: the forms of a cohort, a form, its files. The organiser's are in ``desk_views.py``."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.questionnaires.answer_form import Asked
from campus.questionnaires.models import AnswerFile, Question, QuestionKind, Questionnaire
from campus.questionnaires.queries import forms_for, questionnaire_in
from campus.questionnaires.refusals import Refused
from campus.questionnaires.sheets import Outcome, Sheet


def respondents_page(view: View) -> View:
    """Hand the view a form that the person is asked to answer; for everybody else it does not exist (404).

    What htmx sends without a session is answered with 401: a sign-in page would be put where “saved” stands.
    """

    @wraps(view)
    def guarded(request: HttpRequest, cohort: str, questionnaire: int, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return signed_in(request, cohort, questionnaire, **kwargs)

    @login_required
    def signed_in(request: HttpRequest, cohort: str, questionnaire: int, **kwargs: Any) -> HttpResponseBase:
        found = questionnaire_in(get_object_or_404(Cohort, slug=cohort), questionnaire)
        if found is None or not request.user.has_perm("questionnaires.answer", found):
            raise Http404
        return view(request, questionnaire=found, **kwargs)

    return guarded


@require_GET
@member_page
def form_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "forms": forms_for(request.user, cohort)}
    return render(request, "questionnaires/list.html", context)


@require_http_methods(["GET", "POST"])
@respondents_page
def form_page(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    sheet = Sheet(questionnaire, request.user)
    if request.method == "POST":
        outcome = sheet.receive(request)
        if outcome is not Outcome.REFUSED:
            say_outcome(request, outcome)
            return redirect("questionnaires:form", questionnaire.cohort.slug, questionnaire.pk)
    context = {"cohort": questionnaire.cohort, "sheet": sheet}
    return render(request, "questionnaires/form.html", context, status=sheet.status)


def say_outcome(request: HttpRequest, outcome: Outcome) -> None:
    """Tell on the next page that answers were saved; that they were submitted the sheet itself shows."""
    if outcome is Outcome.SAVED:
        messages.success(request, _("Your answers are saved. You can continue at any time. Do not forget to submit."))


@require_POST
@respondents_page
def save(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Save as typed, again and again while one types; answers with the line that says so."""
    sheet = Sheet(questionnaire, request.user)
    try:
        sheet.save(request)
    except Refused as error:
        sheet.refusal = error
    return render(request, "questionnaires/parts/saved.html", {"sheet": sheet})


@require_POST
@respondents_page
def save_file(request: MemberRequest, *, questionnaire: Questionnaire, key: str) -> HttpResponse:
    """Add or remove the file of one question; answers with its field."""
    sheet = Sheet(questionnaire, request.user)
    question = _file_question(sheet, key)
    try:
        sheet.receive_file(request, question)
    except Refused as error:
        sheet.form.file_errors = {key: str(error)}
    context = {"sheet": sheet, "asked": Asked(question, sheet.form), "is_swap": True}
    return render(request, "questionnaires/kinds/file.html", context)


def _file_question(sheet: Sheet, key: str) -> Question:
    for question in sheet.version.all_questions:
        if question.key == key and question.kind == QuestionKind.FILE:
            return question
    raise Http404


@require_GET
@login_required
def file(request: MemberRequest, cohort: str, questionnaire: int, file: UUID) -> HttpResponseBase:
    """A file that came with answers: for its owner and the organisers, always as a download."""
    found = get_object_or_404(
        AnswerFile.objects.select_related("response__questionnaire__cohort"),
        pk=file,
        response__questionnaire=questionnaire,
        response__questionnaire__cohort__slug=cohort,
    )
    if not request.user.has_perm("questionnaires.view_file", found):
        raise Http404
    response = FileResponse(
        found.file.open(), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
