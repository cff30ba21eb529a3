"""The embedded database, and addresses of others."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from campus.stack import embedded
from campus.stack.account import CannotRun
from campus.stack.postgres import database_settings
from campus.stack.sockets import make_socket_folder, socket_folder

SERVER = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "postgresql://anna:p%40ss@db.example:6432/quest?sslmode=require",
            {
                "NAME": "quest",
                "USER": "anna",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "6432",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql:///quest?host=/run/postgresql",
            {
                "NAME": "quest",
                "USER": "",
                "PASSWORD": "",
                "HOST": "/run/postgresql",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
    ],
)
def test_an_address_of_another_server_is_read(url: str, address: dict[str, object]) -> None:
    assert database_settings(url, Path("/nowhere")) == {**SERVER, **address}


def test_without_an_address_the_embedded_server_is_used() -> None:
    assert database_settings("", Path("/data")) == {
        **SERVER,
        "NAME": "campus",
        "USER": "campus",
        "HOST": "/data/run/postgres",
        "OPTIONS": {},
    }


def test_a_long_path_gets_its_socket_under_tmp() -> None:
    folder = socket_folder(Path("/data") / ("x" * 100), "web")

    assert folder.parent == Path("/tmp")
    assert folder == socket_folder(Path("/data") / ("x" * 100), "web")
    assert folder != socket_folder(Path("/data") / ("y" * 100), "web")


@pytest.mark.django_db
def test_the_sites_role_is_no_superuser_and_the_server_is_not_on_the_network() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        superuser = cursor.fetchone()
        cursor.execute("SHOW listen_addresses")
        addresses = cursor.fetchone()

    assert (superuser, addresses) == ((False,), ("",))


def test_a_folder_under_tmp_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    data_dir = tmp_path / ("x" * 100)
    elsewhere = socket_folder(data_dir, "web")
    elsewhere.symlink_to(tmp_path)

    try:
        with pytest.raises(CannotRun, match="belongs to somebody else"):
            make_socket_folder(data_dir, "web")
    finally:
        elsewhere.unlink()


@pytest.mark.parametrize("mode", [0o711, 0o700])
def test_a_cluster_starts_in_an_open_and_in_a_closed_folder(mode: int) -> None:
    """Under 0700, root's server reaches its files through a mount namespace of its own; an ordinary user is itself."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(mode)
        server = embedded.start(folder / "var", durable=False)
        assert embedded.answers(folder / "var")
        embedded.stop(server)

        again = embedded.start(folder / "var", durable=False)
        assert embedded.answers(folder / "var")
        embedded.stop(again)
        assert folder.stat().st_mode & 0o777 == mode
    finally:
        shutil.rmtree(folder)
