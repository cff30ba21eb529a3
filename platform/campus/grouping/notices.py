"""What people are told about their groups."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

TEAMS = Group("teams", _("Groups and teams"))

PUBLISHED = register("grouping.published", group=TEAMS, is_essential=True)
PLACED = register("grouping.placed", group=TEAMS, is_essential=True)
REGROUPED = register("grouping.regrouped", group=TEAMS, is_essential=True)
LEFT = register("grouping.left", group=TEAMS)
INVITED = register("grouping.invited", group=TEAMS)
ASKED = register("grouping.asked", group=TEAMS)
ANSWERED = register("grouping.answered", group=TEAMS)
TOO_SMALL = register("grouping.too_small", group=TEAMS)
EVALUATION = register("grouping.evaluation", group=TEAMS)
