"""Pages of what a team keeps: files with versions, the log, milestones. Members write, whoever sees the space reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.cohorts.access import MemberRequest
from campus.cohorts.models import Enrolment
from campus.grouping import keeping
from campus.grouping.models import FileVersion, LogEntry, Milestone
from campus.grouping.pages.space import WORK, context_of, membership_of, space_page
from campus.grouping.space_forms import LogForm, MilestoneForm, UploadForm
from campus.teams.models import Team
from campus.ui.file_kinds import plain_name
from campus.ui.packing import zipped
from campus.ui.pagination import page_of


def _writer(request: MemberRequest, team: Team) -> Enrolment:
    """The member who writes; for others there is no such page (404)."""
    own = membership_of(request.user, team)
    if own is None or not request.user.has_perm(WORK, team):
        raise Http404
    return own


def _kept(request: MemberRequest, team: Team, page: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(f"grouping:{page}", team.cohort.slug, team.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page()
def files(request: MemberRequest, *, team: Team) -> HttpResponse:
    """The team's files; a POST uploads one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        own = _writer(request, team)
        if form.is_valid():
            try:
                keeping.upload(team=team, by=own, **form.cleaned_data)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                return _kept(request, team, "files")
    page, member = page_of(request, keeping.files_of(team), per_page=30), membership_of(request.user, team)
    removable = set(keeping.removable(team, by=member).values_list("pk", flat=True)) if member else set()
    context = context_of(request, team, form=form, page=page, removable=removable, usage=keeping.usage_of(team))
    return render(request, "grouping/files.html", context, status=422 if form.errors else 200)


@require_safe
@space_page()
def all_files(request: MemberRequest, *, team: Team) -> HttpResponseBase:
    """The newest version of every file, as one zip."""
    answer = StreamingHttpResponse(zipped(keeping.packed(team)), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, f"{plain_name(team.name, longest=80)}.zip")
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_safe
@space_page()
def file(request: MemberRequest, *, team: Team, version: int) -> HttpResponseBase:
    """One version, always saved to the disk: nothing that was uploaded runs or opens on the site."""
    found = get_object_or_404(FileVersion.objects.select_related("file"), file__team=team, pk=version)
    answer = FileResponse(
        found.stored.open("rb"),
        as_attachment=True,
        filename=found.file.name,
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=3600)
    return answer


@require_POST
@space_page(WORK)
def remove_file(request: MemberRequest, *, team: Team, version: int) -> HttpResponse:
    """Remove an upload of one's own, or of who has left."""
    rows = keeping.removable(team, by=_writer(request, team)).select_related("file__team")
    keeping.remove_version(get_object_or_404(rows, pk=version))
    messages.success(request, _("Removed."))
    return redirect("grouping:files", team.cohort.slug, team.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page()
def log(request: MemberRequest, *, team: Team) -> HttpResponse:
    """Decisions and dated entries; a POST adds one."""
    form = LogForm(request.POST or None, instance=LogEntry(team=team))
    if request.method == "POST":
        form.instance.by = _writer(request, team)
        if form.is_valid():
            form.save()
            return _kept(request, team, "log")
    context = context_of(request, team, form=form, page=page_of(request, keeping.log_of(team), per_page=30))
    return render(request, "grouping/log.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page()
def milestones(request: MemberRequest, *, team: Team) -> HttpResponse:
    """What is to be reached by when; a POST adds one."""
    form = MilestoneForm(request.POST or None, instance=Milestone(team=team))
    if request.method == "POST":
        _writer(request, team)
        if form.is_valid():
            try:
                keeping.add_milestone(form.save(commit=False))
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                return _kept(request, team, "milestones")
    context = context_of(request, team, form=form, milestones=keeping.milestones_of(team))
    return render(request, "grouping/milestones.html", context, status=422 if form.errors else 200)


@require_POST
@space_page(WORK)
def tick(request: MemberRequest, *, team: Team, milestone: int) -> HttpResponse:
    """Say that a milestone is reached (``done``), or not after all."""
    found: Any = get_object_or_404(Milestone, team=team, pk=milestone)
    keeping.tick(found, by=_writer(request, team), is_done=bool(request.POST.get("done")))
    return _kept(request, team, "milestones")


@require_POST
@space_page(WORK)
def remove(request: MemberRequest, *, team: Team, what: str, row: int) -> HttpResponse:
    """Remove a milestone, or an entry of the log that one wrote oneself."""
    own = _writer(request, team)
    found: Model
    if what == "milestones":
        found = get_object_or_404(Milestone, team=team, pk=row)
    else:
        found = get_object_or_404(LogEntry, team=team, pk=row, by=own)
    found.delete()
    messages.success(request, _("Removed."))
    return redirect(f"grouping:{what}", team.cohort.slug, team.pk)
