"""An order to start a server, checked: the Hub is believed about the learner, not about folders of this machine."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campus.environment import ROOT, Environment
from campus.stack.notebooks import sandbox
from campus.stack.notebooks.places import number_of
from grader.runner.accounts import Account

_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,199}")
# Of the project's own cases. Others lie in their packs.
STARTERS = ROOT / "notebooks/starters"


class Refused(Exception):
    """An order that is not carried out, by a code that the Hub has words for."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Order:
    """Whose server, with which environment, and the cases in the home."""

    name: str
    account: Account | None
    environment: dict[str, str]
    arguments: list[str]
    cases: list[sandbox.Case]
    notes: list[dict[str, str]]  # of each case what the launcher inside writes beside it


def read_order(words: dict[str, Any], environment: Environment) -> Order:
    """Check an order. Raises ValueError."""
    name = str(words["name"])
    number = number_of(name)
    if number is None:
        raise ValueError("no name of a person")
    variables = {str(key): str(value) for key, value in dict(words["environment"]).items()}
    cases = [_case(one, environment) for one in words["cases"]]
    notes = [
        {"folder": str(one["folder"]), "case": str(one["case"]), "version": str(one["version"])}
        for one in words["cases"]
    ]
    arguments = [str(argument) for argument in words["arguments"]]
    return Order(name, sandbox.account_of(number), variables, arguments, cases, notes)


def _case(one: dict[str, Any], environment: Environment) -> sandbox.Case:
    folder = str(one["folder"])
    if not _FOLDER.fullmatch(folder):
        raise ValueError(f"no folder's name: {folder!r}")
    told = {part: Path(str(one[part])) for part in _CHECKS if one.get(part)}
    return sandbox.Case(folder, dict(told)).passed(lambda part, path: _CHECKS[part](path, environment))


def _data(told: Path, environment: Environment) -> Path:
    """The public data of an installed case; beside it lies the truth."""
    path = _below(environment.data_dir / "cases", told)
    if path.parts[-2:] != ("build", "public"):
        raise ValueError(f"{path} is no case's public data")
    return path


def _starters(told: Path, environment: Environment) -> Path:
    """Those of the project's own cases, or those that a pack brought along; nothing else of a pack."""
    if Path(os.path.realpath(told)).is_relative_to(os.path.realpath(STARTERS)):
        return _below(STARTERS, told)
    path = _below(environment.data_dir / "cases", told)
    if path.parts[-3:-1] != ("pack", "starters"):
        raise ValueError(f"{path} is no folder of starters")
    return path


_CHECKS = {sandbox.DATA: _data, sandbox.STARTERS: _starters}


def _below(root: Path, told: Path) -> Path:
    """Follow every link before looking where the folder is."""
    path = Path(os.path.realpath(told))
    if not path.is_relative_to(os.path.realpath(root)) or not path.is_dir():
        raise ValueError(f"{told} is no folder below {root}")
    return path
