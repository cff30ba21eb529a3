"""The names of a cohort's classes as a part that a new cohort can take over; nobody is in them."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.copying import Copying, Part, can_copy
from campus.cohorts.models import StudyClass


def preview(copying: Copying) -> list[str]:
    return [study_class.name for study_class in copying.source.classes.all()]


def copy(copying: Copying) -> int:
    """Make empty classes of the same names."""
    made = [StudyClass(cohort=copying.target, name=one.name) for one in copying.source.classes.all()]
    return len(StudyClass.objects.bulk_create(made))


can_copy(
    Part(
        "classes", pgettext_lazy("to copy", "Names of the classes, without people"), preview, copy, 60, by_default=False
    )
)
