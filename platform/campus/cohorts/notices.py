"""What the app tells people."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

TAKING_PART = Group("taking_part", _("Your part in a cohort"))


register("cohorts.state_changed", group=TAKING_PART, is_essential=True)
