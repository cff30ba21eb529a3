"""The client against a real server: Django's live server, a learner's token, folders of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from campus.cases.models import Step
from campus.people.models import Person
from campus.submissions import grading
from campus.submissions.models import Grading
from manabiai import Site
from tests.campus.api.calls import token_of
from tests.campus.submissions.files import csv_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, in English, without anything that this machine has set."""
    for name in ("MANABIAI_URL", "MANABIAI_TOKEN", "MANABIAI_CASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MANABIAI_LANGUAGE", "en")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def grade_what_waits(_seconds: float) -> None:
    """Stands for the pause between two polls: meanwhile a worker works."""
    for row in Grading.objects.unfinished():
        grading.attempt(row.pk)


@pytest.fixture
def site_of(live_server: LiveServer) -> Iterator[Callable[..., Site]]:
    """Makes the site as seen by a person's token."""
    made: list[Site] = []

    def make(person: Person, *scopes: str, token: str | None = None, **more: Any) -> Site:
        given = {"sleep": grade_what_waits, **more}
        site = Site(live_server.url, token or token_of(person, *scopes), **given)
        made.append(site)
        return site

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(site_of: Callable[..., Site], learner: Person, open_step: Step) -> Site:
    """The site as the learner sees it, with one open graded step."""
    return site_of(learner)


@pytest.fixture
def good_file(tmp_path: Path, open_step: Step) -> Path:
    path = tmp_path / "mine.csv"
    path.write_bytes(csv_file(open_step))
    return path


@pytest.fixture
def bad_file(tmp_path: Path, open_step: Step) -> Path:
    path = tmp_path / "bad.csv"
    path.write_bytes(csv_file(open_step).replace(b"10.0", b"many", 1))
    return path
