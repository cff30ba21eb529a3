"""Who a person is to every part of the site."""

import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.codes import AgeBand, Industry, Occupation, Prefecture
from campus.people.profile_fields import WIDENABLE


def validate_time_zone(name: str) -> None:
    """Refuse a name that the IANA time zone database doesn't have."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class PersonManager(BaseUserManager["Person"]):
    """Persons are found and made by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. What they may do is said by their enrolments, cohort by cohort."""

    email = models.EmailField(_("Email address"))
    name = models.CharField(_("Full name"), max_length=100)
    alias = models.CharField(
        _("Nickname"), max_length=40, blank=True, help_text=_("Shown instead of your name where you choose.")
    )
    language = models.CharField(
        _("Language"), max_length=5, choices=[("ja", "日本語"), ("en", "English")], default="ja"
    )
    time_zone = models.CharField(_("Time zone"), max_length=60, default="Asia/Tokyo", validators=[validate_time_zone])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(
        default=False, help_text="Platform operator: runs the installation, joins no cohort by it."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False, help_text="Last here, to the hour: people.activity")

    erase_at = models.DateTimeField(null=True, editable=False, help_text="When a wish to leave takes effect")
    erased_at = models.DateTimeField(null=True, editable=False, help_text="Since when nothing personal is left")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.alias or self.name


class Profile(models.Model):
    """What else one tells about oneself. Apart from Person, which every page and every list of names reads:
    these are read only where `visibility.py` lets somebody see them, and are deleted as a whole."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    name_kana = models.CharField(max_length=100, blank=True)
    name_roman = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    industry = models.CharField(max_length=10, choices=Industry, blank=True)
    occupation = models.CharField(max_length=20, choices=Occupation, blank=True)
    prefecture = models.CharField(max_length=10, choices=Prefecture, blank=True)
    age_band = models.CharField(max_length=10, choices=AgeBand, blank=True)
    shared = ArrayField(
        models.CharField(max_length=20, choices=WIDENABLE),
        default=list,
        blank=True,
        help_text="Fields that fellow learners may see too",
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"profile of person {self.person_id}"


class DataCopy(models.Model):
    """A copy of all that the site holds of a person, for the person alone; deleted after a week."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="data_copies")
    requested_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="unused", max_length=200)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes")

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ready_at=None), name="one_copy_is_made_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"copy {self.pk} for person {self.person_id}"


class Scope(models.TextChoices):
    """What a personal token may do."""

    READ = "read", _("Read: cohorts, cases, data, own submissions, leaderboards")
    SUBMIT = "submit", _("Submit: hand in work")


class TokenOrigin(models.TextChoices):
    """Where a token came from."""

    PERSON = "person", _("Created by you")
    NOTEBOOK = "notebook", pgettext_lazy("token", "Notebook")


class PersonalTokenQuerySet(models.QuerySet["PersonalToken"]):
    def live(self) -> "PersonalTokenQuerySet":
        """Tokens that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PersonalToken(models.Model):
    """A key for the client and the command line; only its SHA-256 is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name of the token"), max_length=60, help_text=_("Where you use it, e.g. “laptop”."))
    origin = models.CharField(
        max_length=10, choices=TokenOrigin, default=TokenOrigin.PERSON, editable=False, help_text="Who asked for it"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    beginning = models.CharField(max_length=12, editable=False, help_text="First characters, to recognise it by.")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = PersonalTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @property
    def title(self) -> str:
        """The name that its owner gave it, or what it was made for."""
        return self.name if self.origin == TokenOrigin.PERSON else str(TokenOrigin(self.origin).label)

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]
