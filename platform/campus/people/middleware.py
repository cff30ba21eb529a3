"""Every page in the reader's language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from campus.people.models import Person


def language_of(request: HttpRequest) -> str:
    """The person's own setting; for anonymous readers their cookie, then their browser's wish, else Japanese."""
    if isinstance(request.user, Person):
        return request.user.language
    return translation.get_language_from_request(request)


def time_zone_of(request: HttpRequest) -> ZoneInfo:
    """The person's own setting; for anonymous readers the site's."""
    name = request.user.time_zone if isinstance(request.user, Person) else settings.TIME_ZONE
    return ZoneInfo(name)


class PersonLocaleMiddleware:
    """Sets language and time zone while a request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language), timezone.override(time_zone_of(request)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
