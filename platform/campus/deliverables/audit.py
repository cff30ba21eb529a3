"""What the audit log calls what is done with exhibits."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import Name, group_of_actions, names_of, words_for
from campus.deliverables.models import Exhibit

words_for({"exhibit.withdrawn": _("stopped showing the shared work %(subject)s to the cohort")})
group_of_actions("exhibit", _("Shared work"))


def _exhibits(ids: Collection[int]) -> dict[int, Name]:
    found = Exhibit.objects.with_owner().filter(pk__in=ids)
    return {one.pk: Name(f"{one.step.title}: {one.owner_name}", one.address) for one in found}


names_of("exhibit", _exhibits)
