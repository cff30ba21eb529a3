"""Which form each survey of the cohort shows."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campus.cases.actions import ask_in_step
from campus.cases.models import Step, StepKind
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.questionnaires.models import Questionnaire


class SurveyForm(forms.Form):
    """One survey and the form that it shows."""

    questionnaire = forms.ModelChoiceField(
        queryset=Questionnaire.objects.none(), required=False, empty_label=gettext_lazy("No form")
    )

    def __init__(self, data: QueryDict | None, *, step: Step) -> None:
        super().__init__(data, prefix=f"step-{step.pk}", initial={"questionnaire": step.questionnaire_id})
        self.step = step
        field = self.fields["questionnaire"]
        field.label = f"{step.case_version.title}: {step.title}"
        offered = Questionnaire.objects.filter(cohort=step.cohort, versions__published_at__isnull=False)
        field.queryset = offered.distinct().order_by("title_ja", "pk")  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def surveys(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Choose among the cohort's published forms, for all surveys at once."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.SURVEY)
    made = [SurveyForm(request.POST or None, step=step) for step in steps.order_by("cohort_case__position", "position")]
    if request.method == "POST" and all(one.is_valid() for one in made):
        for one in made:
            if one.has_changed():
                ask_in_step(step=one.step, questionnaire=one.cleaned_data["questionnaire"], actor=request.user)
        messages.success(request, _("The forms of the surveys were saved."))
        return redirect("cases:surveys", cohort=cohort.slug)
    return render(request, "cases/surveys.html", {"cohort": cohort, "forms": made})
