"""How many wrong links one address on the network may try."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WRONG_LINKS = 20
PER_SECONDS = 300


def may_try(request: HttpRequest) -> bool:
    """Whether the address has not tried too many wrong links lately."""
    return int(cache.get(_key(request), 0)) < WRONG_LINKS


def count_wrong(request: HttpRequest) -> None:
    """Count a wrong link; a class behind one address opens right ones, which are not counted."""
    key = _key(request)
    cache.add(key, 0, PER_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # It ran out between the two.
        cache.set(key, 1, PER_SECONDS)


def _key(request: HttpRequest) -> str:
    return f"intake.wrong_links:{get_adapter().get_client_ip(request)}"
