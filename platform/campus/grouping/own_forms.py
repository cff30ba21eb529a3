"""Forms of learners: slots, wishes, a signal, a new group."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Enrolment
from campus.grouping.gathering import learners_of
from campus.grouping.models import Interest, Wish, slots_of
from campus.grouping.slots import Day, Part, choices, slot_of
from campus.grouping.speaking import MOST_WISHES


class SlotsForm(forms.Form):
    """The weekly slots, drawn as a table of days and parts of the day."""

    slots = forms.TypedMultipleChoiceField(choices=choices, coerce=int, required=False)

    def __init__(self, data: Any = None, *, enrolment: Enrolment) -> None:
        initial = {"slots": slots_of(getattr(enrolment, "availability", None))}
        super().__init__(data, initial=initial)

    @property
    def table(self) -> list[tuple[str, list[tuple[int, str, bool]]]]:
        """A row for each day: its name, and for each part number, name and whether it is ticked."""
        ticked = {int(slot) for slot in self["slots"].value() or [] if str(slot).isdecimal()}
        return [
            (str(day.label), [(slot_of(day, part), str(part.label), slot_of(day, part) in ticked) for part in Part])
            for day in Day
        ]

    @property
    def parts(self) -> list[str]:
        return [str(part.label) for part in Part]


class WishesForm(forms.Form):
    """With whom the learner would like to be: people of her class, of the whole cohort where there are no classes."""

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fellows = learners_of(enrolment.cohort).exclude(pk=enrolment.pk).select_related("person")
        near = Q(study_class=enrolment.study_class_id) if enrolment.study_class_id else Q()
        wished = list(Wish.objects.filter(enrolment=enrolment).order_by("pk").values_list("wanted", flat=True))
        people = list(fellows.filter(near | Q(pk__in=wished)).order_by("person__name", "pk")[:300])
        options = [("", _("Nobody in particular")), *[(str(one.pk), one.person.name) for one in people]]
        self._people = {str(one.pk): one for one in people}
        for number in range(MOST_WISHES):
            self.fields[f"wish_{number}"] = forms.ChoiceField(
                label=_("Wish %(number)s") % {"number": number + 1},
                choices=options,
                required=False,
                initial=wished[number] if number < len(wished) else "",
            )

    @property
    def wanted(self) -> list[Enrolment]:
        return [self._people[pk] for pk in dict.fromkeys(self.cleaned_data.values()) if pk]


class InterestForm(forms.ModelForm):
    """What somebody who looks for a group, or whose group has a place, tells the others."""

    class Meta:
        model = Interest
        fields = ["topic"]
        help_texts = {"topic": _("For example, what interests you, how you like to work, or when you have time.")}


class StartForm(forms.Form):
    """A group that a learner starts."""

    name = forms.CharField(label=pgettext_lazy("team", "Name"), max_length=80)
