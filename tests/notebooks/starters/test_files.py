"""The starter notebooks as they lie in git: valid, without outputs, the same in both languages, kind to beginners."""

import ast
import itertools
import re
import tomllib
from functools import cache

import pytest

from tests.notebooks.starters.files import CASES, LANGUAGES, STARTER_FILES, STARTERS, Starter, source_of
from tests.stack import ROOT

MOST_CELLS_FOR_BEGINNERS = 12
CLEAN = "jupyter nbconvert --clear-output --inplace takes outputs away"


@cache
def aliases(case: str) -> dict[str, str]:
    """The English name of each of the case's columns."""
    files = tomllib.loads((ROOT / "exercises" / case / "case.toml").read_text(encoding="utf-8"))["files"]
    return {column["name"]: column["alias"] for file in files for column in file.get("columns", ())}


each = pytest.mark.parametrize("starter", STARTER_FILES, ids=str)
in_pairs = pytest.mark.parametrize(
    ("japanese", "english"),
    [(one, Starter(one.case, "en", one.name)) for one in STARTER_FILES if one.language == "ja"],
    ids=str,
)


def test_every_case_has_both_notebooks_in_both_languages() -> None:
    names = ["01-first-submission.ipynb", "02-going-further.ipynb"]
    for case in CASES:
        assert {one.name for one in (STARTERS / case).iterdir()} == set(LANGUAGES)
        for language in LANGUAGES:
            assert sorted(path.name for path in (STARTERS / case / language).iterdir()) == names


@each
def test_it_is_stored_without_outputs_and_for_any_python(starter: Starter) -> None:
    notebook = starter.read()
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        assert cell["metadata"] == {}
        assert cell.get("outputs", []) == [], CLEAN
        assert cell.get("execution_count") is None, CLEAN
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)


def test_the_first_notebook_is_short() -> None:
    for starter in STARTER_FILES:
        if starter.name.startswith("01-"):
            assert len(starter.cells("code")) <= MOST_CELLS_FOR_BEGINNERS


@each
def test_hints_open_one_by_one(starter: Starter) -> None:
    texts = "\n".join(source_of(cell) for cell in starter.cells("markdown"))
    assert texts.count("<details>") == texts.count("</details>") == texts.count("<summary>") >= 4
    # Markdown inside is only read as such after an empty line.
    assert len(re.findall(r"</summary>\n\n", texts)) == texts.count("<summary>")


@each
def test_every_code_cell_is_introduced(starter: Starter) -> None:
    """Nobody meets two pieces of code in a row without a word between them, but for imports and the score."""
    kinds = [(cell["cell_type"], cell["id"]) for cell in starter.read()["cells"]]
    bare = [cell for (before, _), (kind, cell) in itertools.pairwise(kinds) if before == kind == "code"]
    assert set(bare) <= {"data", "submit"}


# --- two languages, one notebook


class InEnglish(ast.NodeTransformer):
    """Column names as their English ones; asking for English headers is no difference."""

    def __init__(self, case: str) -> None:
        self._aliases = aliases(case)

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            node.value = self._aliases.get(node.value, node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.keywords = [keyword for keyword in node.keywords if keyword.arg != "english"]
        return self.generic_visit(node)


def differences(japanese: ast.AST, english: ast.AST) -> list[str]:
    """Where two programs differ, but for texts: Japanese words may stand where English ones do."""
    if type(japanese) is not type(english):
        return [f"{ast.dump(japanese)} / {ast.dump(english)}"]
    if isinstance(japanese, ast.Constant) and isinstance(english, ast.Constant):
        same = japanese.value == english.value or _is_translation(japanese.value, english.value)
        return [] if same else [f"{japanese.value!r} / {english.value!r}"]
    found = []
    for name in japanese._fields:
        one, other = getattr(japanese, name), getattr(english, name)
        if isinstance(one, list):
            found += _differences_of_lists(_plain(one), _plain(other))
        elif isinstance(one, ast.AST):
            found += differences(one, other)
        elif one != other:
            found.append(f"{one!r} / {other!r}")
    return found


def _plain(nodes: list[ast.AST]) -> list[ast.AST]:
    """Of a formatted text the values alone: words and their order are the language's own."""
    values = [node for node in nodes if isinstance(node, ast.FormattedValue)]
    return sorted(values, key=ast.dump) or nodes


def _differences_of_lists(japanese: list[ast.AST], english: list[ast.AST]) -> list[str]:
    if len(japanese) != len(english):
        return [f"{len(japanese)} / {len(english)} parts"]
    return [found for one, other in zip(japanese, english, strict=True) for found in differences(one, other)]


def _is_translation(japanese: object, english: object) -> bool:
    both_are_texts = isinstance(japanese, str) and isinstance(english, str)
    return both_are_texts and not japanese.isascii() and english.isascii()  # type: ignore[union-attr]


@in_pairs
def test_both_languages_have_the_same_cells(japanese: Starter, english: Starter) -> None:
    here, there = japanese.read()["cells"], english.read()["cells"]
    assert [(cell["id"], cell["cell_type"]) for cell in here] == [(cell["id"], cell["cell_type"]) for cell in there]
    for one, other in zip(here, there, strict=True):
        if one["cell_type"] == "markdown":
            assert re.findall(r"(?m)^(#+|<details>|- |\d\. )", source_of(one)) == re.findall(
                r"(?m)^(#+|<details>|- |\d\. )", source_of(other)
            ), one["id"]


@in_pairs
def test_both_languages_run_the_same_code(japanese: Starter, english: Starter) -> None:
    for one, other in zip(japanese.cells("code"), english.cells("code"), strict=True):
        parsed = [InEnglish(japanese.case).visit(ast.parse(source_of(cell))) for cell in (one, other)]
        assert differences(*parsed) == [], one["id"]


def test_a_difference_in_code_is_found() -> None:
    def between(japanese: str, english: str) -> list[str]:
        case = "demand-forecasting"
        return differences(*(InEnglish(case).visit(ast.parse(source)) for source in (japanese, english)))

    assert between('data.read("sales.csv")["販売数"]', 'data.read("sales.csv", english=True)["qty"]') == []
    assert between('print(f"合計 {total:.1f}個")', 'print(f"{total:.1f} units in all")') == []
    assert between("x = mean * 4.2", "x = mean * 4.3") == ["4.2 / 4.3"]
    assert between('x["販売数"]', 'x["price"]') == ["'qty' / 'price'"]
    assert between('print(f"{total}")', 'print(f"{mean}")') == ["'total' / 'mean'"]


@each
def test_english_notebooks_are_in_english(starter: Starter) -> None:
    everything = "".join(source_of(cell) for cell in starter.read()["cells"])
    has_japanese = re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", everything) is not None
    assert has_japanese == (starter.language == "ja")
