"""The pictures of docs/tour/, made from the running demo as `make screenshots` makes the others.

    python -m tests.browser.tour

Uses the site on PORT where one runs there, else starts one of its own. Small files: few colours, one window each.
"""

import io
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.launching import ARGUMENTS, CHROMIUM, LOCALES
from tests.browser.screenshots import DEMO, reader, site_with_demo
from tests.stack import ROOT

FOLDER = ROOT / "docs/tour/pictures"
WINDOW = {"width": 1080, "height": 760}
COLOURS = 96


@dataclass(frozen=True)
class View:
    """A window of the tour: where it is, and the part that stands at its top."""

    role: str
    name: str
    path: str
    top: str = ""


VIEWS = [
    View("learner", "home", "/", ".home-cohort"),
    View("learner", "board", DEMO.learner_pages()["board"], "h2.first"),
    View("learner", "way", DEMO.learner_pages()["completion"]),
    View("facilitator", "home", "/", ".home-cohort"),
    View("facilitator", "follow-up", DEMO.desk_pages()["follow-up"]),
    View("mentor", "home", "/", ".home-cohort"),
    View("mentor", "queue", DEMO.mentor_pages()["mentors-queue"]),
    View("organiser", "home", "/", ".home-cohort"),
    View("organiser", "funnel", DEMO.desk_pages()["funnel"]),
    View("organiser", "what-if", DEMO.organiser_pages()["what-if"]),
]


def draw(page: Page, view: View) -> bytes:
    """The window once everything in it is loaded."""
    page.goto(view.path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    if page.locator("campus-chart").count():
        page.locator("campus-chart canvas").first.wait_for()
    if view.top:
        page.locator(view.top).first.evaluate("element => element.scrollIntoView()")
    return page.screenshot()


def keep(picture: bytes, name: str) -> None:
    """Write it with few colours: screens need no more."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    roles = dict.fromkeys(view.role for view in VIEWS)
    with site_with_demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in LOCALES:
            for role in roles:
                with reader(browser, url, role=role, language=language, size="wide") as context:
                    page = context.new_page()
                    page.set_viewport_size(WINDOW)
                    for view in VIEWS:
                        if view.role == role:
                            keep(draw(page, view), f"{role}-{view.name}-{language}")
        browser.close()


if __name__ == "__main__":
    main()
