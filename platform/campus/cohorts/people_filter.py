"""How the list of a cohort's people is narrowed, on its page and when something is done with all that it leaves."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, EnrolmentState, Role
from campus.cohorts.queries import classes_looked_after
from campus.cohorts.rules import is_organiser
from campus.people.models import Person
from campus.ui.lists import Filter

NO_CLASS = "none"
ANY = ("", pgettext_lazy("filter", "All"))


class PeopleFilter(Filter):
    """By name, role, state and class. Organisers find people by their email address too, since they see it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    role = forms.ChoiceField(label=_("Role"), choices=[ANY, *Role.choices])
    state = forms.ChoiceField(label=_("State"), choices=[ANY, *EnrolmentState.choices])
    study_class = forms.ChoiceField(label=_("Class"))

    def __init__(self, *args: Any, cohort: Cohort, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._finds_addresses = is_organiser(person, cohort)
        classes = [(str(one.pk), one.name) for one in classes_looked_after(person, cohort).order_by("name")]
        none = [(NO_CLASS, _("In no class"))] if self._finds_addresses else []
        self.fields["study_class"].choices = [ANY, *none, *classes]  # type: ignore[attr-defined]
        if not self._finds_addresses:
            del self.fields["role"]  # Facilitators see learners only.

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.cleaned_data
        for word in chosen["name"].split():
            named = Q(person__name__icontains=word) | Q(person__profile__name_kana__icontains=word)
            rows = rows.filter(named | Q(person__email__icontains=word) if self._finds_addresses else named)
        for key in ("role", "state"):
            if chosen.get(key):
                rows = rows.filter(**{key: chosen[key]})
        if chosen["study_class"] == NO_CLASS:
            return rows.filter(study_class=None, role=Role.LEARNER)
        return rows.filter(study_class=chosen["study_class"]) if chosen["study_class"] else rows
