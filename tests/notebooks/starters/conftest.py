"""Notebooks are run as learners run them: by what `make envs` installs for them, against a whole running site."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stack import ROOT, RunningSite

ENVIRONMENT = ROOT / ".venvs" / "notebook"


@dataclass(frozen=True)
class Workplace:
    """A learner's folder, and the environment variables with which a notebook server starts her kernels."""

    folder: Path
    variables: dict[str, str]

    def run(self, *arguments: str, seconds: float = 180) -> str:
        """Run Python of the notebooks' environment in the folder; what it printed. Fails with all that it said."""
        python = str(ENVIRONMENT / "bin" / "python")
        done = subprocess.run(
            [python, *arguments], cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=seconds
        )
        assert done.returncode == 0, done.stderr[-6000:]
        return done.stdout


@pytest.fixture
def workplace_of(site: RunningSite, run_folder: Path, tmp_path: Path) -> Callable[..., Workplace]:
    """Makes the workplace of a learner who speaks that language and began the case today."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        pytest.skip("what learners run is not installed: make envs")

    def make(language: str, case: str = "demand-forecasting") -> Workplace:
        told = f"from tests.notebooks.starters.learner import tell; tell({case!r})"
        learner = json.loads(site.campus("shell", "-v0", "-c", told))
        folder = tmp_path / "work"
        folder.mkdir()
        (folder / ".manabiai.json").write_text(json.dumps({"case": learner["case"]}))
        own = {
            "HOME": str(tmp_path),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
            "PATH": f"{ENVIRONMENT / 'bin'}:{os.environ['PATH']}",
            "MPLCONFIGDIR": str(run_folder / "matplotlib"),  # matplotlib looks for fonts once, not for every test
            "LANG": "C.UTF-8",
            "MANABIAI_URL": site.url,
            "MANABIAI_TOKEN": learner["token"],
            "MANABIAI_LANGUAGE": language,
        }
        return Workplace(folder, own)

    return make
