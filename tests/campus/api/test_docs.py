"""docs/api.md tells of every operation and every code of the API, and of no others."""

import re
from pathlib import Path

from campus.submissions.refusals import Refused
from tests.campus.api.test_description import OPERATIONS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/api.md").read_text()
RAISED = re.compile(r'ApiProblem\(\s*\d{3},\s*"(\w+)"')


def _section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_operation_stands_there() -> None:
    ids = re.findall(r"\| `([a-z_]+)`(?:, `([a-z_]+)`)? \|", _section("Operations"))
    assert {name for pair in ids for name in pair if name} | {"submit"} == set(OPERATIONS)


def test_every_code_stands_there() -> None:
    sources = (ROOT / "platform/campus").rglob("api.py")
    raised = {code for source in sources for code in RAISED.findall(source.read_text())}
    refused = {kind.code for kind in Refused.__subclasses__() if not kind.is_of_pages}
    told = set(re.findall(r"`(\w+)`", _section("What goes wrong").split("| status |")[1])) - {"errors"}
    assert told == raised | refused
