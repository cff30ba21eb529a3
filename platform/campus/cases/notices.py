"""What the app tells people."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

DEADLINES = Group("deadlines", _("Deadlines of your steps"))

register("cases.extension_granted", group=DEADLINES, is_essential=True)
register("cases.extension_withdrawn", group=DEADLINES, is_essential=True)
