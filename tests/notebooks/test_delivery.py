"""What the learner finds in her home, and that nothing of hers is ever overwritten."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from campus.stack.notebooks.inside.delivery import deliver

CASE = {"folder": "demand", "case": "spring/demand", "version": "1.0.0", "missing": []}


class Home:
    """A home, and the data and starters that the site offers."""

    def __init__(self, folder: Path) -> None:
        self.home, self.data, self.starters = (folder / name for name in ("home", "data", "starters"))
        for made in (self.home, self.data / "demand", self.starters / "demand"):
            made.mkdir(parents=True)

    def deliver(
        self, *, version: str = "1.0.0", language: str = "ja", missing: Sequence[str] = (), **starters: str
    ) -> None:
        for name, text in starters.items():
            (self.starters / "demand" / f"{name}.ipynb").write_text(text)
        case = {**CASE, "version": version, "missing": missing}
        deliver(self.home, [case], language=language, data=self.data, starters=self.starters)

    @property
    def notebooks(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.home / "demand").glob("*.ipynb")}

    @property
    def notes(self) -> list[str]:
        return [path.read_text() for path in self.home.rglob("*.txt")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_starters_and_data_are_there_and_the_folder_knows_its_case(home: Home) -> None:
    (home.data / "demand/sales.csv").write_text("id\n1\n")
    home.deliver(first="one", second="two")

    assert home.notebooks == {"first.ipynb": "one", "second.ipynb": "two"}
    assert (home.home / "demand/data/sales.csv").read_text() == "id\n1\n"
    assert json.loads((home.home / "demand/.manabiai.json").read_text()) == {"case": "spring/demand"}


def test_own_changes_stay_at_every_further_start(home: Home) -> None:
    home.deliver(first="one")
    (home.home / "demand/first.ipynb").write_text("mine")
    home.deliver()
    home.deliver()

    assert home.notebooks == {"first.ipynb": "mine"}


def test_a_changed_starter_appears_beside_once(home: Home) -> None:
    home.deliver(first="one")
    (home.home / "demand/first.ipynb").write_text("mine")
    home.deliver(version="1.1.0", first="better")
    home.deliver(version="1.1.0")
    assert home.notebooks == {"first.ipynb": "mine", "first-1.1.0.ipynb": "better"}

    (home.home / "demand/first-1.1.0.ipynb").write_text("mine too")
    home.deliver(version="1.2.0")
    assert home.notebooks == {"first.ipynb": "mine", "first-1.1.0.ipynb": "mine too"}, "it did not change again"


def test_who_changes_the_language_gets_the_starters_of_that_language_beside(home: Home) -> None:
    home.deliver(first="はじめに")
    home.deliver(first="To begin with", language="en")
    home.deliver(first="To begin with, better", version="1.1.0", language="en")
    home.deliver(first="はじめに")
    assert home.notebooks == {
        "first.ipynb": "はじめに",
        "first-en.ipynb": "To begin with",
        "first-en-1.1.0.ipynb": "To begin with, better",
    }


def test_a_starter_that_is_the_same_in_both_languages_is_there_once(home: Home) -> None:
    home.deliver(first="one")
    home.deliver(language="en")
    assert home.notebooks == {"first.ipynb": "one"}


def test_an_untouched_starter_is_not_replaced_either(home: Home) -> None:
    home.deliver(first="one")
    home.deliver(version="1.1.0", first="better")

    assert home.notebooks == {"first.ipynb": "one", "first-1.1.0.ipynb": "better"}


def test_a_deleted_starter_comes_back_fresh(home: Home) -> None:
    home.deliver(first="one")
    (home.home / "demand/first.ipynb").unlink()
    home.deliver()

    assert home.notebooks == {"first.ipynb": "one"}


def test_what_the_site_could_not_show_is_told_until_it_is_there(home: Home) -> None:
    home.deliver(missing=["data", "starters"])
    note, same = home.notes
    assert note == same, "in the case's folder, and where JupyterLab opens without a first notebook"
    assert "The data for your case couldn’t be placed here" in note
    assert "starter notebooks for your case couldn’t be placed here" in note
    assert not (home.home / "demand/data").is_symlink(), "a link to nothing would only confuse"

    home.deliver(first="one")
    assert (home.notes, home.notebooks) == ([], {"first.ipynb": "one"})
    assert (home.home / "demand/data").is_dir()


def test_one_starter_that_cannot_be_copied_stops_no_other(home: Home) -> None:
    (home.home / "demand").mkdir()
    (home.home / "demand/charts").write_text("a file of mine")
    (home.starters / "demand/charts").mkdir()
    (home.starters / "demand/charts/one.svg").write_text("<svg/>")
    home.deliver(first="one")

    assert (home.notebooks, len(home.notes)) == ({"first.ipynb": "one"}, 2)
    assert (home.home / "demand/charts").read_text() == "a file of mine"


def test_own_files_and_links_in_the_way_are_left_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    (home.home / "demand").write_text("a file of mine")
    home.deliver(first="one")
    assert (home.home / "demand").read_text() == "a file of mine"
    assert "demand could not be delivered" in capsys.readouterr().out

    (home.home / "demand").unlink()
    (home.home / "demand").mkdir()
    (home.home / "demand/data").mkdir()
    (home.home / "demand/first.ipynb").symlink_to("nowhere")
    home.deliver()
    assert (home.home / "demand/data").is_dir()
    assert (home.home / "demand/first.ipynb").is_symlink()
