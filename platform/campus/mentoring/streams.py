"""Who may hear how a cohort's queue moves: those who see it. Answers come on the mentor's own stream."""

from campus import live
from campus.cohorts.models import Cohort
from campus.deliverables.models import Deliverable
from campus.people.models import Person


def queue_stream(cohort_id: int) -> str:
    """The line of a cohort's queue."""
    return f"mentoring:{cohort_id}"


@live.readable("mentoring")
def can_follow_queue(person: Person, cohort_id: int) -> bool:
    found = Cohort.objects.filter(pk=cohort_id).first()
    return found is not None and person.has_perm("mentoring.see_queue", found)


def say_queue_moved(deliverable: Deliverable) -> None:
    """Have open queues of the work's cohort look whether it concerns them; within ``live.atomic()``."""
    live.touch(queue_stream(deliverable.step.cohort_case.cohort_id), "queue")
