"""The package as it would be published: built, complete, and usable in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from tests.stack import ROOT

pytestmark = pytest.mark.slow

UV = str(Path(sys.executable).with_name("uv"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with wheels and source archives of the client and of the grader's part that it needs."""
    folder = tmp_path_factory.mktemp("built")
    for source in ("notebooks/client", "grading"):
        copied = folder / "sources" / source
        shutil.copytree(ROOT / source, copied, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
        command = [UV, "build", "-q", "--python", sys.executable, "--out-dir", str(folder), str(copied)]
        # What builds packages lies in uv's cache since `make` installed them; no network is asked.
        done = subprocess.run([*command, "--offline"], capture_output=True, text=True)
        if "because" in done.stderr and "offline" in done.stderr:
            done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def metadata_of(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return archive.read(name)


def test_the_metadata_are_what_an_index_accepts(built: Path) -> None:
    wheel = only(built, "manabiai-*.whl")
    metadata = Metadata.from_email(metadata_of(wheel), validate=True)
    assert (metadata.name, metadata.license_expression) == ("manabiai", "Apache-2.0")
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description is not None
    for words in ("形式とリークの確認", "check format and leaks"):
        assert words in metadata.description
    needed = {one.name for one in metadata.requires_dist or [] if not one.marker}
    assert needed == {"httpx", "manabiai-grader", "pandas"}


def test_wheel_and_source_archive_hold_the_same_package(built: Path) -> None:
    package = ROOT / "notebooks" / "client" / "manabiai"
    wanted = {f"manabiai/{path.name}" for path in package.iterdir() if path.is_file()}
    with zipfile.ZipFile(only(built, "manabiai-*.whl")) as wheel:
        assert {name for name in wheel.namelist() if name.startswith("manabiai/")} == wanted
    with tarfile.open(only(built, "manabiai-[0-9]*.tar.gz")) as source:
        held = {name.partition("/")[2] for name in source.getnames()}
    assert wanted | {"README.md", "pyproject.toml"} <= held


def test_it_works_in_an_environment_of_its_own(built: Path, tmp_path: Path) -> None:
    """Our two wheels alone are installed; libraries are lent by this environment, without its own packages."""
    home = tmp_path / "environment"
    subprocess.run([UV, "venv", "-q", "--python", sys.executable, str(home)], check=True)
    python = home / "bin" / "python"
    wheels = [str(path) for path in built.glob("*.whl")]
    install = [UV, "pip", "install", "-q", "--offline", "--no-deps", "--python", str(python), *wheels]
    subprocess.run(install, check=True)
    own = Path(subprocess.run([python, "-c", _WHERE], capture_output=True, text=True, check=True).stdout.strip())
    (own / "lent.pth").write_text(sysconfig.get_path("purelib"))

    used = subprocess.run(
        [python, "-c", _USE], capture_output=True, text=True, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    )
    assert used.returncode == 0, used.stderr
    place, *others = used.stdout.split()
    assert Path(place).is_relative_to(home)
    assert others == []
    shown = subprocess.run([home / "bin" / "manabiai", "--help"], capture_output=True, text=True)
    assert shown.returncode == 0
    assert "submit" in shown.stdout


_WHERE = "import sysconfig; print(sysconfig.get_path('purelib'))"
# Where it lies, and which of these it needlessly imports.
_USE = """
import sys, manabiai
from grader.kinds import KINDS
print(manabiai.__file__)
print(*[name for name in ("django", "campus", "IPython", "sklearn", "matplotlib", "ipywidgets") if name in sys.modules])
"""
