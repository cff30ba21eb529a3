"""Whose name a case has: all versions of a name belong together, so nobody may put theirs among those of others."""

from django.utils.translation import gettext as _

from campus.cases.models import CaseDraft, CaseVersion
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.people.models import Person


def why_taken(slug: str, *, cohort: Cohort, person: Person) -> str:
    """Why a case of this name can't be made here, in words; empty where it can."""
    if CaseDraft.objects.filter(cohort=cohort, slug=slug).exists():
        return _("This cohort already has a draft named “%(slug)s”. Choose another name.") % {"slug": slug}
    owners = set(CaseVersion.objects.filter(slug=slug).values_list("owner", flat=True))
    organised = set(Enrolment.objects.of(person).filter(role=Role.ORGANISER).values_list("cohort", flat=True))
    if owners - organised - {cohort.pk}:
        return _("There is already a case named “%(slug)s” that somebody else looks after. Choose another name.") % {
            "slug": slug
        }
    return ""
