"""Where the database is: an address given by the operator, or the embedded server in DATA_DIR."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from campus.stack.sockets import socket_folder

ROLE = DATABASE = "campus"


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings of the default database for `url`, or for the embedded server if `url` is empty."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        **(_address(url) if url else _embedded_address(data_dir)),
        # Threads of the web processes keep a connection; one that died with the server is noticed before use.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _embedded_address(data_dir: Path) -> dict[str, Any]:
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(socket_folder(data_dir, "postgres")), "OPTIONS": {}}


def _address(url: str) -> dict[str, Any]:
    """Read postgresql://user:password@host:port/name?sslmode=…; `?host=/folder` names a Unix socket's folder."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
