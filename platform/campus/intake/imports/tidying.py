"""Texts from spreadsheets made even: stray and full-width spaces, half-width kana, signs that nobody sees.

Names keep their letters: Unicode's normal forms would turn 﨑 or 神 (U+FA19) into other characters, so only kana and
spaces are touched in them.
"""

import re
import unicodedata

_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_KANA_WITH_MARK = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_HIRAGANA = re.compile("[\u3041-\u3096]")


def tidy(text: str) -> str:
    """One space between words, none around them, kana in full width and in one piece."""
    text = _UNSEEN.sub("", text)
    for pattern, form in ((_HALF_WIDTH_KANA, "NFKC"), (_KANA_WITH_MARK, "NFC")):
        text = pattern.sub(lambda found, form=form: unicodedata.normalize(form, found.group()), text)  # type: ignore[misc]
    return " ".join(text.split())


def tidy_code(text: str) -> str:
    """What is no name: full-width letters and digits become plain ones too."""
    return tidy(unicodedata.normalize("NFKC", text))


def tidy_address(text: str) -> str:
    """An e-mail address: plain signs, no spaces at all, small letters."""
    return "".join(tidy_code(text).split()).lower()


def tidy_reading(text: str) -> str:
    """A reading in katakana, also where it was written in hiragana."""
    return _HIRAGANA.sub(lambda found: chr(ord(found.group()) + 0x60), tidy(text))


def folded(text: str) -> str:
    """For comparing headings and choices: case, width, spaces and punctuation aside."""
    plain = tidy_code(text).casefold()
    return re.sub(r"[\s_\-・･.,:：;()（）\[\]【】/／*＊※]", "", plain)
