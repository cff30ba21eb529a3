"""What the audit log calls the actions on study meetings, and how it names them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, counted, group_of_actions, names_of, words_for
from campus.meetings.models import Meeting

words_for(
    {
        "meeting.created": _("announced the study meeting %(subject)s"),
        "meeting.accepted": _("accepted the proposed study meeting %(subject)s"),
        "meeting.declined": _("declined the proposed study meeting %(subject)s"),
        "meeting.changed": _("changed the study meeting %(subject)s"),
        "meeting.cancelled": _("cancelled the study meeting %(subject)s"),
        "meeting.attendance_taken": counted(
            "recorded the attendance of %(count)s person at the study meeting %(subject)s",
            "recorded the attendance of %(count)s people at the study meeting %(subject)s",
        ),
        "consultation.offered": counted(
            "offered %(count)s time for consultations: %(subject)s",
            "offered %(count)s times for consultations: %(subject)s",
        ),
        "consultation.withdrawn": counted(
            "withdrew %(count)s free time for consultations: %(subject)s",
            "withdrew %(count)s free times for consultations: %(subject)s",
        ),
        "consultation.called_off": _("called off a consultation: %(subject)s (booked: %(was_booked)s)"),
        "consultation.room_changed": _("changed the online room of a consultation: %(subject)s"),
        "consultation.moved": _("moved a time for consultations: %(subject)s (booked: %(was_booked)s)"),
        "consultation.notice_set": _("set the notice for consultations in %(subject)s to %(hours)s hours"),
        "meeting.policy_set": _("set whether learners may propose study meetings: %(learners_may_propose)s"),
    }
)


def _meetings(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.title, one.path) for one in Meeting.objects.filter(pk__in=ids).select_related("cohort")}


names_of("meeting", _meetings)
group_of_actions("meeting", _("Study meetings"))
group_of_actions("consultation", pgettext_lazy("desk", "Consultations"))
