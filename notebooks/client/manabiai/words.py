"""Every text of the client, in Japanese and English side by side."""

import math
import os
import unicodedata
from typing import Literal

Language = Literal["ja", "en"]

CATALOGUE: dict[str, dict[Language, str]] = {
    "no_url": {
        "ja": "サイトのアドレスが分かりません。`manabiai login` を実行するか、MANABIAI_URL を設定してください。",
        "en": "The site’s address is not known. Run `manabiai login` or set MANABIAI_URL.",
    },
    "no_token": {
        "ja": "アクセストークンがありません。`manabiai login` を実行するか、MANABIAI_TOKEN を設定してください。"
        "トークンはサイトの「アカウント設定」で発行できます。",
        "en": "There is no personal token. Run `manabiai login` or set MANABIAI_TOKEN. "
        "You can create one in your account settings on the site.",
    },
    "bad_url": {
        "ja": "「{url}」はサイトのアドレスではありません。https:// か http:// で始めてください。",
        "en": "“{url}” is not the address of a site. It has to begin with https:// or http://.",
    },
    "bad_token": {
        "ja": "これはアクセストークンではありません。サイトの「アカウント設定」→「アクセストークン」で発行した、"
        "mnb_ で始まる文字列を、そのまま貼り付けてください。",
        "en": "This isn’t a personal token. Paste the text beginning with mnb_ exactly as the site shows it when you "
        "create one (Account settings, Personal tokens).",
    },
    "not_written": {
        "ja": "{path} に書き込めません（{detail}）。空き容量と、書き込める場所かを確かめて、もう一度実行してください。",
        "en": "{path} can’t be written ({detail}). Make sure there is room and you can write there, then try again.",
    },
    "config_open": {
        "ja": "{path} がほかの利用者からも読めます。`chmod 600 {path}` を実行してください。",
        "en": "{path} can be read by others. Run `chmod 600 {path}`.",
    },
    "config_broken": {
        "ja": "{path} を読めません。削除してから `manabiai login` をやり直してください。",
        "en": "{path} can’t be read. Delete it and run `manabiai login` again.",
    },
    "unreachable": {
        "ja": "{url} につながりません（{detail}）。接続を確かめて、もう一度実行してください。",
        "en": "{url} can’t be reached ({detail}). Check your connection and try again.",
    },
    "not_a_site": {
        "ja": "{url} は Manabiai のサイトとして応答しません（HTTP {status}）。アドレスを確かめてください。",
        "en": "{url} doesn’t respond like a Manabiai site (HTTP {status}). Check the address.",
    },
    "moved": {
        "ja": "{url} は {location} に転送されます。そのアドレスを指定してください。",
        "en": "{url} redirects to {location}. Use that address instead.",
    },
    "no_case": {
        "ja": "参加中の開催期に、自動採点の教材がまだありません。",
        "en": "The cohorts you are taking part in don’t have a case with an auto-graded step yet.",
    },
    "which_case": {
        "ja": "どの教材か指定してください：{choices}",
        "en": "Specify which case you mean: {choices}",
    },
    "bad_place": {
        "ja": "「{place}」は「開催期/教材」または「開催期/教材/ステップ」の形ではありません。",
        "en": "“{place}” is not in the form cohort/case or cohort/case/step.",
    },
    "no_step": {
        "ja": "{case} に、自動採点のステップ「{step}」はありません。",
        "en": "{case} has no auto-graded step “{step}”.",
    },
    "no_file": {
        "ja": "ファイル {path} を開けません（{detail}）。",
        "en": "The file {path} can’t be opened ({detail}).",
    },
    "bad_work": {
        "ja": "提出できるのは、ファイル（CSV・ONNX・skops・.py・.ipynb）のパス、pandasのDataFrame、"
        "学習済みのscikit-learnモデルです（{type}は使えません）。",
        "en": "You can hand in the path of a file (CSV, ONNX, skops, .py or .ipynb), a pandas DataFrame or a fitted "
        "scikit-learn model, but not {type}.",
    },
    "no_skops": {
        "ja": "モデルをそのまま提出するには skops が必要です。`pip install skops` を実行するか、"
        "モデルをONNXのファイルに保存して、そのパスを指定してください。",
        "en": "To hand in a model as it is, you need skops. Run `pip install skops`, or save the model as ONNX "
        "and hand in the path of that file.",
    },
    "not_fitted": {
        "ja": "{type} はまだ学習していません。fit を実行してから提出してください。",
        "en": "The {type} hasn’t been fitted yet. Call fit on it first.",
    },
    "not_saved": {
        "ja": "{type} をskopsで保存できません（{detail}）。scikit-learnの標準の部品だけで作るか、"
        "ONNXのファイルに保存して提出してください。",
        "en": "The {type} can’t be saved with skops ({detail}). Use only scikit-learn’s own parts, "
        "or hand in an ONNX file.",
    },
    "bad_name": {
        "ja": "サイトが送ってきたファイル名「{name}」は使えません。",
        "en": "The site sent the file name “{name}”, which can’t be used.",
    },
    "digest_differs": {
        "ja": "{name} の内容がサイトの示すSHA-256と一致しません。もう一度実行してください。",
        "en": "The content of {name} doesn’t match the SHA-256 given by the site. Try again.",
    },
    "still_grading": {
        "ja": "提出{id}はまだ採点中です。あとで `manabiai.scores()` で確かめてください。",
        "en": "Submission {id} is still being graded. Check again later with `manabiai.scores()`.",
    },
    "format_refused": {
        "ja": "このままでは採点できません。1日の提出回数には数えません。",
        "en": "This can’t be graded as it is. It is not counted against your daily limit.",
    },
    "checked": {
        "ja": "形式に問題はありません（{rows:,}行）。",
        "en": "The format is right ({rows:,} rows).",
    },
    "checked_model": {
        "ja": "形式に問題はありません（{kind}）。実行はサイトで行います。",
        "en": "The format is right ({kind}). It will be run on the site.",
    },
    "hint": {"ja": "ヒント（スコアには影響しません）：{text}", "en": "Hint (doesn’t affect your score): {text}"},
    "hints": {"ja": "ヒント（スコアには影響しません）", "en": "Hints (they don’t affect your score)"},
    "looking": {
        "ja": "プログラムをこのコンピューターで実行し、進め方のヒントを探しています（最長{seconds:g}秒）。",
        "en": "Running the program on this computer to look for hints on its method (at most {seconds:g} s).",
    },
    "not_looked_at": {
        "ja": "このコンピューターではプログラムが最後まで動かず、ヒントを探せませんでした（{reason}）。"
        "必要なパッケージが入っているか確かめてください。提出すると、サイトでも探します。",
        "en": "The program didn’t run to its end on this computer, so no hints could be looked for ({reason}). "
        "Check that the packages it needs are installed. When you hand it in, the site looks for hints too.",
    },
    "queue": {
        "ja": "（{position:,}番目、あと約{expected}）",
        "en": " (place {position:,} in the queue, about {expected})",
    },
    "seconds": {"ja": "{count}秒", "en": "{count} s"},
    "minutes": {"ja": "{count}分", "en": "{count} min"},
    "head_log": {"ja": "公開サンプルでのログ：", "en": "Log of the run on the public sample:"},
    "downloaded": {"ja": "{count}個のファイルを {folder} に用意しました。", "en": "{count} files saved in {folder}."},
    "submitted": {"ja": "提出しました（提出{id}）。", "en": "Handed in as submission {id}."},
    "logged_in": {
        "ja": "{name} さんとして保存しました：{path}",
        "en": "Saved for {name}: {path}",
    },
    "ask_url": {"ja": "サイトのアドレス：", "en": "Address of the site: "},
    "ask_token": {"ja": "アクセストークン（表示されません）：", "en": "Personal token (not shown): "},
    "state_queued": {"ja": "採点待ち", "en": "waiting"},
    "state_running": {"ja": "採点中", "en": "being graded"},
    "state_scored": {"ja": "採点済み", "en": "scored"},
    "state_rejected": {"ja": "受付不可", "en": "not accepted"},
    "state_failed": {"ja": "採点できませんでした（回数に数えません）", "en": "could not be graded (not counted)"},
    "state_cancelled": {"ja": "取消", "en": "cancelled"},
    "headline": {"ja": "提出{id}：{state}", "en": "Submission {id}: {state}"},
    "head_id": {"ja": "提出", "en": "id"},
    "head_time": {"ja": "日時", "en": "time"},
    "head_state": {"ja": "状態", "en": "state"},
    "head_note": {"ja": "メモ", "en": "note"},
    "head_picked": {"ja": "最終選択", "en": "final pick"},
    "head_place": {"ja": "順位", "en": "place"},
    "head_name": {"ja": "名前", "en": "name"},
    "head_submissions": {"ja": "提出数", "en": "submissions"},
    "final": {"ja": "{label}（最終）", "en": "{label} (final)"},
    "own": {"ja": "{name}（あなた）", "en": "{name} (you)"},
    "baseline": {"ja": "{label}（ベースライン）", "en": "{label} (baseline)"},
    "nothing_yet": {"ja": "まだ提出がありません。", "en": "Nothing has been handed in yet."},
    "board_page": {"ja": "全{total}件、{page}/{pages}ページ", "en": "{total} places, page {page} of {pages}"},
    "head_metric": {"ja": "指標", "en": "metric"},
    "provisional": {"ja": "暫定スコア", "en": "provisional score"},
    "own_scores": {"ja": "自分の提出とスコア", "en": "Your submissions and scores"},
    "board_provisional": {"ja": "順位表（暫定スコア）", "en": "Leaderboard (provisional scores)"},
    "board_final": {"ja": "順位表（最終スコア）", "en": "Leaderboard (final scores)"},
    "progress": {"ja": "採点の進み具合", "en": "Grading progress"},
    "waited": {"ja": "{seconds:.0f}秒経過", "en": "{seconds:.0f} s so far"},
    "ended": {"ja": "{headline}（{seconds:.1f}秒）", "en": "{headline} ({seconds:.1f} s)"},
    "goes_on": {
        "ja": "{headline}。採点はサイトで続いています。あとで `manabiai.scores()` で確かめてください。",
        "en": "{headline}. Grading continues on the site. Check again later with `manabiai.scores()`.",
    },
    "head_file": {"ja": "ファイル", "en": "file"},
    "head_content": {"ja": "内容", "en": "content"},
    "head_rows": {"ja": "行数", "en": "rows"},
    "head_size": {"ja": "大きさ", "en": "size"},
    "bytes": {"ja": "{count}バイト", "en": "{count} bytes"},
    "content": {"ja": "{title}：{description}", "en": "{title}: {description}"},
    "files_in": {"ja": "教材のデータ（{folder}）", "en": "Data of the case, in {folder}"},
    "data_differ": {
        "ja": "dataフォルダーの {names} は、現在の教材のデータと異なります。サイトから取得したものを使います。",
        "en": "{names} in the data folder differ from the case’s current data. The files from the site are used.",
    },
    "notebook_unknown": {
        "ja": "このノートブックのファイルの場所が分かりません。"
        '保存してから `manabiai.submit("ファイル名.ipynb")` のようにファイル名を指定してください。',
        "en": "The location of this notebook’s file is not known. Save it and give its name: "
        '`manabiai.submit("name.ipynb")`.',
    },
    "notebook_not_saved": {
        "ja": "{name} に、まだ保存されていない変更があります。"
        "Ctrl+S（Macは⌘+S）で保存してから、もう一度実行してください。",
        "en": "{name} has unsaved changes. Save it with Ctrl+S (⌘S on a Mac), then run this again.",
    },
    "features_checked": {
        "ja": "{count}列を調べました。予測のときに分からないはずの情報は見つかりませんでした。",
        "en": "{count} columns were checked. Nothing was found that would not be known at the time of prediction.",
    },
    "features_hinted": {"ja": "{count}列を調べました。", "en": "{count} columns were checked."},
    "sign_constant": {
        "ja": "「{column}」がすべての行で同じ値（{value}）です。",
        "en": "“{column}” has the same value ({value}) in every row.",
    },
    "sign_known_after": {
        "ja": "「{column}」は、その日が終わるまで分からない列です。予測する朝に使えますか。",
        "en": "“{column}” isn’t known until the day is over. Can you use it on the morning of the forecast?",
    },
    "sign_alike": {
        "ja": "「{column}」だけで、答えの動きの{share:.0%}を説明できてしまいます。予測するときに本当に分かる値ですか。",
        "en": "“{column}” alone explains {share:.0%} of the target. Is it really known at the time of prediction?",
    },
    "sign_no_target": {
        "ja": "予測する値の列「{column}」が表にないため、それとほぼ同じ値の列や、新しすぎる実績は調べていません。"
        "「{column}」も表に入れて、もう一度確かめてください。",
        "en": "“{column}”, the value to predict, is not in the table, so features that almost repeat it or are too "
        "recent were not looked for. Add “{column}” to the table and check again.",
    },
    "sign_row_order": {
        "ja": "行の並び順だけで、答えの動きの{share:.0%}を説明できてしまいます。並べ方に答えが混じっていませんか。",
        "en": "The order of the rows alone explains {share:.0%} of the target. Is it sorted by the answer?",
    },
    "sign_fresh": {
        "ja": "「{column}」は{days}日前の実績のようです。{horizon}日先までの予測では、まだ分かっていない日があります。",
        "en": "“{column}” seems to be the outcome from {days} days earlier. In a forecast for {horizon} days, "
        "it isn’t known yet on some of those days.",
    },
    "cli": {
        "ja": "予測・モデル・プログラムの形式の確認と提出、スコアの確認をします。",
        "en": "Check and hand in predictions, models and programs, and follow their scores.",
    },
    "no_team": {
        "ja": "この開催期で、まだグループに入っていません。",
        "en": "You aren’t in a group in this cohort yet.",
    },
    "which_team": {
        "ja": "「{name}」というグループはありません。次から選んでください：{choices}",
        "en": "You aren’t in a group called “{name}”. Choose one of these: {choices}",
    },
    "team_newer": {
        "ja": "{name} には、ほかの人が共有した新しい版があります。manabiai.team() で取得し、"
        "内容を合わせてから共有してください。",
        "en": "Somebody has shared a later version of {name}. Download it with manabiai.team(), "
        "merge the changes, then share it again.",
    },
    "team_files_in": {"ja": "{team} のファイル（{folder}）", "en": "Files of {team}, in {folder}"},
    "team_empty": {
        "ja": "{team} が共有しているファイルはまだありません。",
        "en": "{team} hasn’t shared any files yet.",
    },
    "team_shared": {
        "ja": "{name} を第{number}版として {team} に共有しました。",
        "en": "Shared {name} with {team} as version {number}.",
    },
    "head_version": {"ja": "版", "en": "version"},
    "head_by": {"ja": "共有した人", "en": "shared by"},
    "head_here": {"ja": "このフォルダー", "en": "this folder"},
    "team_fetched": {"ja": "取得しました", "en": "downloaded"},
    "team_same": {"ja": "最新です", "en": "up to date"},
    "team_changed": {"ja": "手元で変更しています（未共有）", "en": "changed here, not shared yet"},
    "team_beside": {
        "ja": "両方で変わっています。新しい版を {name} に置きました",
        "en": "changed in both places; the new version is in {name}",
    },
    "team_beside_name": {"ja": "{stem}（第{number}版）{suffix}", "en": "{stem} (version {number}){suffix}"},
    "cli_team": {
        "ja": "グループのファイルを取得する",
        "en": "download your group’s files",
    },
    "cli_share": {"ja": "ファイルをグループに共有する", "en": "share a file with your group"},
    "cli_group": {
        "ja": "グループの名前。省略するとプロジェクトチーム、なければ学習グループ",
        "en": "name of the group (default: your project team, otherwise your study group)",
    },
    "cli_shared_file": {"ja": "共有するファイル", "en": "file to share"},
    "cli_change": {"ja": "変更した点", "en": "what has changed"},
    "cli_login": {"ja": "サイトとアクセストークンを保存する", "en": "save the site’s address and a personal token"},
    "cli_data": {"ja": "教材のデータを取得する", "en": "download the data of a case"},
    "cli_check": {"ja": "提出せずに形式を確かめる", "en": "check the format without handing in"},
    "cli_submit": {"ja": "提出してスコアを待つ", "en": "hand in and wait for the score"},
    "cli_scores": {"ja": "自分の提出とスコアを見る", "en": "show your submissions and scores"},
    "cli_board": {"ja": "順位表を見る", "en": "show the leaderboard"},
    "cli_case": {
        "ja": "開催期/教材[/ステップ]。1つしかないときは省略できます",
        "en": "cohort/case[/step]; optional if there is only one",
    },
    "cli_file": {
        "ja": "提出するファイル（CSV・ONNX・skops・.py・.ipynb）",
        "en": "file to hand in (CSV, ONNX, skops, .py or .ipynb)",
    },
    "cli_no_hints": {
        "ja": "プログラムを実行してヒントを探さない",
        "en": "don’t run the program to look for hints",
    },
    "cli_note": {"ja": "自分用のメモ", "en": "a note to yourself"},
    "cli_no_wait": {"ja": "スコアを待たない", "en": "don’t wait for the score"},
    "cli_folder": {"ja": "保存先のフォルダー", "en": "folder to put the files in"},
    "cli_final": {"ja": "最終スコアの順位（締切後）", "en": "by final scores (after the deadline)"},
    "cli_page": {"ja": "ページ", "en": "page"},
    "cli_url": {"ja": "サイトのアドレス", "en": "address of the site"},
    "stopped": {"ja": "中断しました。", "en": "Stopped."},
    "copy_failed": {"ja": "コピーを作成できませんでした", "en": "The copy couldn’t be made"},
    "copy_back": {"ja": "自分のノートブックを開く", "en": "Go to my notebook"},
    "copy_again": {"ja": "もう一度試す", "en": "Try again"},
    "copy_to_site": {"ja": "サイトに戻る", "en": "Back to the site"},
    "copy_restart": {"ja": "ノートブックを終了する画面へ", "en": "Go to the page to close it"},
    "copy_not_written": {
        "ja": "ファイルを保存できませんでした。空き容量を確かめてください。"
        "同じ名前のコピーが多いときは、不要なものを削除して、もう一度お試しください。",
        "en": "The file couldn’t be saved. Make sure there is enough room. "
        "If there are many copies with the same name, delete those you don’t need, then try again.",
    },
    "copy_site_away": {
        "ja": "サイトに接続できませんでした。しばらくしてから、もう一度お試しください。",
        "en": "The site didn’t respond. Please try again in a moment.",
    },
    "copy_token_over": {
        "ja": "あなたのノートブックは起動してから12時間以上たっているため、サイトからコピーを受け取れません。"
        "ノートブックを保存していったん終了し、起動し直してから、サイトでもう一度お試しください。",
        "en": "Your notebook has been running for more than twelve hours and can no longer get copies from the site. "
        "Save your work, close the notebook and start it again, then try again on the site.",
    },
}


def default_language() -> Language:
    """MANABIAI_LANGUAGE, else English where the locale is another than Japanese and says so, else Japanese."""
    chosen = os.environ.get("MANABIAI_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "ja"
    return "en" if chosen.lower().startswith("en") else "ja"


def say(key: str, language: Language, **params: object) -> str:
    """The text in the language."""
    return CATALOGUE[key][language].format_map(params)


def duration(seconds: int, language: Language) -> str:
    """About how long: seconds up to a minute and a half, then whole minutes."""
    if seconds <= 90:
        return say("seconds", language, count=seconds)
    return say("minutes", language, count=math.ceil(seconds / 60))


def width(text: str) -> int:
    """Columns that the text takes in a terminal: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in plain text, its columns as wide as their widest cell."""
    cells = [head, *rows]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell + " " * (widths[n] - width(cell)) for n, cell in enumerate(row)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * one for one in widths), *lines[1:]])
