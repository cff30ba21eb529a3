"""The site that the tests of this folder kill parts of."""

from collections.abc import Iterator

import pytest

from tests import stack


@pytest.fixture(scope="package")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.RunningSite]:
    """A running site without the demo, of this folder's own: its parts are killed here."""
    with stack.running(tmp_path_factory.mktemp("up") / "var", "--without-demo") as site:
        yield site
