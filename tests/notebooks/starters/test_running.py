"""The starter notebooks are run as they stand, by nbclient, and what they hand in is scored by the real grader."""

import json
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manabiai import Site, Submission
from tests.notebooks.starters.conftest import Workplace
from tests.notebooks.starters.files import STARTER_FILES, Starter

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("notebooks")]

MOST_SECONDS = 60
# Yen a year that the first and the second notebook save. Of case 1 the first is the manager's own rule.
SAVES = {
    ("demand-forecasting", "01"): (-100, 100),
    ("demand-forecasting", "02"): (500_000, 5_000_000),
    ("defect-detection", "01"): (1_000_000, 20_000_000),
    ("defect-detection", "02"): (5_000_000, 35_000_000),
}
SCORED = {"ja": "採点済み", "en": "scored"}


def executed(starter: Starter, workplace: Workplace) -> list[dict[str, Any]]:
    """The cells of the notebook after nbclient ran it in the workplace; an error in any cell fails."""
    path = workplace.folder / starter.name
    shutil.copy(starter.path, path)
    workplace.run("-m", "jupyter", "execute", "--inplace", "--kernel_name=python3", "--timeout=120", str(path))
    cells: list[dict[str, Any]] = json.loads(path.read_text())["cells"]
    return cells


def processor_seconds() -> float:
    """What the programs that ran for this test have used: the same on a busy machine as on a quiet one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def shown(cells: list[dict[str, Any]], cell_id: str, kind: str = "text/html") -> str:
    """All that a cell displayed in that form."""
    (cell,) = (cell for cell in cells if cell["id"] == cell_id)
    return "\n".join("".join(output["data"].get(kind, "")) for output in cell["outputs"] if "data" in output)


def pictures(cells: list[dict[str, Any]]) -> int:
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))


def complaints(cells: list[dict[str, Any]]) -> list[str]:
    """What was written to standard error: warnings, above all of characters that no font has."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return ["".join(output["text"]) for output in outputs if output.get("name") == "stderr"]


def latest(workplace: Workplace) -> Submission:
    site = Site(workplace.variables["MANABIAI_URL"], workplace.variables["MANABIAI_TOKEN"], language="en")
    case = json.loads((workplace.folder / ".manabiai.json").read_text())["case"]
    found: Submission = site.scores(case)[0]
    site.close()
    return found


@pytest.mark.parametrize("starter", STARTER_FILES, ids=str)
def test_it_runs_as_it_stands_and_is_scored(starter: Starter, workplace_of: Callable[..., Workplace]) -> None:
    workplace = workplace_of(starter.language, starter.case)
    before = processor_seconds()
    cells = executed(starter, workplace)
    assert processor_seconds() - before < MOST_SECONDS
    assert SCORED[starter.language] in shown(cells, "submit")
    assert pictures(cells) >= 3
    assert complaints(cells) == []
    submission = latest(workplace)
    assert submission.is_scored
    assert submission.public is not None
    low, high = SAVES[starter.case, starter.name[:2]]
    assert low <= submission.public["saving_yen"] <= high


HANDED_IN = [one for one in STARTER_FILES if one.language == "ja"]


@pytest.mark.parametrize("starter", HANDED_IN, ids=str)
def test_it_can_be_handed_in_itself(starter: Starter, workplace_of: Callable[..., Workplace]) -> None:
    """The grader runs the whole notebook, charts and all, and takes what it leaves."""
    workplace = workplace_of("en", starter.case)
    case = json.loads((workplace.folder / ".manabiai.json").read_text())["case"]
    site = Site(workplace.variables["MANABIAI_URL"], workplace.variables["MANABIAI_TOKEN"], language="en")
    told: list[str] = []
    site._tell = told.append
    submission = site.submit(starter.path, case)
    site.close()
    assert (submission.kind, submission.state, submission.problems) == ("notebook", "scored", [])


def test_in_jupyter_this_notebook_is_found_and_must_be_saved(workplace_of: Callable[[str], Workplace]) -> None:
    """A real Jupyter server and kernel; see in_jupyter.py for the steps."""
    told = json.loads(workplace_of("en").run(str(Path(__file__).with_name("in_jupyter.py"))))
    assert "scored" in told["saved"]
    assert "NotebookNotSaved: mine.ipynb has unsaved changes. Save it with Ctrl+S" in told["changed"]
    assert "Submission" in told["renamed"]
    assert "renamed.ipynb" in told["renamed"]
    assert "<progress" in told["progress"]
    assert "NotebookUnknown" in told["unknown"]
