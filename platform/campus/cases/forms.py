"""Forms of the pages on which organisers date steps, add cases, grant extensions, and learners choose cases."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campus.cases.choosing import Option
from campus.cases.models import CaseVersion, ChoiceRule, CohortCase, Step, Track
from campus.cases.scheduling import Concern, Move, moved_by
from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.ui.fields import DayField, MomentField


@dataclass(frozen=True)
class ScheduleRow:
    """A step with its two fields."""

    step: Step
    opens: forms.BoundField
    closes: forms.BoundField
    concerns: Sequence[Concern] = ()


class ScheduleForm(forms.Form):
    """Opening and deadline of each step, in the cohort's time zone; and, if wished, some moved on together."""

    first = forms.ChoiceField(
        label=_("Move this step and all later ones of its case"), required=False, choices=[("", "—")]
    )
    days = forms.IntegerField(
        label=_("Days to move by"),
        required=False,
        min_value=-365,
        max_value=365,
        help_text=_("A negative number moves them back."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, cohort: Cohort, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort, self.steps = cohort, steps
        for step in steps:
            self.fields[f"opens-{step.pk}"] = self._moment(step, step.opens_at, _("Opens"))
            self.fields[f"closes-{step.pk}"] = self._moment(step, step.closes_at, _("Deadline"))
        choices = [(str(step.pk), f"{step.case_version.title}: {step.title}") for step in steps]
        self.fields["first"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.fields["seen"].initial = digest_of(steps)

    def _moment(self, step: Step, initial: Any, label: Any) -> MomentField:
        field = MomentField(time_zone=self.cohort.time_zone, initial=initial, label=label)
        field.widget.attrs["aria-label"] = f"{step.title}: {label}"
        return field

    @property
    def is_outdated(self) -> bool:
        """Whether somebody else moved steps since the page was opened."""
        return bool(self.data.get("seen") != digest_of(self.steps))

    @property
    def moves(self) -> list[Move]:
        """The dates that each step is to have; what was not touched keeps its seconds."""
        moves = [Move(step, self._at(step, "opens"), self._at(step, "closes")) for step in self.steps]
        days, first = self.cleaned_data.get("days"), self.cleaned_data.get("first")
        if not days or not first:
            return moves
        step = next(step for step in self.steps if str(step.pk) == first)
        return moved_by(moves, first=step, days=days, time_zone=self.cohort.time_zone)

    def _at(self, step: Step, which: str) -> Any:
        name = f"{which}-{step.pk}"
        return self.cleaned_data[name] if name in self.changed_data else getattr(step, f"{which}_at")

    def rows(self) -> Iterator[ScheduleRow]:
        for step in self.steps:
            yield ScheduleRow(step, self[f"opens-{step.pk}"], self[f"closes-{step.pk}"])

    def showing(self, moves: Sequence[Move]) -> "ScheduleForm":
        """The form again with these dates in its fields, and nothing more to move."""
        initial = {f"opens-{move.step.pk}": move.opens_at for move in moves}
        initial |= {f"closes-{move.step.pk}": move.closes_at for move in moves}
        return ScheduleForm(cohort=self.cohort, steps=self.steps, initial=initial)


def digest_of(steps: Sequence[Step]) -> str:
    """Tells whether dates are still those that the reader saw."""
    told = "|".join(f"{step.pk} {step.opens_at.isoformat()} {step.closes_at.isoformat()}" for step in steps)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class StartForm(forms.Form):
    """The day on which a case's first step opens."""

    starts_on = DayField(
        label=_("First day"),
        help_text=_("The steps are scheduled from this day as the case suggests. You can move them afterwards."),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": cohort.starts_on})
        super().__init__(*args, **kwargs)


class AdoptForm(StartForm):
    """A case to add, and the day on which its first step opens."""

    case_version = forms.ModelChoiceField(
        label=_("Case"), queryset=CaseVersion.objects.none(), empty_label=_("Choose a case")
    )
    field_order = ("case_version", "starts_on")

    def __init__(self, *args: Any, cohort: Cohort, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, cohort=cohort, **kwargs)
        offered = CaseVersion.objects.offered_to(person, cohort)
        versions = offered.exclude(slug__in=cohort.cases.values("slug")).order_by("title_ja", "-installed_at")
        field = self.fields["case_version"]
        field.queryset = versions  # type: ignore[attr-defined]
        field.label_from_instance = lambda version: f"{version.title} ({version.version})"  # type: ignore[attr-defined]


class CapacityForm(forms.ModelForm):
    """How many learners may choose a case."""

    class Meta:
        model = CohortCase
        fields = ["capacity"]


class ChoiceRuleForm(forms.ModelForm):
    """How many cases each learner chooses, of which tracks, until when."""

    tracks = forms.MultipleChoiceField(
        label=_("Tracks to choose from"),
        choices=Track.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody works on the cases of the other tracks."),
    )

    class Meta:
        model = ChoiceRule
        fields = ["tracks", "cases_each", "until"]

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = MomentField(time_zone=cohort.time_zone, label=_("Learners can choose until"))
        until.help_text = _("Time zone: %(zone)s") % {"zone": cohort.time_zone}
        self.fields["until"] = until
        self.fields["cases_each"].min_value = 1  # type: ignore[attr-defined]

    def clean_cases_each(self) -> int:
        each: int = self.cleaned_data["cases_each"]
        if each < 1:
            raise forms.ValidationError(_("At least one."))
        return each


class ChooseForm(forms.Form):
    """The cases that a learner chooses among those on offer."""

    def __init__(
        self, *args: Any, rule: ChoiceRule, options: Sequence[Option], chosen: set[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self._cases = {str(option.case.pk): option.case for option in options}
        choices = [(key, case.case_version.title) for key, case in self._cases.items()]
        several = rule.cases_each > 1
        field = (
            forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
            if several
            else forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        )
        field.label = _("Your cases") if several else _("Your case")
        held = [str(pk) for pk in sorted(chosen) if str(pk) in self._cases]
        field.initial = held if several else next(iter(held), None)
        self.fields["cases"] = field

    @property
    def cases(self) -> list[CohortCase]:
        chosen = self.cleaned_data["cases"]
        return [self._cases[key] for key in ([chosen] if isinstance(chosen, str) else chosen)]


class ExtensionForm(forms.Form):
    """A step and its later deadline, with the reason."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=Step.objects.none(), empty_label=_("Choose a step"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For those who run the cohort. Learners can see it when they download their data, so don’t write anything "
            "about health."
        ),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = Step.objects.with_case().filter(cohort_case__cohort=cohort)
        field = self.fields["step"]
        field.queryset = steps.order_by("cohort_case__position", "position")  # type: ignore[attr-defined]
        field.label_from_instance = lambda step: f"{step.case_version.title}: {step.title}"  # type: ignore[attr-defined]
        until = MomentField(time_zone=cohort.time_zone, label=_("New deadline"))
        until.help_text = _("Time zone: %(zone)s") % {"zone": cohort.time_zone}
        self.fields["closes_at"] = until
        self.order_fields(["step", "closes_at", "reason"])
