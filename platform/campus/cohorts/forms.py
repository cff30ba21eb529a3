"""Forms of a cohort's pages."""

import itertools
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from campus.cohorts.attributes import attributes
from campus.cohorts.copying import Part
from campus.cohorts.dealing import Way
from campus.cohorts.enrolments import SETTABLE
from campus.cohorts.models import Cohort, Enrolment, Note, Programme, Role, StudyClass
from campus.cohorts.rules import organises_programme
from campus.people.models import Person
from campus.people.time_zones import TimeZoneField
from campus.ui.fields import DayField

NAME, ALIAS = "name", "alias"


class BoardNameForm(forms.Form):
    """Which of the learner's names leaderboards show."""

    shown = forms.ChoiceField(label=_("Name on leaderboards"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"shown": ALIAS if enrolment.uses_alias else NAME})
        super().__init__(*args, **kwargs)
        person = enrolment.person
        choices = [(NAME, _("Your name: %(name)s") % {"name": person.name})]
        if person.alias:
            choices.append((ALIAS, _("Your nickname: %(alias)s") % {"alias": person.alias}))
        self.fields["shown"].choices = choices  # type: ignore[attr-defined]

    @property
    def uses_alias(self) -> bool:
        return bool(self.cleaned_data["shown"] == ALIAS)


SLUG_HINT = _(
    "Part of web addresses, can’t be changed later: lower-case letters, digits and hyphens, e.g. “2027-spring”."
)
SLUG_ERRORS = {"invalid": _("Use only letters from a to z, digits and hyphens, for example 2027-spring.")}
# Words that addresses below /cohorts/ and /programmes/ use themselves.
RESERVED_SLUGS = {"new", "desk"}


def usable_slug(slug: str) -> str:
    """The slug, unless an address of the site would be hidden by it."""
    if slug in RESERVED_SLUGS:
        raise forms.ValidationError(_("“%(slug)s” is used by the site itself. Choose another.") % {"slug": slug})
    return slug


class ProgrammeForm(forms.ModelForm):
    """A new programme."""

    class Meta:
        model = Programme
        fields = ["title_ja", "title_en", "slug"]
        labels = {"slug": _("Name in addresses")}
        help_texts = {"slug": SLUG_HINT}
        error_messages = {"slug": SLUG_ERRORS}

    def clean_slug(self) -> str:
        return usable_slug(self.cleaned_data["slug"])


class ProgrammeTitleForm(forms.ModelForm):
    """Its titles, which may change."""

    class Meta:
        model = Programme
        fields = ["title_ja", "title_en"]


class CohortForm(forms.ModelForm):
    """Titles, dates and time zone of a cohort."""

    time_zone = TimeZoneField(
        label=_("Time zone"),
        help_text=_("Organisers enter dates in this time zone, and daily limits start again at its midnight."),
    )

    class Meta:
        model = Cohort
        fields = ["title_ja", "title_en", "starts_on", "ends_on", "time_zone"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].keep(self.initial.get("time_zone", ""))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day can’t be before the first day."))
        return cleaned


