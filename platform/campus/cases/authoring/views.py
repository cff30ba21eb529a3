"""Pages on which organisers make a case: begin, mend, preview, publish, compare versions and move to one."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import wraps
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus import live
from campus.cases.actions import adopt_case
from campus.cases.authoring import drafts, proof
from campus.cases.authoring.archives import packed
from campus.cases.authoring.drafts import DraftRefused
from campus.cases.authoring.forms import AgainForm, ArchiveForm, ColumnsForm, PublishForm, TableForm, TextsForm
from campus.cases.authoring.lists import drafts_list
from campus.cases.authoring.moving import CannotMove, move_case, way_to
from campus.cases.authoring.words import worded
from campus.cases.forms import StartForm
from campus.cases.gallery import DRAFT_PUBLIC, gallery_of_draft, picture_in
from campus.cases.markdown import render_markdown
from campus.cases.models import CaseDraft, CaseVersion, CohortCase, DraftState, StepBy, StepKind, Track
from campus.cases.pictures import picture_of, shown_picture
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, in_reader_language
from campus.ui.uploads import upload_page
from grader.new.gaps import Gap, gaps_of
from grader.pack import PackError, load_pack

MAY_AUTHOR = "cases.author_case"
SHOWN_GAPS = 40


@upload_page
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(MAY_AUTHOR)
def begin(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The drafts of the cohort, and the two ways to begin one."""
    wanted = request.POST.get("way", "")
    table = TableForm(request.POST if wanted == "table" else None, request.FILES if wanted == "table" else None)
    archive = ArchiveForm(request.POST if wanted == "zip" else None, request.FILES if wanted == "zip" else None)
    forms: dict[str, TableForm | ArchiveForm] = {"table": table, "zip": archive}
    form = forms.get(wanted)
    if form is not None and form.is_valid() and (begun := _begun(request, cohort, form)):
        return redirect("cases:draft", cohort.slug, begun.pk)
    listing = drafts_list(request, cohort)
    context = {"cohort": cohort, "table": table, "archive": archive, "listing": listing}
    status = 200 if form is None else 422
    return listing.download() or render(request, "cases/authoring/begin.html", context, status=status)


def _begun(request: MemberRequest, cohort: Cohort, form: TableForm | ArchiveForm) -> CaseDraft | None:
    try:
        if isinstance(form, ArchiveForm):
            data = form.cleaned_data["archive"].read()
            return drafts.begin_from_archive(cohort=cohort, data=data, actor=request.user)
        given = form.cleaned_data
        return drafts.begin_from_table(
            cohort=cohort,
            slug=given["slug"],
            titles=(given["title_ja"], given["title_en"]),
            data=given["table"].read(),
            wishes=form.wishes(),
            actor=request.user,
        )
    except DraftRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return None


def draft_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its draft, for organisers of the cohort; for the others there is none (404)."""

    @desk_page(MAY_AUTHOR)
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = CaseDraft.objects.select_related("published", "cohort")
        return view(request, cohort=cohort, draft=get_object_or_404(rows, cohort=cohort, pk=pk), **kwargs)

    return guarded


@require_safe
@draft_page
def draft(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    return render(request, "cases/authoring/draft.html", _shown(cohort, draft))


@require_safe
@draft_page
def progress(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """The part of the page that moves while a job works on the draft."""
    return render(request, "cases/authoring/parts/progress.html", _shown(cohort, draft))


def _shown(cohort: Cohort, draft: CaseDraft, form: PublishForm | None = None) -> dict[str, Any]:
    seq = live.last_seq(draft.stream)
    draft.refresh_from_db()
    context: dict[str, Any] = {"cohort": cohort, "draft": draft, "live_seq": seq, "problems": worded(draft.problems)}
    if draft.is_busy or not draft.has_pack:
        return context
    manifest = drafts.manifest_of(draft)
    return context | {
        "manifest": manifest,
        "checks": proof.checks_of(draft),
        "ladder": proof.ladder_of(draft, manifest),
        "guesses": proof.guesses_of(draft),
        "division": proof.division_of(draft),
        "notices": proof.notices_of(draft),
        "gaps": _gaps(draft),
        "form": form or PublishForm(initial={"version": _next_version(draft, manifest["version"])}),
        "case": cohort.cases.filter(slug=draft.slug).first(),
        "start": StartForm(cohort=cohort),
    }


def _gaps(draft: CaseDraft) -> list[Gap]:
    try:
        found = gaps_of(load_pack(draft.pack_folder))
    except PackError:  # the proof says why
        return []
    language = in_reader_language("ja", "en")
    return sorted(found, key=lambda gap: gap.language != language)[:SHOWN_GAPS]


def _next_version(draft: CaseDraft, version: str) -> str:
    """The manifest's number, or the next one that is free."""
    taken = set(CaseVersion.objects.filter(slug=draft.slug).values_list("version", flat=True))
    while version in taken:
        major, minor, _patch = version.split(".")
        version = f"{major}.{int(minor) + 1}.0"
    return version


