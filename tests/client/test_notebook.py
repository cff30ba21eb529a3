"""What the client knows of the notebook and the folder that it is used in; a real Jupyter is in tests/notebooks."""

import json
import logging
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from campus.cases.models import Step
from campus.submissions.models import Submission
from manabiai import DownloadFailed, NotebookUnknown, Site
from manabiai.jupyter import Ran, is_saved, notebook_path, shell


def saved(path: Path, *cells: str, at: float) -> Path:
    """A notebook file of these code cells, written at that time."""
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "# x"}, *made]}))
    os.utime(path, (at, at))
    return path


NOW = time.time()


@pytest.mark.parametrize(
    ("ran", "good"),
    [
        ([Ran("a = 1", NOW + 1), Ran("print(a)\nb", NOW + 2)], True),
        ([Ran("a = 1\n", NOW + 1)], True),  # an editor may drop the last line's end
        ([Ran("a = 2", NOW + 1)], False),
        ([Ran("a = 2", NOW - 1), Ran("a = 1", NOW + 1)], True),  # changed and saved since
        ([], True),
    ],
)
def test_a_notebook_is_saved_when_it_holds_what_was_run_since(tmp_path: Path, ran: list[Ran], good: bool) -> None:
    assert is_saved(saved(tmp_path / "x.ipynb", "a = 1", "print(a)\nb", at=NOW), ran) is good


def test_what_is_no_notebook_counts_as_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text("nonsense")
    assert not is_saved(path, [])
    assert not is_saved(tmp_path / "gone.ipynb", [])


def test_the_editor_or_the_kernels_environment_tell_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "x.ipynb", "a = 1", at=NOW)
    kernel = SimpleNamespace(config={})
    assert notebook_path(SimpleNamespace(kernel=kernel, user_ns={"__vsc_ipynb_file__": str(path)})) == path
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    running = SimpleNamespace(kernel=kernel, user_ns={})
    assert notebook_path(running) == path
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "renamed away.ipynb"))
    assert notebook_path(running) is None
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path))
    assert notebook_path(running) is None


def test_outside_a_notebook_there_is_nothing_to_hand_in_without_a_name(site: Site) -> None:
    assert shell() is None
    for use in (site.submit, site.check):
        with pytest.raises(NotebookUnknown, match=r'manabiai\.submit\("name\.ipynb"\)') as unknown:
            use()
    assert unknown.value._render_traceback_() == [f"NotebookUnknown: {unknown.value}"]
    assert not Submission.objects.exists()


# --- the folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a notebook server prepares it, current."""
    folder = tmp_path / "daily-sales"
    (folder / "data").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def delivered(folder: Path, open_step: Step) -> Path:
    """The case's data beside the notebook, not to be written to."""
    build = open_step.case_version.build()
    for name in build.public_files:
        (folder / "data" / name).write_bytes(build.public(name).read_bytes())
        (folder / "data" / name).chmod(0o444)
    return folder / "data"


def test_delivered_data_are_used_and_nothing_is_downloaded(
    site: Site, delivered: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="httpx"):
        data = site.data()
        site.check(data["sample_submission.csv"])
    assert data.folder == delivered
    assert [record for record in caplog.records if "/data/" in record.getMessage()] == []
    assert list(data.read("train.csv").columns) == ["日", "商品", "欠品", "販売数"]
    assert list(data.read("train.csv", english=True).columns) == ["day", "item", "sold_out", "sales"]


def test_data_that_are_not_the_cases_are_told_and_downloaded(site_of, learner, delivered: Path) -> None:  # type: ignore[no-untyped-def]
    (delivered / "train.csv").unlink()
    (delivered / "train.csv").write_text("mine\n1\n")
    told: list[str] = []
    data = site_of(learner, tell=told.append).data()
    assert delivered not in data["train.csv"].parents
    assert len(data.read("train.csv")) > 1
    assert told == [
        "train.csv in the data folder differ from the case’s current data. The files from the site are used."
    ]
    assert (delivered / "train.csv").read_text() == "mine\n1\n"


def test_a_folder_of_that_name_with_other_things_is_left_alone(site: Site, folder: Path) -> None:
    (folder / "data" / "notes.txt").write_text("mine")
    assert site.data().folder != folder / "data"
    assert [path.name for path in (folder / "data").iterdir()] == ["notes.txt"]


def test_a_site_cannot_make_the_client_look_elsewhere(site: Site, folder: Path) -> None:
    with pytest.raises(DownloadFailed, match="can’t be used"):
        site._downloads.delivered([{"name": "../secret", "sha256": "x"}])


@pytest.mark.parametrize("note", ['{"case": "spring/daily-sales"}', '{"case": 3}', "nonsense", "{}"])
def test_the_folder_says_which_case_it_is_of(
    site: Site, folder: Path, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANABIAI_CASE", "spring/nowhere" if "spring" in note else "spring/daily-sales")
    (folder / ".manabiai.json").write_text(note)
    assert site.scores() == []
