"""An announcement to 2,000 while workers are killed (SIGKILL): one request, and every mail exactly once.

First to a real SMTP server in this process, then as files; at last how long the lists of it take.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, end_part, headline, in_ms, start_part
from tests.campus.notices.server import MailServer

if TYPE_CHECKING:
    from django.test import Client

    from campus.announcements.models import Announcement

LEARNERS, WORKERS, KILL_EVERY, ROUNDS = 2000, 2, 200, 30
COHORT = "bulk"
DESK = f"/cohorts/{COHORT}/desk/announcements/"


def main() -> None:
    os.environ["MAILS_PER_MINUTE"] = "1000000"
    with database_only() as data_dir:
        client = organiser_of_many()
        with MailServer() as server:
            server.seconds = 0.005  # As a mail server that writes what it takes to its disk.
            by_smtp(client, server)
        as_files(client, data_dir)
        lists(client)


def organiser_of_many() -> Client:
    """The browser of an organiser whose cohort has 2,000 learners."""
    from datetime import date, timedelta

    from django.conf import settings
    from django.test import Client

    from campus.cohorts.models import Cohort, Enrolment, Programme, Role
    from campus.people.models import Person

    # Nothing has collected the static files; their names don't matter here.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    programme = Programme.objects.create(slug=COHORT, title_ja="研修")
    today = date.today()
    cohort = Cohort.objects.create(
        programme=programme, slug=COHORT, title_ja="開催期", starts_on=today, ends_on=today + timedelta(days=60)
    )
    people = [Person(email=f"p{number}@bulk.example", name=f"受講生{number}") for number in range(LEARNERS)]
    Person.objects.bulk_create(people)
    Enrolment.objects.bulk_create(Enrolment(person=person, cohort=cohort) for person in people)
    organiser = Person.objects.create_user("organiser@bulk.example", name="事務局")
    Enrolment.objects.create(person=organiser, cohort=cohort, role=Role.ORGANISER)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send(client: Client) -> Announcement:
    """Write an announcement and send it, as the organiser does."""
    from campus.announcements.models import Announcement

    filled = {"title_ja": "締切のお知らせ", "body_ja": "**金曜日**が締切です。", "roles": ["learner"], "by_mail": "on"}
    client.post(f"{DESK}new/", filled)
    announcement = Announcement.objects.latest("pk")
    began = time.perf_counter()
    answer = client.post(f"{DESK}{announcement.pk}/send/")
    print(f"one request queued {announcement.recipients.count()} in {time.perf_counter() - began:.2f} s")
    assert answer.status_code == 302
    return announcement


def by_smtp(client: Client, server: MailServer) -> None:
    headline(f"{LEARNERS} mails by SMTP, {WORKERS} workers, one killed about every {KILL_EVERY} mails")
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
    announcement = send(client)
    under_fire(announcement)

    from campus.notices.models import Mail

    got = Counter(server.addresses())
    mails = Mail.objects.filter(key=announcement.key)
    unclear = set(mails.filter(state="unclear").values_list("address", flat=True))
    lost = {f"p{number}@bulk.example" for number in range(LEARNERS)} - set(got)
    print(f"arrived once {sum(times == 1 for times in got.values())}, doubled {sum(t > 1 for t in got.values())}")
    print(f"unclear {len(unclear)}, of these arrived {len(unclear & set(got))}")
    print(f"neither arrived nor known as unclear {len(lost - unclear)}; sent {mails.filter(state='sent').count()}")


def as_files(client: Client, data_dir: Path) -> None:
    headline(f"{LEARNERS} mails as files, the same way")
    os.environ["EMAIL_URL"] = "file"
    announcement = send(client)
    under_fire(announcement)

    from campus.notices.models import Mail

    wanted = {f"{uid}.eml" for uid in Mail.objects.filter(key=announcement.key).values_list("uid", flat=True)}
    found = [path.name for path in (data_dir / "mail").glob("*.eml")]
    print(f"files {len(found)}, missing {len(wanted - set(found))}, too many {len(set(found) - wanted)}")


def under_fire(announcement: Announcement) -> None:
    """Let workers send, kill one of them again and again while mails wait, and replace it at once."""
    began = time.time()
    live = start_part("live")  # It sweeps too, as on every site.
    workers = [start_part("worker") for _ in range(WORKERS)]
    try:
        kills = _kill_while_sending(announcement, workers)
    finally:
        for part in (*workers, live):
            end_part(part)
    print(f"kills {kills}, all ended after {time.time() - began:.0f} s (a killed worker's mails wait 30 s)")


def _kill_while_sending(announcement: Announcement, workers: list[subprocess.Popen[bytes]]) -> int:
    from campus.notices.models import Mail, MailState

    open_ones = Mail.objects.filter(key=announcement.key, state__in=[MailState.WAITING, MailState.SENDING])
    drawn, give_up_at, kills, left = random.Random(1), time.time() + 900, 0, LEARNERS
    next_kill = left - drawn.randint(KILL_EVERY // 2, KILL_EVERY * 3 // 2)
    while left and time.time() < give_up_at:
        time.sleep(0.02)
        left = open_ones.count()
        if 0 < left < next_kill:
            _replace(workers, drawn.randrange(WORKERS))
            kills += 1
            next_kill = left - drawn.randint(KILL_EVERY // 2, KILL_EVERY * 3 // 2)
    return kills


def _replace(workers: list[subprocess.Popen[bytes]], number: int) -> None:
    workers[number].kill()
    workers[number].wait()
    workers[number] = start_part("worker")


def lists(client: Client) -> None:
    headline(f"pages about an announcement to {LEARNERS}, {ROUNDS} times each")
    from campus.announcements.models import Announcement

    pk = Announcement.objects.latest("pk").pk
    for end in ("", f"{pk}/", f"{pk}/audience/", f"{pk}/recipients/", f"{pk}/recipients/?mail=sent&sort=-read&page=9"):
        seconds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert client.get(DESK + end).status_code == 200
            seconds.append(time.perf_counter() - began)
        print(f"{end or 'list':<45} {in_ms(seconds)}")


if __name__ == "__main__":
    main()
