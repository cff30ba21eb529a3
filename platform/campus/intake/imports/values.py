"""From a cell's text to the value that is kept, or the reason why it can't be."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise

from campus.cohorts.models import Role
from campus.intake.imports.tidying import folded, tidy, tidy_address
from campus.people import names

# Alumni come out of a cohort, they are not imported into one.
ROLES = [role for role in Role if role != Role.ALUMNI]
LANGUAGES = {"ja": ("日本語", "Japanese"), "en": ("英語", "English")}
LONGEST_ADDRESS, LONGEST_SHOWN = 254, 60
# 東京 and 東京都 are the same; 北海道 keeps its last sign.
_PREFECTURE_ENDINGS = ("都", "府", "県")


class Refused(Exception):
    """A cell that stops the import: the code of a remark and its values."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def address(text: str) -> str:
    """An e-mail address in small letters."""
    found = tidy_address(text)
    if len(found) > LONGEST_ADDRESS:
        raise Refused("too_long", value=short(found), limit=LONGEST_ADDRESS)
    try:
        validate_email(found)
    except ValidationError as error:
        raise Refused("not_an_address", value=short(text.strip())) from error
    if not found.isascii():
        raise Refused("not_an_address", value=short(text.strip()))
    return found


def text_of(*, limit: int, mend: Callable[[str], str] = tidy) -> Callable[[str], str]:
    """A cleaner for texts of at most so many characters that carry no web address; ``mend`` puts them into form."""

    def clean(text: str) -> str:
        tidied = tidy(text)
        try:
            names.refuse_addresses(tidied)
        except ValidationError as error:
            raise Refused("carries_address", value=short(tidied)) from error
        try:
            mended = mend(tidied)
        except ValidationError as error:
            raise Refused("wrong_letters", value=short(tidied)) from error
        if len(mended) > limit:
            raise Refused("too_long", value=short(mended), limit=limit)
        return mended

    return clean


def classes(text: str) -> list[str]:
    """A facilitator may look after several; the order of the file is kept, each is named once."""
    parts = tidy(text).replace("、", ",").replace("，", ",").replace("；", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def role(text: str) -> str:
    return _chosen(text, _words_of_roles(), [role.label for role in ROLES], code="no_such_role")


def language(text: str) -> str:
    words = {folded(word): code for code, spellings in LANGUAGES.items() for word in (code, *spellings)}
    return _chosen(text, words, [spellings[0] for spellings in LANGUAGES.values()])


def choice_of(codes: type[TextChoices]) -> Callable[[str], str]:
    """A cleaner for a coded list: its codes, its words in both languages, prefectures also without 都, 府 or 県."""

    @cache
    def words() -> dict[str, str]:
        found = {folded(word): code for code, label in codes.choices for word in (code, *in_both_languages(label))}
        shorter = {word[:-1]: code for word, code in found.items() if word.endswith(_PREFECTURE_ENDINGS)}
        return shorter | found

    def clean(text: str) -> str:
        return _chosen(text, words(), codes.labels)

    return clean


@cache
def _words_of_roles() -> dict[str, str]:
    return {folded(word): role.value for role in ROLES for word in (role.value, *in_both_languages(role.label))}


def _chosen(text: str, words: dict[str, str], choices: Iterable[str | Promise], *, code: str = "no_such_choice") -> str:
    found = words.get(folded(text))
    if found is None:
        raise Refused(code, value=short(tidy(text)), choices="、".join(in_both_languages(one)[0] for one in choices))
    return found


def in_both_languages(text: str | Promise) -> list[str]:
    """The text in Japanese and in English."""
    found = []
    for code in ("ja", "en"):
        with translation.override(code):
            found.append(str(text))
    return found


def short(text: str) -> str:
    """A value as a message quotes it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
