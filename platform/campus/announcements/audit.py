"""What the audit log calls the actions on announcements, and how it names them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campus.announcements.models import Announcement
from campus.cohorts.audit import Name, counted, group_of_actions, names_of, words_for

words_for(
    {
        "announcement.written": _("wrote the announcement %(subject)s"),
        "announcement.changed": _("changed the announcement %(subject)s"),
        "announcement.scheduled": _("scheduled the announcement %(subject)s for %(at)s"),
        "announcement.cancelled": _("cancelled the announcement %(subject)s"),
        "announcement.sent": counted(
            "sent the announcement %(subject)s to %(count)s person",
            "sent the announcement %(subject)s to %(count)s people",
        ),
        "announcement.mails_repeated": counted(
            "sent %(count)s email of the announcement %(subject)s again",
            "sent %(count)s emails of the announcement %(subject)s again",
        ),
    }
)


def _announcements(ids: Collection[int]) -> dict[int, Name]:
    found = Announcement.objects.filter(pk__in=ids).select_related("cohort")
    return {one.pk: Name(one.title, reverse("announcements:desk_one", args=[one.cohort.slug, one.pk])) for one in found}


names_of("announcement", _announcements)
group_of_actions("announcement", _("Announcements"))
