"""Workers killed (SIGKILL) while they send: real processes, a real mail server, and every mail exactly once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from campus.notices.models import Mail, MailState
from campus.notices.notices import READY
from tests.campus.notices.server import MailServer
from tests.stack import wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MAILS, KILLS = 60, 2


@contextmanager
def worker(email_url: str, data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`campus worker` on the test's database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={quote(str(database['HOST']), safe='')}"
    if password := database["PASSWORD"]:
        url = url.replace("@", f":{quote(password)}@", 1)
    environment = os.environ | {"DATABASE_URL": url, "EMAIL_URL": email_url, "DATA_DIR": str(data_dir)}
    process = subprocess.Popen([sys.executable, "-m", "campus.command", "worker"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def owe() -> list[str]:
    addresses = [f"p{number}@example.org" for number in range(MAILS)]
    Mail.objects.bulk_create(
        Mail(kind=READY.name, address=address, context={"subject": "S", "body": "B"}) for address in addresses
    )
    return addresses


def has_ended(count: int = MAILS) -> bool:
    return Mail.objects.exclude(state__in=[MailState.WAITING, MailState.SENDING]).count() >= count


def send_under_fire(email_url: str, data_dir: Path) -> None:
    """Kill the worker in the middle again and again, then let one finish."""
    for number in range(1, KILLS + 1):
        with worker(email_url, data_dir) as process:
            wait(lambda done=number * 10: has_ended(done), 60, f"{number * 10} mails are sent")
            process.send_signal(signal.SIGKILL)
            process.wait()
        # The lease of what it held is over at once, so that the test needn't wait for it.
        Mail.objects.filter(state=MailState.SENDING).update(lease_until=timezone.now())
    with worker(email_url, data_dir):
        wait(has_ended, 60, "all mails have ended")


def test_by_smtp_nothing_is_doubled_and_what_is_unclear_is_known(mail_server: MailServer, tmp_path: Path) -> None:
    mail_server.seconds = 0.02
    addresses = owe()
    send_under_fire(f"smtp://127.0.0.1:{mail_server.port}", tmp_path)

    got = Counter(mail_server.addresses())
    unclear = set(Mail.objects.filter(state=MailState.UNCLEAR).values_list("address", flat=True))
    assert [address for address, times in got.items() if times > 1] == []
    assert set(addresses) - set(got) <= unclear
    assert len(unclear) <= KILLS
    assert Mail.objects.filter(state=MailState.SENT).count() == MAILS - len(unclear)


def test_as_files_every_mail_is_there_exactly_once(tmp_path: Path) -> None:
    addresses = owe()
    send_under_fire("file", tmp_path)

    files = sorted(path.name for path in (tmp_path / "mail").glob("*.eml"))
    assert files == sorted(f"{uid}.eml" for uid in Mail.objects.values_list("uid", flat=True))
    assert Mail.objects.filter(state=MailState.SENT).count() == len(addresses)
