"""A badge as it was signed, for tests that tamper with copies of it."""

import pytest

from campus.badges.credentials.facts import Document
from tests.campus.badges.credentials.site import signed


@pytest.fixture(scope="session")
def badge() -> Document:
    return signed()
