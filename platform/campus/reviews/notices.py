"""What people are told about their reviews."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, Kind, register

REVIEWS = Group("reviews", _("Peer review"))

ASSIGNED = register("reviews.assigned", group=REVIEWS)
EXTRA = register("reviews.extra", group=REVIEWS)
REMINDER = register("reviews.reminder", group=REVIEWS)
RESUMED = register("reviews.resumed", group=REVIEWS)
PASSED_ON = register("reviews.passed_on", group=REVIEWS)
RECEIVED = register("reviews.received", group=REVIEWS)
ANSWERED = register("reviews.answered", group=REVIEWS)
APPEALED = register("reviews.appealed", group=REVIEWS)
OWED = register("reviews.owed", group=REVIEWS)
RUBRIC_CHANGED = register("reviews.rubric_changed", group=REVIEWS)
DECIDED = register("reviews.decided", group=REVIEWS, is_essential=True)

__all__ = [
    "ANSWERED",
    "APPEALED",
    "ASSIGNED",
    "DECIDED",
    "EXTRA",
    "OWED",
    "PASSED_ON",
    "RECEIVED",
    "REMINDER",
    "RESUMED",
    "RUBRIC_CHANGED",
    "Kind",
]
