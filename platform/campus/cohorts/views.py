"""A cohort's own page: dates, cases, classes, people; and the name shown on its leaderboards."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.actions import choose_board_name
from campus.cohorts.forms import BoardNameForm
from campus.cohorts.models import Cohort
from campus.cohorts.queries import classes_of, learner_enrolment, people_counts


@require_GET
@member_page
def cohort_page(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    enrolment = learner_enrolment(request.user, cohort)
    context = {
        "cohort": cohort,
        "cases": cohort.cases.select_related("case_version"),
        "classes": classes_of(cohort),
        "people": people_counts(cohort),
        "enrolment": enrolment,
        "board_name_form": BoardNameForm(enrolment=enrolment) if enrolment else None,
    }
    return render(request, "cohorts/cohort.html", context)


@require_http_methods(["GET", "POST"])
@member_page
def board_name(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Learners only: nobody else stands on a board."""
    enrolment = learner_enrolment(request.user, cohort)
    if enrolment is None:
        raise Http404
    form = BoardNameForm(request.POST or None, enrolment=enrolment)
    if request.method == "POST" and form.is_valid():
        choose_board_name(enrolment=enrolment, uses_alias=form.uses_alias, actor=request.user)
        messages.success(request, _("The name shown on leaderboards was saved."))
        return redirect("cohorts:cohort", cohort=cohort.slug)
    return render(request, "cohorts/board_name.html", {"cohort": cohort, "form": form})
