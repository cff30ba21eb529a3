"""よくある誤り：先の日を含む平均と、ランダムな検証 / Two faults often made: means that hold later days, random folds.

採点はされますが、ヒントが2つ付きます / It is scored all the same, and gets two hints.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score

FEATURES = ["weekday", "price", "promo", "level"]


def predict(data):
    sales, test = data["sales"].rename(columns=NAMES), data["test"].rename(columns=NAMES)
    sales["weekday"], test["weekday"] = (pd.to_datetime(one["date"]).dt.day_of_week for one in (sales, test))
    by_series = sales.groupby(["store", "item"])["qty"]
    sales["level"] = by_series.transform(lambda qty: qty.rolling(29, center=True, min_periods=1).mean())
    test = test.merge(sales.groupby(["store", "item"])["level"].last().reset_index(), on=["store", "item"])

    model = Ridge()
    print(cross_val_score(model, sales[FEATURES], sales["qty"], cv=KFold(5, shuffle=True, random_state=0)))
    model.fit(sales[FEATURES], sales["qty"])
    demand = np.maximum(model.predict(test[FEATURES]), 0)
    return test[["id"]].assign(予測=demand, 補充目標在庫量=demand * 4.2)


NAMES = {"日付": "date", "店舗": "store", "商品": "item", "販売数": "qty", "売価": "price", "特売": "promo"}
