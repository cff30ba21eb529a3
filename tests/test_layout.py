"""The house keeps its order: what must never be in the tree, and what every room must have."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# The addresses that package managers write into lock files; spelled in parts, or this file would be one of the finds.
_REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com", "deb" + ".debian.org"]
_GENERATED = re.compile(r"(^|/)(node_modules|__pycache__|\.venvs?|var)/|\.(mo|pyc)$|\.egg-info/")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def files() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return tracked()


def test_the_standard_librarys_platform_is_not_shadowed() -> None:
    assert not (ROOT / "platform/__init__.py").exists()
    subprocess.run([sys.executable, "-c", "import platform; platform.system()"], cwd=ROOT, check=True)


def test_every_tests_folder_is_a_package(files: list[str]) -> None:
    folders = {str(Path(name).parent) for name in files if name.startswith("tests/") and name.endswith(".py")}
    folders = {folder for folder in folders if Path(folder).name.isidentifier()}  # A case pack is data, not code.

    assert sorted(folder for folder in folders if f"{folder}/__init__.py" not in files) == []


def test_fixtures_live_under_tests_alone(files: list[str]) -> None:
    assert [name for name in files if Path(name).name == "conftest.py" and not name.startswith("tests/")] == []


def test_nothing_generated_is_kept(files: list[str]) -> None:
    assert [name for name in files if _GENERATED.search(name)] == []


def test_no_file_names_a_package_registry(files: list[str]) -> None:
    pattern = re.compile("|".join(map(re.escape, _REGISTRIES)).encode())

    assert [name for name in files if pattern.search((ROOT / name).read_bytes())] == []


@pytest.mark.parametrize("name", ["site", "runner", "notebook", "verifiers"])
def test_locks_carry_a_digest_for_every_package(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.txt").read_text()
    entries = re.findall(r"^(\S+)==\S+ \\\n((?:    --hash=\S+(?: \\)?\n)*)", lock, flags=re.MULTILINE)

    assert len(entries) == len(re.findall(r"^\S+==", lock, flags=re.MULTILINE)) > 0
    assert [package for package, hashes in entries if not hashes] == []


def test_the_runner_grades_with_what_the_site_checks_with() -> None:
    def version_of(name: str) -> dict[str, str]:
        lock = (ROOT / f"requirements/{name}.txt").read_text()
        return dict(re.findall(r"^(\S+)==(\S+) ", lock, flags=re.MULTILINE))

    site, runner = version_of("site"), version_of("runner")

    assert {name: version for name, version in runner.items() if site.get(name, version) != version} == {}


def test_settings_are_documented_as_they_are() -> None:
    from campus.stack.settings_list import as_markdown

    assert (ROOT / "docs/settings.md").read_text() == as_markdown()
