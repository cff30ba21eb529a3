"""Places in status lists: drawn by chance, so that a badge's place tells nothing about who holds it or when it came."""

import secrets

from campus.badges.models import STATUS_PLACES, Issuer, StatusList

# A list that is fuller than this is closed: chance needs room.
MOST_USED = STATUS_PLACES // 2
_RANDOM = secrets.SystemRandom()


def draw_places(issuer: Issuer, count: int) -> tuple[StatusList, list[int]]:
    """So many free places of one list, for awards of the caller's transaction; nobody else draws meanwhile."""
    Issuer.objects.select_for_update().get(pk=issuer.pk)
    newest = issuer.status_lists.order_by("-number").first()
    taken = _taken(newest) if newest else set()
    if newest is None or len(taken) + count > MOST_USED:
        newest, taken = StatusList.objects.create(issuer=issuer, number=newest.number + 1 if newest else 1), set()
    drawn: set[int] = set()
    while len(drawn) < count:
        place = _RANDOM.randrange(STATUS_PLACES)
        if place not in taken:
            drawn.add(place)
    places = list(drawn)
    _RANDOM.shuffle(places)
    return newest, places


def _taken(status_list: StatusList) -> set[int]:
    now = status_list.awards.values_list("status_index", flat=True)
    return set(now.union(status_list.old_places.values_list("status_index", flat=True)))


def revoked_in(status_list: StatusList) -> list[int]:
    """The places of revoked awards, and those that awards had before they were replaced."""
    revoked = status_list.awards.filter(revoked_at__isnull=False).values_list("status_index", flat=True)
    return list(revoked.union(status_list.old_places.values_list("status_index", flat=True)))
