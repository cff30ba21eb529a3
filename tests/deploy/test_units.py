"""The systemd units start commands that exist."""

import re
import shutil
import subprocess

import pytest

from campus.command import PARTS
from tests.stack import ROOT

UNITS = sorted((ROOT / "deploy/systemd").iterdir())


@pytest.mark.parametrize("part", ["prepare", "web", "live", "worker", "runner", "notebooks", "hub", "proxy"])
def test_each_part_has_a_unit(part: str) -> None:
    commands = re.findall(r"^ExecStart=/srv/manabiai/\.venv/bin/campus (\S+)", _all_units(), flags=re.MULTILINE)

    assert commands.count(part) == 1
    assert set(commands) <= set(PARTS)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_reads_them() -> None:
    done = subprocess.run(["systemd-analyze", "verify", *UNITS], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "manabiai" in line and "is not executable" not in line]

    assert complaints == []


def _all_units() -> str:
    return "\n".join(unit.read_text() for unit in UNITS)
