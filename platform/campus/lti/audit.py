"""What the audit log calls launches."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import group_of_actions, words_for

words_for(
    {
        "lti.account_linked": _("linked the account with the LMS %(platform)s"),
        "lti.joined": _("joined the cohort from the LMS %(platform)s (%(role)s)"),
        "lti.rule_changed": _(
            "changed who can join from the LMS %(platform)s (learners: %(learners)s, facilitators: %(facilitators)s)"
        ),
    }
)
group_of_actions("lti", _("LMS"))
