"""What the audit log calls what happens to notebooks."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import group_of_actions, words_for

words_for({"notebook.visited": _("opened the notebook of %(subject)s")})
group_of_actions("notebook", _("Notebooks"))
