"""How a person wants to hear of things."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group
from campus.notices.models import Preference
from campus.people.models import Person

IN_PAGE, BY_MAIL = "page", "mail"


class PreferencesForm(forms.Form):
    """Two checkboxes for each group that can be switched off."""

    def __init__(self, *args: Any, person: Person, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups = groups
        chosen = {one.group: one for one in Preference.objects.filter(person=person)}
        for group in groups:
            kept = chosen.get(group.key)
            ways = [way for way, on in ((IN_PAGE, not kept or kept.in_page), (BY_MAIL, not kept or kept.by_mail)) if on]
            self.fields[group.key] = forms.MultipleChoiceField(
                label=str(group.label),
                choices=[(IN_PAGE, _("In the site")), (BY_MAIL, _("By mail"))],
                widget=forms.CheckboxSelectMultiple,
                initial=ways,
                required=False,
            )

    def choices(self) -> Iterator[tuple[str, bool, bool]]:
        """Group, in the page, by mail."""
        for group in self._groups:
            ways = self.cleaned_data[group.key]
            yield group.key, IN_PAGE in ways, BY_MAIL in ways
