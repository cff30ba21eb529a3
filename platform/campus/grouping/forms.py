"""Forms of those who form groups."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment
from campus.grouping.gathering import learners_of
from campus.grouping.models import DraftGroup, Formation, Policy
from campus.grouping.policies import policy_of
from campus.grouping.solver import CRITERIA
from campus.grouping.words import CRITERION_LABELS
from campus.teams.models import PROJECT_TEAM_LIMIT, Team, TeamKind
from campus.ui.fields import DayField

LARGEST_GROUP = 20
WEIGHTS = [
    (0, pgettext_lazy("how much it counts", "Does not count")),
    (1, pgettext_lazy("how much it counts", "Counts")),
    (3, pgettext_lazy("how much it counts", "Counts a lot")),
]


class SizesMixin(forms.Form):
    """Three sizes in their order, within what the kind allows."""

    kind: TeamKind

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        sizes = [cleaned.get(name) for name in ("smallest", "preferred", "largest")]
        if None not in sizes and sizes != sorted(sizes):  # type: ignore[type-var]
            self.add_error("preferred", _("The preferred number must be between the fewest and the most people."))
        most = PROJECT_TEAM_LIMIT if self.kind == TeamKind.PROJECT else LARGEST_GROUP
        if (cleaned.get("largest") or 0) > most:
            self.add_error("largest", _("Groups of this kind can have at most %(most)s people.") % {"most": most})
        return cleaned


class PolicyForm(SizesMixin, forms.ModelForm):
    """Sizes, and until when learners form groups by themselves."""

    self_forming_until = DayField(
        label=gettext_lazy("Learners can form their own groups until"),
        help_text=gettext_lazy("If empty, learners can’t form groups."),
        required=False,
    )

    class Meta:
        model = Policy
        fields = ["smallest", "preferred", "largest", "self_forming_until"]

    def __init__(self, data: Any = None, *, cohort: Cohort, kind: TeamKind) -> None:
        self.kind = kind
        super().__init__(data, instance=policy_of(cohort, kind), prefix=kind)
        for name in ("smallest", "preferred", "largest"):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]


class PlanForm(SizesMixin):
    """How groups are to be formed; ``plan()`` is what a formation keeps."""

    smallest = forms.IntegerField(label=gettext_lazy("Fewest people"), min_value=1)
    preferred = forms.IntegerField(label=gettext_lazy("Preferred number of people"), min_value=1)
    largest = forms.IntegerField(label=gettext_lazy("Most people"), min_value=1)
    shares_slot = forms.BooleanField(
        label=gettext_lazy("Everybody in a group shares a weekly slot"),
        help_text=gettext_lazy(
            "Applies only to those who have entered when they have time. The others can be placed anywhere."
        ),
        required=False,
    )
    same_class = forms.BooleanField(label=gettext_lazy("Groups don’t mix classes"), required=False)
    same_language = forms.BooleanField(label=gettext_lazy("Groups don’t mix languages"), required=False)
    anew = forms.BooleanField(
        label=gettext_lazy("Place everybody again, including those already in a group"),
        help_text=gettext_lazy("When the groups are published, everybody leaves their current group of this kind."),
        required=False,
    )
    word = forms.CharField(
        label=gettext_lazy("Group names begin with"), max_length=40, help_text=gettext_lazy("A number is added.")
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Draw number"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        help_text=gettext_lazy("The same number gives the same groups; another number gives different ones."),
    )

    def __init__(self, data: Any = None, *, cohort: Cohort, kind: TeamKind) -> None:
        policy, self.kind = policy_of(cohort, kind), kind
        word = _("Study group ") if kind == TeamKind.STUDY_GROUP else _("Team ")
        initial = {"smallest": policy.smallest, "preferred": policy.preferred, "largest": policy.largest, "word": word}
        super().__init__(data, initial=initial | {"same_class": True})
        self.fields["word"].strip = False  # type: ignore[attr-defined]  # “Group ” ends with a space in English
        for name in CRITERIA:
            self.fields[f"weight_{name}"] = forms.TypedChoiceField(
                label=CRITERION_LABELS[name], choices=WEIGHTS, coerce=int, initial=1
            )

    def plan(self) -> dict[str, Any]:
        names = ("smallest", "preferred", "largest", "shares_slot", "same_class", "same_language", "anew", "word")
        plan = {name: self.cleaned_data[name] for name in names}
        return plan | {"weights": {name: self.cleaned_data[f"weight_{name}"] for name in CRITERIA}}


class DraftGroupField(forms.ModelChoiceField):
    """A group of a draft."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=DraftGroup.objects.none(), **kwargs)

    def of(self, formation: Formation) -> None:
        self.queryset = formation.groups.all()


class MoveForm(forms.Form):
    """Where the ticked people of a draft go: nothing chosen is a new group."""

    to = DraftGroupField(
        label=gettext_lazy("Move selected people to"), empty_label=gettext_lazy("A new group"), required=False
    )

    def __init__(self, *args: Any, formation: Formation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].of(formation)  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Two groups of a draft that become one."""

    group = DraftGroupField(label=gettext_lazy("Merge this group"), empty_label="—")
    into = DraftGroupField(label=gettext_lazy("into this one"), empty_label="—")

    def __init__(self, *args: Any, formation: Formation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("group", "into"):
            self.fields[name].of(formation)  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label=pgettext_lazy("team", "Name"), max_length=80)


class PairForm(forms.Form):
    """Two learners who belong together or are to be kept apart, by their e-mail addresses."""

    first = forms.EmailField(label=gettext_lazy("First learner’s email address"))
    second = forms.EmailField(label=gettext_lazy("Second learner’s email address"))
    is_together = forms.TypedChoiceField(
        label=gettext_lazy("In the same group?"),
        choices=[(1, gettext_lazy("Always in the same group")), (0, gettext_lazy("Never in the same group"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._learners: QuerySet[Enrolment] = learners_of(cohort)

    def _learner(self, name: str) -> Enrolment:
        found = self._learners.filter(person__email__iexact=self.cleaned_data[name]).first()
        if found is None:
            raise forms.ValidationError(_("No learner of this cohort has this address."))
        return found

    def clean_first(self) -> Enrolment:
        return self._learner("first")

    def clean_second(self) -> Enrolment:
        return self._learner("second")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", _("Enter two different people."))
        return cleaned


class TargetTeamForm(forms.Form):
    """Another team of the same kind: nothing chosen is a new one."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Move selected people to"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("A new group"),
        required=False,
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.filter(cohort=team.cohort, kind=team.kind).exclude(pk=team.pk)
        self.fields["to"].queryset = others.standing().order_by("name")  # type: ignore[attr-defined]
