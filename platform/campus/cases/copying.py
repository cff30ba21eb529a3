"""A cohort's cases, steps and rule of choice as a part that a new cohort can take over."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cases.choosing import rule_of
from campus.cases.models import ChoiceRule, CohortCase, Step
from campus.cases.scheduling import steps_in
from campus.cases.survey_dates import open_with_steps
from campus.cohorts.copying import Copying, Part, can_copy
from campus.questionnaires.building import copy_in
from campus.ui.moments import moment_in_words


def preview_cases(copying: Copying) -> list[str]:
    """Each step with its new dates."""
    return [
        _("%(case)s, %(step)s: %(opens)s – %(closes)s")
        % {
            "case": step.case_version.title,
            "step": step.title,
            "opens": moment_in_words(copying.moved(step.opens_at)),
            "closes": moment_in_words(copying.moved(step.closes_at)),
        }
        for step in steps_in(copying.source)
    ]


def copy_cases(copying: Copying) -> int:
    """Copy each case at the same version, and its steps with their dates moved."""
    cases = list(copying.source.cases.prefetch_related("steps__questionnaire"))
    for case in cases:
        steps = list(case.steps.all())
        made = CohortCase.objects.create(
            cohort=copying.target,
            case_version_id=case.case_version_id,
            slug=case.slug,
            position=case.position,
            capacity=case.capacity,
        )
        for step in steps:
            step.pk, step._state.adding, step.cohort_case = None, True, made
            step.opens_at, step.closes_at = copying.moved(step.opens_at), copying.moved(step.closes_at)
            if step.questionnaire:
                step.questionnaire = copy_in(copying.target, of=step.questionnaire, actor=copying.actor)
        Step.objects.bulk_create(steps)
        open_with_steps(steps)
    return len(cases)


def preview_choice(copying: Copying) -> list[str]:
    rule = rule_of(copying.source)
    if rule is None:
        return []
    return [_("Learners can choose until %(until)s") % {"until": moment_in_words(copying.moved(rule.until))}]


def copy_choice(copying: Copying) -> int:
    """Copy the rule; nobody's choice."""
    rule = rule_of(copying.source)
    if rule is None:
        return 0
    until = copying.moved(rule.until)
    ChoiceRule.objects.create(cohort=copying.target, cases_each=rule.cases_each, tracks=rule.tracks, until=until)
    return 1


can_copy(Part("cases", pgettext_lazy("to copy", "Cases with their steps"), preview_cases, copy_cases, position=10))
can_copy(Part("choice", gettext_lazy("How learners choose their cases"), preview_choice, copy_choice, position=11))
