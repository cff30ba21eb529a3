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
