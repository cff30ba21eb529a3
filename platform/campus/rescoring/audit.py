"""What the audit log calls the actions on rescorings."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import group_of_actions, words_for

words_for(
    {
        "rescoring.begun": _("started rescoring %(case)s with version %(after)s instead of %(before)s"),
        "rescoring.switched": _("switched the scores of %(case)s from version %(before)s to %(after)s"),
        "rescoring.dropped": _("discarded the rescoring of %(case)s from version %(before)s to %(after)s"),
    }
)
group_of_actions("rescoring", _("Rescoring"))
