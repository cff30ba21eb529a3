"""`campus pages`: what every page of the demo costs, as each role: time in the server, queries, weight."""

import gzip
import logging
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

from campus.demo import people
from campus.demo.walk import Visit, Walk, client_of
from campus.people.models import Person

MOST_QUERIES = 30
MOST_SCRIPT_KB = 100.0
_HEADING = f"{'page':<42} {'as':<12} {'ms':>6} {'queries':>8} {'kB html':>8} {'kB script':>10}"
# What chart.js fetches by itself is named in an attribute.
_SCRIPTS = "//script/@src | //campus-chart/@library"


class Command(BaseCommand):
    """Only reads, as these people would: what an open page notes of its reader is noted."""

    help = (
        "List every page that somebody of the demo can come to by links: milliseconds in the server, queries, kB of "
        "HTML, kB of script as it is sent. Ends with 1 where a page goes beyond 30 queries or 100 kB of script."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        keys = [account.key for account in people.ACCOUNTS]
        parser.add_argument("--as", dest="key", choices=keys, help="only what this account comes to")

    def handle(self, *args: Any, key: str | None, **options: Any) -> None:
        accounts = [account for account in people.ACCOUNTS if key in {None, account.key}]
        found = {one.email: one for one in Person.objects.filter(email__in=[account.email for account in accounts])}
        if len(found) < len(accounts):
            raise CommandError("There is no demo in this database: `campus demo` makes it.")
        logging.getLogger("django_structlog").setLevel(logging.WARNING)  # A line for each request says nothing here.
        self.stdout.write(_HEADING)
        too_much = [self._walk_as(account.key, found[account.email]) for account in accounts]
        if any(too_much):
            raise CommandError(f"{sum(too_much)} pages ask or weigh too much (marked !).")

    def _walk_as(self, key: str, person: Person) -> int:
        """Print a line for each page; return how many go beyond the bounds."""
        too_much = 0
        for visit in Walk(client_of(person), warm=True):
            if not visit.is_page:
                continue
            script = sum(map(_weight, _scripts_of(visit))) / 1000
            is_too_much = visit.queries > MOST_QUERIES or script >= MOST_SCRIPT_KB
            too_much += is_too_much
            self.stdout.write(
                f"{visit.name:<42} {key:<12} {visit.seconds * 1000:6.0f} {visit.queries:8} "
                f"{len(visit.answer.content) / 1000:8.1f} {script:10.1f}{' !' if is_too_much else ''}"
            )
        return too_much


def _scripts_of(visit: Visit) -> Iterable[str]:
    """The addresses of the page's scripts, each once."""
    return set(visit.page.xpath(_SCRIPTS))


def _weight(address: str) -> int:
    """Bytes of a script as browsers get it: compressed. With DEBUG it lies where it was written."""
    name = address.removeprefix(settings.STATIC_URL)
    packed, plain = (Path(settings.STATIC_ROOT) / f"{name}{ending}" for ending in (".gz", ""))
    if packed.exists():
        return packed.stat().st_size
    source = plain if plain.exists() else Path(finders.find(name) or "")
    return len(gzip.compress(source.read_bytes()))
