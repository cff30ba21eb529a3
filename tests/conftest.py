"""The test run: one embedded PostgreSQL for all of it, a database of its own for every xdist worker."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

from campus.stack import catalogues
from campus.stack.postgres import DATABASE
from tests import stack

HERE = Path(__file__).parent
_OWN_FOLDER = "MANABIAI_TEST_FOLDER"
_FOLDER_OF_THE_RUN = pytest.StashKey[Path]()
_SERVER = pytest.StashKey[subprocess.Popen[bytes]]()


def _begin_run() -> Path | None:
    """Point the settings to a fresh DATA_DIR; in an xdist worker the controller has done it already."""
    if _OWN_FOLDER in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="manabiai-tests-"))
    folder.chmod(0o711)  # The database's account passes through it.
    os.environ[_OWN_FOLDER] = str(folder)
    os.environ["DATA_DIR"] = str(folder / "var")
    os.environ["LOG_LEVEL"] = "WARNING"
    return folder


_run_folder = _begin_run()
# Set here and not in pyproject.toml: settings read DATA_DIR when they are imported.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
if _run_folder is not None:
    catalogues.compile_all()  # Before Django reads them.
# The cast imports models, and plugins are imported before pytest-django sets up Django.
django.setup()
pytest_plugins = ["tests.campus.cast"]


def pytest_configure(config: pytest.Config) -> None:
    _soften_settings()
    if _run_folder is None:
        return
    config.stash[_FOLDER_OF_THE_RUN] = _run_folder
    (_run_folder / "var/static").mkdir(parents=True)  # WhiteNoise warns where it is missing.
    if not os.environ.get("DATABASE_URL") and not config.option.collectonly:
        config.stash[_SERVER] = stack.start_migrated_database(_run_folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _run_folder is not None:
        stack.stop_shared(_run_folder)
    if server := config.stash.get(_SERVER, None):
        from campus.stack import embedded

        embedded.stop(server)
    if folder := config.stash.get(_FOLDER_OF_THE_RUN, None):
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop(_OWN_FOLDER, None)


def _soften_settings() -> None:
    """Cheap passwords, no need for `collectstatic`, and files of each xdist worker's own beside its own database."""
    from django.conf import settings

    hashers = "django.contrib.auth.hashers"
    settings.PASSWORD_HASHERS = [f"{hashers}.MD5PasswordHasher", f"{hashers}.PBKDF2SHA1PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if not os.environ.get("DATABASE_URL"):
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = DATABASE  # Migrated once for all workers.
    own = settings.DATA_DIR / os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings.MEDIA_ROOT, settings.CASE_ROOT = own / "files", own / "cases"


# What waits for browsers, Hubs and killed processes can lose a race on a busy machine: it is tried once more, and named
# as "rerun" in the summary, so that the race is found and mended. What somebody may not do is never tried again.
_TRIED_AGAIN = ("browser", "deploy", "notebooks")
_NEVER_TRIED_AGAIN = {"test_who_may_not", "test_hostile_server", "test_sandbox", "test_secrets"}


_LONGEST_NAME = 40  # bytes


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files name no test: an archive holds the time it was made, and xdist's workers would call it differently."""
    return argname if isinstance(val, bytes) and len(val) > _LONGEST_NAME else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Groups as they are marked; what has none goes module by module, so that its data are made once, on one worker."""
    from xdist.scheduler import LoadGroupScheduling

    class ByModule(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return super()._split_scope(nodeid).partition("::")[0]

    config.option.loadscopereorder = False  # Ours goes by seconds, not by numbers of tests.
    return ByModule(config, log) if config.getoption("dist") == "loadgroup" else None


# The longest first, so that workers end at the same time.
_LONGEST_GROUPS = ("browser", "notebooks", "deploy", "walk", "runner")


def _rank(item: pytest.Item) -> int:
    """When an xdist worker gets it."""
    for rank, group in enumerate(_LONGEST_GROUPS):
        if item.nodeid.endswith(f"@{group}"):
            return rank
    return len(_LONGEST_GROUPS) if item.get_closest_marker("slow") else len(_LONGEST_GROUPS) + 1


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("slow", "browser"))


@pytest.hookimpl(trylast=True)  # After the browser's folder has marked its tests, and xdist has named their groups.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first, those that start a site or a browser after them; for workers the other way round."""
    for item in items:
        is_of_many_processes = any(item.path.is_relative_to(HERE / folder) for folder in _TRIED_AGAIN)
        if is_of_many_processes and item.path.stem not in _NEVER_TRIED_AGAIN:
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_rank if "PYTEST_XDIST_WORKER" in os.environ else _is_long)


@pytest.fixture(scope="session")
def site(run_folder: Path) -> stack.RunningSite:
    """One whole running site (`campus up` with a small demo), shared by every test that asks for it.

    Its database is its own: nothing is flushed, so each test makes what it needs and reads no totals.
    """
    return stack.shared(run_folder)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this test run, shared by all its workers."""
    return Path(os.environ[_OWN_FOLDER])


@pytest.fixture(autouse=True)
def _empty_job_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty procrastinate's tables around a test that commits: its models are unmanaged, a flush leaves jobs behind."""
    marker = request.node.get_closest_marker("django_db")
    commits = (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")
    _empty_jobs()
    yield
    _empty_jobs()


def _empty_jobs() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events CASCADE")
