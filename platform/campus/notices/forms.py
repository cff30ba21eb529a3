"""How a person wants to hear of things."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.notices.kinds import Group
from campus.notices.models import Preference, QuietHours
from campus.people.models import Person

IN_PAGE, BY_MAIL = "page", "mail"
WAYS = {IN_PAGE: _("On the site"), BY_MAIL: _("By email")}


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PreferencesForm(forms.Form):
    """A checkbox for each way in which a group that can be switched off is told."""

    def __init__(self, *args: Any, person: Person, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups = groups
        chosen = {one.group: one for one in Preference.objects.filter(person=person)}
        for group in groups:
            kept = chosen.get(group.key)
            ways = [way for way, on in ((IN_PAGE, not kept or kept.in_page), (BY_MAIL, not kept or kept.by_mail)) if on]
            self.fields[group.key] = forms.MultipleChoiceField(
                label=str(group.label),
                choices=[(way, label) for way, label in WAYS.items() if way == BY_MAIL or not group.is_mail_only],
                widget=forms.CheckboxSelectMultiple,
                initial=ways,
                required=False,
            )

    def choices(self) -> Iterator[tuple[str, bool, bool]]:
        """Group, in the page, by mail."""
        for group in self._groups:
            ways = self.cleaned_data[group.key]
            yield group.key, IN_PAGE in ways, BY_MAIL in ways


class QuietHoursForm(forms.Form):
    """From when to when no mails come, by the person's clock; both or neither."""

    begins = forms.TimeField(label=_("No emails from"), required=False, widget=_clock())
    ends = forms.TimeField(label=pgettext_lazy("quiet hours", "until"), required=False, widget=_clock())

    def __init__(self, data: Any = None, *, person: Person) -> None:
        kept = QuietHours.objects.filter(person=person).first()
        super().__init__(data, initial={"begins": kept.begins, "ends": kept.ends} if kept else {})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("begins"), data.get("ends")
        if self.errors:
            return data
        if (begins is None) != (ends is None):
            raise ValidationError(_("Give both times, or leave both empty."))
        if begins is not None and begins == ends:
            raise ValidationError(_("The two times are the same. Choose different ones, or leave both empty."))
        return data
