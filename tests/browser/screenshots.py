"""`make screenshots`: each page of the demo as each role, at 1280 and 390 px, in Japanese and English.

    python -m tests.browser.screenshots [FOLDER] [--only TEXT]

Uses the site on PORT where one runs there, else starts one of its own. Also makes docs/pictures/overview.png.
"""

import argparse
import base64
import contextlib
import itertools
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import pages
from tests.browser.launching import ARGUMENTS, CHROMIUM, LOCALES, SIZES
from tests.stack import ROOT, running

PASSWORD = "manabiai-demo"
DEMO = pages.Place("demo", "demand-forecasting", "model")
OVER = pages.Place("demo-previous", "demand-forecasting", "model")
NEXT = pages.Place("demo-next", "demand-forecasting", "model")
CHOICE = pages.Place("demo-choice", "defect-detection", "model")
OVERVIEW = ROOT / "docs/pictures/overview.png"


def pages_of(role: str) -> dict[str, str]:
    """What the role can open, by the name of the picture."""
    if role == "anonymous":
        return pages.ANONYMOUS | {"not-found": "/nowhere/", "apply": NEXT.applicant_pages()["apply"]}
    if role == "learner":
        own = pages.OWN | DEMO.learner_pages() | {"notebook-visits": "/account/notebook/"}
        return own | {"foreign": "/cohorts/demo-previous/"}
    if role == "outsider":
        over = {f"over-{name}": path for name, path in OVER.learner_pages().items()}
        over |= {"choice": CHOICE.choice_of_cases(), "case-with-pictures": CHOICE.cohort_pages()["case"]}
        return {"home": "/"} | over | {"over-board-final": OVER.final_board()}
    if role == "newcomer":
        return DEMO.newcomer_pages()
    if role == "applicant01":
        return {"home": "/", **NEXT.applicant_pages()}
    if role == "operator":
        return {"home": "/"} | pages.OPERATOR
    staff = {"home": "/"} | {name: DEMO.cohort_pages()[name] for name in ("cohort", "step", "hand-in")}
    staff |= DEMO.mentor_pages() if role == "mentor" else {}
    staff |= {"over-mentors-queue": OVER.mentor_pages()["mentors-queue"]} if role == "mentor" else {}
    staff |= {"notebooks": "/cohorts/demo/desk/notebooks/"}
    staff |= DEMO.desk_pages() if role in {"facilitator", "organiser"} else {}
    if role == "organiser":
        new = NEXT.cohort_pages() | NEXT.desk_pages()
        staff |= DEMO.organiser_pages() | NEXT.selection_pages()
        staff |= {f"over-{name}": path for name, path in OVER.organiser_pages().items() if "review" in name}
        staff |= {f"new-{name}": new[name] for name in ("cohort", "desk", "people", "progress", "follow-up")}
    return staff


def pages_behind(role: str) -> dict[str, pages.Behind]:
    """What the role can open by a link of another page."""
    found = DEMO.behind_cohort_pages() if role == "learner" else {}
    found |= OVER.behind_reviews() if role == "outsider" else {}
    found |= DEMO.behind_mentor_pages() if role == "mentor" else {}
    found |= {"over-mentor-review": OVER.behind_mentor_pages()["mentor-review"]} if role == "mentor" else {}
    found |= OVER.behind_reviews_desk() | DEMO.behind_own_cases() if role == "organiser" else {}
    found |= DEMO.behind_desk_pages() if role in {"facilitator", "organiser"} else {}
    return found | (DEMO.behind_organiser_pages() | NEXT.behind_selection_pages() if role == "organiser" else {})


def refuse_a_file(page: Page) -> None:
    """Hand in what can't be graded; nothing is counted."""
    page.goto(DEMO.learner_pages()["hand-in"])
    data = "id,予測,補充目標在庫量\nS1-I01-01,NaN,3\nS1-I01-02,abc,-1\n".encode()
    page.locator("#hand-in input[type=file]").set_input_files(
        files=[{"name": "answer.csv", "mimeType": "text/csv", "buffer": data}]
    )
    page.locator("#hand-in button").click()
    page.locator("#feedback .problems").wait_for()


def open_a_submission(page: Page) -> None:
    page.goto(DEMO.learner_pages()["hand-in"])
    page.locator("#history tbody a").first.click()
    page.locator("article[data-submission]").wait_for()


def read_a_notebook(page: Page) -> None:
    """Hand in a notebook and read it as a page."""
    page.goto(DEMO.learner_pages()["hand-in"])
    notebook = ROOT / "exercises/demand-forecasting/samples/accepted/mean28.ipynb"
    page.locator("#hand-in input[type=file]").set_input_files(notebook)
    page.locator("#hand-in button").click()
    page.locator("#history tbody a", has_text=notebook.name).first.click()
    page.locator(".facts a[href$='/notebook/']").click()
    page.locator("#notebook pre").first.wait_for()


