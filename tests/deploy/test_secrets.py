"""Secrets that the site makes for itself."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from campus.stack.secrets import secret


def test_a_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first = secret(tmp_path / "var", "key")

    assert secret(tmp_path / "var", "key") == first
    assert secret(tmp_path / "var", "other") != first
    assert len(first) >= 64
    assert (tmp_path / "var/secrets/key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var/secrets").stat().st_mode & 0o777 == 0o700


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: secret(tmp_path / "var", "key"), range(64)))

    assert len(found) == 1
    assert [path.name for path in (tmp_path / "var/secrets").iterdir()] == ["key"]
