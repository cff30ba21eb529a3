"""The organiser's pages: the cohort's forms, and building one. Results are in ``results_views.py``."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.questionnaires import building
from campus.questionnaires.desk_access import BUILD, draft_of, form_page, question_of, section_of
from campus.questionnaires.forms import CopyForm, NewForm, QuestionForm, SectionForm, SettingsForm, VersionForm
from campus.questionnaires.listings import forms_listing
from campus.questionnaires.models import Question, QuestionKind, Questionnaire, Section
from campus.questionnaires.refusals import NotPublishable, Refused
from campus.questionnaires.sheets import Preview


@require_GET
@desk_page("questionnaires.see_desk")
def desk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The cohort's forms; facilitators see those that share their answers."""
    may_build = request.user.has_perm("questionnaires.build", cohort)
    listing = forms_listing(request, cohort, may_build=may_build)
    context = {"cohort": cohort, "listing": listing, "may_build": may_build}
    return listing.download() or render(request, "questionnaires/desk/list.html", context)


@require_http_methods(["GET", "POST"])
@desk_page("questionnaires.build")
def new(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = building.create_questionnaire(
            cohort=cohort, blueprint_key=form.cleaned_data["blueprint"], actor=request.user
        )
        return redirect("questionnaires:desk_form", cohort.slug, made.pk)
    return render(request, "questionnaires/desk/new.html", {"cohort": cohort, "form": form})


def _shown(questionnaire: Questionnaire, **more: object) -> dict[str, object]:
    """What every page of a form on the desk needs."""
    return {"cohort": questionnaire.cohort, "questionnaire": questionnaire, "may_build": True, **more}


def _to_form(questionnaire: Questionnaire, page: str = "desk_form", fragment: str = "") -> HttpResponse:
    return redirect(reverse(f"questionnaires:{page}", args=[questionnaire.cohort.slug, questionnaire.pk]) + fragment)


@require_GET
@form_page(BUILD)
def questions(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """The outline: of the draft with everything to change it, else of the published version."""
    return render(request, "questionnaires/desk/questions.html", _outline(questionnaire))


def _outline(questionnaire: Questionnaire) -> dict[str, object]:
    version = questionnaire.draft or questionnaire.published
    return _shown(questionnaire, version=version, kinds=QuestionKind.choices)


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def settings(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=questionnaire)
    if request.method == "POST" and form.is_valid():
        kept = Questionnaire.objects.select_related("cohort").get(pk=questionnaire.pk)
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            building.change_questionnaire(questionnaire=kept, actor=request.user, **fields)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The settings were saved."))
            return _to_form(questionnaire, "desk_settings")
    return render(request, "questionnaires/desk/settings.html", _shown(questionnaire, form=form))


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def version(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Introduction and passing mark of the draft."""
    draft = draft_of(questionnaire)
    form = VersionForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        building.change_version(version=draft, actor=request.user, **fields)
        return _to_form(questionnaire)
    context = _shown(questionnaire, form=form, heading=_("Introduction and passing mark"))
    return render(request, "questionnaires/desk/edit.html", context)


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def section(request: MemberRequest, *, questionnaire: Questionnaire, section: int | None = None) -> HttpResponse:
    """Add a section, or change one."""
    found = Section(version=draft_of(questionnaire)) if section is None else section_of(questionnaire, section)
    form = SectionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = building.save_section(section=form.save(commit=False), actor=request.user)
        return _to_form(questionnaire, fragment=f"#section-{saved.pk}")
    heading = _("New section") if section is None else _("Change the section")
    return render(request, "questionnaires/desk/edit.html", _shown(questionnaire, form=form, heading=heading))


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def new_question(request: MemberRequest, *, questionnaire: Questionnaire, section: int) -> HttpResponse:
    """Add a question of the kind that the address names."""
    kind = request.GET.get("kind", "")
    if kind not in QuestionKind:
        raise Http404
    return _edit(request, questionnaire, Question(section=section_of(questionnaire, section), kind=kind, key=""))


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def question(request: MemberRequest, *, questionnaire: Questionnaire, question: int) -> HttpResponse:
    return _edit(request, questionnaire, question_of(questionnaire, question))


def _edit(request: MemberRequest, questionnaire: Questionnaire, found: Question) -> HttpResponse:
    form = QuestionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = building.save_question(question=form.question(), actor=request.user)
        if request.POST.get("do") == "more":
            return redirect("questionnaires:question", questionnaire.cohort.slug, questionnaire.pk, saved.pk)
        return _to_form(questionnaire, fragment=f"#question-{saved.pk}")
    context = _shown(questionnaire, form=form, question=found)
    status = 422 if request.method == "POST" else 200
    return render(request, "questionnaires/desk/question.html", context, status=status)


def _changed(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """The outline after a change: htmx takes it in place, else the whole page is shown again."""
    if not request.headers.get("HX-Request"):
        return _to_form(questionnaire)
    building.forget_versions(questionnaire)
    return render(request, "questionnaires/desk/parts/outline.html", _outline(questionnaire))


@require_POST
@form_page(BUILD)
def move_question(request: MemberRequest, *, questionnaire: Questionnaire, question: int, step: int) -> HttpResponse:
    found = question_of(questionnaire, question)
    building.move_question(question=found, step=step, actor=request.user)
    return _changed(request, questionnaire)


@require_POST
@form_page(BUILD)
def move_section(request: MemberRequest, *, questionnaire: Questionnaire, section: int, step: int) -> HttpResponse:
    found = section_of(questionnaire, section)
    building.move_section(section=found, step=step, actor=request.user)
    return _changed(request, questionnaire)


@require_POST
@form_page(BUILD)
def delete_question(request: MemberRequest, *, questionnaire: Questionnaire, question: int) -> HttpResponse:
    building.delete_question(question=question_of(questionnaire, question), actor=request.user)
    messages.success(request, _("The question was deleted."))
    return _to_form(questionnaire)


@require_POST
@form_page(BUILD)
def delete_section(request: MemberRequest, *, questionnaire: Questionnaire, section: int) -> HttpResponse:
    return _done(
        request,
        questionnaire,
        lambda: building.delete_section(section=section_of(questionnaire, section), actor=request.user),
        _("The section was deleted."),
    )


@require_POST
@form_page(BUILD)
def begin_draft(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    building.begin_draft(questionnaire=questionnaire, actor=request.user)
    return _to_form(questionnaire)


@require_POST
@form_page(BUILD)
def discard_draft(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    draft = draft_of(questionnaire)
    text = _("The draft was discarded. The published version stays as it is.")
    return _done(request, questionnaire, lambda: building.discard_draft(version=draft, actor=request.user), text)


@require_POST
@form_page(BUILD)
def publish(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    try:
        building.publish(questionnaire=questionnaire, actor=request.user)
    except NotPublishable as error:
        context = _outline(questionnaire) | {"problems": error.problems}
        return render(request, "questionnaires/desk/questions.html", context, status=422)
    messages.success(request, _("The form is published."))
    return _to_form(questionnaire)


@require_POST
@form_page(BUILD)
def close(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    text = _("The form is closed and takes no more answers. To open it again, set a later deadline in the settings.")
    return _done(request, questionnaire, lambda: building.close(questionnaire=questionnaire, actor=request.user), text)


def _done(request: HttpRequest, questionnaire: Questionnaire, change: Callable[[], object], text: str) -> HttpResponse:
    """Do it and say so, or say why not."""
    try:
        change()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, text)
    return _to_form(questionnaire)


@require_GET
@form_page(BUILD)
def preview(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """The draft, else the published version, as respondents see it."""
    version = questionnaire.draft or questionnaire.published
    if version is None:
        raise Http404
    return render(request, "questionnaires/desk/preview.html", _shown(questionnaire, sheet=Preview(version)))


@require_http_methods(["GET", "POST"])
@form_page(BUILD)
def copy(request: MemberRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Copy the form into a cohort that the person runs."""
    run = Enrolment.objects.of(request.user).filter(role=Role.ORGANISER).values("cohort")
    cohorts = Cohort.objects.filter(pk__in=run).order_by("-starts_on", "slug")
    form = CopyForm(request.POST or None, cohorts=cohorts, initial={"cohort": questionnaire.cohort.pk})
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["cohort"]
        made = building.copy_questionnaire(questionnaire=questionnaire, cohort=target, actor=request.user)
        messages.success(request, _("The form was copied as a draft."))
        return redirect("questionnaires:desk_form", target.slug, made.pk)
    return render(request, "questionnaires/desk/copy.html", _shown(questionnaire, form=form))
