"""Copies of notebooks in the own home: beside what is there, never over it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from manabiai.copies import CannotKeep, keep_copy


def notebook(*sources: str) -> dict[str, Any]:
    cells = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def keep(home: Path, *, folder: str = "demand", name: str = "Copy of ハナ.ipynb", **changed: Any) -> str:
    return keep_copy(home, folder=folder, name=name, notebook=changed.get("notebook", notebook("a = 1"))).as_posix()


def test_it_lies_in_the_folder_of_the_case(tmp_path: Path) -> None:
    assert keep(tmp_path) == "demand/Copy of ハナ.ipynb"
    assert json.loads((tmp_path / "demand/Copy of ハナ.ipynb").read_text()) == notebook("a = 1")


def test_an_unchanged_copy_is_opened_again_also_with_outputs_and_in_lines(tmp_path: Path) -> None:
    path = tmp_path / keep(tmp_path, notebook=notebook("a = 1\nb = 2"))
    ran = notebook()
    ran["cells"] = [{"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": [{"text": "2"}]}]
    path.write_text(json.dumps(ran))

    assert keep(tmp_path, notebook=notebook("a = 1\nb = 2")) == "demand/Copy of ハナ.ipynb"
    assert json.loads(path.read_text()) == ran


@pytest.mark.parametrize("own", [json.dumps(notebook("mine")), "no notebook", "[]", '{"cells": [1]}', ""])
def test_what_has_the_name_stays_and_the_copy_gets_a_number(tmp_path: Path, own: str) -> None:
    (tmp_path / "demand").mkdir()
    (tmp_path / "demand/Copy of ハナ.ipynb").write_text(own)

    assert [keep(tmp_path), keep(tmp_path)] == ["demand/Copy of ハナ (2).ipynb"] * 2
    assert (tmp_path / "demand/Copy of ハナ.ipynb").read_text() == own


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "demand").mkdir()
    elsewhere = tmp_path / "elsewhere.ipynb"
    (tmp_path / "demand/Copy of ハナ.ipynb").symlink_to(elsewhere)
    os.mkfifo(tmp_path / "demand/Copy of ハナ (2).ipynb")

    assert keep(tmp_path) == "demand/Copy of ハナ (3).ipynb"
    assert not elsewhere.exists()


@pytest.mark.parametrize("name", ["", "..", ".hidden.ipynb", "a/b.ipynb", "/etc/x.ipynb", "a\0.ipynb", "雪" * 90])
def test_a_name_is_one_part_of_a_path(tmp_path: Path, name: str) -> None:
    for wrong in ({"name": name}, {"folder": name}):
        with pytest.raises(CannotKeep):
            keep(tmp_path, **wrong)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_there_is_an_end_to_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manabiai.copies.MOST_COPIES", 2)
    for number in (1, 2):
        keep(tmp_path, notebook=notebook(f"a = {number}"))
    with pytest.raises(CannotKeep):
        keep(tmp_path, notebook=notebook("a = 3"))


def test_half_a_copy_is_taken_away_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("manabiai.copies.os.fdopen", full)
    with pytest.raises(OSError, match="no room"):
        keep(tmp_path)
    assert list((tmp_path / "demand").iterdir()) == []
