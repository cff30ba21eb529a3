"""The wording of what is said about zips of pictures."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording, say

PICTURES: dict[str, Wording] = {
    "pictures_no_zip": say(
        "{file}: ZIPとして読めません。grader.pictures.write_pictures で書き出してください。",
        "{file}: cannot be read as a zip. Write it with grader.pictures.write_pictures.",
    ),
    "pictures_names": say(
        "{file}: 画像の名前が{table}の行と一致しません（{count:,}件、例：{examples}）。「ID.png」を名前の順に入れてください。",
        "{file}: the pictures are not those of {table} ({count:,} differ, for example {examples}). Write <id>.png for its rows, in the order of their names.",
    ),
    "pictures_unlike": say(
        "{file}: 画像どうしで{detail}が異なり、答えの手がかりになるおそれがあります。大きさと日時をそろえてください（grader.pictures.write_pictures）。",
        "{file}: the pictures differ in {detail}, which may give the answer away. Make them alike (grader.pictures.write_pictures).",
    ),
    "pictures_not_plain": say(
        "{file}: 画像「{picture}」はPNGでないか、画素以外の情報（{detail}）を含みます。画素だけのPNGにしてください。",
        "{file}: “{picture}” is no PNG, or tells more than its pixels ({detail}). Write a PNG of pixels only.",
    ),
    "pictures_size": say(
        "{file}: 画像「{picture}」の大きさが{found}です。case.tomlの{expected}に合わせてください。",
        "{file}: “{picture}” is {found}; case.toml says {expected}. Correct one of them.",
    ),
}
