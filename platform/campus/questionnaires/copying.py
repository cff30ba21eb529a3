"""A cohort's forms as a part that a new cohort can take over: their questions, never their answers."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.copying import Copying, Part, can_copy
from campus.questionnaires.building import copy_questionnaire
from campus.questionnaires.models import Questionnaire
from campus.ui.moments import moment_in_words


def _dates(one: Questionnaire, copying: Copying) -> dict[str, object]:
    """The form's dates, moved as the cohort is."""
    moments = {"opens_at": one.opens_at, "closes_at": one.closes_at}
    return {name: copying.moved(moment) if moment else None for name, moment in moments.items()}


def preview_forms(copying: Copying) -> list[str]:
    """Each form with its new deadline."""
    return [_in_words(one, copying) for one in copying.source.questionnaires.order_by("pk")]


def _in_words(one: Questionnaire, copying: Copying) -> str:
    if one.closes_at is None:
        return one.title
    until = moment_in_words(copying.moved(one.closes_at))
    return _("%(form)s, until %(until)s") % {"form": one.title, "until": until}


def copy_forms(copying: Copying) -> int:
    """Copy each form as a draft, for the organiser to look over and publish."""
    forms = list(copying.source.questionnaires.prefetch_related("versions").order_by("pk"))
    for one in forms:
        dates = _dates(one, copying)
        copy_questionnaire(questionnaire=one, cohort=copying.target, actor=copying.actor, **dates)
    return len(forms)


# Before the cases: their surveys then show these copies.
can_copy(Part("forms", pgettext_lazy("to copy", "Forms, as drafts"), preview_forms, copy_forms, position=5))
