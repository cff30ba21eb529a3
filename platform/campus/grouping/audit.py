"""What the audit log calls what is done about groups."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import counted, group_of_actions, labels_for, words_for
from campus.teams.models import TeamKind

words_for(
    {
        "grouping.policy_set": _(
            "set the sizes of groups (%(kind)s: %(smallest)s to %(largest)s) and the date until which learners can "
            "form them (%(until)s)"
        ),
        "grouping.pair_set": _("set whether two learners belong together (%(together)s) or are to be kept apart"),
        "grouping.pair_removed": _("removed the setting about two learners in one group"),
        "grouping.begun": _("started forming groups (%(kind)s)"),
        "grouping.published": _("published %(teams)s groups with %(people)s people (%(kind)s)"),
        "grouping.evaluation_opened": counted(
            "opened the evaluation inside the team in %(count)s team",
            ("opened the evaluation inside the team in %(count)s teams"),
        ),
        "grouping.dropped": _("discarded a draft of groups (%(kind)s)"),
    }
)
group_of_actions("grouping", pgettext_lazy("audit", "Forming groups"))
labels_for("kind", {str(kind.value): kind.label for kind in TeamKind})
