"""The wording of what is wrong with a case pack, its data or its proof."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording
from grader.wording import say as _say

PACK: dict[str, Wording] = {
    "pack_file_missing": _say(
        "{file}: {field}が指すファイルがありません。ファイルを置くか、{field}を直してください。",
        "{file}: the file that {field} names is missing. Add the file or correct {field}.",
    ),
    "pack_not_toml": _say(
        "{file}: TOMLとして読めません（{detail}）。", "{file}: cannot be read as TOML ({detail}). Mend that place."
    ),
    "pack_not_json": _say(
        "{file}: JSONとして読めません（{detail}）。", "{file}: cannot be read as JSON ({detail}). Mend that place."
    ),
    "pack_schema": _say(
        "{file}: {field}が形式に合いません（{detail}）。docs/pack-format.mdに合わせてください。",
        "{file}: {field} does not fit the format ({detail}). See docs/pack-format.md.",
    ),
    "pack_twice": _say(
        "{file}: {field}に「{value}」が2回あります。1つにしてください。",
        "{file}: {field} has “{value}” twice. Keep one.",
    ),
    "pack_reference": _say(
        "{file}: {field}の「{value}」がどこにも定義されていません。使えるもの：{known}。",
        "{file}: {field} names “{value}”, which is not defined. Known are: {known}.",
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
        "{file}: scoring as [scoring] says fails ({detail}). Check the names, the params and the columns of the truth.",
    ),
    "seed_unused": _say(
        "{file}: データが教材パックの中にあるため、乱数の種は使いません。種を指定せずに実行してください。",
        "{file}: the data lie in the pack, so no seed is used. Run it again without a seed.",
    ),
    "data_file_missing": _say(
        "{file}: 教材パックのdataにあるはずのファイルがありません。ファイルを置いてください（data/truthは、公開のリポジトリには入れず別に保管するものです）。",
        "{file}: missing from the pack's data. Put it there (data/truth is kept apart from a public repository on purpose).",
    ),
    "data_file_extra": _say(
        "{file}: case.tomlに書かれていないファイルか、ほかの場所へのリンクです。取り除くか、[[files]]・[[baselines]]に加えてください。",
        "{file}: not named by case.toml, or a link to another place. Remove it, or add it to [[files]] or [[baselines]].",
    ),
    "data_straddles": _say(
        "{file}: 列「{column}」の「{value}」が学習用と予測対象の両方にあります。case.tomlの[data] splitは「{split}」です。データの分け方を直してください。",
        "{file}: “{value}” of column “{column}” stands in both train and test, while [data] split in case.toml is “{split}”. Divide the data anew.",
    ),
    "data_not_later": _say(
        "{file}: 列「{column}」の予測対象（{start}から）が、学習用（{end}まで）より後になっていません。データの分け方を直してください。",
        "{file}: column “{column}” of the rows to predict begins with {start}, not after the rows to learn from (until {end}). Divide the data anew.",
    ),
    "data_rows_twice": _say(
        "{file}: 学習用とまったく同じ内容の行が{count:,}行あります（例：{value}）。どちらか一方だけに置いてください。",
        "{file}: {count:,} rows are the same as rows to learn from (for example {value}). Keep them on one side only.",
    ),
    "seed_bad": _say(
        "{file}: 乱数の種として読めません。grader new-seed で作ったファイルを指定してください。",
        "{file}: cannot be read as a seed. Name a file made by grader new-seed.",
    ),
    "build_failed": _say(
        "{file}: データの生成に失敗しました。\n{detail}",
        "{file}: making the data failed. Mend the generator.\n{detail}",
    ),
    "build_bad": _say(
        "{file}: 生成したデータとして読めません（{detail}）。grader build で作り直してください。",
        "{file}: cannot be read as built data ({detail}). Make it again with grader build.",
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
        "{file}: the columns are “{found}”, case.toml says “{expected}”. Correct one of them.",
    ),
    "build_value": _say(
        "{file}: 列「{column}」に{dtype}として読めない値「{value}」があります。",
        "{file}: column “{column}” holds “{value}”, which is not of type {dtype}. Correct one of them.",
    ),
    "truth_ids": _say(
        "{file}: idが提出サンプルと一致しません（{count:,}件、例：{examples}）。同じidを1行ずつ書いてください。",
        "{file}: the ids differ from the sample submission ({count:,}, for example {examples}). Write each id once.",
    ),
    "truth_split": _say(
        "{file}: 列「{column}」に「{value}」があります。publicとprivateの2つだけを、両方とも使ってください。",
        "{file}: column “{column}” holds “{value}”. Use both public and private, and nothing else.",
    ),
    "truth_straddles": _say(
        "{file}: {groups}の「{value}」がpublicとprivateの両方にあります。どちらか一方にまとめてください。",
        "{file}: “{value}” of {groups} is in both public and private. Put it wholly into one.",
    ),
    "truth_share": _say(
        "{file}: publicの割合が{found}です。case.tomlの{expected}に近づけてください（±0.1）。",
        "{file}: {found} of the rows are public. Bring it near the {expected} of case.toml (± 0.1).",
    ),
    "truth_not_number": _say(
        "{file}: 列「{column}」に数値でない値があります。有限の数値だけにしてください。",
        "{file}: column “{column}” holds something that is not a finite number. Write finite numbers only.",
    ),
    "truth_not_mask": _say(
        "{file}: 列「{column}」に、印（開始と長さの組）として読めない値があります（{detail}）。",
        "{file}: column “{column}” holds something that is no mask of starts and lengths ({detail}). Correct it.",
    ),
    "truth_shown": _say(
        "{file}: 列「{column}」から正解の「{target}」が分かります。受講生に見せるファイルから取り除いてください。",
        "{file}: column “{column}” gives away the truth “{target}”. Remove it from what learners may see.",
    ),
    "truth_overlaps": _say(
        "{file}: 後からしか分からない列「{column}」に、予測の期間（{start}から）の値があります。前日までにしてください。",
        "{file}: column “{column}”, known only after the event, has values for the days to predict (from {start}). End it before that.",
    ),
    "digest_differs": _say(
        "{file}: {field}が{expected}と記録されていますが、{found}になりました。意図した変更なら grader check --record で記録してください。",
        "{file}: {field} is recorded as {expected} but came out as {found}. If meant, record it with grader check --record.",
    ),
    "sample_unrecorded": _say(
        "{file}: 「{name}」の期待する結果が記録されていません。grader check --record で記録してください。",
        "{file}: nothing is recorded for “{name}”. Record it with grader check --record.",
    ),
    "sample_missing": _say(
        "{file}: 記録にある「{name}」がsamplesにありません。ファイルを置くか、記録から除いてください。",
        "{file}: “{name}” is recorded but not among the samples. Add the file or remove the record.",
    ),
    "sample_differs": _say(
        "{file}: 結果が{found}になりました。記録は{expected}です。意図した変更なら grader check --record で記録してください。",
        "{file}: gave {found}, recorded is {expected}. If meant, record it with grader check --record.",
    ),
    "sample_accepted": _say(
        "{file}: 拒否されるはずの提出が受け付けられました。サンプルを直してください。",
        "{file}: should be refused but was accepted. Correct the sample.",
    ),
    "sample_refused": _say(
        "{file}: 受け付けられるはずの提出が拒否されました。\n{detail}",
        "{file}: should be accepted but was refused. Correct it.\n{detail}",
    ),
    "trivial_wins": _say(
        "{file}: 工夫のない提出「{name}」（{found}）が「{other}」（{expected}）に負けていません。データか指標を見直してください。",
        "{file}: the trivial answer “{name}” ({found}) does not lose to “{other}” ({expected}). Revise the data or the metric.",
    ),
    "oracle_loses": _say(
        "{file}: 最良のはずの提出（{found}）が「{other}」（{expected}）に勝てません。データか指標を見直してください。",
        "{file}: the best attainable answer ({found}) does not beat “{other}” ({expected}). Revise the data or the metric.",
    ),
    "nothing_recorded": _say(
        "{file}: 受け付けるサンプルと拒否するサンプルが1つ以上ずつ必要です。samplesに加えてください。",
        "{file}: at least one accepted and one rejected sample are needed. Add them to samples.",
    ),
}
