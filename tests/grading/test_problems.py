"""Every message exists in both languages and asks for the same parameters."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import grader
from grader.catalogue import CATALOGUE
from grader.problems import Problem, shown

SOURCE = Path(str(grader.__file__)).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_say_it_with_the_same_parameters(code):
    wording = CATALOGUE[code]

    assert placeholders(wording["ja"]) == placeholders(wording["en"])
    assert wording["ja"].strip()
    assert wording["en"].strip()
    assert re.search(r"[ぁ-ん]", wording["ja"])
    assert not re.search(r"[ぁ-んァ-ヶ一-龠]", wording["en"])


def test_every_code_in_the_source_is_worded_and_every_wording_is_used():
    sources = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if not path.stem.endswith("catalogue")]
    written = set(re.findall(r'"([a-z0-9_]+)"', "\n".join(sources)))
    asked = set(re.findall(r'(?:Problem|_report|_?refusal|_say)\((?:\w+, )?"([a-z0-9_]+)"', "\n".join(sources)))

    assert asked <= CATALOGUE.keys()
    assert CATALOGUE.keys() - written == set()


def test_an_unknown_code_is_refused_at_once():
    with pytest.raises(KeyError, match="no_such_code"):
        Problem("no_such_code")


def test_a_problem_survives_json():
    problem = Problem("file_too_large", {"bytes": 3, "limit": 2})

    assert Problem.from_json(problem.to_json()) == problem


def test_large_numbers_are_easy_to_read():
    problem = Problem("ids_missing", {"column": "id", "count": 7390, "examples": "a, b"})

    assert problem.text("ja").startswith("「id」が7,390件足りません（例：a, b）。")
    assert problem.text("en").startswith("Column “id” is missing 7,390 of the ids (for example a, b).")


def test_braces_in_a_value_are_shown_as_they_are():
    problem = Problem("column_twice", {"column": "{row} {0.__class__}"})

    assert problem.text("en") == "Column “{row} {0.__class__}” appears twice. Keep only one."


@pytest.mark.parametrize(("value", "seen"), [("a", "a"), ("a\nb\x1b", "a�b�"), ("x" * 41, "x" * 39 + "…")])
def test_shown_values_are_harmless(value, seen):
    assert shown(value) == seen
