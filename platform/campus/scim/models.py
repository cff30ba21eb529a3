"""Tokens of institutions, and which accounts are in their care."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class ScimToken(models.Model):
    """By which an institution's system calls; only its SHA-256 is kept."""

    institution = models.CharField(max_length=40, help_text="Key in INSTITUTIONS")
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12, help_text="First characters, to recognise it by.")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.institution} {self.beginning}…"


class ScimUserQuerySet(models.QuerySet["ScimUser"]):
    def kept_by(self, institution: str) -> "ScimUserQuerySet":
        """Those that the institution may see: no deleted ones, none of others."""
        return self.filter(institution=institution, deleted_at=None).select_related("person").order_by("made_at", "pk")


class ScimUser(models.Model):
    """An account in an institution's care; an account is in the care of one only.

    closed_at: since when the institution has the account closed; what an operator closed it can't open.
    deleted_at: the institution forgot it; the row stays so that it can take it up again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.CharField(max_length=40, help_text="Key in INSTITUTIONS")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = ScimUserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("institution", Lower("user_name"), name="scim_user_name_unique"),
            models.UniqueConstraint(
                fields=["institution", "external_id"],
                condition=~models.Q(external_id="") & models.Q(deleted_at=None),
                name="scim_external_id_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"SCIM user {self.pk}"
