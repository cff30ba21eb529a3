"""What the audit log calls this app's actions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import group_of_actions, words_for

words_for(
    {
        "follow_up.recorded": _("recorded a follow-up for %(subject)s"),
        "follow_up.thresholds_changed": _("changed when learners of %(subject)s need follow-up"),
        "completion.rule_saved": _("changed what completes %(subject)s (rule %(number)s; steps: %(steps)s)"),
        "completion.kept": _("kept the completion of %(subject)s, although the rule asks for more"),
        "completion.taken_back": _("took back the completion of %(subject)s"),
    }
)
group_of_actions("completion", pgettext_lazy("audit", "Completion"))
group_of_actions("follow_up", pgettext_lazy("desk", "Follow-up"))
