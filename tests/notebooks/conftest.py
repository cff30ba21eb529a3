"""One machine with notebooks for all tests of this folder; what kills parts of it brings them back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from campus.stack.notebooks import hub
from tests.notebooks.machine import Machine, Visitor, running
from tests.notebooks.ordinary import ordinary_user

_NEED_A_MACHINE = {"machine", "users_machine", "somebodys"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that need the machine share it, on one worker."""
    for item in items:
        if _NEED_A_MACHINE & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("notebooks"))


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Proxy, Hub and keeper, started by whoever runs the tests."""
    _skip_without_environments()
    with running(tmp_path_factory.mktemp("notebooks") / "var", NOTEBOOK_HOME_MB="250") as machine:
        yield _isolating(machine)


@pytest.fixture(scope="package")
def users_machine() -> Iterator[Machine]:
    """The same as an ordinary user starts it, with everything in a home that nobody else can enter."""
    _skip_without_environments()
    with ordinary_user() as user, running(Path(user.account.pw_dir) / "var", user=user) as machine:
        yield _isolating(machine)


@pytest.fixture(scope="module", params=["machine", "users_machine"])
def somebodys(request: pytest.FixtureRequest) -> Machine:
    """The machine as root starts it (where root runs the tests), and as an ordinary user does."""
    return request.getfixturevalue(request.param)


def _skip_without_environments() -> None:
    if reason := hub.missing():
        pytest.skip(reason)


def _isolating(machine: Machine) -> Machine:
    if reason := machine.keeper({"do": "ready"})["reason"]:
        pytest.skip(f"no sandbox here: {reason}")
    return machine


@pytest.fixture
def learner(machine: Machine) -> Iterator[Visitor]:
    """u42 in her own browser, her notebook open."""
    with Visitor(machine, "u42") as visitor:
        visitor.open_notebook("u42")
        yield visitor
