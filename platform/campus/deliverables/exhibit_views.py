"""Sharing results: what a cohort made, seen by all of it once nobody works on it any more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from campus.cases.models import Step
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment
from campus.deliverables import exhibits as sharing
from campus.deliverables.models import Exhibit
from campus.deliverables.refusals import Refused
from campus.deliverables.text import paragraphs_of
from campus.ui.pagination import page_of

PER_PAGE = 20


class ExhibitFilter(forms.Form):
    """Which step's."""

    step = forms.ChoiceField(label=gettext_lazy("Step"), required=False)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(step.pk), step.title) for step in steps]
        self.fields["step"].choices = [("", gettext_lazy("All")), *choices]  # type: ignore[attr-defined]


@require_safe
@member_page
def exhibits(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The best of the boards, and what authors show, the latest first."""
    shown = sharing.open_exhibits(cohort)
    steps = Step.objects.with_case().filter(pk__in=shown.values("step")).order_by("cohort_case__position", "position")
    filters = ExhibitFilter(request.GET, steps=list(steps))
    if filters.is_valid() and (step := filters.cleaned_data["step"]):
        shown = shown.filter(step=step)
    context = {
        "cohort": cohort,
        "best": sharing.best_of(cohort) if not filters.data.get("step") else [],
        "filters": filters,
        "page": page_of(request, shown, per_page=PER_PAGE),
    }
    return render(request, "deliverables/exhibits.html", context)


@require_safe
@member_page
def exhibit(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """One with everything in it, and what people ask about it; before the cohort sees it, its owner alone does."""
    found = get_object_or_404(Exhibit.objects.with_owner(), pk=pk, step__cohort_case__cohort=cohort)
    is_open = sharing.open_exhibits(cohort).filter(pk=pk).exists()
    if not is_open and not request.user.has_perm("deliverables.withdraw", found):
        raise Http404
    context = {
        "cohort": cohort,
        "exhibit": found,
        "is_open": is_open,
        "step": found.step,
        "write_up": paragraphs_of(found.write_up),
        "deliverable": sharing.deliverable_of(found),
        "line": sharing.standing_of_exhibit(found),
        "may_withdraw": found.withdrawn_at is None and request.user.has_perm("deliverables.withdraw", found),
    }
    return render(request, "deliverables/exhibit.html", context)


@require_POST
@member_page
def show(request: MemberRequest, *, cohort: Cohort, case: str, step: str) -> HttpResponse:
    """Show the own work to the cohort, or change the words on it."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, cohort_case__slug=case)
    found, enrolment = get_object_or_404(steps, key=step), learner_enrolment(request.user, cohort)
    if enrolment is None:
        raise Http404
    write_up = request.POST.get("write_up", "").replace("\r\n", "\n").replace("\0", "").strip()
    try:
        exhibit = sharing.show(step=found, enrolment=enrolment, write_up=write_up)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("cases:step", cohort.slug, case, step)
    messages.success(request, _("Thank you. Your cohort will see this once the step is over for everybody."))
    return redirect(exhibit.address)


@require_POST
@member_page
def withdraw(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Take it back."""
    found = get_object_or_404(Exhibit.objects.with_owner(), pk=pk, step__cohort_case__cohort=cohort)
    if not request.user.has_perm("deliverables.withdraw", found):
        raise Http404
    sharing.withdraw(found, actor=request.user)
    messages.success(request, _("Your work is no longer shown to the cohort."))
    return redirect("cases:step", cohort.slug, found.step.cohort_case.slug, found.step.key)
