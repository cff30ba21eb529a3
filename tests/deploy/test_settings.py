"""Wrong settings stop the start and are named with their reason."""

import json
import os
import subprocess
import sys

import pytest

from campus.environment import Environment
from campus.stack.settings_list import as_text


def start_with(**settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "campus.command", "settings"]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "http", "valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("SITE_URL", "quest.example.jp", "must start with http:// or https://"),
        ("NOTEBOOK_URL", "nb.example.jp", "must start with http:// or https://"),
        ("DATABASE_URL", "mysql://db/quest", "must be a postgresql:// address"),
        ("WEB_WORKERS", "0", "greater than or equal to 1"),
        ("LOG_FORMAT", "xml", "'json' or 'console'"),
        ("SIGN_UP", "maybe", "'open' or 'closed'"),
        ("SECOND_FACTOR", "yes", "'optional' or 'organisers'"),
        ("INSTITUTIONS", "{", "must be a list in JSON"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name: str, value: str, reason: str) -> None:
    done = start_with(**{name: value})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Manabiai can't start, these settings are wrong:\n")
    assert f"  {name}: " in done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_all_wrong_settings_are_told_at_once() -> None:
    errors = start_with(PORT="x", WEB_WORKERS="y").stderr

    assert [line.split(":")[0].strip() for line in errors.splitlines()[1:3]] == ["PORT", "WEB_WORKERS"]


def test_notebooks_must_not_share_the_sites_host() -> None:
    errors = start_with(SITE_URL="https://quest.example.jp", NOTEBOOK_URL="https://quest.example.jp:8443").stderr

    assert "  Value error, NOTEBOOK_URL needs another host name than SITE_URL" in errors


def test_a_refused_secret_is_not_repeated() -> None:
    assert "hunter2" not in start_with(DATABASE_URL="mysql://anna:hunter2@db/quest").stderr


def test_two_institutions_need_two_keys() -> None:
    one = {
        "key": "uni",
        "name": "大学",
        "issuer": "https://id.uni.example",
        "client_id": "a",
        "client_secret": "s3cret",
    }
    errors = start_with(INSTITUTIONS=json.dumps([one, one])).stderr
    assert "  INSTITUTIONS: Value error, each institution needs a key of its own" in errors
    assert "s3cret" not in errors
    assert "  INSTITUTIONS.0.KEY: String should match" in start_with(INSTITUTIONS='[{"key": "a b"}]').stderr


def test_the_list_of_values_tells_no_secret() -> None:
    institution = {"key": "uni", "name": "大学", "issuer": "https://id.uni.example", "client_id": "a"}
    text = as_text(
        Environment(
            secret_key="abc-123",
            database_url="postgresql://anna:hunter2@db/quest",
            institutions=[{**institution, "client_secret": "s3cret"}],
        )
    )

    assert "SECRET_KEY=(set)\n" in text
    assert "DATABASE_URL=(set)\n" in text
    assert "INSTITUTIONS=(set)\n" in text
    assert "abc-123" not in text
    assert "s3cret" not in text
    assert "hunter2" not in text
