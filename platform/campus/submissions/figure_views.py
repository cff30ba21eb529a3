"""What the charts about a graded step are drawn from."""

from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from campus.cases.models import Step
from campus.submissions.board import Split
from campus.submissions.distribution import distribution
from campus.submissions.views import Request, graded_step, learner_of


@require_safe
@graded_step
def spread(request: Request, *, step: Step) -> HttpResponseBase:
    """How the provisional scores are spread."""
    return _spread(request, step, "public")


@require_safe
@graded_step
def final_spread(request: Request, *, step: Step) -> HttpResponseBase:
    """How the final scores are spread; before the close there are none to see (404)."""
    if not step.is_closed():
        raise Http404
    return _spread(request, step, "private")


def _spread(request: Request, step: Step, split: Split) -> JsonResponse:
    learner = learner_of(request, step)
    return JsonResponse(distribution(step=step, split=split, own=learner.owner if learner else None))
