"""The wording of what is wrong with a hand-in: its file, header, rows, values and marks."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from typing import Literal

from grader.wording import Wording
from grader.wording import say as _say

# Where a message names a row, {row} is the data row (the first below the header is 1) and {line} the line in the file.
_AT: dict[Literal["ja", "en"], str] = {
    "ja": "{row}行目（ファイルの{line}行目）",
    "en": "Row {row} (line {line} of the file)",
}


def _at(ja: str, en: str) -> Wording:
    return {"ja": f"{_AT['ja']}：{ja}", "en": f"{_AT['en']}: {en}"}


def _cell(ja: str, en: str) -> Wording:
    return _at(f"「{{column}}」の値「{{value}}」{ja}", f"“{{value}}” in column “{{column}}” {en}")


FILE: dict[str, Wording] = {
    "file_empty": _say(
        "ファイルが空です。提出サンプルと同じ形のCSVファイルを提出してください。",
        "The file is empty. Hand in a CSV file in the same format as the sample submission.",
    ),
    "file_too_large": _say(
        "ファイルの大きさ（{bytes:,}バイト）が上限（{limit:,}バイト）を超えています。必要な列だけを残し、桁数を減らしてください。",
        "The file has {bytes:,} bytes, more than the limit of {limit:,}. Keep only the required columns and write fewer digits.",
    ),
    "too_many_rows": _say(
        "行数が上限（{limit:,}行）を超えています。idごとに1行だけにしてください。",
        "The file has more rows than the limit of {limit:,}. Write only one row per id.",
    ),
    "file_is_excel": _say(
        "Excelのファイルです。Excelの「名前を付けて保存」で「CSV UTF-8(コンマ区切り)」を選び、そのCSVファイルを提出してください。",
        "This is an Excel file. In Excel, choose “Save as” and “CSV UTF-8 (comma delimited)”, and hand in that CSV file.",
    ),
    "file_is_zip": _say(
        "圧縮ファイル（ZIPなど）です。展開して、中のCSVファイルをそのまま提出してください。",
        "This is a compressed archive. Unpack it and hand in the CSV file itself.",
    ),
    "file_is_pickle": _say(
        "pickle（joblib）のファイルは、開くだけでプログラムが動くおそれがあるため受け付けません。予測値をCSVファイルに書き出して提出してください。",
        "Pickle (joblib) files are not accepted, because opening one can run any program. Write your predictions to a CSV file and hand that in.",
    ),
    "file_is_binary": _say(
        "テキストのCSVファイルではありません。予測値をCSVファイル（UTF-8、コンマ区切り）に書き出して提出してください。",
        "This is not a text file in CSV format. Write your predictions to a CSV file (UTF-8, comma separated) and hand that in.",
    ),
    "file_has_nul": _say(
        "ファイルの{line}行目にNUL文字（0のバイト）があります。ファイルが壊れています。もう一度書き出してください。",
        "Line {line} of the file contains a NUL byte: the file is damaged. Export it again.",
    ),
    "encoding_utf16": _say(
        "文字コードがUTF-16です。UTF-8（Excelでは「CSV UTF-8(コンマ区切り)」）で保存し直してください。",
        "The file is encoded in UTF-16. Save it as UTF-8 (in Excel: “CSV UTF-8 (comma delimited)”).",
    ),
    "encoding_unknown": _say(
        "ファイルの{line}行目に、UTF-8でもShift_JIS（CP932）でも読めない文字があります。UTF-8で保存し直してください。",
        "Line {line} of the file can’t be read as UTF-8 or as Shift_JIS (CP932). Save the file as UTF-8.",
    ),
    "quote_wrong": _say(
        'ファイルの{line}行目の引用符「"」が対になっていません。閉じるか、取り除いてください。',
        "The quotation marks on line {line} of the file are not paired. Close them or remove them.",
    ),
    "line_too_long": _say(
        "ファイルの{line}行目が長すぎます（上限{limit:,}文字）。改行が抜けていないか確かめてください。",
        "Line {line} of the file is longer than {limit:,} characters. Check whether line breaks are missing.",
    ),
    "kind_unknown": _say(
        "「{kind}」の提出は、この教材では受け付けていません。受け付けるもの：{accepted}。",
        "This case doesn’t accept “{kind}”. It accepts: {accepted}.",
    ),
}

HEADER: dict[str, Wording] = {
    "delimiter_tab": _say(
        "列がタブで区切られています。コンマ「,」で区切ったCSVファイルにしてください。",
        "The columns are separated by tabs. Write a CSV file with columns separated by commas.",
    ),
    "delimiter_semicolon": _say(
        "列がセミコロン「;」で区切られています。コンマ「,」で区切ったCSVファイルにしてください。",
        "The columns are separated by semicolons. Write a CSV file with columns separated by commas.",
    ),
    "header_missing": _say(
        "1行目に列名がありません。1行目を「{expected}」にしてください。",
        "The first line doesn’t contain the column names. Make the first line “{expected}”.",
    ),
    "column_missing": _say(
        "列「{column}」（英語名{alias}）がありません。1行目を「{expected}」にしてください。",
        "Column “{column}” (English name {alias}) is missing. Make the first line “{expected}”.",
    ),
    "column_unknown": _say(
        "列「{column}」は使いません。この列を取り除くか、名前を直してください。使う列：「{expected}」。",
        "Column “{column}” is not used. Remove it or correct its name. The columns are “{expected}”.",
    ),
    "column_unnamed": _say(
        "{position}番目の列に名前がありません。この列を取り除いてください（pandasでは to_csv(…, index=False) と書きます）。",
        "Column {position} has no name. Remove it (in pandas, write to_csv(…, index=False)).",
    ),
    "column_twice": _say(
        "列「{column}」が2回あります。1つだけ残してください。",
        "Column “{column}” appears twice. Keep only one.",
    ),
}

ROWS: dict[str, Wording] = {
    "no_rows": _say(
        "列名の下に行がありません。{expected:,}行の予測を書いてください。",
        "There are no rows below the column names. Write the {expected:,} rows of predictions.",
    ),
    "row_ragged": _at(
        '列が{found}個あります。{expected}個にしてください。値の中のコンマは引用符「"」で囲んでください。',
        "has {found} columns instead of {expected}. Put values that contain a comma in quotation marks.",
    ),
    "id_empty": _at("「{column}」が空です。idを書いてください。", "column “{column}” is empty. Write the id."),
    "id_twice": _at(
        "「{column}」の「{value}」は{first_row}行目にもあります。どちらか1行だけ残してください。",
        "“{value}” in column “{column}” also appears in row {first_row}. Keep only one of the rows.",
    ),
    "id_unknown": _cell(
        "は予測の対象にありません。提出サンプルのidをそのまま使ってください。",
        "is not among the ids to predict. Use the ids from the sample submission as they are.",
    ),
    "ids_missing": _say(
        "「{column}」が{count:,}件足りません（例：{examples}）。提出サンプルにあるすべてのidの行を書いてください。",
        "Column “{column}” is missing {count:,} of the ids (for example {examples}). Write a row for every id in the sample submission.",
    ),
}

VALUES: dict[str, Wording] = {
    "value_empty": _at("「{column}」が空です。数値を書いてください。", "column “{column}” is empty. Write a number."),
    "value_nan": _cell(
        "は欠損値（NaN）です。数値に置き換えてください。", "is a missing value (NaN). Replace it with a number."
    ),
    "value_infinite": _cell(
        "は無限大です。0での割り算などがないか確かめ、有限の数値にしてください。",
        "is infinite. Check for a division by zero and write a finite number.",
    ),
    "value_thousands": _cell(
        "に桁区切りのコンマがあります。コンマを取り除いてください（1,234は1234）。",
        "has a thousands separator. Remove the comma (1234 instead of 1,234).",
    ),
    "value_decimal_comma": _cell(
        "は小数点がコンマです。小数点にはピリオド「.」を使ってください。",
        "has a comma as its decimal point. Use a full stop instead.",
    ),
    "value_not_number": _cell(
        "は数値ではありません。単位や記号を付けず、数値だけを書いてください。",
        "is not a number. Write only the number, without units or symbols.",
    ),
    "value_huge": _cell(
        "は大きすぎて扱えません。計算に誤りがないか確かめてください。",
        "is too large to handle. Check your calculation.",
    ),
    "value_negative": _cell("は負の数です。{limit}以上にしてください。", "is negative. It must be {limit} or more."),
    "value_too_small": _cell(
        "は小さすぎます。{limit}以上にしてください。", "is too small. It must be {limit} or more."
    ),
    "value_too_large": _cell(
        "は大きすぎます。{limit}以下にしてください。", "is too large. It must be {limit} or less."
    ),
    "value_not_integer": _cell(
        "は整数ではありません。整数にしてください。", "is not a whole number. Write a whole number."
    ),
}

_MASK = {
    "ja": "「{column}」の印（{value}）は使えません。",
    "en": "the mask in column “{column}” ({value}) can’t be used: ",
}


def _mask(ja: str, en: str) -> Wording:
    return _at(_MASK["ja"] + ja, _MASK["en"] + en)


MASKS: dict[str, Wording] = {
    "mask_not_numbers": _mask(
        "「開始 長さ 開始 長さ …」のように、0以上の整数を半角スペースで区切って書いてください。印を付けない行は空にします。",
        "write whole numbers of 0 or more, separated by spaces: “start length start length …”. Leave the cell empty to mark nothing.",
    ),
    "mask_not_pairs": _mask(
        "数が{count}個あります。開始と長さの組なので、偶数個にしてください。",
        "it contains {count} numbers. They are pairs of start and length, so there has to be an even number of them.",
    ),
    "mask_run_empty": _mask(
        "画素{start}から始まる区間の長さが0です。1以上にするか、区間を取り除いてください。",
        "the run that starts at pixel {start} has length 0. Make it 1 or more, or remove the run.",
    ),
    "mask_not_rising": _mask(
        "画素{start}から始まる区間が、前の区間（画素{end}の手前まで）と重なるか、順番が逆です。左上から順に、重ならないように書いてください。",
        "the run that starts at pixel {start} overlaps the one before it, which ends before pixel {end}, or is in the wrong order. Write runs in order from the top left, without overlap.",
    ),
    "mask_outside": _mask(
        "画素{start}から長さ{length}の区間が画像の外に出ています。画素は0から{last}までです（左上から右へ、1行ずつ下へ数えます）。",
        "the run of length {length} from pixel {start} goes beyond the picture. Pixels go from 0 to {last} (from the top left to the right, line by line).",
    ),
    "mask_too_many_runs": _mask(
        "区間が{count:,}個あります。上限は{limit:,}個です。小さな点を取り除くなどして、減らしてください。",
        "it has {count:,} runs, more than the limit of {limit:,}. Reduce them, for example by removing small specks.",
    ),
}

NOTICES: dict[str, Wording] = {
    "full_width_read": _say(
        "全角の数字を半角として読みました（{count:,}か所、最初は{row}行目の「{column}」の「{value}」）。次からは半角で書いてください。",
        "Full-width digits were read as plain digits ({count:,} in all, the first one “{value}” in column “{column}”, row {row}). Use plain digits next time.",
    ),
    "more_problems": _say(
        "ほかに{count:,}件の問題があります。上の問題を直してから、もう一度提出してください。",
        "Further problems: {count:,}. Correct the ones above and hand in again.",
    ),
    "grading_failed": _say(
        "採点システムの側で問題が起き、採点できませんでした。この提出は1日の提出回数に数えません。時間をおいてもう一度提出してください。",
        "Something went wrong on our side, so your work couldn’t be graded. This attempt is not counted against your daily limit. Please hand in again later.",
    ),
}

HAND_IN: dict[str, Wording] = {**FILE, **HEADER, **ROWS, **VALUES, **MASKS, **NOTICES}
