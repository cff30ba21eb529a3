"""Hints on tables, predictions and models: given on what knows too much, silent on what is right."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from campus.cases.models import Step
from campus.people.models import Person
from manabiai import Site
from manabiai.leaks import CaseColumns, in_model


def table(rows: int = 30) -> pd.DataFrame:
    """The pack's kind of training table: two items, one row a day."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"日": np.repeat(np.arange(rows), 2), "商品": ["A", "B"] * rows})
    return frame.assign(販売数=rng.integers(1, 60, len(frame)), 曜日=frame["日"] % 7)


def test_an_honest_table_raises_no_question(site: Site) -> None:
    checked = site.check(features=table())
    assert (checked.kind, checked.rows, checked.hints) == (None, None, [])
    assert "4 columns were checked. Nothing was found" in str(checked)


@pytest.mark.parametrize(
    ("add", "words"),
    [
        (lambda frame: frame.assign(欠品=0), "“欠品” isn’t known until the day is over"),
        (lambda frame: frame.rename(columns={"販売数": "sales", "日": "day"}).assign(sold_out=1), "“sold_out” isn’t"),
        (lambda frame: frame.assign(x=frame["販売数"] * 2 + 1), "“x” alone explains 100% of the target"),
        (lambda frame: frame.sort_values("販売数"), "order of the rows alone explains"),
        (
            lambda frame: frame.assign(昨日=frame.groupby("商品")["販売数"].shift(3)),
            "“昨日” seems to be the outcome from 3 days earlier. In a forecast for 10 days",
        ),
    ],
)
def test_a_table_that_knows_too_much_is_questioned(
    site: Site, add: Callable[[pd.DataFrame], pd.DataFrame], words: str
) -> None:
    (hint,) = site.check(features=add(table())).hints
    assert words in hint


def test_a_table_without_the_value_to_predict_is_not_called_honest(site: Site) -> None:
    checked = site.check(features=table().assign(x=lambda frame: frame["販売数"] * 2).drop(columns="販売数"))
    (hint,) = checked.hints
    assert "Add “販売数” to the table and check again" in hint
    assert "Nothing was found" not in str(checked)


def test_old_enough_outcomes_may_be_features(site: Site) -> None:
    frame = table()
    assert site.check(features=frame.assign(x=frame.groupby("商品")["販売数"].shift(10))).hints == []


def test_predictions_and_features_are_checked_together(site: Site, open_step: Step) -> None:
    ids = open_step.case_version.build().ids.values
    frame = pd.DataFrame({"id": ids, "予測": np.arange(len(ids)) * 1.0})
    assert site.check(frame).hints == []
    checked = site.check(frame, features=table().assign(欠品=0))
    assert (checked.rows, len(checked.hints)) == (len(ids), 1)
    (constant,) = site.check(frame.assign(予測=3.0)).hints
    assert "same value (3) in every row" in constant


def test_hints_are_told_in_japanese_too(site_of: Callable[..., Site], learner: Person, open_step: Step) -> None:
    shown = str(site_of(learner, language="ja").check(features=table().assign(欠品=0)))
    assert "- ヒント（スコアには影響しません）：「欠品」は、その日が終わるまで分からない列です" in shown


def test_a_model_is_asked_what_it_was_fitted_on(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = pd.DataFrame({"day": [1.0, 2.0], "sold_out": [0.0, 1.0]})
    model = LinearRegression().fit(known, [1.0, 2.0])
    case = site._places.find(None).case
    assert [one.params["column"] for one in in_model(model.feature_names_in_, CaseColumns.of(case))] == ["sold_out"]
