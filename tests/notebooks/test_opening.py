"""The button leads to the notebook, or to where it was: what a learner moved away ends in no error of JupyterLab."""

from urllib.parse import unquote

import pytest

from tests.notebooks.machine import Machine, Visitor


@pytest.fixture
def case(machine: Machine, learner: Visitor) -> str:
    """The folder of a case at home, with notebooks in it."""
    folder = machine.data_dir / "homes/u42/需要予測"
    folder.mkdir(exist_ok=True)
    for name in ("01 はじめに.ipynb", "02-further.ipynb", "02-further-ja.ipynb", "02-further-en.ipynb"):
        (folder / name).write_text("{}")
    return folder.name


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("需要予測/01 はじめに.ipynb", "/lab/tree/需要予測/01 はじめに.ipynb"),
        ("需要予測/02-further.ipynb", "/lab/tree/需要予測/02-further-ja.ipynb"),  # the learner's language
        ("需要予測/gone.ipynb", "/lab/tree/需要予測"),
        ("gone/too/gone.ipynb", "/lab/tree"),
    ],
)
def test_what_is_there_opens(machine: Machine, learner: Visitor, case: str, asked: str, opened: str) -> None:
    answer = learner.enter("u42", f"/hub/user-redirect/manabiai/open/{asked}")

    assert answer.status_code == 200
    assert unquote(answer.url.path).rstrip("/") == f"/user/u42{opened}"


def test_nothing_outside_the_home_opens(machine: Machine, learner: Visitor, case: str) -> None:
    learner.enter("u42")
    # Slashes encoded: browsers resolve plain dots before they ask.
    answer = learner.get(f"{machine.server_url('u42')}/manabiai/open/{case}/..%2F..%2Fu43")
    assert answer.url.path.rstrip("/") in ("/user/u42/lab", "/user/u42/lab/tree")


def test_nobody_else_is_led_through_her_folders(machine: Machine, learner: Visitor, case: str) -> None:
    with Visitor(machine, "u43") as other:
        other.enter("u43", "/hub/home")
        assert other.get(f"{machine.server_url('u42')}/manabiai/open/{case}").status_code == 403
