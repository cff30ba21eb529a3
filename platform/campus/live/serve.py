"""The server of the sockets: uvicorn with what live needs set."""

from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from campus.live.wire import Wire


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, which gives the application the wire to the browser."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:  # The application starts in the next round of the loop.
            self.scope["state"]["wire"] = Wire(self)


def server_settings(**more: Any) -> dict[str, Any]:
    """Arguments for uvicorn.Config; `more` says where to listen."""
    return {
        "app": "campus.asgi:application",
        "ws": LiveProtocol,
        "ws_max_size": 64 * 1024,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "ws_per_message_deflate": False,  # Compressing per socket costs more than everything else together.
        "lifespan": "on",
        "timeout_graceful_shutdown": 3,
        "access_log": False,
        "log_level": "warning",  # uvicorn tells every connection with its address at INFO.
        "server_header": False,
        "log_config": None,
        **more,
    }


def serve(*, host: str, port: int) -> None:
    """Serve /ws/ until the process is told to end."""
    uvicorn.run(**server_settings(host=host, port=port))
