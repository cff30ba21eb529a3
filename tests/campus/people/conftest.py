"""Two people, and a clean count of attempts before every test.

Imports stand inside: pytest reads this file before Django is set up when it is given this folder by name.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from campus.people.models import Person


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def hanako(db: None) -> "Person":
    from tests.campus.people.cast import signed_up

    return signed_up("hanako@example.org", name="佐藤 花子", language="ja")


@pytest.fixture
def john(db: None) -> "Person":
    from tests.campus.people.cast import signed_up

    return signed_up("john@example.org", name="John Smith", language="en", time_zone="Europe/London")
