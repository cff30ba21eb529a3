"""Forms of the follow-up pages."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campus.progress.models import FollowUp, FollowUpKind, Thresholds

QUIET_DAYS = 3
LONGEST_QUIET = timedelta(days=90)


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FollowUpForm(forms.ModelForm):
    """What was done for one or several learners."""

    class Meta:
        model = FollowUp
        fields = ["kind", "done_on", "note", "quiet_until"]
        widgets = {
            "kind": forms.RadioSelect,
            "done_on": DateInput,
            "quiet_until": DateInput,
            "note": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "note": _("Seen by the organiser and by the facilitators of the class, not by the learner."),
            "quiet_until": _(
                "A new reason brings the learner back earlier. If you leave it empty, the learner stays on the list."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs.setdefault(
            "initial",
            {"kind": FollowUpKind.MESSAGE, "done_on": today, "quiet_until": today + timedelta(days=QUIET_DAYS)},
        )
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = FollowUpKind.choices  # type: ignore[attr-defined]

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is in the future. Please enter the day it was done."))
        return day

    def clean_quiet_until(self) -> date | None:
        day: date | None = self.cleaned_data["quiet_until"]
        today = timezone.localdate()
        if day and not today < day <= today + LONGEST_QUIET:
            raise ValidationError(_("Please choose a day between tomorrow and 90 days from now, or leave it empty."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        waits = self.cleaned_data.get("kind") == FollowUpKind.WAIT
        if waits and "quiet_until" not in self.errors and not self.cleaned_data["quiet_until"]:
            self.add_error("quiet_until", _("If you want to wait and see, please say until when."))
        return cleaned


class ThresholdsForm(forms.ModelForm):
    """From when on the rules speak."""

    class Meta:
        model = Thresholds
        fields = [
            "near_hours",
            "stuck_tries",
            "stuck_days",
            "question_days",
            "review_days",
            "never_days",
            "silent_days",
        ]
