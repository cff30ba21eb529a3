"""How places are called on pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campus.discussion.models import Place, PlaceKind


def name_of(place: Place) -> str:
    """The place in words; read it by `whole_places`."""
    if place.kind == PlaceKind.CLASS and place.study_class:
        return _("Class %(name)s") % {"name": place.study_class.name}
    if place.kind == PlaceKind.TEAM and place.team:
        return place.team.name
    if place.kind == PlaceKind.STEP and place.step:
        return f"{place.step.case_version.title}: {place.step.title}"
    if place.kind == PlaceKind.SUBMISSION and place.submission:
        return _("Submission “%(name)s”") % {"name": place.submission.file_name}
    if place.kind == PlaceKind.EXHIBIT and place.exhibit:
        return _("Work of %(name)s") % {"name": place.exhibit.owner_name}
    return _("Whole cohort")


def address_of(place: Place) -> str:
    """The page of what the place is about; the list of its threads where there is none."""
    if place.kind == PlaceKind.STEP and place.step:
        return reverse("cases:step", args=[place.cohort.slug, place.step.cohort_case.slug, place.step.key])
    if place.kind == PlaceKind.EXHIBIT and place.exhibit:
        return place.exhibit.address
    if place.kind == PlaceKind.COHORT:
        return reverse("cohorts:cohort", args=[place.cohort.slug])
    return place.path
