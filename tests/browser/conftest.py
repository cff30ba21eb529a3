"""Chromium in front of the one running site; each test sets a scene of its own, nothing is flushed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.launching import ARGUMENTS, CHROMIUM, LOCALES, SIZES
from tests.browser.scene import Scene, Stagehand
from tests.browser.visitor import AXE, Visitor
from tests.stack import RunningSite

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walk of all pages goes to one xdist worker, the other browser tests to one; skipped without a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("walk" if item.path.stem == "test_every_page" else "browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs Chromium (Debian's package chromium)"))


# Of the package, not of the session: Playwright keeps a loop running, which other tests of the worker would trip over.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture(scope="package")
def stagehand(site: RunningSite) -> Iterator[Stagehand]:
    stagehand = Stagehand(site)
    yield stagehand
    stagehand.leave()


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def scene(stagehand: Stagehand, language: str) -> Scene:
    return stagehand.set_scene(language)


@pytest.fixture
def visit(chromium: Browser, site: RunningSite, language: str) -> Iterator[Callable[..., Visitor]]:
    """Bring somebody with a browser of their own; at the end of the test nobody may have met trouble."""
    visitors: list[Visitor] = []

    def bring(*, size: str = "wide", **options: Any) -> Visitor:
        usual = {
            "base_url": site.url,
            "locale": LOCALES[language],
            "timezone_id": "Asia/Tokyo",
            "viewport": SIZES[size],
            "reduced_motion": "reduce",
            "accept_downloads": True,
        }
        context = chromium.new_context(**usual | options)
        visitors.append(Visitor(context, language=language))
        return visitors[-1]

    yield bring
    trouble = [text for visitor in visitors for text in visitor.trouble]
    for visitor in visitors:
        visitor.context.close()
    assert trouble == []


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody who is not signed in."""
    return visit()


@pytest.fixture
def learner(visit: Callable[..., Visitor], scene: Scene) -> Visitor:
    return visit().signed_in(scene.people["learner"])


@pytest.fixture
def has_axe() -> None:
    if not AXE.exists():
        pytest.skip("needs axe-core (npm ci)")
