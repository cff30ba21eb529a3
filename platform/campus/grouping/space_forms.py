"""Forms of the team's space."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import Enrolment
from campus.discussion.files import ACCEPTED
from campus.grouping.keeping import LARGEST_FILE, MEGABYTE
from campus.grouping.models import Criterion, Level, LogEntry, Milestone, Space
from campus.grouping.slots import choices
from campus.ui.fields import DayField, MomentField


class SpaceForm(forms.ModelForm):
    """When and where the team meets, and what it is about."""

    slot = forms.TypedChoiceField(
        label=gettext_lazy("Weekly slot"),
        choices=lambda: [("", gettext_lazy("Not agreed yet")), *choices()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    room = forms.URLField(label=gettext_lazy("Address of the online room"), assume_scheme="https", required=False)

    class Meta:
        model = Space
        fields = ["about", "slot", "meets_at", "room"]
        widgets = {"meets_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class UploadForm(forms.Form):
    """A file for the team."""

    file = forms.FileField(
        label=pgettext_lazy("team", "File"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    note = forms.CharField(label=pgettext_lazy("file", "What has changed"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Up to %(size)s MB. A file of the same name becomes its next version.") % {
            "size": LARGEST_FILE // MEGABYTE
        }


class LogForm(forms.ModelForm):
    """An entry of the log."""

    on = DayField(label=gettext_lazy("Date"), initial=timezone.localdate)

    class Meta:
        model = LogEntry
        fields = ["on", "kind", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class MilestoneForm(forms.ModelForm):
    """A milestone."""

    due_on = DayField(label=pgettext_lazy("milestone", "By"))

    class Meta:
        model = Milestone
        fields = ["title", "due_on"]


class JudgementForm(forms.Form):
    """A level for each other member and criterion; ``rows`` draws them person by person."""

    def __init__(self, data: Any = None, *, others: QuerySet[Enrolment], given: dict[tuple[int, str], int]) -> None:
        super().__init__(data)
        self._others = list(others)
        for one in self._others:
            for criterion in Criterion:
                self.fields[f"{criterion}-{one.pk}"] = forms.TypedChoiceField(
                    label=criterion.label,
                    choices=Level.choices,
                    coerce=int,
                    widget=forms.RadioSelect,
                    initial=given.get((one.pk, str(criterion))),
                )

    @property
    def rows(self) -> list[tuple[Enrolment, list[forms.BoundField]]]:
        return [(one, [self[f"{criterion}-{one.pk}"] for criterion in Criterion]) for one in self._others]

    @property
    def levels(self) -> dict[tuple[int, str], int]:
        return {
            (one.pk, str(criterion)): self.cleaned_data[f"{criterion}-{one.pk}"]
            for one in self._others
            for criterion in Criterion
        }


class OpenEvaluationForm(forms.Form):
    """Until when the members of project teams can answer."""

    closes_at = MomentField(label=gettext_lazy("Open until"))

    def clean_closes_at(self) -> Any:
        closes_at = self.cleaned_data["closes_at"]
        if closes_at <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return closes_at
