"""What all templates keep to."""

import re
from pathlib import Path

from tests.stack import ROOT

TEMPLATES = sorted((ROOT / "platform/campus").glob("*/templates/**/*.html"))
BLOCK = re.compile(r"{% block \w+ %}(.*?){% endblock %}", re.DOTALL)
SET = re.compile(r"{% url [^%]*? as (\w+) %}")


def test_addresses_are_used_in_the_block_that_sets_them() -> None:
    """Django forgets at its end what a block has set: a link in another block would lead nowhere."""
    assert {str(path): names for path in TEMPLATES if (names := names_from_elsewhere(path))} == {}


def names_from_elsewhere(path: Path) -> set[str]:
    blocks = BLOCK.findall(path.read_text())
    lost = set()
    for block in blocks:
        elsewhere = {name for other in blocks if other != block for name in SET.findall(other)}
        lost |= elsewhere & set(re.findall(r"{{ (\w+) }}", block)) - set(SET.findall(block))
    return lost
