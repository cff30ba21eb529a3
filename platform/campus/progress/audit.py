"""What the audit log calls this app's actions."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import words_for

words_for(
    {
        "follow_up.recorded": _("recorded a follow-up for %(subject)s"),
        "follow_up.thresholds_changed": _("changed when learners of %(subject)s need follow-up"),
    }
)
