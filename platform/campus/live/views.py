"""The same events over HTTP: to fill gaps, and for pages whose WebSockets are blocked."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campus.live.queries import events_after, heads_of
from campus.live.rights import can_read, readable_of
from campus.live.streams import parse_key

STREAMS_AT_ONCE = 50
View = Callable[[HttpRequest], HttpResponse]


def _problem(status: int, title: str) -> HttpResponse:
    return JsonResponse({"title": title, "status": status}, status=status, content_type="application/problem+json")


def _signed_in(view: View) -> View:
    """Answer 401 in JSON instead of sending a script to the sign-in page."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return _problem(401, "Sign in first.")
        return view(request)

    return never_cache(require_GET(checked))


@_signed_in
def events(request: HttpRequest) -> HttpResponse:
    """One page of a stream's events after a number: ?stream=board:12&after=34"""
    key, after = request.GET.get("stream", ""), request.GET.get("after", "")
    if parse_key(key) is None or not after.isascii() or not after.isdigit() or len(after) > 18:
        return _problem(400, "Ask with ?stream=prefix:id&after=number.")
    if not can_read(request.user, key):
        return _problem(403, "You may not read this stream.")
    page = events_after(key, int(after))
    head = json.dumps({"stream": key, "seq": page.seq, "more": page.has_more, "reset": page.is_reset})
    return HttpResponse(f'{head[:-1]}, "events": [{",".join(page.frames)}]}}', content_type="application/json")


@_signed_in
def state(request: HttpRequest) -> HttpResponse:
    """The latest numbers of several streams: ?streams=board:12,team:5"""
    keys = [key for key in request.GET.get("streams", "").split(",") if key]
    if not 0 < len(keys) <= STREAMS_AT_ONCE or not all(map(parse_key, keys)):
        return _problem(400, f"Ask with ?streams=prefix:id,prefix:id for at most {STREAMS_AT_ONCE} streams.")
    allowed = readable_of(request.user, keys)
    answer: dict[str, Any] = {"streams": heads_of(allowed), "refused": sorted(set(keys) - allowed)}
    return JsonResponse(answer)
