"""The wording of `grader new`: what was guessed, what to look at, what the table must have."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording
from grader.wording import say as _say

# What can't be made into a case.
REFUSED: dict[str, Wording] = {
    "new_name": _say(
        "教材の名前「{value}」は使えません。半角の小文字・数字をハイフンでつないだ50文字以内の名前にしてください（例：store-sales）。",
        "“{value}” can’t be used as the name of a case. Use up to 50 lower-case letters and digits joined by hyphens (such as store-sales).",
    ),
    "new_too_large": _say(
        "{file}: ファイルが大きすぎます（上限{limit:,}MB）。行か列を減らしてください。",
        "{file}: the file is larger than {limit:,} MB. Reduce the rows or columns.",
    ),
    "new_too_many_rows": _say(
        "{file}: 行が多すぎます（上限{limit:,}行）。期間や対象をしぼってください。",
        "{file}: there are more than {limit:,} rows. Keep a shorter period or fewer items.",
    ),
    "new_too_many_columns": _say(
        "{file}: 列が{count:,}列あります（上限{limit:,}列）。使わない列を除いてください。",
        "{file}: there are {count:,} columns, more than the limit of {limit:,}. Remove those you don’t need.",
    ),
    "new_no_rows": _say(
        "{file}: データの行がありません。1行目に列名、2行目からデータがあるCSVファイルを指定してください。",
        "{file}: there are no rows of data. Use a CSV file with column names in the first line and data below.",
    ),
    "new_no_header": _say(
        "{file}: 1行目が列名ではないようです（{value}）。1行目に列名を書いてください。",
        "{file}: the first line doesn’t seem to contain column names ({value}). Write the column names in the first line.",
    ),
    "new_title_line": _say(
        "{file}: 1行目（{value}）は列名ではなく、表の題のようです。列名の行が1行目になるように、その上の行を消してください。",
        "{file}: the first line ({value}) seems to be a title. Delete everything above the column names.",
    ),
    "new_one_column": _say(
        "{file}: 列が1つしかありません。列をコンマ（またはタブ）で区切ったCSVファイルにしてください。",
        "{file}: there is only one column. Separate the columns with commas (or tabs).",
    ),
    "new_ragged": _say(
        "{file}: {line:,}行目に列が{found}個あります。列名は{expected}個です。余分なコンマを除くか、値を引用符で囲んでください。",
        "{file}: line {line:,} has {found} cells, but the header has {expected}. Remove extra commas, or put the values in quotation marks.",
    ),
    "new_column": _say(
        "{file}: {field}で指定された列「{value}」がありません。ある列：{known}。",
        "{file}: there is no column “{value}”, as given in {field}. Available columns: {known}.",
    ),
    "new_time_and_group": _say(
        "時間での分割と、グループでの分割は同時に指定できません。どちらか一方にしてください。",
        "Rows can be split by time or by group, but not both. Choose one of the two.",
    ),
    "new_time": _say(
        "{file}: 列「{column}」を日付や数として読めません（例：{value}）。2024/4/1、2024年4月1日、令和6年4月1日のような形にそろえてください。",
        "{file}: column “{column}” can’t be read as dates or numbers (for example “{value}”). Write dates like 2024-04-01 or 2024/4/1.",
    ),
    "new_horizon": _say(
        "予測する期間「{value}」を読めません。28d（日）、8w（週）、3m（月）、20%のように指定してください。",
        "The period to predict, “{value}”, can’t be read. Write it like 28d (days), 8w (weeks), 3m (months) or 20%.",
    ),
    "new_horizon_months": _say(
        "予測する期間を月で指定できるのは、日付の列だけです。「{column}」では数で指定してください。",
        "The period to predict can be given in months only with a column of dates. For “{column}”, write a number.",
    ),
    "new_horizon_unused": _say(
        "予測する期間（{value}）は、時間で分けるときだけ使います。期間の指定を外すか、時間の列を指定してください。",
        "A period to predict ({value}) is used only when rows are split by time. Leave it out, or give a time column.",
    ),
    "new_too_few": _say(
        "{file}: データが足りません（学習用{train:,}行、予測対象{test:,}行）。それぞれ{least_train}行、{least_test}行以上になるように、データを増やすか期間を変えてください。",
        "{file}: there are too few rows ({train:,} for training, {test:,} to predict). At least {least_train} and {least_test} are needed: add data or change the period to predict.",
    ),
    "new_target_date": _say(
        "{file}: 予測する列「{column}」が日付です。日数などの数に直した列を用意してください。",
        "{file}: the column to predict, “{column}”, contains dates. Turn it into a column of numbers, such as the number of days.",
    ),
    "new_target_constant": _say(
        "{file}: 予測する列「{column}」の値が1種類しかありません。別の列を選んでください。",
        "{file}: the column to predict, “{column}”, has only one value. Choose another column.",
    ),
    "new_target_text": _say(
        "{file}: 予測する列「{column}」に{count:,}種類の文字の値があります（例：{value}）。数値の列か、20種類までの区分の列を選んでください。数値のはずなら、数でない値を直してください。",
        "{file}: the column to predict, “{column}”, has {count:,} different text values (such as {value}). Choose a column of numbers, or of at most 20 categories. If it should contain numbers, correct the cells that aren’t numbers.",
    ),
    "new_metric": _say(
        "指標「{value}」は、この予測には使えません。使えるもの：{known}。",
        "The metric “{value}” can’t be used for this prediction. Available: {known}.",
    ),
    "new_no_metric": _say(
        "列「{column}」の予測を測れる指標がありません。数値の列か、2種類の値の列を選んでください。",
        "There is no metric for predictions of “{column}”. Choose a column of numbers, or one with two values.",
    ),
}

# What the organiser should look at.
TOLD: dict[str, Wording] = {
    "new_header_mended": _say(
        "{file}: 使えない列名を直しました：{value}。",
        "{file}: column names that can’t be used were changed: {value}.",
    ),
    "new_totals_dropped": _say(
        "{file}: 最後の行は合計や平均のようなので（{value}）、除きました。",
        "{file}: the last rows seem to be totals or averages ({value}) and were left out.",
    ),
    "new_missing_words": _say(
        "{file}: 列「{column}」の「{value}」は、空欄として扱います。",
        "{file}: in column “{column}”, {value} is treated as an empty cell.",
    ),
    "new_nearly_numbers": _say(
        "{file}: 列「{column}」はほとんどが数値ですが、数値でない値が{count:,}種類あるため（{value}）、文字として扱います。数値にしたい場合は、その値を直すか空欄にしてください。",
        "{file}: column “{column}” contains numbers except for {count:,} different values ({value}), so it is read as text. If it should be numbers, correct those values or leave them empty.",
    ),
    "new_nearly_days": _say(
        "{file}: 列「{column}」はほとんどが日付ですが、日付でない値が{count:,}種類あるため（{value}）、文字として扱います。日付にしたい場合は、その値を直すか空欄にしてください。",
        "{file}: column “{column}” contains dates except for {count:,} different values ({value}), so it is read as text. If it should be dates, correct those values or leave them empty.",
    ),
    "new_yes_no": _say(
        "{file}: 列「{column}」は「{yes}」を1、もう一方を0としました。",
        "{file}: in column “{column}”, “{yes}” became 1 and the other value 0.",
    ),
    "new_target_coded": _say(
        "{file}: 予測する列「{column}」の値を番号にしました：{value}。",
        "{file}: the values of the column to predict, “{column}”, became numbers: {value}.",
    ),
    "new_rows_dropped": _say(
        "{file}: 列「{column}」が空欄の{count:,}行を除きました。",
        "{file}: {count:,} rows without a value in “{column}” were left out.",
    ),
    "new_personal": _say(
        "{file}: 列「{column}」は個人情報のようなので、受講生に見せるファイルから除きました。",
        "{file}: column “{column}” looks like personal data, so learners don’t get it.",
    ),
    "new_after_name": _say(
        "{file}: 列「{column}」は、名前からみて後から分かる値のようなので、予測するデータには入れていません。予測の時点で分かる列なら、「予測の時点で分かる列」に指定してください。",
        "{file}: judging by its name, column “{column}” is known only afterwards, so it was left out of the rows to predict. If it is known at prediction time, enter it under “Columns known at prediction time”.",
    ),
    "new_alone": _say(
        "{file}: 列「{column}」だけで答えのほとんど（{percent}%）が分かります。予測の時点では分からない値ではありませんか。予測するデータには入れていません。予測の時点で分かる列なら、「予測の時点で分かる列」に指定してください。",
        "{file}: column “{column}” alone explains nearly all of the answer ({percent}%). Is it really known at prediction time? It was left out of the rows to predict. If it is known, enter it under “Columns known at prediction time”.",
    ),
    "new_id_tells": _say(
        "{file}: 番号の列「{column}」の順番から答えが推測できます（{percent}%）。この列は除き、意味のないidを付けました。",
        "{file}: the order of “{column}” gives the answer away ({percent}%). The column was left out, and neutral ids were given instead.",
    ),
    "new_lag": _say(
        "{file}: 列「{column}」は{lag}行前の答えと同じです。予測する期間の答えが分かってしまうため、予測するデータには入れていません。",
        "{file}: column “{column}” repeats earlier answers (lag {lag}), which would give away answers in the period to predict. It was left out of the rows to predict.",
    ),
    "new_text_tells": _say(
        "{file}: 列「{column}」の文章のうち{count:,}行に、答えの数字がそのまま書かれています。予測するデータには入れていません。学習用のデータに残してよいかも確かめてください。残さない場合は、「使わない列」に指定してください。",
        "{file}: the text in column “{column}” contains the answer in {count:,} rows. It was left out of the rows to predict. Also check whether it can stay in the training data. If not, enter it under “Columns to leave out”.",
    ),
    "new_rows_twice": _say(
        "{file}: 予測する行のうち{count:,}行は、学習用に同じ内容の行があります。同じものを2回記録していないか確かめてください。",
        "{file}: {count:,} of the rows to predict are identical to training rows. Check whether anything was recorded twice.",
    ),
    "new_group_both": _say(
        "{file}: 列「{column}」の同じ値が、学習用と予測対象の両方にあります。新しい「{column}」にも通用する予測にしたい場合は、この列のグループで分けてください。",
        "{file}: the same values of “{column}” are in both the training rows and the rows to predict. If predictions should also work for new values of “{column}”, split by this column.",
    ),
    "new_dated_shuffle": _say(
        "{file}: 日付の列「{column}」がありますが、時間に関係なく分けました。先のことを予測する教材なら、この列で時間に沿って分けてください。",
        "{file}: “{column}” contains dates, but the rows were split without regard to time. If the case is about predicting the future, split by time with this column.",
    ),
    "new_dated_groups": _say(
        "{file}: 日付の列「{column}」がありますが、グループで分けました。学習用に、予測する行より後の日付が入ることがあります。",
        "{file}: “{column}” contains dates, but the rows were split by group. Some training rows may be later than the rows to predict.",
    ),
    "new_few_to_predict": _say(
        "{file}: 予測する行が{count}行しかありません。スコアの小さな差は偶然のことが多くなります。データを増やせないか検討してください。",
        "{file}: there are only {count} rows to predict, so small differences in scores are often luck. Add more data if you can.",
    ),
    "new_halves_by_row": _say(
        "{file}: 「{column}」の値の種類が少ないか偏っているため、暫定スコアと最終スコアの行は1行ずつ分けました。",
        "{file}: “{column}” has too few or uneven values, so the rows for the provisional and the final score were drawn one by one.",
    ),
}

MADE: dict[str, Wording] = {
    "new_made": _say(
        "{case}を作りました（{seconds}秒）。確かめるには：grader check {case}",
        "Made {case} ({seconds} s). To check it: grader check {case}",
    ),
}

NEW: dict[str, Wording] = {**REFUSED, **TOLD, **MADE}
