"""The case's files as programs and notebooks see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd


class Files(Mapping[str, pd.DataFrame]):
    """``data["sales"]``, or ``data["sales.csv"]``: the file as a DataFrame, read when it is first asked for.

    ``aliases``: of each file the English name of each column.
    """

    def __init__(self, aliases: Mapping[str, Mapping[str, str]], folder: Path = Path("data")) -> None:
        self.folder = folder
        self.aliases = aliases
        self.paths = {name: folder / name for name in aliases}
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        file = name if name in self.paths else f"{name}.csv"
        if file not in self.paths:
            raise KeyError(f"{name}; there are {', '.join(self)}")
        if file not in self._read:
            self._read[file] = pd.read_csv(self.paths[file])
        return self._read[file]

    def __iter__(self) -> Iterator[str]:
        return (name.removesuffix(".csv") for name in self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def pictures(self, name: str, ids: Iterable[str]) -> Any:
        """Pictures of a zip as grey values, shape (ids, height, width), in the order of the ids."""
        from grader.pictures import pictures_of

        return pictures_of(self.paths[name], ids)


class _Data(dict[str, Path]):
    """What ``manabiai.data()`` gives in JupyterLab: paths by file name, and ``read``."""

    def __init__(self, files: Files) -> None:
        super().__init__(files.paths)
        self.folder = files.folder
        self._aliases = files.aliases
        self._files = files

    def read(self, name: str, *, english: bool = False, **options: Any) -> pd.DataFrame:
        """The file as a DataFrame, with its own headers or the English ones."""
        frame: pd.DataFrame = pd.read_csv(self[name], **options)
        return frame.rename(columns=dict(self._aliases[name])) if english else frame

    def pictures(self, name: str, ids: Iterable[str]) -> Any:
        """Pictures of a zip as grey values, shape (ids, height, width), in the order of the ids."""
        return self._files.pictures(name, ids)


def stand_in(files: Files) -> ModuleType:
    """A module ``manabiai`` for notebooks that were written against the site: data come from here, work stays here."""
    module = ModuleType("manabiai", "Stands in for the learner's client while a submission is graded.")

    def data(case: str | None = None, *, folder: str | Path | None = None) -> _Data:
        """The case's files."""
        return _Data(files)

    def submit(work: Any = None, case: str | None = None, **options: Any) -> pd.DataFrame | None:
        """What is handed in here is what the notebook leaves; a notebook that hands in itself leaves it by name.

        A model or a program that the notebook hands in besides is graded by itself.
        """
        if isinstance(work, str | Path):
            return pd.read_csv(work) if Path(work).suffix == ".csv" else None
        left: pd.DataFrame | None = work
        return left

    def nothing(*arguments: Any, **options: Any) -> None:
        """Scores and places are the site's."""

    for name, function in {
        "data": data,
        "submit": submit,
        "check": submit,
        "scores": nothing,
        "board": nothing,
    }.items():
        setattr(module, name, function)
    return module
