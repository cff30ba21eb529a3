"""The organisers' pages: the call for applications, the list of applicants, one applicant, the waitlist."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.intake.applications import selection
from campus.intake.applications.actions import page_of, set_admission
from campus.intake.applications.bulk import Bulk, bulk_of
from campus.intake.applications.forms import AdmissionForm, BulkForm, DecisionForm, MoveUpForm, NoteForm
from campus.intake.applications.list import applicants
from campus.intake.applications.list import waitlist as waiting_list
from campus.intake.applications.overview import overview_of
from campus.intake.applications.queries import (
    admission_of,
    application_form,
    prerequisite_check,
    with_score,
)
from campus.intake.models import Admission, Application
from campus.intake.refusals import ChangedMeanwhile, Refused
from campus.people.models import Person
from campus.people.profile_fields import PROFILE_FIELDS, Viewer
from campus.people.visibility import shown
from campus.questionnaires.sheets import Sheet

selection_page = desk_page("intake.select_applicants")


def _admission(cohort: Cohort) -> Admission:
    """The call for applications; before there is one, nothing can be selected (404)."""
    found = admission_of(cohort)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@selection_page
def admission(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Dates, places and text of the application page, and how it stands."""
    found = admission_of(cohort)
    form = AdmissionForm(request.POST or None, instance=found, cohort=cohort)
    if form.is_valid():
        set_admission(cohort=cohort, actor=request.user, **form.changes())
        messages.success(request, _("The call for applications was saved."))
        return redirect("intake:admission", cohort.slug)
    known = admission_of(cohort) if form.is_bound else found
    context = {
        "cohort": cohort,
        "form": form,
        "admission": known,
        "overview": overview_of(known) if known else None,
        "application_form": application_form(cohort),
        "check": prerequisite_check(cohort),
        "page": page_of(cohort),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "intake/admission.html", context, status=status)


@require_GET
@selection_page
def applicant_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    found = admission_of(cohort)
    if found is None:
        return redirect("intake:admission", cohort.slug)
    listing = applicants(request, cohort=cohort)
    if file := listing.download():
        return file
    context = {
        "cohort": cohort,
        "admission": found,
        "overview": overview_of(found),
        "listing": listing,
        "form": BulkForm(initial={"query": request.GET.urlencode()}),
    }
    return render(request, "intake/applicants.html", context)


