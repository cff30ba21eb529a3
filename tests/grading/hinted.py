"""The tiny shop with 400 days of sales that asks for every hint, and programs with and without each fault."""

from __future__ import annotations

from pathlib import Path

from tests.grading.tiny import CASE, GENERATOR, write_case

HINTS = """
[hints]
look_for = ["future", "single_feature", "fit_before_split", "time_folds", "group_folds", "other_rows"]
table = "sales.csv"
groups = ["shop"]
"""

# What a careful learner writes: features from the past alone, steps in a pipeline, later days to validate on.
CAREFUL = """
import numpy as np, pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import TimeSeriesSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["weekday", "lag20", "mean28"]

def features(sales):
    sales = sales.sort_values(["日付", "店舗"], kind="stable").copy()
    sales["weekday"] = pd.to_datetime(sales["日付"]).dt.day_of_week
    by_shop = sales.groupby("店舗")["販売数"]
    sales["lag20"] = by_shop.shift(20)
    sales["mean28"] = by_shop.transform(lambda sold: sold.shift(20).rolling(28).mean())
    return sales.dropna()

def predict(data):
    known = features(data["sales"])
    model = make_pipeline(StandardScaler(), Ridge())
    scores = cross_val_score(model, known[FEATURES], known["販売数"], cv=TimeSeriesSplit(4))
    cut = known["日付"].sort_values().iloc[-100]
    before, after = known[known["日付"] < cut], known[known["日付"] >= cut]
    model.fit(before[FEATURES], before["販売数"])
    print(scores, mean_absolute_error(after["販売数"], model.predict(after[FEATURES])))
    model.fit(known[FEATURES], known["販売数"])
    test = data["test"]
    given = pd.DataFrame({"weekday": pd.to_datetime(test["日付"]).dt.day_of_week, "lag20": 30.0, "mean28": 30.0})
    return test[["id"]].assign(demand=model.predict(given), order=1)
"""

ANSWER = """
    return data["test"][["id"]].assign(demand=30.0, order=1)
"""

_START = """
import numpy as np, pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

def predict(data):
    sales = data["sales"]
    rng = np.random.default_rng(1)
    sales["weekday"] = pd.to_datetime(sales["日付"]).dt.day_of_week
    sales["lag1"] = sales.groupby("店舗")["販売数"].shift(1).fillna(30)
    sales["noise"] = rng.normal(size=len(sales))
    X, y = sales[["weekday", "lag1", "noise"]], sales["販売数"]
    sold = sales.groupby("店舗")["販売数"]
"""


def program(*lines: str) -> str:
    """A program that does these lines with the sales, and answers 30 everywhere."""
    return _START + "".join(f"    {line}\n" for line in lines) + ANSWER


FIT = "Ridge().fit(X, y)"

# By the code of the hint: programs that have the fault, told by what they do.
FAULTY = {
    "hint_future": {
        "centred mean": program("X = X.assign(mean=sold.transform(lambda s: s.rolling(7, center=True).mean()))",
                                "HistGradientBoostingRegressor(max_iter=5).fit(X, y)"),
        "next day": program("X = X.assign(next=sold.shift(-1).fillna(0), after=sold.shift(-30).fillna(0))", FIT),
        "filled from behind": program("gappy = sales['販売数'].where(rng.random(len(sales)) > .5)",
                                      "X = X.assign(sold=gappy.groupby(sales['店舗']).bfill().fillna(0).shift(-60))",
                                      "HistGradientBoostingRegressor(max_iter=5).fit(X, y)"),
        "mean of all days": program("by_day = sales.groupby(['店舗', 'weekday'])['販売数']",
                                    "X = X.assign(usual=by_day.transform('mean'))", FIT),
        "as an array": program("X = X.assign(mean=sold.transform(lambda s: s.rolling(31, center=True).mean()))",
                               "LinearRegression().fit(np.nan_to_num(X.to_numpy()), y.to_numpy())"),
        "in a pipeline": program("X = X.assign(mean=sold.transform(lambda s: s[::-1].expanding().mean()))",
                                 "make_pipeline(StandardScaler(), Ridge()).fit(X, np.log1p(y))"),
    },
    "hint_single_feature": {
        "the target itself": program("X = X.assign(revenue=y * 98 + rng.normal(size=len(y)) * 20)", FIT),
        "as an array": program("X = np.column_stack([X, y * 2.0])", FIT),
        "in a fold": program("X = X.assign(left=50 - y)",
                             "cut = sales['日付'] < '2026-12-01'", "Ridge().fit(X[cut], y[cut])"),
    },
    "hint_fit_before_split": {
        "scaled, then cut": program("scaled = StandardScaler().fit_transform(X)",
                                    "a, b, c, d = train_test_split(scaled, y, shuffle=False)", "Ridge().fit(a, c)"),
        "fitted and transformed": program("scaler = StandardScaler().fit(X)", "scaled = scaler.transform(X)",
                                          "cross_val_score(Ridge(), scaled, y, cv=3)"),
        "kept in a frame": program("X['noise'] = X['noise'].where(X['noise'] > -1)",
                                   "filled = pd.DataFrame(SimpleImputer().fit_transform(X), columns=X.columns)",
                                   "GridSearchCV(Ridge(), {'alpha': [1, 10]}, cv=3).fit(filled, y)"),
        "chosen by all answers": program("best = SelectKBest(f_regression, k=2).fit_transform(X, y)",
                                         "cross_val_score(Ridge(), best, y, cv=3)"),
    },
    "hint_time_folds": {
        "drawn at random": program("a, b, c, d = train_test_split(X, y, random_state=0)", "Ridge().fit(a, c)"),
        "shuffled folds": program("cross_val_score(Ridge(), X, y, cv=KFold(5, shuffle=True, random_state=0))"),
        "folds by hand": program("for one, two in KFold(3).split(sales): Ridge().fit(X.iloc[one], y.iloc[one])"),
        "the whole table": program("one, two = train_test_split(sales, test_size=.3)"),
    },
    "hint_group_folds": {
        "drawn at random": program("a, b, c, d = train_test_split(X, y, random_state=0)"),
        "search": program("GridSearchCV(Ridge(), {'alpha': [1, 10]}, cv=KFold(3, shuffle=True)).fit(X, y)"),
    },
}  # fmt: skip

