"""Forms of consultations. Times are in the reader's own zone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.meetings.consultations.actions import Times
from campus.meetings.forms import MOMENT
from campus.meetings.models import LONGEST_QUESTION, Audience, only_https
from campus.submissions.models import Owner

SHORTEST, LONGEST = 10, 240
MOST_AT_ONCE = 30


class TimeForm(forms.Form):
    """When a time begins, and how long it is."""

    starts_at = forms.DateTimeField(
        label=_("Begins at"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=SHORTEST, max_value=LONGEST, initial=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].input_formats = [MOMENT, f"{MOMENT}:%S"]  # type: ignore[attr-defined]
        self.fields["starts_at"].help_text = _("In your time zone, %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }

    def clean_starts_at(self) -> datetime:
        moment: datetime = self.cleaned_data["starts_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Choose a later one."))
        return moment


class OfferForm(TimeForm):
    """One time, or the same hour each week."""

    until = forms.DateField(
        label=_("Repeat each week until"),
        help_text=_("Leave it empty for a single time. The hour stays the same in your time zone."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    audience = forms.ChoiceField(
        label=_("Who may book"), choices=Audience.choices, initial=Audience.EVERYBODY, widget=forms.RadioSelect
    )
    url = forms.URLField(
        label=_("Address of the online room"),
        help_text=_("Only those who book a time see it. You can change it later."),
        max_length=500,
        assume_scheme="https",
        validators=[only_https],
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        starts_at, until = self.cleaned_data.get("starts_at"), self.cleaned_data.get("until")
        if starts_at and until:
            if until < timezone.localtime(starts_at).date():
                self.add_error("until", _("Choose a day after the first time, or leave it empty."))
            elif until > self.cohort.ends_on:
                self.add_error("until", _("The cohort is over by then. Choose an earlier day."))
            elif not self.errors and len(self.times().moments) > MOST_AT_ONCE:
                self.add_error("until", _("That is too many times at once. Choose an earlier day."))
        return cleaned

    def times(self) -> Times:
        """What was filled in."""
        data = self.cleaned_data
        return Times(data["starts_at"], data["minutes"], Audience(data["audience"]), data["url"], data.get("until"))


class BookingForm(forms.Form):
    """What it is about, and for whom."""

    whom = forms.ChoiceField(label=pgettext_lazy("consultation", "Who it is for"), widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("What you want to talk about"),
        help_text=_("Your mentor reads it beforehand to prepare. Say what you have tried and where you are stuck."),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, owners: Sequence[Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {owner.key: owner for owner in owners}
        whom: Any = self.fields["whom"]
        whom.choices = [(key, owner.team or _("Myself")) for key, owner in self.owners.items()]
        whom.initial = next(reversed(self.owners), None)  # A team before oneself.
        if len(self.owners) < 2:
            whom.required = False
            whom.widget = forms.HiddenInput()

    @property
    def owner(self) -> Owner:
        """For whom the time is booked."""
        return self.owners[self.cleaned_data["whom"] or next(iter(self.owners))]


class MoveForm(TimeForm):
    """Another time."""


class RoomForm(forms.Form):
    """Another web address."""

    url = forms.URLField(
        label=_("Address of the online room"), max_length=500, assume_scheme="https", validators=[only_https]
    )


class NoticeForm(forms.Form):
    """How much notice mentors get."""

    hours = forms.IntegerField(
        label=pgettext_lazy("consultation", "Hours before"),
        help_text=_("Learners can book and cancel a consultation until this many hours before it begins."),
        min_value=0,
        max_value=7 * 24,
    )
