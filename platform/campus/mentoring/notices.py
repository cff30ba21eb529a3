"""What owners and mentors are told about reviews."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

MENTORING = Group("mentoring", _("Mentors’ reviews"))

RELEASED = register("mentoring.released", group=MENTORING)
COMMENTED = register("mentoring.commented", group=MENTORING)
ANSWERED = register("mentoring.answered", group=MENTORING)
