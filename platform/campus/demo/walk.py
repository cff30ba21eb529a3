"""A walk through the site by links alone: every page that somebody who has signed in can come to, as it was answered.

Django's test client asks in this process, so that the queries of each answer are known and no server is needed.
``campus pages`` walks through the demo, the tests through a scene of theirs.
"""

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from campus.people.models import Person

START = "/"
# Further pages of a kind (people of a list, filters of a table) tell little.
MOST_OF_A_KIND = 1
# Not ours to judge: the Hub's own pages, and what is drawn from files.
_NO_PAGES = ("/static/", "/media/", "/hub/")
# A template's addresses are filled in by scripts.
_LINKS = "//a[not(ancestor::template)]"
_PARTS = "//*[@hx-get and @hx-trigger='load']/@hx-get"


def client_of(person: Person) -> Client:
    """A browser, so to speak, in which the person has signed in."""
    client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc}, raise_request_exception=False)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _close(answer: Any) -> None:
    """End an answer without what a server then does to its connections: this process goes on with the same one."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


@dataclass(frozen=True)
class Visit:
    """What an address was answered with; ``name`` is the address's own in ``urls.py``."""

    address: str
    name: str
    answer: Any
    queries: int
    seconds: float

    @property
    def is_page(self) -> bool:
        """Whether there is something to read: a page or a part of one, and not a file, a redirect or an error."""
        return self.answer.status_code == 200 and self.answer.get("Content-Type", "").startswith("text/html")

    @cached_property
    def markup(self) -> str:
        return str(self.answer.content.decode())

    @cached_property
    def page(self) -> Any:
        """The markup as lxml's tree."""
        return lxml.html.document_fromstring(self.markup)


class Walk:
    """Somebody's way through the site, visit by visit; ``dead_ends`` are links that lead nowhere, by where they stand.

    Parts that a page loads by itself are visited like pages. ``warm`` asks for each address twice and tells of the
    second time, when templates and files are at hand as in a server that has been running.
    """

    def __init__(self, client: Client, *, warm: bool = False) -> None:
        self.dead_ends: dict[str, str] = {}
        self._client, self._warm = client, warm
        self._ahead = deque([(START, False)])
        self._known = {START}
        self._kinds: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Visit]:
        while self._ahead:
            visit = self._visit(*self._ahead.popleft())
            self._look_around(visit)
            yield visit
            _close(visit.answer)

    def _visit(self, address: str, is_part: bool) -> Visit:
        headers = {"HX-Request": "true"} if is_part else {}
        if self._warm:
            _close(self._client.get(address, headers=headers))
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            answer = self._client.get(address, headers=headers)
            seconds = time.perf_counter() - began
        name = resolve(urlsplit(address).path).view_name
        return Visit(address, name, answer, queries=len(queries), seconds=seconds)

    def _look_around(self, visit: Visit) -> None:
        """Put ahead what the visit leads to."""
        if visit.answer.status_code in {301, 302}:
            self._go_on(visit.answer["Location"], visit.address)
        elif visit.is_page:
            for link in visit.page.xpath(_LINKS):
                self._go_on(link.get("href") or "", visit.address)
            for part in visit.page.xpath(_PARTS):
                self._go_on(part, visit.address, is_part=True)

    def _go_on(self, href: str, here: str, *, is_part: bool = False) -> None:
        """Put an address ahead, unless it is known, elsewhere, or beyond so many of its kind."""
        if not href:
            self.dead_ends[here] = "a link without an address"
            return
        whole = urlsplit(urljoin(f"{settings.SITE_URL}{here}", href))
        path = whole.path or START
        address = f"{path}?{whole.query}" if whole.query else path
        is_here = whole.netloc == urlsplit(settings.SITE_URL).netloc and not path.startswith(_NO_PAGES)
        if not is_here or address in self._known:
            return
        self._known.add(address)
        try:
            kind = resolve(path).view_name
        except Resolver404:
            self.dead_ends[here] = f"leads nowhere: {address}"
            return
        self._kinds[kind] += 1
        if self._kinds[kind] <= MOST_OF_A_KIND:
            self._ahead.append((address, is_part))
