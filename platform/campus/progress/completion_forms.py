"""Forms about completion: the rule, and what one would like to try out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.progress.models import CompletionRule, Demand, key_of
from campus.progress.queries import Progress
from campus.progress.what_if import with_moved

MOST_DAYS = 90


class RuleForm(forms.ModelForm):
    """What the rule asks of each step, and of the discussion."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = CompletionRule
        fields = ["reviews_needed", "helpful_posts"]

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        self.fields["based_on"].initial = self.instance.number
        counts = {name: self.fields.pop(name) for name in self.Meta.fields}
        for step in steps:
            self.fields[self._name(step)] = forms.ChoiceField(
                label=_("%(case)s: %(step)s") % {"case": step.case_version.title, "step": step.title},
                choices=Demand.choices,
                initial=self.instance.demand(step),
            )
        self.fields.update(counts)

    def _name(self, step: Step) -> str:
        return f"step-{step.pk}"

    @property
    def demands(self) -> dict[str, str]:
        """What was chosen for each step."""
        return {key_of(step): self.cleaned_data[self._name(step)] for step in self.steps}

    @property
    def rule(self) -> CompletionRule:
        """The rule as it would be; unsaved."""
        return CompletionRule(cohort=self.instance.cohort, demands=self.demands, **self.counts)

    @property
    def counts(self) -> dict[str, Any]:
        """The numbers of the rule."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = [self.cleaned_data.get(self._name(step)) for step in self.steps]
        if self.steps and all(one == Demand.NOT_NEEDED for one in chosen):
            raise ValidationError(_("If no step is needed, everybody completes at once. Choose at least one step."))
        return cleaned


@dataclass(frozen=True)
class Scenario:
    """What is tried out: a rule, and deadlines as they might be (None: as they are)."""

    rule: CompletionRule
    deadlines: Progress | None


class WhatIfForm(forms.Form):
    """In the address (GET): what to try out. Everything may stay empty."""

    moved = forms.ChoiceField(label=_("Deadline to move"), required=False)
    days = forms.IntegerField(
        label=_("Days to move it by"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("A negative number makes it earlier."),
    )
    dropped = forms.ChoiceField(label=_("Step to leave out"), required=False)
    reviews = forms.IntegerField(
        label=pgettext_lazy("what if", "Peer reviews needed"), required=False, min_value=1, max_value=10
    )
    helpful_posts = forms.IntegerField(
        label=pgettext_lazy("what if", "Helpful posts needed"), required=False, min_value=0, max_value=50
    )
    late_counts = forms.BooleanField(label=_("Late hand-ins count in every step"), required=False)

    def __init__(self, *args: Any, progress: Progress, rule: CompletionRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.progress, self.base = progress, rule
        by_case: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for step in progress.steps:
            by_case[step.case_version.title].append((str(step.pk), step.title))
        steps = [("", "—"), *by_case.items()]
        self.fields["moved"].choices = [*steps[:1], ("all", _("All steps")), *steps[1:]]  # type: ignore[attr-defined]
        self.fields["dropped"].choices = steps  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        moved, days = self.cleaned_data.get("moved"), self.cleaned_data.get("days")
        if bool(moved) != bool(days) and not self.errors:
            self.add_error("days" if moved else "moved", _("Choose both: which deadline, and by how many days."))
        return cleaned

    @property
    def scenario(self) -> Scenario:
        """What the address asks to try out."""
        chosen = self.cleaned_data
        demands = {key_of(step): self._demand(step).value for step in self.progress.steps}
        posts = chosen["helpful_posts"]
        rule = CompletionRule(
            cohort=self.base.cohort,
            demands=self.base.demands | demands,
            helpful_posts=self.base.helpful_posts if posts is None else posts,
            reviews_needed=chosen["reviews"] or self.base.reviews_needed,
        )
        if not chosen["days"]:
            return Scenario(rule, None)
        wanted = {step.pk for step in self.progress.steps if chosen["moved"] in {"all", str(step.pk)}}
        return Scenario(rule, with_moved(self.progress, wanted, timedelta(days=chosen["days"])))

    def _demand(self, step: Step) -> Demand:
        demand = self.base.demand(step)
        if self.cleaned_data["dropped"] == str(step.pk):
            return Demand.NOT_NEEDED
        return Demand.LATE_TOO if self.cleaned_data["late_counts"] and demand == Demand.ON_TIME else demand
