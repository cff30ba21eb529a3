"""What readers want looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.discussion.models.threads import Post


class FlagReason(models.TextChoices):
    SPOILER = "spoiler", pgettext_lazy("flag", "Gives an answer away too early")
    UNKIND = "unkind", pgettext_lazy("flag", "Hurts or attacks somebody")
    PRIVATE = "private", pgettext_lazy("flag", "Shares personal or confidential information")
    ADVERTISING = "advertising", pgettext_lazy("flag", "Advertising or off topic")
    OTHER = "other", pgettext_lazy("flag", "Something else")


class FlagQuerySet(models.QuerySet["Flag"]):
    def waiting(self) -> "FlagQuerySet":
        return self.filter(settled_at=None)


class Flag(models.Model):
    """A reader asks the moderators to look at a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(_("Reason"), max_length=12, choices=FlagReason)
    note = models.CharField(_("What the moderators should know"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], condition=Q(settled_at=None), name="flagged_once")
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(settled_at=None), name="flag_waiting")]

    def __str__(self) -> str:
        return f"{self.reason} of post {self.post_id}"
