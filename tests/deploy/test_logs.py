"""Log lines: structured, and nothing personal in them."""

import json
import logging
from typing import Any

import pytest
import structlog

from campus.stack.logs import logging_config, without_personal_data, without_probes


def formatted(record: logging.LogRecord) -> dict[str, Any]:
    formatter = logging_config("json", "INFO")["formatters"]["line"]
    made = formatter.pop("()")(**formatter)
    line: dict[str, Any] = json.loads(made.format(record))
    return line


def test_a_line_of_the_standard_library_becomes_one_json_object() -> None:
    record = logging.LogRecord("campus.x", logging.WARNING, "x.py", 1, "disk at %d %%", (93,), None)

    line = formatted(record)

    assert {key: line[key] for key in ("event", "level", "logger")} == {
        "event": "disk at 93 %",
        "level": "warning",
        "logger": "campus.x",
    }


def test_what_could_tell_who_or_what_was_asked_is_dropped() -> None:
    event = {
        "event": "request_finished",
        "request": "GET /search?q=my+illness&token=abc",
        "ip": "192.0.2.7",
        "user_agent": "Firefox",
        "email": "a@example.jp",
        "user_id": 7,
    }

    assert without_personal_data(None, "info", event) == {
        "event": "request_finished",
        "request": "GET /search",
        "user_id": 7,
    }


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("POST /invitations/WzEsMV0:1x:s_g/renew/", "POST /invitations/…/renew/"),
        ("GET /notices/unsubscribe/WzEsMV0:1x:sg/", "GET /notices/unsubscribe/…/"),
        ("GET /accounts/password/reset/key/3-abc-def/", "GET /accounts/password/reset/key/…/"),
        ("GET /accounts/confirm-email/Mw:1x:sg/", "GET /accounts/confirm-email/…/"),
        ("GET /lti/enter/Mw:1x:sg/", "GET /lti/enter/…/"),
    ],
)
def test_links_that_let_somebody_in_are_not_logged(asked: str, logged: str) -> None:
    told = {"event": f"Internal Server Error: {asked}", "request": asked}
    assert without_personal_data(None, "error", told) == {
        "event": f"Internal Server Error: {logged}",
        "request": logged,
    }


def test_good_health_is_not_logged_but_bad_health_is() -> None:
    with pytest.raises(structlog.DropEvent):
        without_probes(None, "info", {"request": "GET /healthz", "code": 200})

    bad = {"request": "GET /healthz", "code": 503}
    assert without_probes(None, "info", dict(bad)) == bad
