"""Forms of the organisers' pages about applications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.intake.models import Admission, Application, Decision
from campus.ui.fields import MomentField

MOMENTS = ("opens_at", "closes_at", "announces_at")


class AdmissionForm(forms.ModelForm):
    """Dates, places and text of the application page. Times are those of the cohort."""

    class Meta:
        model = Admission
        fields = ("description_ja", "description_en", "opens_at", "closes_at", "announces_at", "capacity")
        widgets = {
            "description_ja": forms.Textarea({"rows": 6}),
            "description_en": forms.Textarea({"rows": 6}),
        }

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MOMENTS:
            field = self.fields[name]
            self.fields[name] = MomentField(
                label=field.label, required=field.required, time_zone=cohort.time_zone, help_text=field.help_text
            )
        self.fields["announces_at"].help_text = _(
            "On this date all decisions are announced automatically, on the site and by email. Leave it empty to "
            "announce them yourself."
        )
        self.fields["capacity"].help_text = _("Leave it empty if the number of learners isn’t limited.")
        if self.instance.announced_at:
            self.fields["announces_at"].disabled = True

    def clean(self) -> dict[str, Any]:
        """The dates follow each other."""
        cleaned = super().clean() or {}
        opens_at, closes_at, announces_at = (cleaned.get(name) for name in MOMENTS)
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("The deadline must be after the opening."))
        if closes_at and announces_at and announces_at < closes_at:
            self.add_error("announces_at", _("Results can be announced only after the deadline."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields as ``set_admission`` takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NoteForm(forms.ModelForm):
    """What organisers note about an applicant."""

    class Meta:
        model = Application
        fields = ("note",)
        widgets = {"note": forms.Textarea({"rows": 3})}


class DecisionForm(forms.Form):
    """The decision about one applicant; ``revision`` tells what the organiser had before their eyes."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("selection", "Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class BulkForm(forms.Form):
    """A decision for the checked rows, or for all that the filters leave (``all``); ``query`` are these filters."""

    decision = forms.ChoiceField(label=pgettext_lazy("selection", "Decision"), choices=Decision.choices)
    scope = forms.ChoiceField(
        label=pgettext_lazy("selection", "Apply to"),
        choices=[
            ("checked", pgettext_lazy("selection", "The people ticked")),
            ("all", pgettext_lazy("selection", "Everybody in the list, all pages")),
        ],
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)


class MoveUpForm(forms.Form):
    """How many of the waitlist get a place."""

    count = forms.IntegerField(label=_("How many move up"), min_value=1, max_value=10_000)
