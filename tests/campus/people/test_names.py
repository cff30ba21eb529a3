"""Names in katakana and Latin letters: what is easily mended is mended, the rest is refused in words."""

import pytest
from django.core.exceptions import ValidationError

from campus.people.names import is_japanese, katakana, latin, refuse_addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("サトウ ハナコ", "サトウ ハナコ"),
        ("さとう　はなこ", "サトウ ハナコ"),
        ("ｻﾄｳ ﾊﾅｺ", "サトウ ハナコ"),
        ("ﾔﾏｸﾞﾁ ﾎﾟｰﾙ", "ヤマグチ ポール"),
        ("  ジョン・スミス ", "ジョン・スミス"),
        ("ゔぁん", "ヴァン"),
        ("", ""),
    ],
)
def test_a_reading_becomes_full_width_katakana(typed: str, kept: str) -> None:
    assert katakana(typed) == kept


@pytest.mark.parametrize("typed", ["佐藤", "Sato", "サトウ1", "サトウ<b>", "サトウ\u202e"])
def test_a_reading_in_other_letters_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"カタカナ|katakana"):
        katakana(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("SATO  Hanako", "SATO Hanako"),
        ("ＳＡＴＯ　Ｈａｎａｋｏ", "SATO Hanako"),
        ("O’Brien-Müller Jr.", "O'Brien-Müller Jr."),
        ("", ""),
    ],
)
def test_a_name_in_latin_letters_is_spaced_and_narrowed(typed: str, kept: str) -> None:
    assert latin(typed) == kept


@pytest.mark.parametrize("typed", ["佐藤 花子", "サトウ", "Sato1", "Sato, Hanako", "Саша", "- .", "a\x00b"])
def test_a_name_in_other_letters_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        latin(typed)


@pytest.mark.parametrize("name", ["see https://spam.example", "www.spam.example", "a\nb", "a\u202eb"])
def test_no_name_carries_an_address_or_turns_the_text(name: str) -> None:
    with pytest.raises(ValidationError):
        refuse_addresses(name)


def test_only_a_name_in_japanese_has_a_reading() -> None:
    assert [is_japanese(name) for name in ("佐藤 花子", "さとう", "佐々木", "John Smith", "Müller")] == [
        True,
        True,
        True,
        False,
        False,
    ]
