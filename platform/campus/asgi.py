"""ASGI entry point: the sockets at /ws/, nothing else."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
get_asgi_application()  # Sets Django up; pages are served by WSGI.

from channels.routing import URLRouter  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.urls import path  # noqa: E402

from campus.live.consumers import LiveConsumer  # noqa: E402
from campus.live.origins import SameOrigin  # noqa: E402
from campus.live.process import lifespan  # noqa: E402

sockets = SameOrigin(CookieMiddleware(URLRouter([path("ws/", LiveConsumer.as_asgi())])))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand each kind of scope to its part."""
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
    elif scope["type"] == "websocket" and scope["path"] == "/ws/":
        await sockets(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"Not found. Sockets are at /ws/."})
