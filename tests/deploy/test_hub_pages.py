"""The Hub's own pages say the reason that is true, in the reader's language: full, closed, or could not be started."""

from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from jupyterhub._data import DATA_FILES_PATH

from campus.environment import ROOT

FAILED, CLOSED = "ノートブックを起動できませんでした", "ノートブックは閉じられています"
# Shown by the page's script on the address of a start that is under way.
BUSY = "ただいま混み合っています"


@pytest.fixture(scope="module")
def pages() -> Environment:
    """Our templates over JupyterHub's, as the Hub loads them."""
    theirs = FileSystemLoader(Path(DATA_FILES_PATH) / "templates")
    loaders = [FileSystemLoader(ROOT / "deploy/hub/templates"), theirs, PrefixLoader({"templates": theirs})]
    environment = Environment(loader=ChoiceLoader(loaders), autoescape=True)
    environment.globals["static_url"] = lambda path, **_: f"/static/{path}"
    return environment


def test_a_start_that_failed_is_not_called_busy_and_not_tried_again_by_itself(pages: Environment) -> None:
    shown = pages.get_template("not_running.html").render(failed=True, failed_html_message="容量の上限を超えています")
    assert FAILED in shown
    assert "容量の上限を超えています" in shown
    assert BUSY not in shown
    assert "setTimeout" not in shown


def test_a_closed_notebook_offers_to_start_and_only_a_start_under_way_is_tried_again(pages: Environment) -> None:
    shown = pages.get_template("not_running.html").render(spawn_url="/hub/spawn/u2")
    assert CLOSED in shown
    assert 'href="/hub/spawn/u2"' in shown
    assert '<div id="busy" hidden>' in shown
    assert 'if (location.pathname.includes("/spawn-pending/"))' in shown


def test_a_full_machine_says_how_many_work_and_when_a_place_gets_free(pages: Environment) -> None:
    shown = pages.get_template("429.html").render(notebook_servers=50, idle_minutes=60)
    assert "同時に使える人数（50人）に達しているため" in shown
    assert "60分間使われていないノートブックは自動で閉じられ" in shown
    assert "location.reload(), 30000" in shown
    assert FAILED not in shown
    assert CLOSED not in shown


@pytest.mark.parametrize(("active", "told", "can_close"), [(True, "起動しています", True), (False, CLOSED, False)])
def test_the_control_panel_opens_and_closes_the_own_notebook(
    pages: Environment, *, active: bool, told: str, can_close: bool
) -> None:
    shown = pages.get_template("home.html").render(
        default_server={"active": active}, user={"name": "u2"}, url="/hub/spawn/u2"
    )
    assert told in shown
    assert 'href="/hub/spawn/u2"' in shown
    assert ('id="stop"' in shown) == can_close


ALL = ("429", "403", "404", "500", "home", "not_running", "spawn_pending", "stop_pending", "oauth")


@pytest.mark.parametrize("language", ["ja", "en", ""])
@pytest.mark.parametrize("name", ALL)
def test_every_page_says_the_same_in_both_languages_and_leads_back(
    pages: Environment, name: str, language: str
) -> None:
    """A reader whom the Hub knows sees one of them: a rule of style by the class on `html`."""
    own = {"403": "error", "500": "error"}.get(name, name)
    status = int(name) if name.isdigit() else 200
    shown = pages.get_template(f"{own}.html").render(
        language=language, site_url="https://quest.example", status_code=status, default_server={}, allowed_scopes=[]
    )
    expected = f'<html lang="{language}" class="only-{language}">' if language else '<html lang="ja">'
    assert expected in shown
    told = shown.partition("<main>")[2]
    assert told.count('lang="ja"') == told.count('lang="en"') > 1
    assert 'href="https://quest.example/"' in shown
