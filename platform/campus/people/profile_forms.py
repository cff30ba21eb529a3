"""Filling in one's profile: each field with its purpose and who sees it, as the table of profile_fields says."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campus.people.codes import AgeBand, Industry, Occupation, Prefecture
from campus.people.models import Person, Profile
from campus.people.names import is_japanese, katakana, latin, refuse_addresses
from campus.people.profile_fields import PROFILE_FIELDS, WIDENABLE, ProfileField, Viewer
from campus.people.time_zones import TimeZoneField
from campus.people.visibility import farthest_viewer, profile_of

LANGUAGES = [("ja", "日本語"), ("en", "English")]
Choices = Callable[[], list[tuple[str, str | Promise]]]


def _or_nothing(codes: type[TextChoices]) -> Choices:
    return lambda: [("", _("Please choose")), *codes.choices]


class CleanedName(forms.CharField):
    """A text that is put into its form by ``mend`` and refused where it can't be."""

    def __init__(self, *, mend: Callable[[str], str], autocomplete: str = "off", **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput({"autocomplete": autocomplete}), **kwargs)
        self.mend = mend

    def clean(self, value: Any) -> str:
        return self.mend(super().clean(value))


def name_field(**kwargs: Any) -> forms.CharField:
    """The full name, also asked at sign-up."""
    widget = forms.TextInput({"autocomplete": "name"})
    return forms.CharField(max_length=100, validators=[refuse_addresses], widget=widget, **kwargs)


def described(field: ProfileField, *, seen_by: Viewer) -> SafeString:
    """The hint beside a field: why it is asked, and who sees it."""
    return format_html("{}<br>{}", field.purpose, _("Seen by: %s.") % seen_by.words)


class ProfileForm(forms.Form):
    """One's own profile, or the fields of it named by ``only``, which then have to be filled in."""

    name = name_field()
    name_kana = CleanedName(mend=katakana, max_length=100, required=False)
    name_roman = CleanedName(mend=latin, max_length=100, required=False)
    alias = forms.CharField(
        max_length=40,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )
    organisation = forms.CharField(
        max_length=120,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    industry = forms.ChoiceField(choices=_or_nothing(Industry), required=False)
    occupation = forms.ChoiceField(choices=_or_nothing(Occupation), required=False)
    prefecture = forms.ChoiceField(choices=_or_nothing(Prefecture), required=False)
    age_band = forms.ChoiceField(choices=_or_nothing(AgeBand), required=False)
    language = forms.ChoiceField(choices=LANGUAGES)
    time_zone = TimeZoneField(initial=settings.TIME_ZONE)

    def __init__(self, *args: Any, person: Person, only: Iterable[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if only is not None:
            self.fields = {key: field for key, field in self.fields.items() if key in set(only)}
        for key, field in self.fields.items():
            told = PROFILE_FIELDS[key]
            field.label, field.help_text = told.label, described(told, seen_by=farthest_viewer(told, person))
            field.required = field.required or only is not None
            self.initial.setdefault(key, getattr(profile_of(person) if told.on_profile else person, key))
            if isinstance(field, TimeZoneField):
                field.keep(person.time_zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks_reading = "name_kana" in self.fields and not self.errors.get("name_kana")
        if asks_reading and is_japanese(cleaned.get("name", "")) and not cleaned.get("name_kana"):
            self.add_error("name_kana", _("Please enter how your name is read, in katakana."))
        return cleaned


class SharingForm(forms.ModelForm):
    """Which fields fellow learners may see beyond what the table shows them."""

    shared = forms.MultipleChoiceField(
        label=_("Show these to everybody in my cohorts"),
        choices=WIDENABLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This helps others find you for a study group. You can undo it at any time."),
    )

    class Meta:
        model = Profile
        fields = ("shared",)
