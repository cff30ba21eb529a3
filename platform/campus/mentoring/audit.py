"""What the audit log calls this app's actions."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, group_of_actions, names_of, words_for
from campus.deliverables.models import Deliverable

words_for(
    {
        "mentoring.released": _("released a mentor’s review of %(subject)s (%(marks)s criteria)"),
        "mentoring.given_back": _("gave up a mentor’s review of %(subject)s that had been started"),
        "mentoring.conflict_declared": _("declared a conflict of interest of %(subject)s"),
        "mentoring.conflict_ended": _("removed a conflict of interest of %(subject)s"),
        "mentoring.limits_set": _("set the sample and load for mentors of %(subject)s"),
        "mentoring.phrase_kept": _("added a phrase for the mentors of %(subject)s"),
        "mentoring.phrase_removed": _("removed a phrase for the mentors of %(subject)s"),
    }
)
group_of_actions("mentoring", pgettext_lazy("audit", "Mentors’ reviews"))


def _deliverables(ids: Collection[int]) -> dict[int, Name]:
    rows = Deliverable.objects.filter(pk__in=ids).with_step().with_owner()
    return {one.pk: Name(f"{one.step.title}: {one.owner_name}", one.address) for one in rows}


names_of("deliverable", _deliverables)
