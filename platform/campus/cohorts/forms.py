"""Forms of a cohort's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import Enrolment

NAME, ALIAS = "name", "alias"


class BoardNameForm(forms.Form):
    """Which of the learner's names leaderboards show."""

    shown = forms.ChoiceField(label=_("Name on leaderboards"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"shown": ALIAS if enrolment.uses_alias else NAME})
        super().__init__(*args, **kwargs)
        person = enrolment.person
        choices = [(NAME, _("Your name: %(name)s") % {"name": person.name})]
        if person.alias:
            choices.append((ALIAS, _("Your nickname: %(alias)s") % {"alias": person.alias}))
        self.fields["shown"].choices = choices  # type: ignore[attr-defined]

    @property
    def uses_alias(self) -> bool:
        return bool(self.cleaned_data["shown"] == ALIAS)
