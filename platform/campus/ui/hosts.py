"""One host name for the site: cookies of another would be seen by others, and a sign-in there would not count here."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def one_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send whoever typed `localhost` to the site's own address. Notebooks have their hosts below `localhost`."""
    is_elsewhere = not settings.SITE_URL.partition("://")[2].startswith("localhost")

    def answer(request: HttpRequest) -> HttpResponse:
        if is_elsewhere and request.get_host().partition(":")[0] == "localhost":
            return HttpResponseRedirect(f"{settings.SITE_URL}{request.get_full_path()}")
        return get_response(request)

    return answer
