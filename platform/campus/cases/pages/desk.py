"""The cohort's cases as its organisers see them: add one, limit its places, let learners choose."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campus.cases.actions import adopt_case
from campus.cases.choosing import (
    choose_for_undecided,
    end_choice,
    limit_places,
    options_of,
    rule_of,
    set_choice_rule,
    undecided,
)
from campus.cases.forms import AdoptForm, CapacityForm, ChoiceRuleForm
from campus.cases.models import ChoiceRule
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def cases(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The cases of the cohort, and a form to add one."""
    form = AdoptForm(request.POST or None, cohort=cohort, person=request.user)
    if request.method == "POST" and form.is_valid():
        # Steps open at midnight of the cohort's own day.
        starts_at = datetime.combine(form.cleaned_data["starts_on"], time(), tzinfo=ZoneInfo(cohort.time_zone))
        try:
            adopt_case(
                cohort=cohort, case_version=form.cleaned_data["case_version"], starts_at=starts_at, actor=request.user
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The case was added. Check the dates of its steps."))
            return redirect("cases:schedule", cohort=cohort.slug)
    found = cohort.cases.select_related("case_version").annotate(step_count=Count("steps"))
    return render(request, "cases/desk_cases.html", {"cohort": cohort, "cases": found, "form": form})


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def choice(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The rule of choice, how the learners are distributed, and those who have not chosen."""
    rule = rule_of(cohort)
    form = ChoiceRuleForm(request.POST or None, instance=rule_of(cohort), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            set_choice_rule(cohort=cohort, **form.cleaned_data, actor=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:choice", cohort=cohort.slug)
    context: dict[str, Any] = {"cohort": cohort, "form": form, "rule": rule}
    if rule:
        options = [
            (option, CapacityForm(instance=option.case, prefix=str(option.case.pk))) for option in options_of(rule)
        ]
        context |= {"options": options, "undecided": undecided(rule).count()}
    return render(request, "cases/desk_choice.html", context)


@require_POST
@desk_page("cohorts.run_cohort")
def capacity(request: MemberRequest, *, cohort: Cohort, case: int) -> HttpResponse:
    """Limit the places of a case."""
    found = get_object_or_404(cohort.cases, pk=case)
    form = CapacityForm(request.POST, prefix=str(case))
    if form.is_valid():
        limit_places(case=found, capacity=form.cleaned_data["capacity"], actor=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Enter the number of places as a whole number, or leave it empty."))
    return redirect("cases:choice", cohort=cohort.slug)


@require_POST
@desk_page("cohorts.run_cohort")
def choose_for_the_rest(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Assign cases to those who have not chosen."""
    rule = get_object_or_404(ChoiceRule, cohort=cohort)
    count = choose_for_undecided(rule=rule, actor=request.user)
    text = ngettext("Cases were assigned to %(count)s learner.", "Cases were assigned to %(count)s learners.", count)
    messages.success(request, text % {"count": count})
    return redirect("cases:choice", cohort=cohort.slug)


@require_POST
@desk_page("cohorts.run_cohort")
def end_of_choice(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Give every case to everybody again."""
    end_choice(cohort=cohort, actor=request.user)
    messages.success(request, _("Everybody works on every case now."))
    return redirect("cases:choice", cohort=cohort.slug)
