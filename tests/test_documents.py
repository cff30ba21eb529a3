"""The documents hold: what they name is there, and what they link to."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.stack import ROOT

ARCHITECTURE = ROOT / "docs/architecture.md"
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
# The documents give paths from here; a file of every app is named alone.
ROOMS = [ROOT, ROOT / "platform", ROOT / "platform/campus", ROOT / "grading"]
HOUSES = [ROOT / "platform/campus", ROOT / "grading/grader", ROOT / "tests"]
MADE_LATER = {"public/", "truth/"}  # by `grader build`, in the folder it is told
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
FILE = re.compile(r"[\w./-]+/|[\w./-]*\w\.(?:py|html|css|js|md|toml|json|txt|in|yaml|po|csv)")
CALLED = re.compile(r"(\w+)\(|^@(?:\w+\.)?(\w+)$")
TARGET = re.compile(r"(?:\w+=\S+ )*make ([a-z][\w-]*)(?: .*)?")


def text_of(path: Path) -> str:
    return BLOCK.sub("", path.read_text())


def code_in(path: Path) -> list[str]:
    """What the document sets as code within its sentences."""
    return CODE.findall(text_of(path))


@cache
def sources() -> str:
    return "\n".join(path.read_text() for room in HOUSES[:2] for path in room.rglob("*.py"))


def is_there(name: str) -> bool:
    return any((room / name).exists() for room in ROOMS) or any(
        True for house in HOUSES for _ in house.glob(f"**/{name.rstrip('/')}")
    )


def lost_links() -> Iterator[str]:
    for path in DOCUMENTS:
        links = LINK.findall(CODE.sub("", text_of(path)))
        yield from (f"{path.relative_to(ROOT)}: {link}" for link in links if not (path.parent / link).exists())


def test_every_link_of_a_document_leads_to_a_file() -> None:
    assert len(DOCUMENTS) > 20
    assert list(lost_links()) == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = {name for name in code_in(ARCHITECTURE) if FILE.fullmatch(name)} - MADE_LATER
    assert len(named) > 80
    assert sorted(name for name in named if not is_there(name)) == []


def test_every_function_and_class_that_the_architecture_names_is_there() -> None:
    named = {first or second for code in code_in(ARCHITECTURE) for first, second in CALLED.findall(code)}
    assert len(named) > 20
    assert sorted(name for name in named if not re.search(rf"\b(?:def|class) {name}\b", sources())) == []


def test_the_architecture_lists_the_apps_in_their_order_by_their_own_words() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    apps = {app: import_module(f"campus.{app}").__doc__ or "" for app in reversed(layers)}
    listed = re.findall(r"^\| `(\w+)` \| (.+) \|$", ARCHITECTURE.read_text(), re.MULTILINE)
    assert listed == [(app, words.splitlines()[0]) for app, words in apps.items()]


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {found[1] for path in DOCUMENTS for code in code_in(path) if (found := TARGET.fullmatch(code))}
    assert len(named) > 5
    assert sorted(named - targets) == []
