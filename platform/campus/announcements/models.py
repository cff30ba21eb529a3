"""What organisers and facilitators tell many at once, to whom it goes, and to whom it went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import Cohort, Role, StudyClass, Titled, in_reader_language
from campus.people.models import Person


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("announcement", "Scheduled")
    SENT = "sent", pgettext_lazy("announcement", "Sent")
    CANCELLED = "cancelled", pgettext_lazy("announcement", "Cancelled")

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed, scheduled, sent and cancelled."""
        return self in {State.DRAFT, State.SCHEDULED}


# Marks the notices and mails of an announcement; its number follows.
KEY = "announcement:"


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def due(self) -> "AnnouncementQuerySet":
        """Scheduled ones whose time has come."""
        return self.filter(state=State.SCHEDULED, send_at__lte=timezone.now()).order_by("send_at", "pk")

    def received_by(self, person: Person) -> "AnnouncementQuerySet":
        """Those that went to the person, the latest first."""
        return self.filter(state=State.SENT, recipients__person=person).order_by("-sent_at", "-pk")


class Announcement(Titled):
    """A text in both languages and the rule that says who gets it; whom it meets is looked up when it is sent."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="announcements")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body_ja = models.TextField(_("Text (Japanese)"), max_length=20_000)
    body_en = models.TextField(_("Text (English)"), max_length=20_000, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("Roles"))
    classes: "models.ManyToManyField[StudyClass, StudyClass]" = models.ManyToManyField(
        StudyClass, related_name="+", blank=True, verbose_name=_("Classes")
    )
    criteria = models.JSONField(default=dict, help_text="Further criteria by their keys: cohorts.audiences.")
    by_mail = models.BooleanField(_("Send by email too"), default=True)
    is_important = models.BooleanField(_("Important"), default=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.SCHEDULED) | Q(send_at__isnull=False), name="scheduled_announcement_has_time"
            )
        ]
        indexes = [
            models.Index(fields=["cohort", "-created_at"]),
            models.Index(fields=["send_at"], condition=Q(state="scheduled"), name="announcement_due"),
        ]

    @property
    def body(self) -> str:
        """The text in the language of the page, the other one where it is missing."""
        return in_reader_language(self.body_ja, self.body_en)

    @property
    def key(self) -> str:
        """Marks its notices and mails, so that nobody gets it twice."""
        return f"{KEY}{self.pk}"

    @property
    def path(self) -> str:
        """Its page for those who got it."""
        return reverse("announcements:announcement", args=[self.cohort.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return State(self.state).is_open

    @property
    def lacks_english(self) -> bool:
        return not (self.title_en and self.body_en)

    @property
    def is_in_other_language(self) -> bool:
        """Whether a reader of the page's language gets some of it in Japanese."""
        return get_language() == "en" and self.lacks_english


class Recipient(models.Model):
    """Somebody to whom an announcement went."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="recipient_unique")]

    def __str__(self) -> str:
        return f"person {self.person_id} got announcement {self.announcement_id}"
