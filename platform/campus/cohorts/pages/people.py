"""The people of a cohort: the list, one person, and what is done with several at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.audit import in_words
from campus.cohorts.bulk import Selection, bulk_actions, bulk_page
from campus.cohorts.classes import move_to_class
from campus.cohorts.enrolments import Changed, change_roles, change_states, later_cohorts, resume_in, write_note
from campus.cohorts.forms import MoveForm, NoteForm, ResumeForm, RoleForm, StateForm
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.cohorts.panels import panels_of
from campus.cohorts.people_filter import PeopleFilter
from campus.cohorts.queries import people_looked_after
from campus.cohorts.viewers import viewer_of, widest_viewer
from campus.people.profile_fields import PROFILE_FIELDS
from campus.people.visibility import profile_columns, shown
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Listing

HISTORY_SHOWN = 20


@require_GET
@desk_page("cohorts.look_after_learners")
def people(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Everybody whom the reader looks after; the file has only the fields that the reader may see."""
    rows = people_looked_after(request.user, cohort).select_related("person__profile", "study_class", "cohort")
    listing = Listing(
        request,
        rows,
        columns=_columns(request, cohort),
        name=f"people-{cohort.slug}",
        order=["person__name", "pk"],
        filters=PeopleFilter(request.GET, cohort=cohort, person=request.user),
        selectable=bool(bulk_actions(request.user, cohort)),
    )
    if answer := listing.download():
        return answer
    context = {
        "cohort": cohort,
        "listing": listing,
        "bulk_actions": bulk_actions(request.user, cohort),
        "filter": request.GET.urlencode(),
    }
    return render(request, "cohorts/people.html", context)


def _columns(request: MemberRequest, cohort: Cohort) -> list[Column]:
    name, *others = profile_columns(widest_viewer(request.user, cohort), on_page=["name", "name_kana"])
    linked = Column(name.key, name.label, name.value, cell=lambda one: _link(one, cohort), sort=name.sort)
    return [
        linked,
        Column("role", gettext_lazy("Role"), lambda one: one.get_role_display(), sort="role"),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), sort="state"),
        Column(
            "class",
            gettext_lazy("Class"),
            lambda one: one.study_class.name if one.study_class else "",
            sort="study_class__name",
        ),
        moment_column("seen", gettext_lazy("Last visit"), lambda one: one.person.seen_at, sort="person__seen_at"),
        *others,
    ]


def _link(one: Enrolment, cohort: Cohort) -> str:
    return format_html('<a href="{}">{}</a>', reverse("cohorts:person", args=[cohort.slug, one.pk]), one.person.name)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.look_after_learners")
