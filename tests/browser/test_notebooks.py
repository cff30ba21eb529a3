"""Notebooks in a real browser: one sign-in, one's own server, and nobody else's on the same machine."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor
from tests.stack import RunningSite, wait

# A server starts in seconds on a quiet machine.
START_SECONDS = 120
# Each test starts servers; the pages of the site are looked at in both languages all the same.
in_japanese = pytest.mark.parametrize("language", ["ja"], indirect=True)


@pytest.fixture(autouse=True)
def _has_notebooks(site: RunningSite) -> None:
    if "hub" not in site.health()[1]:
        pytest.skip("this machine runs no notebooks (make envs, bubblewrap)")


def host_of(site: RunningSite, email: str) -> str:
    """The host of the person's server."""
    return f"{name_of(site, email)}.nb.localhost"


def name_of(site: RunningSite, email: str) -> str:
    """What the person is called at the Hub."""
    told = f"from campus.people.models import Person; print('u%d' % Person.objects.get(email='{email}').pk)"
    return site.campus("shell", "-v", "0", "-c", told).split()[-1]


def enrolment_of(site: RunningSite, scene: Scene) -> str:
    """Number of the learner's enrolment."""
    one = f"Enrolment.objects.get(person__email='{scene.people['learner']}')"
    told = f"from campus.cohorts.models import Enrolment; print({one}.pk)"
    return site.campus("shell", "-v", "0", "-c", told).split()[-1]


def opens_notebook(visitor: Visitor, scene: Scene, *, host: str) -> None:
    """From the page of the case to JupyterLab on the host, without being asked anything."""
    visitor.open(f"/cohorts/{scene.cohort}/cases/{scene.case}/")
    visitor.page.locator(f"main a[href$='/cases/{scene.case}/notebook/']").first.click()
    expect(visitor.page).to_have_url(re.compile(rf"^http://{re.escape(host)}:\d+/.*/lab"), timeout=START_SECONDS * 1000)
    expect(visitor.page.locator("#jp-main-dock-panel")).to_be_visible(timeout=START_SECONDS * 1000)


def signs_out(visitor: Visitor) -> None:
    visitor.open("/accounts/logout/")
    visitor.button("Sign out").click()
    expect(visitor.page).to_have_url(re.compile(r"//127\.0\.0\.1:\d+/accounts/login/"))


@in_japanese
def test_the_next_person_on_the_same_browser_gets_their_own(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite
) -> None:
    learner, mate = scene.people["learner"], scene.people["mate"]
    browser = visit().signed_in(learner)
    opens_notebook(browser, scene, host=host_of(site, learner))
    signs_out(browser)

    # Nothing of the first person is left, wherever one looks.
    port = site.url.rpartition(":")[2]
    for address in (f"http://nb.localhost:{port}/", f"http://{host_of(site, learner)}:{port}/"):
        browser.page.goto(address)
        expect(browser.page).to_have_url(re.compile(r"//127\.0\.0\.1:\d+/accounts/login/"))

    browser.signed_in(mate)
    opens_notebook(browser, scene, host=host_of(site, mate))
    wait(lambda: status_at(browser, site, learner) == 403, 60, "the first one's server is closed to this browser")


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_its_pages_have_no_flaws(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite, has_axe: None, size: str
) -> None:
    learner = visit(size=size).signed_in(scene.people["learner"])
    learner.open("/account/notebook/")
    assert learner.flaws() == []
    mentor = visit(size=size).signed_in(scene.people["mentor"])
    enrolment = enrolment_of(site, scene)
    for page in ("", f"{enrolment}/"):
        mentor.open(f"/cohorts/{scene.cohort}/desk/notebooks/{page}")
        assert mentor.flaws() == []


@in_japanese
def test_also_when_the_first_one_never_signed_out(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite
) -> None:
    learner, mate = scene.people["learner"], scene.people["mate"]
    browser = visit().signed_in(learner)
    opens_notebook(browser, scene, host=host_of(site, learner))
    browser.context.clear_cookies(domain="127.0.0.1")  # The site's session has run out, the Hub's has not.
    browser.signed_in(mate)
    opens_notebook(browser, scene, host=host_of(site, mate))
    # What the first one's server had let into this browser lives on for some seconds at most.
    wait(lambda: status_at(browser, site, learner) == 403, 60, "the first one's server is closed to this browser")


def status_at(visitor: Visitor, site: RunningSite, owner: str) -> int:
    """How the visitor's browser is answered by the owner's server."""
    port = site.url.rpartition(":")[2]
    answer = visitor.page.goto(f"http://{host_of(site, owner)}:{port}/user/{name_of(site, owner)}/lab")
    assert answer is not None
    return answer.status


