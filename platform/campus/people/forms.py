"""Sign-up, account settings, and making a token."""

import unicodedata
import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campus.people.models import Person, PersonalToken, Scope

EXPIRY_DAYS = (30, 90, 365)
# Offered first; every other zone of the database follows by name.
COMMON_ZONES = ("Asia/Tokyo", "UTC")


def time_zone_choices() -> list[tuple[str, str]]:
    """All zones with a place in them (the abbreviations and aliases of old Unix are left out), common ones first."""
    rest = sorted(z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/")))
    return [(zone, zone) for zone in dict.fromkeys((*COMMON_ZONES, *rest))]


def expiry_choices() -> list[tuple[int, str]]:
    """How long a token may live, in the language of the page."""
    return [(days, gettext("%d days") % days) for days in EXPIRY_DAYS]


def refuse_addresses(name: str) -> None:
    """A name goes into mails that strangers may have sent to anybody: it carries no address and no line breaks."""
    if "://" in name or "www." in name.lower() or any(unicodedata.category(sign) == "Cc" for sign in name):
        raise forms.ValidationError(_("Please write a name without web addresses or line breaks."))


class ProfileFields(forms.Form):
    """What the site wants to know of a person, at sign-up and later."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=100,
        validators=[refuse_addresses],
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Printed on your certificate. Facilitators, mentors and organisers see it."),
    )
    alias = forms.CharField(
        label=_("Nickname"),
        max_length=40,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput({"autocomplete": "nickname"}),
        help_text=_("In each cohort you choose whether leaderboards show it instead of your name."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("ja", "日本語"), ("en", "English")])
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        initial="Asia/Tokyo",
        help_text=_("Deadlines and times are shown in this time zone."),
    )


class SignupForm(ProfileFields):
    """Asked at sign-up beside e-mail and password, which allauth adds."""

    field_order = ["name", "alias", "email", "password1", "password2", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = lazy(get_language, str)()

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person is saved; AccountAdapter.save_user has kept the fields already."""


class ProfileForm(forms.ModelForm):
    """The same later, on the account page."""

    name, alias, language, time_zone = (
        ProfileFields.base_fields[n] for n in ("name", "alias", "language", "time_zone")
    )

    class Meta:
        model = Person
        fields = ("name", "alias", "language", "time_zone")


class TokenForm(forms.ModelForm):
    """A new personal token."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.READ, Scope.SUBMIT],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=90, choices=expiry_choices)

    class Meta:
        model = PersonalToken
        fields = ("name",)

    @property
    def expires_at(self) -> datetime:
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
