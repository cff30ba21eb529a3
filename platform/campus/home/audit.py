"""What the audit log calls the actions on the status pages."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import counted, group_of_actions, words_for

words_for(
    {
        "job.retried": _("ran the failed job %(task)s again"),
        "mail.repeated": counted("sent %(count)s email again", "sent %(count)s emails again"),
    }
)
group_of_actions("job", _("Background jobs"))
group_of_actions("mail", _("Emails"))
