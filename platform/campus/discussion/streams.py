"""Who may listen: to a thread and to the news of a place whoever may read there."""

from campus import live
from campus.discussion.models import Place, Thread
from campus.discussion.rules import reads_place, reads_thread
from campus.people.models import Person


@live.readable("thread", presence=True)
def can_read_thread(person: Person, thread_id: int) -> bool:
    """As the thread's page; of one that was merged, whoever had it open hears that it was."""
    thread = Thread.objects.select_related("place__cohort").filter(pk=thread_id).first()
    if thread is not None and thread.merged_into_id:
        return bool(reads_place(person, thread.place))
    return thread is not None and bool(reads_thread(person, thread))


@live.readable("talk", presence=True)
def can_read_talk(person: Person, place_id: int) -> bool:
    """As the place's list."""
    place = Place.objects.filter(pk=place_id).first()
    return place is not None and bool(reads_place(person, place))
