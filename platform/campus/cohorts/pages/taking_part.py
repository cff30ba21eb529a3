"""One's own part in a cohort: pause, withdraw, come back. Open also to those whose pages of the cohort are closed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest
from campus.cohorts.enrolments import change_own_state, may_come_back, may_pause_oneself, may_withdraw_oneself
from campus.cohorts.models import BEFORE_THE_START, Enrolment, EnrolmentState, Role

OWN_STATES = {state.value: state for state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN)}


@require_http_methods(["GET", "POST"])
@login_required
def taking_part(request: MemberRequest, cohort: str) -> HttpResponse:
    """For those who are or were learners of the cohort; for others there is no such page (404)."""
    mine = Enrolment.objects.filter(person=request.user, role=Role.LEARNER).exclude(state__in=BEFORE_THE_START)
    enrolment = get_object_or_404(mine.select_related("cohort__programme", "person"), cohort__slug=cohort)
    if request.method == "POST":
        wish = OWN_STATES.get(request.POST.get("state", ""))
        if wish and wish != enrolment.state:
            _try(request, enrolment, wish)
        return redirect("cohorts:taking_part", cohort=cohort)
    context = {
        # The main menu must not lead into pages that are closed to the reader.
        "own_cohort": enrolment.cohort,
        "enrolment": enrolment,
        "may_pause": may_pause_oneself(enrolment),
        "may_come_back": may_come_back(enrolment),
        "may_withdraw": may_withdraw_oneself(enrolment),
        "goes_on_in": enrolment.continued_by.select_related("cohort").first(),
    }
    return render(request, "cohorts/taking_part.html", context)


def _try(request: MemberRequest, enrolment: Enrolment, state: EnrolmentState) -> None:
    try:
        change_own_state(enrolment=enrolment, state=state)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Saved."))
