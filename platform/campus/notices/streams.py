"""Who may listen to a person's own stream."""

from campus import live
from campus.people.models import Person


@live.readable("person")
def can_read_person(person: Person, person_id: int) -> bool:
    """Only that person."""
    return person.pk == person_id
