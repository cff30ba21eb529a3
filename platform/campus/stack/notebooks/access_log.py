"""The Hub's line for each request: who by number, what, how it ended; no address, no query, no token."""

import logging
from typing import Any

from tornado.log import access_log

_SERVER_ERROR = 500


def log_request(handler: Any) -> None:
    """Write the line when a request is answered. Health checks that found everything well are not told."""
    status, path = handler.get_status(), handler.request.path
    if path.endswith("/health") and status < _SERVER_ERROR:
        return
    user = getattr(handler, "_jupyterhub_user", None)
    access_log.log(
        logging.ERROR if status >= _SERVER_ERROR else logging.INFO,
        "%s %s %s (%s) %.0f ms",
        status,
        handler.request.method,
        path,
        getattr(user, "name", "nobody"),
        1000 * handler.request.request_time(),
    )
