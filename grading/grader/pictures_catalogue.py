"""The wording of what is said about zips of pictures."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording, say

PICTURES: dict[str, Wording] = {
    "pictures_no_zip": say(
        "{file}: ZIPとして読めません。grader.pictures.write_pictures で書き出してください。",
        "{file}: can’t be read as a zip file. Write it with grader.pictures.write_pictures.",
    ),
    "pictures_names": say(
        "{file}: 画像の名前が{table}の行と一致しません（{count:,}件、例：{examples}）。「ID.png」を名前の順に入れてください。",
        "{file}: the names of the pictures don’t match the rows of {table} ({count:,} differ, for example {examples}). Write <id>.png for each row, in the order of the names.",
    ),
    "pictures_unlike": say(
        "{file}: 画像どうしで{detail}が異なり、答えの手がかりになるおそれがあります。すべて同じにそろえてください（grader.pictures.write_pictures）。",
        "{file}: the pictures differ in {detail}, which may give the answer away. Make it the same for all (grader.pictures.write_pictures).",
    ),
    "pictures_not_plain": say(
        "{file}: 画像「{picture}」はPNGでないか、画素以外の情報（{detail}）を含みます。画素だけのPNGにしてください。",
        "{file}: “{picture}” isn’t a PNG, or contains more than pixels ({detail}). Write a PNG with pixels only.",
    ),
    "pictures_size": say(
        "{file}: 画像「{picture}」の大きさが{found}です。case.tomlの{expected}に合わせてください。",
        "{file}: “{picture}” is {found}; case.toml says {expected}. Correct one of them.",
    ),
}
