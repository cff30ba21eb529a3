"""The wording of what is wrong with a case pack, its data or its proof."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording
from grader.wording import say as _say

PACK: dict[str, Wording] = {
    "pack_missing": _say(
        "{folder} に case.toml がありません。教材のフォルダーを指定してください。",
        "There is no case.toml in {folder}. Name the folder of a case.",
    ),
    "pack_file_missing": _say(
        "{file}: {field}が指すファイルがありません。ファイルを置くか、{field}を直してください。",
        "{file}: the file named by {field} is missing. Add the file or correct {field}.",
    ),
    "pack_not_toml": _say(
        "{file}: TOMLとして読めません（{detail}）。その箇所を直してください。",
        "{file}: can’t be read as TOML ({detail}). Correct that place.",
    ),
    "pack_not_json": _say(
        "{file}: JSONとして読めません（{detail}）。その箇所を直してください。",
        "{file}: can’t be read as JSON ({detail}). Correct that place.",
    ),
    "pack_schema": _say(
        "{file}: {field}が形式に合いません（{detail}）。docs/pack-format.mdに合わせてください。",
        "{file}: {field} doesn’t match the format ({detail}). See docs/pack-format.md.",
    ),
    "pack_twice": _say(
        "{file}: {field}に「{value}」が2回あります。1つにしてください。",
        "{file}: {field} has “{value}” twice. Keep one.",
    ),
    "pack_reference": _say(
        "{file}: {field}の「{value}」がどこにも定義されていません。使えるもの：{known}。",
        "{file}: {field} names “{value}”, which is not defined. Available: {known}.",
    ),
    "pack_value": _say(
        "{file}: {field}の値「{value}」は使えません。{wanted}にしてください。",
        "{file}: {field} is “{value}”. It must be {wanted}.",
    ),
    "pack_role": _say(
        "{file}: {field}の役割「{value}」は、予測の時点で分からない列です。この列を取り除いてください。",
        "{file}: {field} has the role “{value}”, which is not known at prediction time. Remove the column.",
    ),
    "pack_scoring": _say(
        "{file}: [scoring]のとおりに採点できません（{detail}）。metricかsimulatorの名前、params、正解の列を確かめてください。",
        "{file}: scoring as described in [scoring] fails ({detail}). Check the name of the metric or simulator, the params and the columns of the truth.",
    ),
    "seed_unused": _say(
        "{file}: データが教材パックの中にあるため、乱数シードは使いません。シードを指定せずに実行してください。",
        "{file}: the data is in the pack, so no seed is used. Run it again without a seed.",
    ),
    "data_file_missing": _say(
        "{file}: 教材パックのdataにあるはずのファイルがありません。ファイルを置いてください（data/truthは、公開のリポジトリには入れず別に保管するものです）。",
        "{file}: missing from the pack’s data. Add it (data/truth is deliberately kept out of a public repository).",
    ),
    "data_file_extra": _say(
        "{file}: case.tomlに書かれていないファイルか、ほかの場所へのリンクです。取り除くか、[[files]]・[[baselines]]に加えてください。",
        "{file}: not named in case.toml, or a link to another place. Remove it, or add it to [[files]] or [[baselines]].",
    ),
    "data_straddles": _say(
        "{file}: 列「{column}」の「{value}」が学習用と予測対象の両方にあります。case.tomlの[data] splitは「{split}」です。データの分け方を直してください。",
        "{file}: “{value}” in column “{column}” is in both train and test, but [data] split in case.toml is “{split}”. Split the data again.",
    ),
    "data_not_later": _say(
        "{file}: 列「{column}」の予測対象（{start}から）が、学習用（{end}まで）より後になっていません。データの分け方を直してください。",
        "{file}: column “{column}” of the rows to predict begins with {start}, which is not after the training rows (until {end}). Split the data again.",
    ),
    "data_rows_twice": _say(
        "{file}: 学習用とまったく同じ内容の行が{count:,}行あります（例：{value}）。どちらか一方だけに置いてください。",
        "{file}: {count:,} rows are identical to training rows (for example {value}). Keep them on one side only.",
    ),
    "seed_bad": _say(
        "{file}: 乱数シードとして読めません。grader new-seed で作ったファイルを指定してください。",
        "{file}: can’t be read as a seed. Use a file made by grader new-seed.",
    ),
    "build_failed": _say(
        "{file}: データの生成に失敗しました。生成プログラムを直してください。\n{detail}",
        "{file}: making the data failed. Correct the generator.\n{detail}",
    ),
    "build_bad": _say(
        "{file}: 生成したデータとして読めません（{detail}）。grader build で作り直してください。",
        "{file}: can’t be read as built data ({detail}). Make it again with grader build.",
    ),
    "build_file_extra": _say(
        "{file}: case.tomlに書かれていないファイルが生成されました。[[files]]に加えるか、生成をやめてください。",
        "{file}: the generator wrote a file that case.toml does not name. Add it to [[files]] or stop writing it.",
    ),
    "build_file_missing": _say(
        "{file}: 生成されるはずのファイルがありません。generate.pyで書き出してください。",
        "{file}: the generator did not write this file. Write it in generate.py.",
    ),
    "build_header": _say(
        "{file}: 列名が「{found}」です。case.tomlでは「{expected}」です。どちらかを直してください。",
        "{file}: the columns are “{found}”, but case.toml says “{expected}”. Correct one of them.",
    ),
    "build_value": _say(
        "{file}: 列「{column}」に{dtype}として読めない値「{value}」があります。値か型を直してください。",
        "{file}: column “{column}” contains “{value}”, which is not of type {dtype}. Correct the value or the type.",
    ),
    "truth_ids": _say(
        "{file}: idが提出サンプルと一致しません（{count:,}件、例：{examples}）。同じidを1行ずつ書いてください。",
        "{file}: the ids differ from the sample submission ({count:,} ids, for example {examples}). Write each id once.",
    ),
    "truth_split": _say(
        "{file}: 列「{column}」に「{value}」があります。publicとprivateの2つだけを、両方とも使ってください。",
        "{file}: column “{column}” contains “{value}”. Use both public and private, and nothing else.",
    ),
    "truth_straddles": _say(
        "{file}: {groups}の「{value}」がpublicとprivateの両方にあります。どちらか一方にまとめてください。",
        "{file}: “{value}” of {groups} is in both public and private. Put all of it into one of them.",
    ),
    "truth_share": _say(
        "{file}: publicの割合が{found}です。case.tomlの{expected}に近づけてください（±0.1）。",
        "{file}: the share of public rows is {found}. Bring it close to the {expected} in case.toml (± 0.1).",
    ),
    "truth_not_number": _say(
        "{file}: 列「{column}」に数値でない値があります。有限の数値だけにしてください。",
        "{file}: column “{column}” contains something that is not a finite number. Use finite numbers only.",
    ),
    "truth_not_mask": _say(
        "{file}: 列「{column}」に、印（開始と長さの組）として読めない値があります（{detail}）。直してください。",
        "{file}: column “{column}” contains something that isn’t a mask of starts and lengths ({detail}). Correct it.",
    ),
    "truth_shown": _say(
        "{file}: 列「{column}」から正解の「{target}」が分かります。受講生に見せるファイルから取り除いてください。",
        "{file}: column “{column}” gives away the truth “{target}”. Remove it from the files that learners see.",
    ),
    "truth_overlaps": _say(
        "{file}: 後からしか分からない列「{column}」に、予測の期間（{start}から）の値があります。前日までにしてください。",
        "{file}: column “{column}”, which is known only afterwards, has values for the period to predict (from {start}). End it before that.",
    ),
    "digest_differs": _say(
        "{file}: {field}が{expected}と記録されていますが、{found}になりました。意図した変更なら grader check --record で記録してください。",
        "{file}: {field} is recorded as {expected} but came out as {found}. If this is intended, record it with grader check --record.",
    ),
    "sample_unrecorded": _say(
        "{file}: 「{name}」の期待する結果が記録されていません。grader check --record で記録してください。",
        "{file}: no expected result is recorded for “{name}”. Record it with grader check --record.",
    ),
    "sample_missing": _say(
        "{file}: 記録にある「{name}」がsamplesにありません。ファイルを置くか、記録から除いてください。",
        "{file}: “{name}” is recorded but not among the samples. Add the file or remove the record.",
    ),
    "sample_differs": _say(
        "{file}: 結果が{found}になりました。記録は{expected}です。意図した変更なら grader check --record で記録してください。",
        "{file}: the result was {found}, but {expected} is recorded. If this is intended, record it with grader check --record.",
    ),
    "sample_accepted": _say(
        "{file}: 拒否されるはずの提出が受け付けられました。サンプルを直してください。",
        "{file}: this should have been refused but was accepted. Correct the sample.",
    ),
    "sample_refused": _say(
        "{file}: 受け付けられるはずの提出が拒否されました。サンプルを直してください。\n{detail}",
        "{file}: this should have been accepted but was refused. Correct the sample.\n{detail}",
    ),
    "trivial_wins": _say(
        "{file}: 工夫のない提出「{name}」（{found}）が「{other}」（{expected}）に負けていません。データか指標を見直してください。",
        "{file}: the trivial answer “{name}” ({found}) doesn’t score worse than “{other}” ({expected}). Revise the data or the metric.",
    ),
    "oracle_loses": _say(
        "{file}: 最良のはずの提出（{found}）が「{other}」（{expected}）に勝てません。データか指標を見直してください。",
        "{file}: the best possible answer ({found}) doesn’t beat “{other}” ({expected}). Revise the data or the metric.",
    ),
    "nothing_recorded": _say(
        "{file}: 受け付けるサンプルと拒否するサンプルが1つ以上ずつ必要です。samplesに加えてください。",
        "{file}: at least one accepted and one rejected sample are needed. Add them to samples.",
    ),
}
