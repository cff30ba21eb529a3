"""What people are told about their study meetings."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

MEETINGS = Group("meetings", _("Study meetings"))

REMINDER = register("meetings.reminder", group=MEETINGS)
RECORDING = register("meetings.recording", group=MEETINGS)
PROPOSED = register("meetings.proposed", group=MEETINGS)
# Who signed up counts on these.
MOVED = register("meetings.moved", group=MEETINGS, is_essential=True)
CANCELLED = register("meetings.cancelled", group=MEETINGS, is_essential=True)
PLACE = register("meetings.place", group=MEETINGS, is_essential=True)
ACCEPTED = register("meetings.accepted", group=MEETINGS, is_essential=True)
DECLINED = register("meetings.declined", group=MEETINGS, is_essential=True)

CONSULTATIONS = Group("consultations", _("Consultations with mentors"))

CONSULTATION_REMINDER = register("meetings.consultation_reminder", group=CONSULTATIONS)
CONSULTATION_OF_TEAM = register("meetings.consultation_of_team", group=CONSULTATIONS)
CONSULTATION_BOOKED = register("meetings.consultation_booked", group=CONSULTATIONS, is_essential=True)
CONSULTATION_MOVED = register("meetings.consultation_moved", group=CONSULTATIONS, is_essential=True)
CONSULTATION_RESCHEDULED = register("meetings.consultation_rescheduled", group=CONSULTATIONS, is_essential=True)
CONSULTATION_CANCELLED = register("meetings.consultation_cancelled", group=CONSULTATIONS, is_essential=True)
