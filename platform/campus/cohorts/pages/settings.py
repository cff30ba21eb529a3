"""A cohort's titles, dates and time zone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.forms import CohortForm
from campus.cohorts.models import Cohort
from campus.cohorts.running import change_cohort


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def settings(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    # The form writes into a copy: a refused value must not appear as the cohort's own.
    form = CohortForm(request.POST or None, instance=get_object_or_404(Cohort, pk=cohort.pk))
    if request.method == "POST" and form.is_valid():
        if change_cohort(cohort=cohort, values=form.cleaned_data, actor=request.user):
            messages.success(request, _("The settings were saved."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("cohorts:settings", cohort=cohort.slug)
    return render(request, "cohorts/settings.html", {"cohort": cohort, "form": form})
