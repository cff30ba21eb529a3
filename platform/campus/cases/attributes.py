"""The track that learners chose, as something that classes can be dealt by."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from campus.cases.models import CaseChoice, Track
from campus.cohorts.attributes import Attribute, tells_apart


def chosen_tracks(enrolments: Collection[int]) -> dict[int, str]:
    """The tracks of the cases that each chose."""
    chosen: dict[int, set[str]] = {}
    for enrolment, track in CaseChoice.objects.filter(enrolment__in=enrolments).values_list(
        "enrolment", "cohort_case__case_version__track"
    ):
        chosen.setdefault(enrolment, set()).add(track)
    return {pk: " + ".join(str(Track(track).label) for track in sorted(tracks)) for pk, tracks in chosen.items()}


tells_apart(Attribute("track", _("Chosen track"), chosen_tracks))
