"""What is wrong with the pages that somebody can come to by links, asked in the stagehand's process.

The walk in the browser (test_every_page.py) looks at what it knows of; this one goes wherever a link leads.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

from campus.demo.walk import Visit, Walk, client_of
from campus.people.models import Person

MOST_QUERIES = 30
# People write in these; code and files are in no language.
_UNREAD = {"script", "style", "code", "pre", "textarea"}
# The languages' names, each in its own.
_IN_BOTH = {"English", "日本語"}
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def session_of(*, email: str) -> dict[str, str]:
    """Name and value of the cookie of somebody who has signed in."""
    cookies = client_of(Person.objects.get(email=email)).cookies
    return {"name": settings.SESSION_COOKIE_NAME, "value": cookies[settings.SESSION_COOKIE_NAME].value}


def crawl(*, email: str, language: str, foreign: list[str]) -> dict[str, Any]:
    """Follow every link from the home page; return how many pages there were and what was wrong with which.

    ``foreign``: texts of other cohorts, which must stand on none of them.
    """
    reader = Person.objects.filter(email=email)
    before = reader.get().language
    reader.update(language=language)
    walk, look = Walk(client_of(reader.get())), _Look(language, foreign)
    flaws = {visit.address: found for visit in walk if (found := list(look.flaws_of(visit)))}
    reader.update(language=before)
    return {"pages": look.pages, "flaws": flaws | {here: [flaw] for here, flaw in walk.dead_ends.items()}}


class _Look:
    """How a reader looks at one page after the other."""

    def __init__(self, language: str, foreign: list[str]) -> None:
        self.language, self.foreign = language, foreign
        self.pages = 0

    def flaws_of(self, visit: Visit) -> Iterator[str]:
        if visit.answer.status_code >= 400:
            yield f"status {visit.answer.status_code}"
        if not visit.is_page:
            return
        self.pages += 1
        if visit.queries > MOST_QUERIES:
            yield f"{visit.queries} queries"
        yield from (f"of another cohort: {text}" for text in self.foreign if text in visit.markup)
        yield from (
            f"not in {self.language}: {text}"
            for text in _texts(visit.page, self.language)
            if _is_left_over(text, self.language)
        )


def _texts(page: Any, language: str) -> Iterator[str]:
    """What stands on the page and what is read out, piece by piece; not what says that it is in another language."""
    for element in page.iter():
        said_in = next((one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang")), language)
        if not isinstance(element.tag, str) or element.tag in _UNREAD or said_in != language:
            continue
        pieces = [element.text, *(child.tail for child in element)]
        pieces += [element.get(name) for name in ("aria-label", "title", "alt", "placeholder")]
        yield from (" ".join(piece.split()) for piece in pieces if piece and piece.strip())


def _is_left_over(text: str, language: str) -> bool:
    """Whether a text is one of the catalogues', in the other language."""
    return text in _texts_not_in(language) - _IN_BOTH


@cache
def _texts_not_in(language: str) -> set[str]:
    """Texts of all catalogues that a page in this language must not show."""
    pairs = set()
    catalogue = trans_real.translation("ja")._catalog  # type: ignore[attr-defined]
    for key, japanese in catalogue.items():
        english = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
        if english != japanese and _JAPANESE.search(japanese) and len(english) > 1:
            pairs.add((english, japanese))
    english_texts, japanese_texts = {one for one, _ in pairs}, {one for _, one in pairs}
    return english_texts - japanese_texts if language == "ja" else japanese_texts - english_texts
