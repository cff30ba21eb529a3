"""Sign-up, and making a token; the profile's forms are in profile_forms.py."""

from datetime import datetime, timedelta
from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campus.people.invitations import admitted_email, is_invited
from campus.people.models import Person, PersonalToken, Scope
from campus.people.profile_fields import PROFILE_FIELDS
from campus.people.profile_forms import LANGUAGES, name_field

EXPIRY_DAYS = (30, 90, 365)


def expiry_choices() -> list[tuple[int, str]]:
    """How long a token may live, in the language of the page."""
    return [(days, gettext("%d days") % days) for days in EXPIRY_DAYS]


class SignupForm(forms.Form):
    """Asked at sign-up beside e-mail and password, which allauth adds; all else is asked when a cohort begins."""

    name = name_field(label=PROFILE_FIELDS["name"].label, help_text=PROFILE_FIELDS["name"].purpose)
    language = forms.ChoiceField(label=PROFILE_FIELDS["language"].label, choices=LANGUAGES)

    field_order = ["name", "email", "password1", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = lazy(get_language, str)()
        if invited := admitted_email(context.request):
            self.initial.setdefault("email", invited)

    def clean(self) -> dict[str, Any]:
        """While sign-up is closed, take invited addresses only."""
        cleaned = super().clean() or self.cleaned_data
        email = cleaned.get("email", "")
        is_welcome = settings.ENVIRONMENT.sign_up == "open" or is_invited(email)
        if email and not is_welcome and email.lower() != admitted_email(context.request).lower():
            self.add_error(
                "email", _("Only the invited email address can sign up. Use that one, or ask the organiser.")
            )
        return cleaned

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person is saved; AccountAdapter.save_user has kept the fields already."""


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
