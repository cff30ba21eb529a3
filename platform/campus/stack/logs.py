"""How log lines look: structlog over the standard library, one JSON object per line, nothing personal in it."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A query string may hold a token or what somebody searched for; who asked is told by the number `user_id` alone.
_QUERY = re.compile(r"\?[^\s\"']*")
# Links from mails, and the way in from an LMS, let their reader in: what makes them up is as secret as a password.
_LINK = re.compile(r"/(invitations|unsubscribe|confirm-email|reset/key|lti/enter|lti/link)/[^/\s\"']+")
_PROBES = frozenset({"GET /healthz", "GET /readyz", "GET /metrics"})
_PERSONAL = frozenset({"ip", "user_agent", "password", "token", "email", "authorization", "cookie"})


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop personal fields, and cut query strings and keys of links off what names a request."""
    for key in _PERSONAL & event.keys():
        del event[key]
    if isinstance(request := event.get("request"), str):
        event["request"] = _without_secrets(request)
    if isinstance(text := event.get("event"), str) and "/" in text:
        event["event"] = _without_secrets(text)
    return event


def _without_secrets(text: str) -> str:
    return _LINK.sub(r"/\1/…", _QUERY.sub("", text))


def without_probes(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the lines about health checks that found everything well; there is one every few seconds."""
    if event.get("code") == 200 and event.get("request") in _PROBES:
        raise structlog.DropEvent
    return event


def logging_config(log_format: str, log_level: str) -> dict[str, Any]:
    """Return Django's LOGGING for `log_format` ("json" or "console") and set structlog up to match."""
    shared = _processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_probes,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(log_format, shared)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": log_level},
        # django_structlog tells of each request already.
        "loggers": {
            "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
            "django.request": {"level": "ERROR"},
            # Tells at INFO which letters a certificate is written with: that is somebody's name.
            "fontTools": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING" if log_level == "INFO" else log_level},
        },
    }


def _processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        without_personal_data,
    ]


def _formatter(log_format: str, shared: list[Processor]) -> dict[str, Any]:
    finish: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        finish += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        finish += [structlog.dev.ConsoleRenderer()]
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": finish,
    }
