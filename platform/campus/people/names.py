"""How names are written: as they are, in katakana, in Latin letters. What is easily mended is mended, not refused."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Hiragana stands 0x60 before katakana in Unicode.
_HIRAGANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc-\u30fe\u30fb= ]+")
_JAPANESE = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\U00020000-\U0003ffff]")
# They turn the direction of the text after them, also in a mail or on a certificate.
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse_addresses(name: str) -> None:
    """A name goes into mails that strangers may have sent to anybody: it carries no address and no line breaks."""
    unseen = any(unicodedata.category(sign) == "Cc" or sign in _DIRECTIONS for sign in name)
    if "://" in name or "www." in name.lower() or unseen:
        raise ValidationError(_("Please enter a name without web addresses or line breaks."))


def acceptable_name(name: str) -> str:
    """A name that another system tells, as far as it can stand here; empty where it can't."""
    try:
        refuse_addresses(name)
    except ValidationError:
        return ""
    return name[:100]


def is_japanese(name: str) -> bool:
    """Whether the name has kanji or kana, so that its reading has to be told."""
    return bool(_JAPANESE.search(name))


def as_katakana(text: str) -> str:
    """The text with hiragana as katakana, so that a reading is found however it was typed."""
    return text.translate(_HIRAGANA)


def katakana(text: str) -> str:
    """Return the reading in full-width katakana, made from hiragana and half-width forms too.

    Raises ValidationError where something else is in it.
    """
    reading = _spaced(unicodedata.normalize("NFKC", text).translate(_HIRAGANA))
    if reading and not _KATAKANA.fullmatch(reading):
        raise ValidationError(_("Please enter the reading in katakana, for example サトウ ハナコ."))
    return reading


def latin(text: str) -> str:
    """Return the name in Latin letters, made from full-width forms too; ValidationError where others are in it."""
    name = _spaced(unicodedata.normalize("NFKC", text).replace("’", "'"))
    if not all(sign in " -'." or _is_latin(sign) for sign in name):
        raise ValidationError(
            _("Please enter your name in Latin letters as in your passport, for example SATO Hanako.")
        )
    if name and not any(map(_is_latin, name)):
        raise ValidationError(_("Please enter at least one letter."))
    return name


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN")


def _spaced(text: str) -> str:
    """Single spaces between words, none around them."""
    return " ".join(text.split())
