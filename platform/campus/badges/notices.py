"""What holders are told of their badges."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

GROUP = Group("badges", _("Badges"))
ISSUED = register("badges.issued", group=GROUP)
REISSUED = register("badges.reissued", group=GROUP)
# Whoever shows a badge has to know that it is not in force any more.
REVOKED = register("badges.revoked", group=GROUP, is_essential=True)
# Copies of the earlier issue count no more.
REPLACED = register("badges.replaced", group=GROUP, is_essential=True)
