"""Every page of the desk in a cohort of 2,000 (SIZE): queries and server time, and how long its demo takes to make.

CPU is the web process's own for each request, without the database: on a busy machine it says more than the clock.
The pages are those of the desk's menu, so pages of new apps are measured as soon as they lie on it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.benchmarks.board import REPEATS, visit
from tests.benchmarks.site import database_only, headline, in_ms, percentile

if TYPE_CHECKING:
    from django.test import Client

    from campus.cohorts.models import Cohort
    from campus.people.models import Person

SIZE = int(os.environ.get("SIZE", "2000"))
TARGET = 0.3
# Beside the plain pages: what costs more than they do.
MORE = {
    "progress/": [
        "?page=30",
        "?sort=-seen",
        "?step_state=missed&state=all",
        "?name=山",
        "?export=csv&state=all",
        "?export=xlsx&state=all",
    ],
    "follow-up/": ["?reason=silent", "?sort=-seen", "?export=xlsx&shown=all"],
}
DOWNLOADS = "export="
HOME_PART = "/at-home/"


def main() -> None:
    with database_only():
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STATIC_ROOT.mkdir(parents=True)
        settings.ALLOWED_HOSTS.append("testserver")
        make_demo()
        load_as_in_production()
        slow = [page for role in ("organiser", "facilitator", "learner") for page in measure(role)]
    print(f"\nover {TARGET * 1000:.0f} ms at p95: {', '.join(slow) or 'none'}", flush=True)


def load_as_in_production() -> None:
    """Collect garbage as the web processes do (campus/stack/gunicorn.py)."""
    from campus.stack import memory

    memory.load_everything()
    memory.keep_for_good()


def make_demo() -> None:
    from django.core.management import call_command

    headline(f"the demo with {SIZE:,} learners")
    call_command("demo", size=SIZE)
    gather_statistics()


def gather_statistics() -> None:
    """What autovacuum does within a minute; without it plans are made for empty tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(role: str) -> Iterator[str]:
    """Print the figures of each page that the role finds on the desk; give those that are too slow."""
    from campus.cohorts.models import Cohort
    from campus.people.models import Person

    person = Person.objects.get(email=f"{role}@demo.example")
    cohort = Cohort.objects.get(slug="demo")
    client = signed_in(person)
    headline(f"pages of the {role}, {SIZE:,} learners, {REPEATS} requests each")
    for address in ["/", *parts_of_home(person, cohort), f"/cohorts/{cohort.slug}/", *desk_pages(person, cohort)]:
        client.defaults["HTTP_HX_REQUEST"] = "true" if HOME_PART in address else ""
        if (status := client.get(address).status_code) != HTTPStatus.OK:
            print(f"{address.removeprefix('/cohorts/demo'):<44} answers {status} in the demo", flush=True)
            continue
        began = time.process_time()
        queries, seconds = visit(client, address)
        cpu = (time.process_time() - began) / (REPEATS + 1)
        figures = f"{queries:3d} queries   {in_ms(seconds)}   CPU {cpu * 1000:6.1f} ms"
        print(f"{address.removeprefix('/cohorts/demo'):<44} {figures}", flush=True)
        if percentile(seconds, 0.95) > TARGET and DOWNLOADS not in address:
            yield f"{role} {address}"


def parts_of_home(person: Person, cohort: Cohort) -> Iterator[str]:
    """What the home page of staff loads after it."""
    from campus.cohorts.rules import roles_of
    from campus.home.parts import parts_for

    for part in parts_for(cohort, roles_of(person, cohort)):
        yield part.address


def desk_pages(person: Person, cohort: Cohort) -> Iterator[str]:
    from campus.cohorts.desk import desk_of

    for _heading, entries in desk_of(person, cohort):
        for entry in entries:
            yield entry.address
            yield from (entry.address + more for more in MORE.get(entry.address.partition("/desk/")[2], []))


def signed_in(person: Person) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    began = time.monotonic()
    client.get("/")
    print(f"\nthe first request of a process took {time.monotonic() - began:.1f} s", flush=True)
    return client


if __name__ == "__main__":
    main()
