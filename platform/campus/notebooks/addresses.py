"""Where the browser goes at the Hub."""

from urllib.parse import quote, urlencode

from django.conf import settings

from campus.notebooks.delivery import Delivery
from campus.notebooks.names import hub_name
from campus.people.models import Person


def address_of(person: Person, delivery: Delivery) -> str:
    """The case's first notebook in the person's own server; its folder if that is not there."""
    place = delivery.first_notebook or delivery.folder
    return _entering(person, f"/hub/user-redirect/manabiai/open/{quote(place)}")


def address_of_visit(visitor: Person, owner: Person) -> str:
    """Another's server, as it runs."""
    return _entering(visitor, f"/hub/user/{hub_name(owner)}/lab")


def address_of_copy(reader: Person, ticket: str) -> str:
    """Where the reader's own server fetches the notebook of the ticket, writes it down and opens it."""
    return _entering(reader, f"/hub/user-redirect/manabiai/copies/{quote(ticket, safe=':')}")


def _entering(person: Person, path: str) -> str:
    """By the Hub's door, which ends the session of anybody else who used this browser before."""
    return f"{settings.NOTEBOOK_URL}/hub/enter?{urlencode({'name': hub_name(person), 'next': path})}"