def person(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """One person of the cohort; a POST adds a note."""
    rows = people_looked_after(request.user, cohort).select_related("person__profile", "study_class", "cohort")
    enrolment = get_object_or_404(rows.select_related("continues__cohort"), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        write_note(enrolment=enrolment, text=form.cleaned_data["text"], actor=request.user)
        messages.success(request, _("The note was saved."))
        return redirect("cohorts:person", cohort=cohort.slug, pk=pk)
    viewer = viewer_of(request.user, enrolment)
    history = AuditEntry.objects.filter(cohort=cohort, subject=f"enrolment:{pk}").select_related("actor")
    context = {
        "cohort": cohort,
        "enrolment": enrolment,
        "profile": [
            (one.label, shown(one.key, of=enrolment.person, viewer=viewer))
            for one in PROFILE_FIELDS.values()
            if one.key != "name"
        ],
        "panels": panels_of(enrolment, reader=request.user),
        "notes": enrolment.notes.select_related("author")[:HISTORY_SHOWN],
        "history": in_words(history[:HISTORY_SHOWN]),
        "subject": f"enrolment:{pk}",
        "form": form,
        "bulk_actions": bulk_actions(request.user, cohort),
    }
    return render(request, "cohorts/person.html", context)


@require_http_methods(["GET", "POST"])
@bulk_page("cohorts.run_cohort")
def move(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Put the chosen learners into a class."""
    form = MoveForm(_given(request), cohort=cohort)
    if form.is_bound and form.is_valid():
        moved = move_to_class(
            enrolments=selection.rows, study_class=form.cleaned_data["study_class"], actor=request.user
        )
        return _done(request, cohort, Changed(moved))
    return _ask(request, cohort, selection, form, _("Put into a class"), _("Only learners are moved."))


@require_http_methods(["GET", "POST"])
@bulk_page("cohorts.run_cohort")
def state(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Set the state of the chosen people."""
    form = StateForm(_given(request))
    if form.is_bound and form.is_valid():
        to = EnrolmentState(form.cleaned_data["state"])
        return _done(request, cohort, change_states(enrolments=selection.rows, state=to, actor=request.user))
    note = _("People who pause or withdraw can no longer open the cohort’s pages and lose their place in a team at once. What they handed in is kept. They are told by email.")  # fmt: skip # noqa: E501
    return _ask(request, cohort, selection, form, _("Change the state"), note)


@require_http_methods(["GET", "POST"])
@bulk_page("cohorts.run_cohort")
def role(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Give the chosen people another role."""
    form = RoleForm(_given(request))
    if form.is_bound and form.is_valid():
        to = Role(form.cleaned_data["role"])
        return _done(request, cohort, change_roles(enrolments=selection.rows, role=to, actor=request.user))
    note = _("Everything tied to the former role ends: a learner’s class and team, a facilitator’s classes.")
    return _ask(request, cohort, selection, form, _("Change the role"), note)


@require_http_methods(["GET", "POST"])
@bulk_page("cohorts.run_cohort")
def resume(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Let the chosen paused learners go on in a later cohort."""
    form = ResumeForm(_given(request), cohorts=later_cohorts(cohort, request.user))
    if form.is_bound and form.is_valid():
        later = form.cleaned_data["cohort"]
        return _done(request, cohort, resume_in(enrolments=selection.rows, cohort=later, actor=request.user))
    note = _("They become learners in the later cohort. Steps they handed in on their own count there too if the case has the same version. In this cohort they stay paused.")  # fmt: skip # noqa: E501
    return _ask(request, cohort, selection, form, _("Continue in a later cohort"), note)


def _given(request: MemberRequest) -> Any:
    """The form's data, once it is sent; choosing people alone sends none."""
    return request.POST if "save" in request.POST else None


def _ask(
    request: MemberRequest, cohort: Cohort, selection: Selection, form: Any, title: str, note: str
) -> HttpResponse:
    context = {"cohort": cohort, "selection": selection, "form": form, "title": title, "note": note}
    return render(request, "cohorts/bulk.html", context)


def _done(request: MemberRequest, cohort: Cohort, changed: Changed) -> HttpResponse:
    tell_changed(request, changed.count, changed.left_out)
    return redirect("cohorts:people", cohort=cohort.slug)


def tell_changed(request: MemberRequest, count: int, left_out: list[tuple[Enrolment, str]]) -> None:
    """Say how many were changed, and for each reason how many were not, with the first names."""
    if count:
        text = ngettext("%(count)s person was changed.", "%(count)s people were changed.", count)
        messages.success(request, text % {"count": count})
    elif not left_out:
        messages.info(request, _("Nothing was changed."))
    by_reason: dict[str, list[str]] = {}
    for one, reason in left_out:
        by_reason.setdefault(reason, []).append(one.person.name)
    for reason, names in by_reason.items():
        shown_names = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        messages.warning(
            request,
            ngettext(
                "Left out %(count)s person: %(reason)s (%(names)s)",
                "Left out %(count)s people: %(reason)s (%(names)s)",
                len(names),
            )
            % {"count": len(names), "reason": reason, "names": shown_names},
        )
