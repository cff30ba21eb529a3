"""What the keeper believes of an order: whose server, and which folders of this machine a learner may see."""

from pathlib import Path

import pytest

from campus.environment import ROOT, Environment
from campus.stack.notebooks.orders import read_order
from campus.stack.notebooks.sandbox import Case

OWN = ROOT / "notebooks/starters/demand-forecasting/ja"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    for folder in ("build/public", "build/truth", "pack/starters/ja", "pack/samples/ja"):
        (tmp_path / "cases/shops-1.0.0" / folder).mkdir(parents=True)
    return Environment(data_dir=tmp_path)


def case_of(environment: Environment, *, starters: Path | str | None, data: str = "build/public") -> Case:
    version = environment.data_dir / "cases/shops-1.0.0"
    case = {"folder": "shops", "case": "spring/shops", "version": "1.0.0", "data": str(version / data)}
    words = {"name": "u42", "environment": {}, "arguments": []}
    one = {**case, "starters": str(starters) if starters else None}
    return read_order({**words, "cases": [one]}, environment).cases[0]


def test_starters_come_with_the_code_or_in_a_pack_or_there_are_none(environment: Environment) -> None:
    of_a_pack = environment.data_dir / "cases/shops-1.0.0/pack/starters/ja"
    assert case_of(environment, starters=OWN).parts["starters"] == OWN.resolve()
    assert case_of(environment, starters=of_a_pack).parts["starters"] == of_a_pack.resolve()
    assert list(case_of(environment, starters=None).parts) == ["data"]


@pytest.mark.parametrize("folder", ["pack/samples/ja", "pack", "build/truth", "nowhere", "pack/starters/ja/\0"])
def test_nothing_else_of_a_case_is_shown_as_starters(
    environment: Environment, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = case_of(environment, starters=f"{environment.data_dir}/cases/shops-1.0.0/{folder}")

    assert (shown.missing, shown.parts["starters"]) == (["starters"], None)
    assert shown.parts["data"] is not None, "the rest of the case is there, and with it the learner's notebook"
    assert "shops is shown without its starters: ValueError" in capsys.readouterr().err


def test_a_link_does_not_lead_elsewhere(environment: Environment) -> None:
    link = environment.data_dir / "cases/shops-1.0.0/pack/starters/en"
    link.symlink_to(environment.data_dir / "cases/shops-1.0.0/build/truth")
    assert case_of(environment, starters=link).missing == ["starters"]


@pytest.mark.parametrize("folder", ["build/truth", "build", "nowhere"])
def test_of_the_data_only_what_is_public_is_shown(environment: Environment, folder: str) -> None:
    assert case_of(environment, starters=OWN, data=folder).missing == ["data"]


def test_a_part_that_cannot_be_read_is_left_out_alone(environment: Environment) -> None:
    def refuses_starters(part: str, path: Path) -> Path:
        if part == "starters":
            raise PermissionError
        return path

    case = case_of(environment, starters=OWN)
    assert case.passed(refuses_starters).parts == {**case.parts, "starters": None}
