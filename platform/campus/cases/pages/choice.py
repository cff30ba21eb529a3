"""The learner chooses the cases to work on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campus.cases.choosing import choose_cases, options_of, rule_of
from campus.cases.forms import ChooseForm
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment


@require_http_methods(["GET", "POST"])
@member_page
def choose(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Learners of cohorts with a rule of choice; for the others there is nothing to choose (404)."""
    rule, enrolment = rule_of(cohort), learner_enrolment(request.user, cohort)
    if rule is None or enrolment is None:
        raise Http404
    options = options_of(rule)
    chosen = set(enrolment.case_choices.values_list("cohort_case", flat=True))
    form = ChooseForm(request.POST or None, rule=rule, options=options, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            choose_cases(rule=rule, enrolment=enrolment, cases=form.cases, actor=request.user)
        except ValidationError as refused:
            form.add_error("cases", refused)
        else:
            messages.success(request, _("Your choice was saved."))
            return redirect("home")
    context: dict[str, Any] = {
        "cohort": cohort,
        "rule": rule,
        "form": form,
        "options": options,
        "chosen": chosen,
        "is_over": timezone.now() >= rule.until,
    }
    return render(request, "cases/choose.html", context)
