"""What a person is called at the Hub: a number, so that host names and logs tell nothing."""

import re

from campus.people.models import Person

_NAME = re.compile(r"u([1-9][0-9]{0,17})")


def hub_name(person: Person) -> str:
    """``u42``: a valid label of a host name."""
    return f"u{person.pk}"


def person_id_of(name: str) -> int | None:
    """The person's number; None for what is nobody's name."""
    found = _NAME.fullmatch(name)
    return int(found.group(1)) if found else None
