"""Reviewers read what they were given to judge, without names; also after they gave their review."""

from campus.deliverables.models import Deliverable
from campus.deliverables.readers import reader
from campus.people.models import Person
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment


@reader
def assigned_reviewer(person: Person, deliverable: Deliverable) -> bool:
    """Whether the person holds this version to judge, or gave a review of it."""
    mine = Assignment.objects.filter(deliverable=deliverable, share__enrolment__person=person)
    return mine.exclude(stage=Stage.ENDED).exists()
