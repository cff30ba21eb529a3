"""The page on which a notebook is read: its owner's and her mentors' at once, others' after the deadline."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from campus.cases.models import Step
from campus.submissions import readable
from campus.submissions.models import Submission
from campus.submissions.views import Request, graded_step, what_pages_name


@require_safe
@graded_step
def notebook(request: Request, *, step: Step, pk: int) -> HttpResponseBase:
    """The notebook as a page; for who may not read it there is none (404)."""
    found = get_object_or_404(Submission.objects.select_related("enrolment__person", "team", "step"), step=step, pk=pk)
    if not readable.is_notebook(found) or not request.user.has_perm("submissions.read_notebook", found):
        raise Http404
    rendering = readable.rendering_of(found)
    if rendering is None:
        readable.defer_rendering(found)
    return render(request, "submissions/notebook.html", _context(request, step, found) | {"rendering": rendering})


def _context(request: Request, step: Step, found: Submission) -> dict[str, Any]:
    is_opened = not request.user.has_perm("submissions.view_submission", found)
    if is_opened:
        name = found.team.name if found.team else found.enrolment.shown_name
        heading = pgettext("handed in", "Notebook of %(name)s") % {"name": name}
    else:
        heading = _("Notebook %(file)s") % {"file": found.file_name}
    return what_pages_name(step) | {"submission": found, "is_opened": is_opened, "heading": heading}
