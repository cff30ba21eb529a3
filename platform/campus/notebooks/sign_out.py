"""Signing out of the site goes on by the Hub, which has a session of its own in the same browser."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from campus.notebooks import hub
from campus.notebooks.provider_views import KNOWN_AT_HUB
from campus.people.adapter import after_sign_out


@after_sign_out
def by_the_hub(request: HttpRequest) -> str | None:
    """Where the Hub knows this browser and answers; else it finds out by itself (notebooks.signals)."""
    if settings.ENVIRONMENT.notebooks == "on" and request.session.get(KNOWN_AT_HUB) and hub.is_up():
        return reverse("notebooks:signed_out")
    return None