def _refused(request: MemberRequest, refused: DraftRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def texts(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """Edit title, summary, stories and step days; “preview” shows the stories without saving."""
    if draft.is_busy or not draft.has_pack:
        return redirect("cases:draft", cohort.slug, draft.pk)
    manifest = drafts.manifest_of(draft)
    stories = {one: _story(draft, manifest, one) for one in ("ja", "en")}
    form = TextsForm(request.POST or None, manifest=manifest, stories=stories)
    shown: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            shown = {one: _rendered(cohort, draft, text) for one, text in form.stories().items()}
        elif _saved(request, draft, form, stories=form.stories()):
            return redirect("cases:draft", cohort.slug, draft.pk)
    context = {"cohort": cohort, "draft": draft, "form": form, "shown": shown}
    return render(request, "cases/authoring/texts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def columns(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """Say what each column means."""
    if draft.is_busy or not draft.has_pack:
        return redirect("cases:draft", cohort.slug, draft.pk)
    form = ColumnsForm(request.POST or None, manifest=drafts.manifest_of(draft))
    if request.method == "POST" and form.is_valid() and _saved(request, draft, form, stories={}):
        return redirect("cases:draft", cohort.slug, draft.pk)
    context = {"cohort": cohort, "draft": draft, "form": form}
    return render(request, "cases/authoring/columns.html", context, status=422 if form.errors else 200)


def _saved(
    request: MemberRequest, draft: CaseDraft, form: TextsForm | ColumnsForm, *, stories: Mapping[str, str]
) -> bool:
    try:
        drafts.write_texts(draft, manifest=form.changed_manifest(), stories=stories, actor=request.user)
    except DraftRefused as refused:
        form.add_error(None, "\n".join(refused.reasons))
        return False
    messages.success(request, _("Saved. The case is being checked again."))
    return True


def _story(draft: CaseDraft, manifest: Mapping[str, Any], language: str) -> str:
    return (draft.pack_folder / manifest["story"][language]).read_text(encoding="utf-8")


def _rendered(cohort: Cohort, draft: CaseDraft, text: str) -> str:
    return render_markdown(text, picture_base=f"/cohorts/{cohort.slug}/desk/cases/own/{draft.pk}/pictures/").html


@upload_page
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def options(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """Make the pack once more, by other options or of a mended table."""
    if draft.wishes is None:
        raise Http404
    form = AgainForm(request.POST or None, request.FILES or None, initial=AgainForm.initial_of(draft.wishes))
    if request.method == "POST" and form.is_valid():
        try:
            table = form.cleaned_data["table"]
            drafts.make_again(draft, wishes=form.wishes(), table=table.read() if table else None, actor=request.user)
        except DraftRefused as refused:
            _refused(request, refused)
        return redirect("cases:draft", cohort.slug, draft.pk)
    context = {"cohort": cohort, "draft": draft, "form": form}
    return render(request, "cases/authoring/options.html", context, status=422 if form.errors else 200)


@upload_page
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def archive(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """Put a mended pack into the draft's place."""
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            drafts.replace_by_archive(draft, data=form.cleaned_data["archive"].read(), actor=request.user)
        except DraftRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            return redirect("cases:draft", cohort.slug, draft.pk)
    context = {"cohort": cohort, "draft": draft, "form": form}
    return render(request, "cases/authoring/archive.html", context, status=422 if form.errors else 200)


@require_safe
@draft_page
def download(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> FileResponse:
    """The pack to edit, without its truth."""
    if draft.is_busy or not draft.has_pack:
        raise Http404
    return FileResponse(packed(draft.pack_folder), as_attachment=True, filename=f"{draft.slug}.zip")


@require_safe
@draft_page
def preview(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """The case as its learners will see it: story, steps, data, scoring."""
    if draft.is_busy or not draft.has_pack:
        return redirect("cases:draft", cohort.slug, draft.pk)
    manifest = drafts.manifest_of(draft)
    story = _story(draft, manifest, in_reader_language("ja", "en"))
    steps = [(step, StepKind(step["kind"]).label, StepBy(step["by"]).label) for step in manifest["steps"]]
    context = {
        "cohort": cohort,
        "draft": draft,
        "manifest": manifest,
        "track": Track(manifest["track"]).label,
        "story": _rendered(cohort, draft, story),
        "steps": [(step, kind, by, _rendered(cohort, draft, _said(step["text"]))) for step, kind, by in steps],
        "baselines": proof.provisional(proof.ladder_of(draft, manifest)),
        "version": CaseVersion(version=manifest["version"], seed_kind="data"),
        "gallery": gallery_of_draft(draft.pack_folder) if draft.state == DraftState.READY else (),
    }
    return render(request, "cases/authoring/preview.html", context)


def _said(text: Mapping[str, str]) -> str:
    return in_reader_language(text["ja"], text["en"])


@require_safe
@draft_page
def picture(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft, name: str) -> HttpResponse:
    if draft.is_busy or not draft.has_pack:
        raise Http404
    return picture_of(draft.pack_folder, drafts.manifest_of(draft), PurePosixPath(name).name)


@require_safe
@draft_page
def data_picture(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft, name: str, picture: str) -> HttpResponse:
    """One picture of the public data."""
    if draft.is_busy or not draft.has_pack:
        raise Http404
    content = picture_in(draft.pack_folder / DRAFT_PUBLIC, drafts.manifest_of(draft), file=name, name=picture)
    if content is None:
        raise Http404
    return shown_picture(content, "image/png")


@require_POST
@draft_page
def publish(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/authoring/draft.html", _shown(cohort, draft, form), status=422)
    try:
        drafts.publish(draft, version=form.cleaned_data["version"], actor=request.user)
    except DraftRefused as refused:
        _refused(request, refused)
    return redirect("cases:draft", cohort.slug, draft.pk)


@require_POST
@draft_page
def discard(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    try:
        drafts.discard(draft, actor=request.user)
    except DraftRefused as refused:
        _refused(request, refused)
        return redirect("cases:draft", cohort.slug, draft.pk)
    messages.success(request, _("The draft was deleted. Published versions stay."))
    return redirect("cases:begin_case", cohort.slug)


@require_POST
@draft_page
def adopt(request: MemberRequest, *, cohort: Cohort, draft: CaseDraft) -> HttpResponse:
    """Give the cohort the version that was published."""
    form = StartForm(request.POST, cohort=cohort)
    if draft.published is None or not form.is_valid():
        messages.error(request, _("Choose the day on which the first step opens."))
        return redirect("cases:draft", cohort.slug, draft.pk)
    starts_at = datetime.combine(form.cleaned_data["starts_on"], time(), tzinfo=ZoneInfo(cohort.time_zone))
    try:
        adopt_case(cohort=cohort, case_version=draft.published, starts_at=starts_at, actor=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("cases:draft", cohort.slug, draft.pk)
    messages.success(request, _("The case was added. Check the dates of its steps."))
    return redirect("cases:schedule", cohort=cohort.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(MAY_AUTHOR)
def versions(request: MemberRequest, *, cohort: Cohort, case: str) -> HttpResponse:
    """The case's versions, what differs from the cohort's own, and the move to another."""
    found = get_object_or_404(cohort.cases.select_related("case_version", "cohort"), slug=case)
    offered = CaseVersion.objects.offered_to(request.user, cohort).filter(slug=found.slug)
    others = list(offered.exclude(pk=found.case_version_id).order_by("-installed_at", "-pk"))
    wanted = request.POST.get("to") or request.GET.get("to")
    chosen = next((one for one in others if str(one.pk) == wanted), others[0] if others and not wanted else None)
    if wanted and chosen is None:
        raise Http404
    if request.method == "POST" and chosen is not None:
        return _move(request, found, chosen)
    way = way_to(found, chosen) if chosen else None
    context = {"cohort": cohort, "case": found, "others": others, "chosen": chosen, "way": way}
    return render(request, "cases/authoring/versions.html", context)


def _move(request: MemberRequest, case: CohortCase, version: CaseVersion) -> HttpResponse:
    try:
        move_case(case, to_version=version, actor=request.user)
    except CannotMove as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The cohort now uses version %(version)s.") % {"version": version.version})
    return redirect("cases:case_versions", case.cohort.slug, case.slug)