@require_POST
@selection_page
def bulk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Show what a decision for many changes; with ``digest``, which came with that page, do it."""
    found = _admission(cohort)
    form = BulkForm(request.POST)
    if not form.is_valid():
        return redirect("intake:applicants", cohort.slug)
    chosen = bulk_of(request, cohort=cohort, **form.cleaned_data)
    if not chosen.rows:
        messages.error(request, _("Nobody is chosen. Tick people in the list first."))
        return _to_list(cohort, form.cleaned_data["query"])
    refused: Refused | None = None
    if "digest" in request.POST:
        refused = _decide_many(request, cohort=cohort, chosen=chosen)
        if refused is None:
            return _to_list(cohort, form.cleaned_data["query"])
    context = {"cohort": cohort, "form": form, "bulk": chosen, "refused": refused, "changed": _changed(request, chosen)}
    context["selected"] = request.POST.getlist("selected")
    context["then"] = chosen.followed_by(overview_of(found))
    return render(request, "intake/bulk.html", context, status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK)


def _decide_many(request: MemberRequest, *, cohort: Cohort, chosen: Bulk) -> Refused | None:
    if request.POST["digest"] != chosen.digest:
        return ChangedMeanwhile()
    try:
        count = selection.decide_many(cohort=cohort, decision=chosen.decision, seen=chosen.seen, actor=request.user)
    except Refused as refused:
        return refused
    messages.success(
        request,
        ngettext("%(count)d decision was saved.", "%(count)d decisions were saved.", count) % {"count": count},
    )
    return None


def _changed(request: MemberRequest, chosen: Bulk) -> list[Application]:
    """Of those chosen, who was decided about by somebody else after the preview was made."""
    since = request.POST.get("shown_at", "")
    return selection.changed_since(since, ids=chosen.seen, but_not_by=request.user) if since else []


def _to_list(cohort: Cohort, query: str) -> HttpResponse:
    response = redirect("intake:applicants", cohort.slug)
    response["Location"] += f"?{query}" if query else ""
    return response


@require_GET
@selection_page
def applicant(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    return _show_applicant(request, cohort=cohort, application=_application(cohort, pk))


def _application(cohort: Cohort, pk: int) -> Any:
    rows = with_score(selection.applications_to(cohort), cohort)
    return get_object_or_404(
        rows.select_related("enrolment__person__profile", "decided_by", "enrolment__cohort"), pk=pk
    )


def _show_applicant(
    request: MemberRequest, *, cohort: Cohort, application: Any, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    person = application.enrolment.person
    initial = {"decision": application.decision, "revision": application.revision}
    forms = {"note_form": NoteForm(instance=application), "decision_form": DecisionForm(initial=initial)}
    questionnaire, check = application_form(cohort), prerequisite_check(cohort)
    context = {
        "cohort": cohort,
        "admission": _admission(cohort),
        "application": application,
        "person": person,
        "profile": _profile_in_words(person),
        "sheet": Sheet(questionnaire, person) if questionnaire else None,
        "check": Sheet(check, person) if check else None,
        **forms,
        **more,
    }
    return render(request, "intake/applicant.html", context, status=status)


def _profile_in_words(person: Person) -> list[tuple[Any, str]]:
    """What organisers see of the profile, without the name that stands above it."""
    fields = [field for field in PROFILE_FIELDS.values() if field.key != "name"]
    words = [(field.label, shown(field.key, of=person, viewer=Viewer.ORGANISER)) for field in fields]
    return [(label, text) for label, text in words if text]


@require_POST
@selection_page
def note(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    application = _application(cohort, pk)
    form = NoteForm(request.POST, instance=application)
    if not form.is_valid():
        return _show_applicant(
            request,
            cohort=cohort,
            application=application,
            note_form=form,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    selection.save_note(application=application, note=form.cleaned_data["note"], actor=request.user)
    messages.success(request, _("The note was saved."))
    return redirect("intake:applicant", cohort.slug, pk)


@require_POST
@selection_page
def decide(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Set one decision; where somebody else was faster, say what they decided and let the organiser look again."""
    application = _application(cohort, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return redirect("intake:applicant", cohort.slug, pk)
    try:
        selection.decide(application=application, actor=request.user, **form.cleaned_data)
    except Refused as refused:
        application = _application(cohort, pk)
        return _show_applicant(
            request, cohort=cohort, application=application, refused=refused, status=HTTPStatus.CONFLICT
        )
    messages.success(request, _("The decision was saved. The applicant sees it when it is announced."))
    return redirect("intake:applicant", cohort.slug, pk)


@require_http_methods(["GET", "POST"])
@selection_page
def announcement(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What would be announced now; a POST announces it."""
    found = _admission(cohort)
    if request.method == "POST":
        count = selection.announce(cohort=cohort, actor=request.user)
        messages.success(
            request,
            ngettext("%(count)d person was told the result.", "%(count)d people were told their result.", count)
            % {"count": count},
        )
        return redirect("intake:applicants", cohort.slug)
    context = {"cohort": cohort, "admission": found, "overview": overview_of(found)}
    return render(request, "intake/announcement.html", context)


@require_http_methods(["GET", "POST"])
@selection_page
def waitlist(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The waitlist in its order, and how many of it can move up; a POST lets them."""
    found = _admission(cohort)
    overview = overview_of(found)
    form = MoveUpForm(request.POST or None, initial={"count": overview.suggested})
    refused: Refused | None = None
    if form.is_valid():
        try:
            count = selection.move_up(cohort=cohort, count=form.cleaned_data["count"], actor=request.user)
        except Refused as reason:
            refused = reason
        else:
            _say_moved_up(request, count=count, admission=found)
            return redirect("intake:waitlist", cohort.slug)
    listing = waiting_list(request, cohort=cohort)
    if file := listing.download():
        return file
    context = {
        "cohort": cohort,
        "admission": found,
        "overview": overview,
        "form": form,
        "refused": refused,
        "listing": listing,
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return render(request, "intake/waitlist.html", context, status=status)


def _say_moved_up(request: HttpRequest, *, count: int, admission: Admission) -> None:
    told = _("They have been told.") if admission.announced_at else _("They will be told with the announcement.")
    moved = ngettext("%(count)d person moved up.", "%(count)d people moved up.", count) % {"count": count}
    messages.success(request, f"{moved} {told}")
