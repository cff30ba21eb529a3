"""What intake tells people: that an application came in or was withdrawn, its result, an invitation."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

INTAKE = Group("intake", _("Applications and invitations"))
for what in (
    "application_received",
    "application_withdrawn",
    "result_selected",
    "result_waitlisted",
    "result_declined",
):
    register(f"intake.{what}", group=INTAKE, is_essential=True)
# The link lets somebody in, so it is wiped once the mail has left.
register("intake.invitation", group=INTAKE, is_essential=True, is_secret=True)