def open_the_menu(page: Page) -> None:
    page.goto(DEMO.learner_pages()["cohort"])
    page.locator(".account-menu summary").click()


def choose_for_follow_up(page: Page) -> None:
    page.goto(DEMO.desk_pages()["follow-up"])
    page.locator("[data-selects-all]").check()
    page.locator("#with-selected button").first.click()
    page.locator("textarea[name=note]").wait_for()


def open_results(page: Page) -> None:
    page.goto(DEMO.organiser_pages()["desk-forms"])
    page.locator("tbody th a").first.click()
    page.locator(".tabs a[href$='/results/']").click()
    page.locator("campus-chart canvas, campus-chart > p, main .empty-state").first.wait_for()


def open_a_thread(page: Page) -> None:
    page.goto(DEMO.learner_pages()["discussion"])
    page.locator(".thread-title a").last.click()
    page.locator("#posts").wait_for()


def open_a_place(page: Page) -> None:
    page.goto(DEMO.learner_pages()["discussion"])
    page.locator(".place-list a").nth(1).click()
    page.locator(".live-lines").wait_for()


def moderate_a_post(page: Page) -> None:
    open_a_thread(page)
    page.locator("#post-1 a[href$='/moderate/']").click()
    page.locator("main form button").first.wait_for()


def save_a_search(page: Page) -> None:
    page.goto(f"{DEMO.learner_pages()['discussion']}search/?q=庫")
    if not page.locator("#saved").count():
        page.locator("#found ~ details summary").click()
        page.locator("#found ~ details input[name=in_summary]").check()
        page.locator("#found ~ details button").click()
    page.locator("#saved").wait_for()


def edit_a_post(page: Page) -> None:
    open_a_thread(page)
    page.locator("#posts a[href$='/edit/']").first.click()
    page.locator("main textarea").wait_for()


def flag_a_post(page: Page) -> None:
    open_a_thread(page)
    page.locator("#posts a[href$='/flag/']").first.click()
    page.wait_for_url("**/flag/")  # To who has flagged it already, the page says so.


def find_similar_threads(page: Page) -> None:
    page.goto(DEMO.cohort_pages()["discussion-new"])
    page.locator("[name=title]").fill("閉店時在庫がマイナスになる")
    page.locator("#similar a").first.wait_for()


def enlarge_a_picture(page: Page) -> None:
    page.goto(CHOICE.cohort_pages()["case"])
    page.locator(".gallery-button").first.click()
    page.locator(".gallery-zoom:popover-open").wait_for()


def follow_a_run_of_badges(page: Page) -> None:
    page.goto(DEMO.organiser_pages()["desk-badges"])
    page.locator("main tbody th a").nth(1).click()
    page.locator("main tbody th a").first.click()
    page.locator("#badge-progress").wait_for()


def open_an_award(page: Page) -> None:
    page.goto(DEMO.organiser_pages()["desk-badges"])
    page.locator("main tbody th a").nth(1).click()
    page.locator("main tbody th a").last.click()
    page.locator("input[name=reason]").wait_for()


def open_the_page_of_a_badge(page: Page) -> None:
    page.goto(pages.OWN["badges"])
    page.locator(".wallet a").first.click()
    page.locator("form[action$='/share/']").wait_for()
    page.goto(page.url.removesuffix("mine/"))
    page.locator(".badge-checks").wait_for()


def check_what_is_no_badge(page: Page) -> None:
    page.goto(pages.ANONYMOUS["verify"])
    page.locator("textarea[name=text]").fill('{"name": "No badge"}')
    page.locator("main form button").click()
    page.locator("main .banner").wait_for()


def fail_to_sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("nobody@demo.example")
    page.locator("input[name=password]").fill("not-this-one")
    page.locator("main form button").first.click()
    page.locator(".error-summary").wait_for()


# What no address leads to.
MOMENTS: dict[str, dict[str, Callable[[Page], None]]] = {
    "anonymous": {"sign-in-failed": fail_to_sign_in, "verify-refused": check_what_is_no_badge},
    "facilitator": {"follow-up-record": choose_for_follow_up, "moderate-a-post": moderate_a_post},
    "learner": {
        "refused": refuse_a_file,
        "submission": open_a_submission,
        "notebook": read_a_notebook,
        "menu": open_the_menu,
        "badge-page": open_the_page_of_a_badge,
        "thread": open_a_thread,
        "place": open_a_place,
        "search-saved": save_a_search,
        "post-edit": edit_a_post,
        "post-flag": flag_a_post,
        "discussion-similar": find_similar_threads,
    },
    "outsider": {"picture-enlarged": enlarge_a_picture},
    "organiser": {
        "form-results": open_results,
        "badge-run": follow_a_run_of_badges,
        "badge-award": open_an_award,
    },
}
ROLES = [
    "anonymous",
    "learner",
    "outsider",
    "newcomer",
    "applicant01",
    "facilitator",
    "mentor",
    "organiser",
    "operator",
]


