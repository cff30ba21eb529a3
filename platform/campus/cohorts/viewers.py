"""How near somebody stands to a person in a cohort; what they see of the person follows (people/visibility.py)."""

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.cohorts.rules import is_member, roles_of
from campus.people.models import Person
from campus.people.profile_fields import Viewer


def viewer_of(person: Person, enrolment: Enrolment) -> Viewer:
    """How near the person stands to whom the enrolment belongs to, in its cohort and by the roles held there now.

    A facilitator stands near to the learners of the own classes and to other staff; to all others like a fellow.
    Who has only applied is known to organisers alone; who has left has no fellows any more.
    """
    if person.is_authenticated and person.pk == enrolment.person_id:
        return Viewer.SELF
    nearest = widest_viewer(person, enrolment.cohort)
    if nearest is Viewer.STAFF and not _looks_after(person, enrolment):
        nearest = Viewer.FELLOW
    state = EnrolmentState(enrolment.state)
    is_stranger = state == EnrolmentState.APPLIED or (nearest is Viewer.FELLOW and not state.takes_part)
    return Viewer.STRANGER if is_stranger and nearest < Viewer.ORGANISER else nearest


def widest_viewer(person: Person, cohort: Cohort) -> Viewer:
    """How near the person stands to those of the cohort whom the own roles are for; for lists that hold only those."""
    roles = roles_of(person, cohort)
    if Role.ORGANISER in roles:
        return Viewer.ORGANISER
    if roles & {Role.FACILITATOR, Role.MENTOR}:
        return Viewer.STAFF
    return Viewer.FELLOW if is_member(person, cohort) else Viewer.STRANGER


def _looks_after(person: Person, enrolment: Enrolment) -> bool:
    """Mentors look after the cohort, facilitators after their own classes."""
    if enrolment.role != Role.LEARNER or Role.MENTOR in roles_of(person, enrolment.cohort):
        return True
    if enrolment.study_class_id is None:
        return False
    facilitating = Enrolment.objects.of(person).filter(role=Role.FACILITATOR)
    return facilitating.filter(facilitated_classes=enrolment.study_class_id).exists()
