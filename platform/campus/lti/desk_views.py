"""An organiser says whom an LMS brings into the cohort, and finds what its administrator has to enter."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campus.cases.models import Step
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.environment import LtiPlatform
from campus.lti.launches import change_admission
from campus.lti.models import AdmissionByLaunch
from campus.lti.platforms import platform_named, registered
from campus.lti.tool import address
from campus.ui.pagination import page_of


class AdmissionForm(forms.Form):
    """Whom one LMS brings."""

    learners = forms.BooleanField(
        label=gettext_lazy("Learners in the course join the cohort as learners"), required=False
    )
    facilitators = forms.BooleanField(
        label=gettext_lazy("Instructors of the course join the cohort as facilitators"),
        help_text=gettext_lazy("They look after no class until you assign them one."),
        required=False,
    )


def _form(cohort: Cohort, platform: LtiPlatform) -> AdmissionForm:
    rule = AdmissionByLaunch.objects.filter(cohort=cohort, platform=platform.key).first()
    initial = {"learners": rule.learners, "facilitators": rule.facilitators} if rule else {}
    return AdmissionForm(initial=initial, prefix=platform.key)


@require_http_methods(["GET", "POST"])
@desk_page("lti.admit_by_launch")
def desk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    if request.method == "POST" and (platform := platform_named(request.POST.get("platform", ""))):
        form = AdmissionForm(request.POST, prefix=platform.key)
        if form.is_valid():
            change_admission(cohort=cohort, platform=platform.key, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
        return redirect("lti:desk", cohort.slug)
    steps = Step.objects.filter(cohort_case__cohort=cohort).select_related("cohort_case__case_version")
    context = {
        "cohort": cohort,
        "platforms": [(one, _form(cohort, one)) for one in registered()],
        "page": page_of(request, steps.order_by("cohort_case__position", "position")),
        "launch": address("lti_launch"),
    }
    return render(request, "lti/desk.html", context)
