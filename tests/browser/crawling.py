"""A walk by links alone, with Django's test client in the stagehand's process: every page that somebody can come to.

The walk in the browser (test_every_page.py) looks at what it knows of; this one goes wherever a link leads.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

# Further pages of a kind (people of a list, filters of a table) tell little, and cost a tenth of a second each.
MOST_OF_A_KIND = 1
MOST_QUERIES = 30
# What these ask more than that is still to be brought down; no page may ask more.
STILL_MORE = {"home": 38, "cohorts:cohort": 37, "progress:learner": 44, "mentoring:review": 33}
START = "/"
# Not ours to judge: the Hub's own pages, and what is drawn from files.
NO_PAGES = ("/static/", "/media/", "/hub/")
# People write in these; code and files are in no language.
_UNREAD = {"script", "style", "code", "pre", "textarea"}
# The languages' names, each in its own.
_IN_BOTH = {"English", "日本語"}
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def session_of(*, email: str) -> dict[str, str]:
    """Name and value of the cookie of somebody who has signed in."""
    from django.conf import settings

    return {"name": settings.SESSION_COOKIE_NAME, "value": _client(email).cookies[settings.SESSION_COOKIE_NAME].value}


def crawl(*, email: str, language: str, foreign: list[str]) -> dict[str, Any]:
    """Follow every link from the home page; return how many pages there were and what was wrong with which.

    ``foreign``: texts of other cohorts, which must stand on none of them.
    """
    from campus.people.models import Person

    reader = Person.objects.filter(email=email)
    before = reader.get().language
    reader.update(language=language)
    walk = _Walk(email, language, foreign)
    while walk.ahead:
        walk.look_at(walk.ahead.popleft())
    reader.update(language=before)
    return {"pages": walk.pages, "flaws": walk.flaws}


def _client(email: str) -> Any:
    from django.conf import settings
    from django.test import Client

    from campus.people.models import Person

    client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc}, raise_request_exception=False)
    person = Person.objects.get(email=email)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class _Walk:
    """Somebody's way through the site; ``ahead`` are the addresses to come."""

    def __init__(self, email: str, language: str, foreign: list[str]) -> None:
        self.client, self.language, self.foreign = _client(email), language, foreign
        self.ahead = deque([START])
        self.pages = 0
        self.flaws: dict[str, list[str]] = {}
        self._known = {START}
        self._kinds: Counter[str] = Counter()

    def look_at(self, address: str) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext
        from django.urls import resolve

        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get(address)
        found = [f"status {answer.status_code}"] if answer.status_code >= 400 else []
        if answer.status_code in {301, 302}:
            self._go_on(answer["Location"], address)
        elif not found and answer.get("Content-Type", "").startswith("text/html"):
            self.pages += 1
            if len(queries) > STILL_MORE.get(resolve(urlsplit(address).path).view_name, MOST_QUERIES):
                found.append(f"{len(queries)} queries")
            found += self._flaws_of(answer.content.decode(), address)
        answer.close()
        if found:
            self.flaws[address] = found

    def _flaws_of(self, markup: str, address: str) -> Iterator[str]:
        import lxml.html

        page = lxml.html.document_fromstring(markup)
        for link in page.xpath("//a[not(ancestor::template)]"):  # A template's addresses are filled in by scripts.
            self._go_on(link.get("href") or "", address)
        yield from (f"of another cohort: {text}" for text in self.foreign if text in markup)
        yield from (
            f"not in {self.language}: {text}"
            for text in _texts(page, self.language)
            if _is_left_over(text, self.language)
        )

    def _go_on(self, href: str, here: str) -> None:
        """Put an address ahead, unless it is known, elsewhere, or beyond so many of its kind."""
        from django.conf import settings
        from django.urls import Resolver404, resolve

        if not href:
            self.flaws[here] = ["a link without an address"]
            return
        whole = urlsplit(urljoin(f"{settings.SITE_URL}{here}", href))
        path = whole.path or START
        address = f"{path}?{whole.query}" if whole.query else path
        is_here = whole.netloc == urlsplit(settings.SITE_URL).netloc and not whole.path.startswith(NO_PAGES)
        if not is_here or address in self._known:
            return
        self._known.add(address)
        try:
            kind = resolve(path).view_name
        except Resolver404:
            self.flaws[address] = [f"leads nowhere, from {here}"]
            return
        self._kinds[kind] += 1
        if self._kinds[kind] <= MOST_OF_A_KIND:
            self.ahead.append(address)


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
    from django.utils.translation import trans_real

    pairs = set()
    catalogue = trans_real.translation("ja")._catalog  # type: ignore[attr-defined]
    for key, japanese in catalogue.items():
        english = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
        if english != japanese and _JAPANESE.search(japanese) and len(english) > 1:
            pairs.add((english, japanese))
    english_texts, japanese_texts = {one for one, _ in pairs}, {one for _, one in pairs}
    return english_texts - japanese_texts if language == "ja" else japanese_texts - english_texts
