"""Notices in the page, mails on their way, what people want to hear, and addresses that mail comes back from."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import pgettext_lazy


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """A line in a person's list: kind and parameters, put into words in the reader's language when it is shown."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=80)
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True, help_text="Path of the page it leads to.")
    key = models.CharField(max_length=120, blank=True, help_text="A second notice with this key is not made.")
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_once_per_person")
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"]),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"


class MailState(models.TextChoices):
    """waiting → sending → an end. ``unclear``: nobody knows whether the mail server took it."""

    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    UNCLEAR = "unclear", pgettext_lazy("mail", "Unclear whether it was sent")
    BOUNCED = "bounced", pgettext_lazy("mail", "Came back")
    FAILED = "failed", pgettext_lazy("mail", "Could not be sent")
    DROPPED = "dropped", pgettext_lazy("mail", "Not needed any more")

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to a mail by itself and its end is known."""
        return self in {MailState.SENT, MailState.BOUNCED, MailState.FAILED, MailState.DROPPED}


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> "MailQuerySet":
        """Mails that may be sent now, urgent ones first, else in the order in which they were written."""
        return self.filter(state=MailState.WAITING, due_at__lte=timezone.now()).order_by("-is_urgent", "pk")

    def lease_ran_out(self) -> "MailQuerySet":
        """Mails whose sender is gone or hangs."""
        return self.filter(state=MailState.SENDING, lease_until__lt=timezone.now())


class Mail(models.Model):
    """A mail to one address; the row says what is owed, jobs only wake a worker."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Its Message-ID is made of it.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="mails")
    address = models.EmailField(blank=True, help_text="Where it goes; of a person, where it went.")
    name = models.CharField(max_length=100, blank=True, help_text="Of somebody without an account.")
    language = models.CharField(max_length=5, default="ja", help_text="The same.")
    time_zone = models.CharField(max_length=60, default="Asia/Tokyo", help_text="The same.")
    kind = models.CharField(max_length=80)
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True, help_text="A second mail with this key is not written.")
    is_urgent = models.BooleanField(default=False, help_text="Before all others, and not held back by the limit.")
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, help_text="Of no use to anybody after that.")
    taken_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True, help_text="Written just before the mail server is asked to take it.")
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True, help_text="Code of the last refusal: 550 5.1.1")

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], condition=~Q(key="") & Q(person__isnull=False), name="mail_once_per_person"
            ),
            models.UniqueConstraint(
                Lower("address"), "key", condition=~Q(key="") & Q(person=None), name="mail_once_per_address"
            ),
        ]
        indexes = [
            models.Index(fields=["-is_urgent", "id"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="mail_sending"),
            models.Index(fields=["taken_at"], condition=Q(taken_at__isnull=False), name="mail_taken"),
            models.Index(fields=["created_at"], name="mail_age"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} {self.kind} {self.state}"


class Preference(models.Model):
    """How a person wants to hear of a group of notices; without a row, in the page and by mail."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=40)
    in_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="preference_unique")]

    def __str__(self) -> str:
        return f"person {self.person_id} {self.group}"


class QuietHours(models.Model):
    """When a person gets no mails, by their own clock; may go past midnight. What is urgent comes all the same."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    begins = models.TimeField()
    ends = models.TimeField()

    def __str__(self) -> str:
        return f"person {self.person_id} {self.begins}–{self.ends}"

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet that reigns at the moment ends; None where none does."""
        local = moment.astimezone(zone)
        if self.begins <= self.ends:
            is_quiet, days = self.begins <= local.time() < self.ends, 0
        else:
            is_quiet = not self.ends <= local.time() < self.begins
            days = int(local.time() >= self.begins)
        return datetime.combine(local.date() + timedelta(days=days), self.ends, zone) if is_quiet else None


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def among(self, addresses: "list[str]") -> "DeadAddressQuerySet":
        return self.filter(address__in=[address.strip().lower() for address in addresses])


class DeadAddress(models.Model):
    """An address from which mail came back for good; nothing is written to it until somebody clears it."""

    address = models.EmailField(unique=True, help_text="In lower case.")
    code = models.CharField(max_length=60, help_text="What the mail server said: 550 5.1.1")
    at = models.DateTimeField(default=timezone.now)

    objects = DeadAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return f"dead address {self.pk}"
