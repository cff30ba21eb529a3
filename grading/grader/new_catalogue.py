"""The wording of `grader new`: what was guessed, what to look at, what the table must have."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording
from grader.wording import say as _say

# What can't be made into a case.
REFUSED: dict[str, Wording] = {
    "new_name": _say(
        "教材の名前「{value}」は使えません。半角の小文字・数字をハイフンでつないだ50文字以内の名前にしてください（例：store-sales）。",
        "“{value}” cannot be the name of a case. Use up to 50 small letters and digits joined by hyphens (such as store-sales).",
    ),
    "new_too_large": _say(
        "{file}: ファイルが大きすぎます（上限{limit:,}MB）。行か列を減らしてください。",
        "{file}: larger than {limit:,} MB. Keep fewer rows or columns.",
    ),
    "new_too_many_rows": _say(
        "{file}: 行が多すぎます（上限{limit:,}行）。期間や対象をしぼってください。",
        "{file}: more than {limit:,} rows. Keep a shorter time or fewer things.",
    ),
    "new_too_many_columns": _say(
        "{file}: 列が{count:,}列あります（上限{limit:,}列）。使わない列を除いてください。",
        "{file}: {count:,} columns, more than {limit:,}. Remove those that nobody needs.",
    ),
    "new_no_rows": _say(
        "{file}: データの行がありません。1行目に列名、2行目からデータがあるCSVファイルを指定してください。",
        "{file}: there are no rows. Name a CSV file with names of columns in the first line and data below.",
    ),
    "new_no_header": _say(
        "{file}: 1行目が列名ではないようです（{value}）。1行目に列名を書いてください。",
        "{file}: the first line does not seem to name the columns ({value}). Write their names into it.",
    ),
    "new_title_line": _say(
        "{file}: 1行目（{value}）は列名ではなく、表の題のようです。列名の行が1行目になるように、その上の行を消してください。",
        "{file}: the first line ({value}) seems to be a title. Delete what stands above the names of the columns.",
    ),
    "new_one_column": _say(
        "{file}: 列が1つしかありません。列をコンマ（またはタブ）で区切ったCSVファイルにしてください。",
        "{file}: there is only one column. Separate columns by commas (or tabs).",
    ),
    "new_ragged": _say(
        "{file}: {line:,}行目に列が{found}個あります。列名は{expected}個です。余分なコンマを除くか、値を引用符で囲んでください。",
        "{file}: line {line:,} has {found} cells, the header has {expected}. Remove extra commas, or quote the values.",
    ),
    "new_column": _say(
        "{file}: {field}で指定された列「{value}」がありません。ある列：{known}。",
        "{file}: there is no column “{value}”, which {field} names. There are: {known}.",
    ),
    "new_time_and_group": _say(
        "時間での分割と、グループでの分割は同時に指定できません。どちらか一方にしてください。",
        "Rows are divided by time or by group. Name one of the two.",
    ),
    "new_time": _say(
        "{file}: 列「{column}」を日付や数として読めません（例：{value}）。2024/4/1、2024年4月1日、令和6年4月1日のような形にそろえてください。",
        "{file}: column “{column}” holds no days or numbers (for example “{value}”). Write days like 2024-04-01 or 2024/4/1.",
    ),
    "new_horizon": _say(
        "予測する期間「{value}」を読めません。28d（日）、8w（週）、3m（月）、20%のように指定してください。",
        "The time to predict, “{value}”, cannot be read. Write 28d (days), 8w (weeks), 3m (months) or 20%.",
    ),
    "new_horizon_months": _say(
        "予測する期間を月で指定できるのは、日付の列だけです。「{column}」では数で指定してください。",
        "Months can be used with a column of days only. For “{column}” write a number.",
    ),
    "new_horizon_unused": _say(
        "予測する期間（{value}）は、時間で分けるときだけ使います。期間の指定を外すか、時間の列を指定してください。",
        "A time to predict ({value}) is used only when rows are divided by time. Leave it out, or name a time column.",
    ),
    "new_too_few": _say(
        "{file}: データが足りません（学習用{train:,}行、予測対象{test:,}行）。それぞれ{least_train}行、{least_test}行以上になるように、データを増やすか期間を変えてください。",
        "{file}: too few rows ({train:,} to learn from, {test:,} to predict). At least {least_train} and {least_test} are needed: add data or change the time to predict.",
    ),
    "new_target_date": _say(
        "{file}: 予測する列「{column}」が日付です。日数などの数に直した列を用意してください。",
        "{file}: the column to predict, “{column}”, holds days. Make a column of numbers of it, such as days until then.",
    ),
    "new_target_constant": _say(
        "{file}: 予測する列「{column}」の値が1種類しかありません。別の列を選んでください。",
        "{file}: the column to predict, “{column}”, has only one value. Choose another.",
    ),
    "new_target_text": _say(
        "{file}: 予測する列「{column}」に{count:,}種類の文字の値があります（例：{value}）。数値の列か、20種類までの区分の列を選んでください。数値のはずなら、数でない値を直してください。",
        "{file}: the column to predict, “{column}”, has {count:,} different texts (such as {value}). Choose numbers, or at most 20 kinds. If it should be numbers, correct the cells that are none.",
    ),
    "new_metric": _say(
        "指標「{value}」は、この予測には使えません。使えるもの：{known}。",
        "The metric “{value}” does not suit this target. Possible are: {known}.",
    ),
    "new_no_metric": _say(
        "列「{column}」の予測を測れる指標がありません。数値の列か、2種類の値の列を選んでください。",
        "There is no metric for predictions of “{column}”. Choose numbers, or a column of two values.",
    ),
}

# What the organiser should look at.
TOLD: dict[str, Wording] = {
    "new_header_mended": _say(
        "{file}: 使えない列名を直しました：{value}。",
        "{file}: names of columns that cannot be used were changed: {value}.",
    ),
    "new_totals_dropped": _say(
        "{file}: 最後の行は合計や平均のようなので（{value}）、除きました。",
        "{file}: the last rows seem to be totals ({value}) and were left out.",
    ),
    "new_missing_words": _say(
        "{file}: 列「{column}」の「{value}」は、空欄として扱います。",
        "{file}: in column “{column}”, {value} counts as an empty cell.",
    ),
    "new_nearly_numbers": _say(
        "{file}: 列「{column}」はほとんどが数値ですが、数値でない値が{count:,}種類あるため（{value}）、文字として扱います。数値にしたい場合は、その値を直すか空欄にしてください。",
        "{file}: column “{column}” holds numbers except for {count:,} values ({value}), so it is read as text. Correct those or leave them empty.",
    ),
    "new_nearly_days": _say(
        "{file}: 列「{column}」はほとんどが日付ですが、日付でない値が{count:,}種類あるため（{value}）、文字として扱います。日付にしたい場合は、その値を直すか空欄にしてください。",
        "{file}: column “{column}” holds days except for {count:,} values ({value}), so it is read as text. Correct those or leave them empty.",
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
        "{file}: column “{column}” looks like personal data, so learners do not get it.",
    ),
    "new_after_name": _say(
        "{file}: 列「{column}」は、名前からみて後から分かる値のようなので、予測するデータには入れていません。予測の時点で分かる列なら、「予測の時点で分かる列」に指定してください。",
        "{file}: by its name, column “{column}” is known only when it is over, so the rows to predict lack it. If it is known before, name it among the columns known at prediction time.",
    ),
    "new_alone": _say(
        "{file}: 列「{column}」だけで答えのほとんど（{percent}%）が分かります。予測の時点では分からない値ではありませんか。予測するデータには入れていません。予測の時点で分かる列なら、「予測の時点で分かる列」に指定してください。",
        "{file}: column “{column}” alone explains nearly everything ({percent}%). Is it known at prediction time? The rows to predict lack it; if it is known, name it among the columns known at prediction time.",
    ),
    "new_id_tells": _say(
        "{file}: 番号の列「{column}」の順番から答えが推測できます（{percent}%）。この列は除き、意味のないidを付けました。",
        "{file}: the order of “{column}” tells the target ({percent}%). The column was left out, and ids without a meaning were given.",
    ),
    "new_lag": _say(
        "{file}: 列「{column}」は{lag}行前の答えと同じです。予測する期間の答えが分かってしまうため、予測するデータには入れていません。",
        "{file}: column “{column}” repeats the target of {lag} rows before, which gives away rows to predict. Those rows lack it.",
    ),
    "new_text_tells": _say(
        "{file}: 列「{column}」の文章のうち{count:,}行に、答えの数字がそのまま書かれています。予測するデータには入れていません。学習用のデータに残してよいかも確かめてください。残さない場合は、「使わない列」に指定してください。",
        "{file}: column “{column}” spells out the answer in {count:,} rows. It is not among the rows to predict; decide whether learners may have it at all, else name it among the columns to leave out.",
    ),
    "new_rows_twice": _say(
        "{file}: 予測する行のうち{count:,}行は、学習用に同じ内容の行があります。同じものを2回記録していないか確かめてください。",
        "{file}: {count:,} of the rows to predict are the same as rows to learn from. Check whether things were recorded twice.",
    ),
    "new_group_both": _say(
        "{file}: 列「{column}」の同じ値が、学習用と予測対象の両方にあります。新しい「{column}」にも通用する予測にしたい場合は、この列のグループで分けてください。",
        "{file}: values of “{column}” stand in both train and test. If predictions must hold for new ones, divide by it.",
    ),
    "new_dated_shuffle": _say(
        "{file}: 日付の列「{column}」がありますが、時間に関係なく分けました。先のことを予測する教材なら、この列で時間に沿って分けてください。",
        "{file}: there are days in “{column}”, but rows were divided without regard to time. If the future is to be predicted, divide by time, by this column.",
    ),
    "new_dated_groups": _say(
        "{file}: 日付の列「{column}」がありますが、グループで分けました。学習用に、予測する行より後の日付が入ることがあります。",
        "{file}: there are days in “{column}”, but rows were divided by group: some to learn from may be later than those to predict.",
    ),
    "new_few_to_predict": _say(
        "{file}: 予測する行が{count}行しかありません。スコアの小さな差は偶然のことが多くなります。データを増やせないか検討してください。",
        "{file}: only {count} rows to predict, so small differences of scores are mostly luck. Add data if you can.",
    ),
    "new_halves_by_row": _say(
        "{file}: 「{column}」の値の種類が少ないか偏っているため、暫定スコアと最終スコアの行は1行ずつ分けました。",
        "{file}: “{column}” has few or uneven values, so rows were drawn one by one for the provisional and the final score.",
    ),
}

MADE: dict[str, Wording] = {
    "new_made": _say(
        "{case}を作りました（{seconds}秒）。確かめるには：grader check {case}",
        "Made {case} ({seconds} s). To prove it: grader check {case}",
    ),
}

NEW: dict[str, Wording] = {**REFUSED, **TOLD, **MADE}
