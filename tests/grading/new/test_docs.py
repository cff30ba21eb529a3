"""docs/authoring.md, followed to the letter: its commands run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs/authoring.md"


def commands() -> list[str]:
    return re.findall(r"^```bash\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(tmp_path):
    """A folder that looks like the project's, so that the guide's relative names hold."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    return tmp_path


def test_the_guide_leads_to_a_case_that_proves_itself(project, tmp_path):
    outputs = []
    for command in commands():
        # /tmp/my-cases is the reader's own; here it lies in the test's folder.
        told = subprocess.run(
            ["bash", "-euc", command.replace("/tmp/my-cases", str(tmp_path / "my-cases"))],
            cwd=project,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, f"{command}\n{told.stdout}{told.stderr}"
        outputs.append(told.stdout)

    made, _, widened, proven, _ = outputs
    assert "give away answers in the period to predict" in made
    assert "For you to write" in made
    assert "expected.json" in widened
    assert "no problems" in proven
    pack = tmp_path / "my-cases/bakery"
    assert "3つの店のパンの数" in (pack / "case.toml").read_text(encoding="utf-8")
    assert (tmp_path / "my-cases/bakery.zip").stat().st_size > 5_000