@in_japanese
def test_a_mentor_opens_a_learners_notebook_and_the_learner_sees_it(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite
) -> None:
    host = host_of(site, scene.people["learner"])
    learner = visit().signed_in(scene.people["learner"])
    opens_notebook(learner, scene, host=host)

    mentor = visit().signed_in(scene.people["mentor"])
    mentor.open(f"/cohorts/{scene.cohort}/desk/notebooks/")
    mentor.page.get_by_role("row", name=scene.names["learner"]).get_by_role("link").click()
    mentor.button("Open the notebook").click()
    mentor.page.locator("input[type=submit], button[type=submit]").first.click(timeout=30_000)
    expect(mentor.page).to_have_url(re.compile(rf"^http://{re.escape(host)}:\d+/"), timeout=30_000)
    expect(mentor.page.locator("#jp-main-dock-panel")).to_be_visible(timeout=60_000)

    learner.open("/account/notebook/")
    expect(learner.page.locator("main tbody")).to_contain_text(scene.names["mentor"])


@in_japanese
def test_a_learner_gets_into_nobody_elses(visit: Callable[..., Visitor], scene: Scene, site: RunningSite) -> None:
    host = host_of(site, scene.people["learner"])
    opens_notebook(visit().signed_in(scene.people["learner"]), scene, host=host)
    mate = visit().signed_in(scene.people["mate"])
    opens_notebook(mate, scene, host=host_of(site, scene.people["mate"]))
    assert status_at(mate, site, scene.people["learner"]) == 403


@in_japanese
def test_one_lands_in_the_first_notebook_of_the_case(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite
) -> None:
    learner = visit().signed_in(scene.people["learner"])
    opens_notebook(learner, scene, host=host_of(site, scene.people["learner"]))
    expect(learner.page).to_have_url(re.compile("/01-first-submission.ipynb"))
    indicator = learner.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    expect(indicator.first).to_be_visible(timeout=START_SECONDS * 1000)


@in_japanese
def test_running_it_hands_in_and_the_score_stands_here_and_on_the_site(
    visit: Callable[..., Visitor], scene: Scene, site: RunningSite
) -> None:
    learner = visit().signed_in(scene.people["learner"])
    opens_notebook(learner, scene, host=host_of(site, scene.people["learner"]))
    lab = learner.page
    # Before it has a kernel it calls itself idle, too; a cell that is run then has it ask which kernel.
    kernel = lab.locator(".jp-KernelName, .jp-Toolbar-kernelName").first
    expect(kernel).to_contain_text("Python 3", timeout=START_SECONDS * 1000)
    expect(lab.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first).to_be_visible(
        timeout=START_SECONDS * 1000
    )
    runs_all_cells(lab)
    board = lab.locator(".jp-OutputArea-output .manabiai table").last
    expect(board).to_contain_text(scene.names["learner"], timeout=START_SECONDS * 1000)
    assert lab.locator(".jp-OutputArea-output[data-mime-type*=stderr]").count() == 0

    score = re.compile(r"359,051|359051")
    expect(lab.locator(".jp-OutputArea-output .manabiai").filter(has_text=score).first).to_be_visible()
    learner.open(scene.path("submit/"))
    expect(learner.page.locator("main")).to_contain_text(score)


def runs_all_cells(lab: Page) -> None:
    """As a learner does: into the first cell with code until it runs, then Shift + Enter through to the end."""
    first = lab.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").first
    for _ in range(60):
        first.click()
        lab.keyboard.press("Escape")
        lab.keyboard.press("Control+Enter")
        lab.wait_for_timeout(500)  # A kernel that has just become idle may not take it yet.
        if first.locator(".jp-InputPrompt").inner_text() != "[ ]:":
            break
    for _ in range(60):
        lab.keyboard.press("Shift+Enter")
        lab.wait_for_timeout(50)


@in_japanese
def test_a_deactivated_persons_server_ends(visit: Callable[..., Visitor], scene: Scene, site: RunningSite) -> None:
    email = scene.people["learner"]
    learner = visit().signed_in(email)
    opens_notebook(learner, scene, host=host_of(site, email))
    name = name_of(site, email)
    told = f"p = Person.objects.get(email='{email}'); p.is_active = False; p.save()"
    site.campus("shell", "-v", "0", "-c", f"from campus.people.models import Person; {told}")
    running = "from campus.notebooks import hub; print(hub.names_with_server())"
    wait(lambda: name not in site.campus("shell", "-v", "0", "-c", running), 120, "the server has ended")
