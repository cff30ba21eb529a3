"""Notebooks are on, with a Hub in small beside the site, and a clean count of attempts before every test."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.campus.notebooks.hub_server import SmallHub


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def hub(settings: Settings) -> Iterator[SmallHub]:
    server = SmallHub(token=settings.HUB_API_TOKEN)
    server.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _notebooks_are_on(settings: Settings, hub: SmallHub) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"notebooks": "on", "notebook_servers": 3})
    settings.NOTEBOOK_URL = hub.url


@pytest.fixture
def notebooks_are_off(settings: Settings, _notebooks_are_on: None) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"notebooks": "off"})