# Programs that come close to the fault and don't have it.
FAULTLESS = {
    "hint_future": {
        "past means": program("X = X.assign(mean=sold.transform(lambda s: s.shift(1).rolling(7).mean()))",
                              "HistGradientBoostingRegressor(max_iter=5).fit(X, y)"),
        "scaled by all rows": program("Ridge().fit(StandardScaler().fit_transform(X), y)"),
        "gaps filled by the mean": program("lag = sold.shift(28)", "X['lag'] = lag.fillna(lag.mean())",
                                           FIT),
        "unlike itself": program("X = X.assign(luck=np.random.default_rng().normal(size=len(X)))", FIT),
        "no model": program("sold.transform(lambda s: s.rolling(7, center=True).mean())"),
        "another question": program("weekly = sales.groupby(['店舗', 'weekday'])['販売数'].mean().reset_index()",
                                    "Ridge().fit(weekly[['weekday']], weekly['販売数'])"),
    },
    "hint_single_feature": {
        "good features": program("X = X.assign(mean=sold.transform('mean'))", FIT),
        "a model of another thing": program("Ridge().fit(X[['lag1']], X['lag1'] * 2)"),
        "few rows": program("X = X.assign(left=50 - y)", "Ridge().fit(X[:40], y[:40])"),
    },
    "hint_fit_before_split": {
        "in a pipeline": program("cross_val_score(make_pipeline(StandardScaler(), Ridge()), X, y, cv=3)"),
        "on the training part": program("a, b, c, d = train_test_split(X, y, shuffle=False)",
                                        "scaler = StandardScaler().fit(a)",
                                        "Ridge().fit(scaler.transform(a), c).predict(scaler.transform(b))"),
        "categories only": program("shops = OneHotEncoder(sparse_output=False).fit_transform(sales[['店舗']])",
                                   "cross_val_score(Ridge(), shops, y, cv=3)"),
        "for the last fit": program("cross_val_score(make_pipeline(StandardScaler(), Ridge()), X, y, cv=3)",
                                    "Ridge().fit(StandardScaler().fit_transform(X), y)"),
        "early stopping": program("HistGradientBoostingRegressor(max_iter=5, early_stopping=True).fit("
                                  "StandardScaler().fit_transform(X), y)"),
    },
    "hint_time_folds": {
        "later days": program("sales = sales.sort_values('日付', kind='stable')",
                              "a, b = train_test_split(sales, shuffle=False)"),
        "rows that are not days": program("items = pd.DataFrame({'a': range(60), 'b': range(60)})",
                                          "train_test_split(items)"),
        "early stopping": program("HistGradientBoostingRegressor(max_iter=5, early_stopping=True).fit(X, y)"),
    },
    "hint_group_folds": {
        "by group": program("cross_val_score(Ridge(), X, y, groups=sales['店舗'], cv=GroupKFold(2))"),
    },
}  # fmt: skip


def write_hinted_case(folder: Path) -> Path:
    """The case's folder."""
    generator = GENERATOR.replace("range(60)", "range(420)").replace("days[:40]", "days[:400]")
    generator = generator.replace("days[40:]", "days[400:]").replace("demand[40:]", "demand[400:]")
    case = CASE.replace('kinds = ["predictions"]', 'kinds = ["predictions", "code"]') + HINTS
    return write_case(folder, case=case, generator=generator)
