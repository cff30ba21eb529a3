"""The wording of hints: advice on how a program learns and validates. None of them costs anything."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording, say

HINTS: dict[str, Wording] = {
    "hint_future": say(
        "特徴量「{columns}」に、予測する時点ではまだ分からない情報が入っている可能性があります。後の日の「{target}」などの値を変えて実行し直すと、それより前の日の行の値が変わりました。前の日までの行だけから作らないと、手元の検証の結果が実際より良く見えます。",
        "The features “{columns}” may contain information that is not yet known at prediction time. When values of later days (such as “{target}”) were changed and the program was run again, these features changed in rows of earlier days. Build them from earlier rows only; otherwise your own validation looks better than it really is.",
    ),
    "hint_single_feature": say(
        "特徴量「{column}」だけで、目的の「{target}」がほぼ決まってしまいます（{measure}＝{value:.3f}）。予測する時点で本当に分かる値かどうか、確かめてください。",
        "The feature “{column}” alone almost determines “{target}” ({measure} = {value:.3f}). Check whether it is really known at the time of prediction.",
    ),
    "hint_fit_before_split": say(
        "学習用と検証用に分ける前に、データ全体で {transformer} を fit しています。検証用の行の情報が学習に入るため、検証の結果が実際より良く見えます。分けたあとの学習用だけで fit するか、Pipeline に入れてください。",
        "{transformer} was fitted on all the data before it was split, including the validation rows, so the validation looks better than it really is. Fit it on the training part only, or put it into a Pipeline.",
    ),
    "hint_time_folds": say(
        "検証用の行より後の日のデータで学習しています（検証用の行の{share:.0%}）。実際には過去のデータから先の日を予測するため、検証の結果が実際より良く見えます。日付で区切り、後の期間で検証した結果と比べてください。",
        "For {share:.0%} of the validation rows, the training data includes later days. In practice the past has to predict the future, so this validation looks better than it really is. Compare it with one that trains on earlier days and validates on later ones.",
    ),
    "hint_group_folds": say(
        "同じ「{column}」の行が、学習用と検証用の両方に入っています（検証用の{groups:,}件のうち{shared:,}件）。採点に使うのは学習データにない「{column}」のため、検証の結果が実際より良く見えます。GroupKFold などで「{column}」ごとに分けてください。",
        "Rows with the same “{column}” are in both training and validation ({shared:,} of the {groups:,} in validation). Scores are measured on others never seen in training, so this validation looks better than it really is. Keep each “{column}” together, for example with GroupKFold.",
    ),
    "hint_other_rows": say(
        "ほかの行の入力を変えると、入力を変えていない行の予測も変わりました。モデルが、予測する行をまとめて見ています（全体の平均を引くなど）。実際に使うときは後の日の行がまだないため、1行ごとに同じ答えになるモデルにしてください。",
        "Predictions for some rows changed when only the inputs of other rows were changed: the model looks at all the rows to predict together (for example, it subtracts their mean). In real use, rows of later days don’t exist yet, so make a model that gives the same answer for each row on its own.",
    ),
}
