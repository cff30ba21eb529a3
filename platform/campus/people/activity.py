"""When a person was last here: kept to the hour, so that it costs one write an hour and not one a request."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from campus.people.models import Person

SEEN_GRAIN = timedelta(hours=1)


def note_seen(person: Person) -> None:
    """Record that the person is here, unless that was recorded within the last hour."""
    now = timezone.now()
    if person.seen_at is not None and now - person.seen_at < SEEN_GRAIN:
        return
    # Asked again of the row: of several requests at the same time one writes.
    due = Q(seen_at=None) | Q(seen_at__lte=now - SEEN_GRAIN)
    Person.objects.filter(due, pk=person.pk).update(seen_at=now)
    person.seen_at = now


def is_of_a_person(request: HttpRequest) -> bool:
    """Whether somebody did something; what an open page fetches by itself says nothing of who sits before it."""
    fetched = request.method == "GET" and ("HX-Request" in request.headers or request.path.startswith("/live/"))
    return isinstance(request.user, Person) and not fetched


class LastSeenMiddleware:
    """Notes who opened a page or sent something. Calls by a personal token are noted where the token is checked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_of_a_person(request):
            note_seen(request.user)  # type: ignore[arg-type]
        return response
