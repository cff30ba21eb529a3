"""Gunicorn's configuration for pages and API; `campus web` names it."""

from typing import Any

from campus.environment import read_environment
from campus.stack.logs import logging_config

_environment = read_environment()

workers = _environment.web_workers
worker_class = "gthread"
# Loaded once and then forked: half the memory, and up sooner.
preload_app = True
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
# A slow leak in some library never grows old; the jitter keeps processes from starting over together.
max_requests = 20_000
max_requests_jitter = 2_000
umask = 0o077
control_socket_disable = True
# Requests are told by django_structlog, without addresses and query strings.
accesslog = None
logconfig_dict = {
    **logging_config(_environment.log_format, _environment.log_level),
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}


def when_ready(_server: Any) -> None:
    """The site is loaded, no process is forked yet."""
    from campus.stack import memory

    memory.load_everything()
    memory.keep_for_good()
