"""Only pages of this site may open a socket: cookies don't know about ports, notebooks on others do exist."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class SameOrigin:
    """ASGI middleware that denies (403) sockets whose Origin is neither the requested host nor a trusted one."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        allowed = is_own_origin(headers.get(b"origin", ""), headers.get(b"host", ""))
        application = self.application if allowed else WebsocketDenier()
        await application(scope, receive, send)


def is_own_origin(origin: str, host: str) -> bool:
    """Whether the origin is trusted by name or is the site under the host name that the browser asked for."""
    if origin.rstrip("/") in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    scheme = "https" if settings.IS_HTTPS else "http"
    name, _port = split_domain_port(host)
    return (
        parts.scheme == scheme
        and parts.netloc.lower() == host.lower()
        and validate_host(name, map(str, settings.ALLOWED_HOSTS))
    )