class NewCohortForm(CohortForm):
    """A cohort to be made: also its name in addresses and, where the maker won't organise it, its organisers."""

    organisers = forms.CharField(
        label=_("Organisers"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Email addresses of people with an account, one per line."),
        required=False,
    )

    class Meta(CohortForm.Meta):
        fields = ["title_ja", "title_en", "slug", "starts_on", "ends_on", "time_zone"]
        labels = {"slug": _("Name in addresses")}
        help_texts = {"slug": SLUG_HINT}
        error_messages = {"slug": SLUG_ERRORS}

    def __init__(self, *args: Any, maker: Person, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maker = maker
        self.maker_organises = organises_programme(maker, programme)
        if self.maker_organises:
            del self.fields["organisers"]  # Whoever runs the programme runs the new cohort, and invites the others.

    def clean_slug(self) -> str:
        return usable_slug(self.cleaned_data["slug"])

    def clean_organisers(self) -> list[Person]:
        wanted = {line.strip().lower() for line in self.cleaned_data["organisers"].splitlines() if line.strip()}
        if not wanted:
            raise forms.ValidationError(_("Name at least one organiser: somebody has to run the cohort."))
        found = {
            one.email.lower(): one
            for one in Person.objects.annotate(low=Lower("email")).filter(low__in=wanted, is_active=True)
        }
        if missing := sorted(wanted - set(found)):
            raise forms.ValidationError(
                _("No account has these addresses: %(addresses)s") % {"addresses": ", ".join(missing)}
            )
        return list(found.values())

    @property
    def those_who_organise(self) -> list[Person]:
        return [self.maker] if self.maker_organises else self.cleaned_data["organisers"]


class ClassNamesForm(forms.Form):
    """Classes to make: so many, numbered on from those there are."""

    count = forms.IntegerField(label=_("How many classes to create"), min_value=1, max_value=200)
    prefix_of_names = forms.CharField(
        label=_("Class names start with"),
        max_length=40,
        required=False,
        strip=False,
        help_text=_("A number follows. Leave it empty for names like 01, 02, 03."),
    )

    def names(self, taken: Collection[str]) -> list[str]:
        """As many names that are free yet."""
        numbered = (f"{self.cleaned_data['prefix_of_names']}{number:02d}" for number in itertools.count(1))
        return list(itertools.islice((name for name in numbered if name not in taken), self.cleaned_data["count"]))


class ClassForm(forms.Form):
    """A class: its name and who looks after it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    facilitators = forms.ModelMultipleChoiceField(
        label=_("Facilitators"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, study_class: StudyClass, **kwargs: Any) -> None:
        initial = {"name": study_class.name, "facilitators": study_class.facilitators.all()}
        super().__init__(*args, **kwargs | {"initial": initial})
        field = self.fields["facilitators"]
        rows = Enrolment.objects.taking_part().filter(cohort=study_class.cohort, role=Role.FACILITATOR)
        field.queryset = rows.select_related("person").order_by("person__name")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.person.name  # type: ignore[attr-defined]


class DealingForm(forms.Form):
    """How learners are dealt into classes."""

    way = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        initial=Way.BALANCED.value,
        choices=[
            (Way.BALANCED.value, _("Evenly: every class gets a similar mix of people")),
            (Way.GROUPED.value, _("By attribute: similar people are put in the same class")),
        ],
    )
    keys = forms.MultipleChoiceField(
        label=_("Attributes to consider"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you choose none, only the class sizes are evened out."),
    )
    anew = forms.BooleanField(
        label=_("Assign everybody again"),
        required=False,
        help_text=_(
            "Otherwise learners in a class stay there, and only the others are assigned, to the smallest classes first."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [(one.key, one.label) for one in attributes()]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """The class that people are put into."""

    study_class = forms.ModelChoiceField(
        label=_("Class"), queryset=StudyClass.objects.none(), required=False, empty_label=_("In no class")
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study_class"].queryset = cohort.classes.order_by("name")  # type: ignore[attr-defined]


class StateForm(forms.Form):
    """The state that people get."""

    state = forms.ChoiceField(
        label=_("State"), widget=forms.RadioSelect, choices=[(state.value, state.label) for state in SETTABLE]
    )


class RoleForm(forms.Form):
    """The role that people get."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, choices=Role.choices)


class ResumeForm(forms.Form):
    """The later cohort in which paused learners go on."""

    cohort = forms.ModelChoiceField(
        label=_("Later cohort"), queryset=Cohort.objects.none(), empty_label=_("Choose a cohort")
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]


class NoteForm(forms.ModelForm):
    """A note about a learner."""

    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "text": _("Only for those who look after this person. People may ask to see what was written about them.")
        }


class PartsForm(forms.Form):
    """Which parts of an earlier cohort are copied."""

    parts = forms.MultipleChoiceField(label=_("What to copy"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"parts": [part.key for part in parts if part.by_default]})
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(part.key, part.label) for part in parts]  # type: ignore[attr-defined]