@contextlib.contextmanager
def site_with_demo() -> Iterator[str]:
    """Yield the address of the site on PORT where one answers, else of one that runs as long as the block."""
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"{url}/healthz", timeout=10):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="manabiai-pictures-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder) / "var") as site:
            yield site.url


@contextlib.contextmanager
def reader(browser: Browser, url: str, *, role: str, language: str, size: str) -> Iterator[BrowserContext]:
    """A browser in which the role is signed in and reads the language."""
    context = browser.new_context(
        base_url=url, locale=LOCALES[language], timezone_id="Asia/Tokyo", viewport=SIZES[size], reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    if role != "anonymous":
        page.locator("input[name=login]").fill(f"{role}@demo.example")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url("**/")
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".language-switch button").click()
        page.locator(f"html[lang={language}]").wait_for()
    page.close()
    yield context
    context.close()


def shoot(page: Page, target: Path) -> None:
    """Take the whole page once its pictures and charts are drawn."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(picture => { picture.loading = 'eager' })")
    page.evaluate("Promise.all([...document.images].map(picture => picture.decode().catch(() => {})))")
    if page.locator("campus-chart").count():
        page.locator("campus-chart canvas, campus-chart > p").first.wait_for()
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)


def ways_of(role: str) -> dict[str, Callable[[Page], object]]:
    """How to come to each picture of the role."""
    pages_by_name = {name: partial(_open, path=path) for name, path in pages_of(role).items()}
    behind = {name: partial(_open_behind, behind=one) for name, one in pages_behind(role).items()}
    return {**pages_by_name, **behind, **MOMENTS.get(role, {})}


class NothingBehind(LookupError):
    """The demo has nothing to show of a page: the one before it has no link to it."""


def _open(page: Page, *, path: str) -> None:
    page.goto(path)


def _open_behind(page: Page, *, behind: pages.Behind) -> None:
    page.goto(behind.page)
    if not page.locator(behind.link).count():
        raise NothingBehind(f"{behind.page} has no {behind.link}")
    page.goto((page.locator(behind.link).first.get_attribute("href") or "") + behind.further)


def shoot_all(browser: Browser, url: str, folder: Path, *, only: str) -> int:
    """Write every picture whose name holds `only`; return how many."""
    count = 0
    for language, role, size in itertools.product(LOCALES, ROLES, SIZES):
        named = {f"{language}/{role}-{name}-{SIZES[size]['width']}": way for name, way in ways_of(role).items()}
        wanted = {name: way for name, way in named.items() if only in name}
        if not wanted:
            continue
        with reader(browser, url, role=role, language=language, size=size) as context:
            page = context.new_page()
            for name, way in wanted.items():
                try:
                    way(page)
                except NothingBehind as missing:
                    print(f"  no {name}: {missing}")  # noqa: T201  a command
                    continue
                shoot(page, folder / f"{name}.png")
                count += 1
    return count


def overview(browser: Browser, url: str) -> None:
    """Compose the README's picture: case, hand-in, own scores and board, as the learner sees them."""
    views = []
    with reader(browser, url, role="learner", language="ja", size="wide") as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1080, "height": 760})
        for name, part in [("case", "h1"), ("hand-in", "h1"), ("hand-in", "#progress-title"), ("board", "h2.first")]:
            page.goto(DEMO.learner_pages()[name], wait_until="networkidle")
            if part != "h1":
                page.locator(part).evaluate("element => element.scrollIntoView()")
            views.append(base64.b64encode(page.screenshot()).decode())
    page = browser.new_page(viewport={"width": 1316, "height": 938})
    pictures = "".join(f'<img src="data:image/png;base64,{view}" width="640" alt="">' for view in views)
    page.set_content(
        f'<body style="margin:12px;display:grid;grid-template-columns:1fr 1fr;gap:12px;background:#d8d8db">{pictures}'
    )
    OVERVIEW.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OVERVIEW, full_page=True)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "var/screenshots")
    parser.add_argument("--only", default="", help="only pictures whose name holds this: ja/learner, overview")
    chosen = parser.parse_args()
    with site_with_demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        count = shoot_all(browser, url, chosen.folder, only=chosen.only)
        if chosen.only in OVERVIEW.stem:
            overview(browser, url)
        browser.close()
    print(f"{count} pictures in {chosen.folder}")  # noqa: T201


if __name__ == "__main__":
    main()
