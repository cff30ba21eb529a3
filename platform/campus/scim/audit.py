"""What the audit log calls what institutions' systems and operators do by SCIM."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import Name, group_of_actions, names_of, words_for
from campus.people.models import Person

words_for(
    {
        "scim.token_made": _("created a SCIM token for the institution %(institution)s"),
        "scim.token_revoked": _("revoked a SCIM token of the institution %(institution)s"),
        "scim.person_made": _("created the account %(subject)s for the institution %(institution)s"),
        "scim.person_linked": _("put the account %(subject)s into the care of the institution %(institution)s"),
        "scim.person_changed": _("changed the account %(subject)s for the institution %(institution)s (%(fields)s)"),
        "scim.person_closed": _("closed the account %(subject)s for the institution %(institution)s"),
        "scim.person_opened": _("opened the account %(subject)s again for the institution %(institution)s"),
    }
)
group_of_actions("scim", _("Accounts kept by institutions (SCIM)"))


def _people(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(str(one)) for one in Person.objects.filter(pk__in=ids)}


names_of("person", _people)
