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
    taken = set(newest.awards.values_list("status_index", flat=True)) if newest else set()
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
