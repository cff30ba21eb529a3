"""The site that the tests of this folder kill parts of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import stack


@pytest.fixture(scope="package")
def own_site(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[stack.RunningSite]:
    """A running site without the demo, of this folder's own: its parts are killed here."""
    data_dir = stack.begin_migrated(tmp_path_factory.mktemp("up") / "var", folder=run_folder)
    with stack.running(data_dir, "--without-demo") as site:
        yield site
