"""Hints looked for on the learner's own machine: the same as the site finds."""

from pathlib import Path

import pytest

from grader.contract import Kind
from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack
from grader.pack.hints import spec_of_programs
from manabiai.advice import NotLookedAt, hints_here
from tests.grading import hinted
from tests.grading.sandboxes import open_pack


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pack, Build]:
    folder = tmp_path_factory.mktemp("hinted")
    pack = open_pack(load_pack(hinted.write_hinted_case(folder)))
    return pack, build_pack(pack, out=folder / "built")


def codes(case: tuple[Pack, Build], source: str) -> list[str]:
    pack, build = case
    rules = {
        "spec": spec_of_programs(pack),
        "aliases": {file.name: {column.name: column.alias for column in file.columns} for file in pack.files},
    }
    files = [Path(build.public(name)) for name in build.public_files]
    found = hints_here(source.encode(), kind=Kind.CODE, rules=rules, files=files, seconds=60)
    return [hint.code for hint in found]


@pytest.mark.parametrize("code", ["hint_future", "hint_time_folds"])
def test_a_fault_is_found_here_too(case: tuple[Pack, Build], code: str) -> None:
    assert code in codes(case, next(iter(hinted.FAULTY[code].values())))


def test_of_a_program_that_fails_here_it_is_said_why_there_are_no_hints(case: tuple[Pack, Build]) -> None:
    with pytest.raises(NotLookedAt, match=r"^ModuleNotFoundError: No module named 'not_there'$"):
        codes(case, "import not_there\n\n\ndef predict(data):\n    return None\n")
