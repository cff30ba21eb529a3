"""The same machine as an ordinary user starts it: an account made for the test, with a clone in its closed home."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stack import ROOT

ACCOUNT = f"manabiai-notebooks-{os.getpid()}"  # another checkout may be tested at the same time
_FOLDERS = ("platform", "grading", "notebooks/client", "deploy")
_SYSTEM_PYTHON = "/usr/bin/python3"


@dataclass(frozen=True)
class User:
    """Who starts the machine, and where her clone is."""

    clone: Path
    account: pwd.struct_passwd

    @property
    def options(self) -> dict[str, Any]:
        """How a process of hers is started."""
        return {
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
            "cwd": self.account.pw_dir,
        }


@contextmanager
def ordinary_user() -> Iterator[User]:
    """An account for the time of a block; skips where none can be made."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        pytest.skip("only root can make another account")
    if subprocess.run([_SYSTEM_PYTHON, "-c", "import sys, venv; sys.exit(sys.version_info[:2] != (3, 11))"]).returncode:
        pytest.skip("an ordinary account has no Python 3.11 here")
    subprocess.run(["useradd", "--create-home", ACCOUNT], check=True)
    try:
        account = pwd.getpwnam(ACCOUNT)
        Path(account.pw_dir).chmod(0o700)
        yield User(_clone(Path(account.pw_dir) / "clone", account), account)
    finally:
        subprocess.run(["userdel", "--remove", "--force", ACCOUNT], capture_output=True, check=False)


def _clone(clone: Path, account: pwd.struct_passwd) -> Path:
    """The code, and environments of her own: hard links of ours with another Python in front."""
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    _link(ROOT / "node_modules", clone / "node_modules")
    for name in (".venv", ".venvs/notebook"):
        _call("uv", "venv", "-q", "--python", _SYSTEM_PYTHON, str(clone / name))
        shutil.rmtree(clone / name / "lib")
        for part in ("lib", "share", "etc"):
            if (ROOT / name / part).exists():
                _link(ROOT / name / part, clone / name / part)
        _point_to_clone(clone / name, clone)
    subprocess.run(
        ["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", *[str(clone / n) for n in _FOLDERS]], check=True
    )
    return clone


def _point_to_clone(environment: Path, clone: Path) -> None:
    """Our own packages are found by their path: hers, not ours."""
    for note in environment.glob("lib/python3*/site-packages/__editable__*"):
        if note.suffix in (".pth", ".py"):
            text = note.read_text().replace(str(ROOT), str(clone))
            note.unlink()  # a hard link of ours
            note.write_text(text)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["sh", "-c", f"cp -al {source} {target} || cp -a {source} {target}"], check=True)


def _call(program: str, *words: str) -> None:
    subprocess.run([str(ROOT / ".venv/bin" / program), *words], check=True)
