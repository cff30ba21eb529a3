"""One machine with notebooks for all tests of this folder; what kills parts of it brings them back."""

from collections.abc import Iterator

import pytest

from campus.stack.notebooks import hub
from tests.notebooks.machine import Machine, Visitor, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that need the machine share it, on one worker."""
    for item in items:
        if "/notebooks/" in str(item.path) and "machine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("notebooks"))


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Proxy, Hub and keeper, started by whoever runs the tests."""
    if reason := hub.missing():
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("notebooks") / "var", NOTEBOOK_HOME_MB="250") as machine:
        if reason := machine.keeper({"do": "ready"})["reason"]:
            pytest.skip(f"no sandbox here: {reason}")
        yield machine


@pytest.fixture
def learner(machine: Machine) -> Iterator[Visitor]:
    """u42 in her own browser, her notebook open."""
    with Visitor(machine, "u42") as visitor:
        visitor.open_notebook("u42")
        yield visitor
