"""What the audit log calls the actions on cases, steps, extensions and choices, and how it names them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import CaseDraft, CaseVersion, CohortCase, Step
from campus.cohorts.audit import Name, group_of_actions, names_of, words_for

words_for(
    {
        "case.installed": _("installed the case %(subject)s"),
        "case.adopted": _("added the case %(subject)s in version %(version)s"),
        "case.moved": _("moved the case %(subject)s from version %(before)s to %(after)s"),
        "draft.begun": _("started a draft of the case %(subject)s"),
        "draft.changed": _("changed the draft of the case %(subject)s"),
        "draft.published": _("published the case %(subject)s as version %(version)s"),
        "draft.discarded": _("deleted the draft of the case “%(case)s”"),
        "step.scheduled": _("moved the step %(subject)s from %(opened)s – %(closed)s to %(opens)s – %(closes)s"),
        "step.form_chosen": _("chose the form %(questionnaire)s for the step %(subject)s"),
        "extension.granted": _("gave %(subject)s more time for the step %(step)s, until %(closes)s"),
        "extension.withdrawn": _("withdrew the extension of the step %(step)s from %(subject)s"),
        "choice.opened": _("let learners choose %(count)s of the cases until %(until)s"),
        "case.limited": _("set the number of places for the case %(subject)s to %(count)s"),
        "choice.ended": _("ended the choice of cases: everybody works on every case"),
        "choice.made": _("chose cases for %(subject)s: %(cases)s"),
        "choice.assigned": _("assigned cases to %(subject)s, who had not chosen"),
    }
)


group_of_actions("case", _("Cases of the cohort"))
group_of_actions("draft", _("Your own cases"))
group_of_actions("step", _("Schedule"))
group_of_actions("extension", pgettext_lazy("desk", "Extensions"))
group_of_actions("choice", _("Choice of cases"))


def _steps(ids: Collection[int]) -> dict[int, Name]:
    steps = Step.objects.with_case().filter(pk__in=ids)
    return {step.pk: Name(step.title, _address("cases:step", step.cohort_case, step.key)) for step in steps}


def _cohort_cases(ids: Collection[int]) -> dict[int, Name]:
    cases = CohortCase.objects.filter(pk__in=ids).select_related("case_version", "cohort")
    return {case.pk: Name(str(case), _address("cases:case", case)) for case in cases}


def _versions(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(f"{one.title} {one.version}") for one in CaseVersion.objects.filter(pk__in=ids)}


def _drafts(ids: Collection[int]) -> dict[int, Name]:
    drafts = CaseDraft.objects.filter(pk__in=ids).select_related("cohort")
    return {one.pk: Name(str(one), reverse("cases:draft", args=[one.cohort.slug, one.pk])) for one in drafts}


def _address(page: str, case: CohortCase, *more: str) -> str:
    return reverse(page, args=[case.cohort.slug, case.slug, *more])


names_of("step", _steps)
names_of("case_draft", _drafts)
names_of("cohort_case", _cohort_cases)
names_of("case_version", _versions)
