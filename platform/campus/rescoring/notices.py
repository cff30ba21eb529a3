"""What those concerned are told when scores were switched."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

GROUP = Group("scores", _("Scores and leaderboards"))
SWITCHED = register("rescoring.switched", group=GROUP)
