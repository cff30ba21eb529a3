"""Reading a deliverable: its page, the parts of it that workers make, the pictures of its pages, its files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.deliverables.content import shown_file
from campus.deliverables.files import open_file
from campus.deliverables.models import Deliverable, DeliverableFile
from campus.deliverables.pages import kept
from campus.deliverables.queries import versions_of
from campus.deliverables.rules import may_read
from campus.deliverables.views import names_of

# What is served here is a stranger's: on a page of its own it loads and runs nothing.
POLICY = "default-src 'none'; sandbox"


def readers_page(view: Callable[..., HttpResponseBase]) -> View:
    """Hand the view a deliverable that the reader may read, and whether without names; else there is none (404)."""

    @require_safe
    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **names: Any) -> HttpResponseBase:
        rows = Deliverable.objects.with_step().with_owner().with_content().filter(step__cohort_case__cohort=cohort)
        found = get_object_or_404(rows, pk=pk)
        if not may_read(request.user, found):
            raise Http404
        blind = not request.user.has_perm("deliverables.know_owner", found)
        return view(request, deliverable=found, blind=blind, **names)

    return guarded


def named_page(view: Callable[..., HttpResponseBase]) -> View:
    """The same for those who know whose it is: the others have pages on which names don't stand."""

    @readers_page
    @wraps(view)
    def guarded(request: MemberRequest, *, deliverable: Deliverable, blind: bool, **names: Any) -> HttpResponseBase:
        if blind:
            raise Http404
        return view(request, deliverable=deliverable, **names)

    return guarded


@named_page
def deliverable(request: MemberRequest, *, deliverable: Deliverable) -> HttpResponse:
    """One version with everything in it, and the other versions."""
    step = deliverable.owner.sees(deliverable.step)
    context = {
        "deliverable": deliverable,
        "versions": list(versions_of(deliverable)),
        "step": step,
        "cohort": step.cohort,
        "names": names_of(step),
    }
    return render(request, "deliverables/deliverable.html", context)


@readers_page
def part(request: MemberRequest, *, deliverable: Deliverable, blind: bool, position: int) -> HttpResponse:
    """What is shown of a file, which the page asks for until a worker has made it."""
    blind = blind or "blind" in request.GET
    shown = shown_file(deliverable, _file(deliverable, position), blind=blind)
    return render(request, "deliverables/parts/file.html", {"shown": shown, "blind": blind})


@readers_page
def page(_request: MemberRequest, *, deliverable: Deliverable, position: int, number: int, **_blind: Any) -> Any:
    """The picture of a page."""
    file = _file(deliverable, position)
    if not file.has_pages:
        raise Http404
    try:
        content = kept.open_page(file.digest, number)
    except FileNotFoundError as error:
        raise Http404 from error
    return _guarded(FileResponse(content, content_type=kept.MEDIA_TYPE), cache="private, max-age=3600")


@named_page
def file(_request: MemberRequest, *, deliverable: Deliverable, position: int) -> HttpResponseBase:
    """The file as it was handed in, as a download only."""
    found = _file(deliverable, position)
    response = FileResponse(
        open_file(found), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    return _guarded(response, cache="private, no-cache")


def _file(deliverable: Deliverable, position: int) -> DeliverableFile:
    for found in deliverable.files.all():
        if found.position == position:
            return found
    raise Http404


def _guarded(response: FileResponse, *, cache: str) -> FileResponse:
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = cache
    return response
