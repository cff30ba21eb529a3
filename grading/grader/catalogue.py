"""The wording of every problem and message of the grader: one code, both languages side by side."""

from __future__ import annotations

from grader.handin_catalogue import HAND_IN
from grader.hints_catalogue import HINTS
from grader.new_catalogue import NEW
from grader.pack_catalogue import PACK
from grader.pictures_catalogue import PICTURES
from grader.runs_catalogue import RUNS
from grader.wording import Wording
from grader.wording import say as _say

CLI: dict[str, Wording] = {
    "cli_case_good": _say("{case}: 問題ありません（{seconds}秒）。", "{case}: no problems ({seconds} s)."),
    "cli_case_bad": _say("{case}: {count}件の問題があります。", "{case}: problems found: {count}."),
    "cli_recorded": _say(
        "{file}に記録しました。差分を確かめてください。", "Recorded in {file}. Read the diff before you commit it."
    ),
    "cli_built": _say("{folder}に作りました（{seconds}秒）。", "Built in {folder} ({seconds} s)."),
    "cli_seed": _say(
        "{file}に新しい乱数シードを書きました。リポジトリには入れず、なくさないように保管してください。",
        "Wrote a new seed to {file}. Keep it safe, outside the repository.",
    ),
    "cli_exists": _say(
        "{file}はすでにあります。別の名前にしてください。", "{file} already exists. Choose another name."
    ),
    "cli_unreadable": _say("{file}を開けません（{detail}）。", "{file} can’t be opened ({detail})."),
    "cli_isolates": _say(
        "この環境では、モデルやコードを隔離して実行できます。", "This machine can run models and code in isolation."
    ),
    "cli_isolates_not": _say(
        "この環境では隔離できないため、CSVだけを採点します（{reason}）。",
        "This machine can’t run anything in isolation, so only CSV files are graded ({reason}).",
    ),
    "cli_scored": _say("採点しました（{seconds}秒）。", "Scored ({seconds} s)."),
    "cli_rejected": _say("受け付けられません。", "Not accepted."),
    "cli_hint": _say("ヒント（採点には影響しません）：{text}", "Hint (doesn’t affect your score): {text}"),
    "cli_notice": _say("お知らせ：{text}", "Note: {text}"),
}

CATALOGUE: dict[str, Wording] = {
    **HAND_IN,
    **RUNS,
    **HINTS,
    **PACK,
    **NEW,
    **PICTURES,
    **CLI,
}
