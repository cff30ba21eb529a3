"""Programmes and their cohorts: the list, a new programme, a new cohort, a copy of an earlier one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.copying import Copying, parts
from campus.cohorts.forms import NewCohortForm, PartsForm, ProgrammeForm, ProgrammeTitleForm
from campus.cohorts.models import Cohort, Programme
from campus.cohorts.running import create_cohort, create_programme, rename_programme
from campus.ui.pagination import page_of

View = Callable[..., HttpResponseBase]


def programme_page(view: View) -> View:
    """Hand the view its programme, for those who may make cohorts of it; for others there is none (404)."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, programme: str, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(Programme, slug=programme)
        if not request.user.has_perm("cohorts.create_cohort", found):
            raise Http404
        return view(request, programme=found, **kwargs)

    return guarded


@require_GET
@login_required
def programmes(request: MemberRequest) -> HttpResponse:
    """The programmes that the reader runs, each with its cohorts."""
    mine = Programme.objects.run_by(request.user)
    if not mine.exists() and not request.user.has_perm("cohorts.create_programme"):
        raise Http404
    cohorts = Prefetch("cohorts", queryset=Cohort.objects.order_by("-starts_on", "slug"))
    page = page_of(request, mine.prefetch_related(cohorts).order_by("title_ja", "slug"), per_page=20)
    own = set(Cohort.objects.of(request.user).values_list("pk", flat=True))
    return render(request, "cohorts/programmes.html", {"page": page, "own": own})


@require_http_methods(["GET", "POST"])
@login_required
def new_programme(request: MemberRequest) -> HttpResponse:
    if not request.user.has_perm("cohorts.create_programme"):
        raise Http404
    form = ProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_programme(**form.cleaned_data, actor=request.user)
        messages.success(request, _("The programme “%(title)s” was created.") % {"title": made.title})
        return redirect("programmes:programmes")
    return render(request, "cohorts/new_programme.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
def programme_titles(request: MemberRequest, programme: str) -> HttpResponse:
    """Other titles; for operators only, since every cohort bears them."""
    if not request.user.has_perm("cohorts.create_programme"):
        raise Http404
    found = get_object_or_404(Programme, slug=programme)
    form = ProgrammeTitleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        rename_programme(programme=found, **form.cleaned_data, actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("programmes:programmes")
    return render(request, "cohorts/programme_titles.html", {"form": form, "programme": found})


@require_http_methods(["GET", "POST"])
@programme_page
def new_cohort(request: MemberRequest, *, programme: Programme) -> HttpResponse:
    form = NewCohortForm(request.POST or None, maker=request.user, programme=programme)
    if request.method == "POST" and form.is_valid():
        made = create_cohort(
            programme=programme, values=form.cleaned_data, organisers=form.those_who_organise, actor=request.user
        )
        return _after_making(request, made)
    return render(request, "cohorts/new_cohort.html", {"form": form, "programme": programme})


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def clone(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """A new cohort with parts of this one: first what would be copied with its new dates, then the copy."""
    programme = cohort.programme
    if not request.user.has_perm("cohorts.create_cohort", programme):
        raise Http404
    initial = {"time_zone": cohort.time_zone, "title_ja": cohort.title_ja, "title_en": cohort.title_en}
    form = NewCohortForm(request.POST or None, maker=request.user, programme=programme, initial=initial)
    parts_form = PartsForm(request.POST or None, parts=parts())
    context = {"cohort": cohort, "form": form, "parts_form": parts_form}
    if request.method == "POST" and form.is_valid() and parts_form.is_valid():
        chosen = parts_form.cleaned_data["parts"]
        if "save" in request.POST:
            made = create_cohort(
                programme=programme,
                values=form.cleaned_data,
                organisers=form.those_who_organise,
                actor=request.user,
                source=cohort,
                parts=chosen,
            )
            return _after_making(request, made)
        copying = Copying(cohort, form.save(commit=False), request.user)
        context["preview"] = [(part.label, part.preview(copying)) for part in parts() if part.key in chosen]
        context["days"] = (copying.target.starts_on - cohort.starts_on).days
    return render(request, "cohorts/clone.html", context)


def _after_making(request: MemberRequest, made: Cohort) -> HttpResponse:
    messages.success(request, _("The cohort “%(title)s” was created.") % {"title": made.title})
    if request.user.has_perm("cohorts.run_cohort", made):
        return redirect("cohorts:settings", cohort=made.slug)
    return redirect("programmes:programmes")
