"""Forms of study meetings. Times are in the reader's own zone."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.cohorts.rules import is_facilitator, is_organiser
from campus.meetings.actions import Plan
from campus.meetings.models import LONGEST_MINUTES, Meeting
from campus.people.models import Person

MOMENT = "%Y-%m-%dT%H:%M"


class MeetingForm(forms.ModelForm):
    """A meeting to announce, propose or change."""

    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=LONGEST_MINUTES, initial=60)

    url = forms.URLField(
        label=_("Address of the online room"),
        help_text=_("Only those who have a place see it. You can add it later."),
        assume_scheme="https",
        required=False,
    )
    recording_url = forms.URLField(
        label=_("Address of the recording"),
        help_text=_("Everybody who could sign up sees it."),
        assume_scheme="https",
        required=False,
    )

    class Meta:
        model = Meeting
        fields = ["title", "description", "starts_at", "study_class", "capacity", "url", "recording_url"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        }
        help_texts = {
            "description": _("Markdown: **bold**, lists with -, links as [text](https://…)."),
            "capacity": _(
                "Including the host. Leave it empty for no limit. When all places are taken, others join the waiting "
                "list."
            ),
        }

    field_order = ["title", "description", "starts_at", "minutes", "study_class", "capacity", "url", "recording_url"]

    def __init__(self, *args: Any, cohort: Cohort, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit_classes(cohort, person)
        self.fields["starts_at"].input_formats = [MOMENT, f"{MOMENT}:%S"]  # type: ignore[attr-defined]
        self.fields["starts_at"].help_text = _("In your time zone, %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }
        if self.instance.pk:
            self.fields["minutes"].initial = self.instance.minutes
        if not self.instance.pk or not self.instance.has_begun:
            del self.fields["recording_url"]

    def _limit_classes(self, cohort: Cohort, person: Person) -> None:
        """Organisers choose any class, facilitators their own, learners theirs; facilitators no whole cohort."""
        mine = Enrolment.objects.of(person).filter(cohort=cohort)
        classes: QuerySet[StudyClass] = cohort.classes.all()
        field: Any = self.fields["study_class"]
        field.empty_label = _("The whole cohort")
        if is_organiser(person, cohort):
            field.queryset = classes
        elif is_facilitator(person, cohort):
            field.queryset = classes.filter(facilitators__in=mine.filter(role=Role.FACILITATOR)).distinct()
            field.empty_label, field.required = None, True
        else:
            field.queryset = classes.filter(learners__in=mine)

    def clean_starts_at(self) -> Any:
        """A new time lies ahead; what is over can still get its recording."""
        moment = self.cleaned_data["starts_at"]
        is_new = self.instance.pk is None or timezone.localtime(self.instance.starts_at).replace(
            second=0, microsecond=0
        ) != timezone.localtime(moment)
        if is_new and moment < timezone.now() - timedelta(minutes=1):
            raise forms.ValidationError(_("This time has passed. Choose a later one."))
        return moment if is_new else self.instance.starts_at

    def plan(self) -> Plan:
        """What was filled in, once it is valid."""
        names = ("title", "description", "starts_at", "minutes", "study_class", "capacity", "url")
        return Plan(**{name: self.cleaned_data[name] for name in names})


class PolicyForm(forms.Form):
    """What the cohort allows its learners."""

    learners_may_propose = forms.BooleanField(
        label=_("Learners may propose study meetings"),
        help_text=_("You accept or decline each one. The person who proposed it is the host."),
        required=False,
    )


class CheckInForm(forms.Form):
    """The code that the host shows."""

    code = forms.CharField(
        label=pgettext_lazy("attendance", "Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Six digits that the host shows during the meeting."),
    )
