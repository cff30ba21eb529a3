"""The status pages: what they show, what can be done, and who may not."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries, Settings

from campus.cases.models import Step
from campus.cohorts.models import AuditEntry, Cohort, Enrolment
from campus.home import status
from campus.home.status import HubState, RunnerState
from campus.notices.models import Mail, MailState
from campus.people.models import Person
from campus.submissions.models import RunnerPulse
from tests.campus.cast import make_person, signed_in
from tests.campus.notebooks.hub_server import SmallHub
from tests.campus.submissions.files import handed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ALL, OURS = "/operator/status/", "/cohorts/spring/desk/status/"


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(make_person("Operator", is_staff=True))


@pytest.fixture
def desk(organiser: Person) -> Client:
    return signed_in(organiser)


@pytest.fixture
def failed_job(db: None) -> int:
    """A job that a worker took and that failed."""
    job_id: int = app.configure_task("submissions.grade", queue="grading").defer(grading_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 1 WHERE id = %s", [job_id])
    return job_id


@pytest.fixture
def mails(learner: Person, outsider: Person) -> list[Mail]:
    """One that came back and one that waits to the learner, one that failed to somebody of another cohort."""
    told = [(learner, MailState.BOUNCED), (learner, MailState.WAITING), (outsider, MailState.FAILED)]
    return [
        Mail.objects.create(person=person, kind="cohorts.state_changed", context={"state": "active"}, state=state)
        for person, state in told
    ]


def test_the_organiser_sees_the_own_cohort_only(
    desk: Client, open_step: Step, enrolment: Enrolment, mails: list[Mail]
) -> None:
    handed_in(open_step, enrolment)
    page = desk.get(OURS)
    assert {state: count for state, count in page.context["mail_states"] if count} == {
        MailState.BOUNCED: 1,
        MailState.WAITING: 1,
    }
    assert page.context["grading"].waiting == 1
    assert page.context["handed_in"] > 0
    rows = desk.get(f"{OURS}mails/", {"state": "bounced"}).context["listing"].page
    assert [mail.pk for mail in rows] == [mails[0].pk]


def test_the_organiser_sees_that_jobs_of_the_installation_failed_and_whom_to_ask(desk: Client, failed_job: int) -> None:
    assert "1件の処理が失敗しています。再実行はシステム管理者に依頼してください。" in desk.get(OURS).text
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert "失敗した処理はありません。" in desk.get(OURS).text


def test_the_operator_sees_everything(operator: Client, failed_job: int, mails: list[Mail]) -> None:
    page = operator.get(ALL)
    assert dict(page.context["mail_states"])[MailState.FAILED] == 1
    assert [(queue.name, queue.failed) for queue in page.context["queues"]] == [("grading", 1)]
    assert page.context["disk"].database > 0
    assert not page.context["processes"].workers
    assert "docs/operations.md" in page.text  # not: ask the operator
    assert "システム管理者に依頼" not in page.text


@pytest.fixture
def hub(settings: Settings) -> Iterator[SmallHub]:
    server = SmallHub(token=settings.HUB_API_TOKEN)
    server.start()
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"notebooks": "on"})
    settings.NOTEBOOK_URL = server.url
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def all_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers and live process; what a test is about besides."""
    monkeypatch.setattr(status.live, "workers_alive", lambda: 2)
    monkeypatch.setattr(status.live, "is_listening", lambda: True)


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ({"is_ready": True}, RunnerState.READY, "実行環境は正常です"),
        ({"is_ready": False, "reason": "no namespaces"}, RunnerState.REFUSES, "隔離して実行できない"),
        ({"is_ready": True, "seen_at": timezone.now() - timedelta(minutes=5)}, RunnerState.SILENT, "応答していません"),
    ],
)
@pytest.mark.usefixtures("all_else_runs", "hub")
def test_the_page_says_how_the_sandbox_is(desk: Client, said: dict[str, Any], state: RunnerState, words: str) -> None:
    RunnerPulse.objects.create(pk=1, **{"environment": "e", "reason": "", "seen_at": timezone.now()} | said)
    page = desk.get(OURS)
    assert page.context["processes"].runner == state
    assert words in page.text


@pytest.mark.usefixtures("all_else_runs")
def test_the_page_says_whether_notebooks_can_be_opened(desk: Client, hub: SmallHub, settings: Settings) -> None:
    RunnerPulse.objects.create(pk=1, environment="e", is_ready=True, seen_at=timezone.now())
    page = desk.get(OURS)
    assert page.context["processes"].are_well
    assert "ノートブックを開けます。" in page.text

    hub.is_broken = True
    page = desk.get(OURS)
    assert page.context["processes"].hub == HubState.SILENT
    assert "ノートブックのサービスが応答していません" in page.text

    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"notebooks": "off"})
    page = desk.get(OURS)
    assert page.context["processes"].are_well
    assert "ノートブックを開けます。" not in page.text


def test_a_failed_job_runs_again(operator: Client, failed_job: int) -> None:
    assert [job.pk for job in operator.get(f"{ALL}jobs/").context["listing"].page] == [failed_job]
    operator.post(f"{ALL}jobs/retry/", {"selected": failed_job})
    assert ProcrastinateJob.objects.get(pk=failed_job).status == "todo"
    assert AuditEntry.objects.get(action="job.retried").details == {"task": "submissions.grade"}


def test_mails_in_trouble_are_sent_again_the_own_cohorts_only(desk: Client, mails: list[Mail]) -> None:
    desk.post(f"{OURS}mails/repeat/", {"selected": [mail.pk for mail in mails]})
    states = [Mail.objects.get(pk=mail.pk).state for mail in mails]
    assert states == [MailState.WAITING, MailState.WAITING, MailState.FAILED]
    assert AuditEntry.objects.get(action="mail.repeated").details == {"count": 1}


@pytest.fixture
def backup_mark() -> Iterator[Path]:
    mark = Path(settings.DATA_DIR) / status.BACKUP_MARK
    mark.touch()
    os.utime(mark, (1_800_000_000, 1_800_000_000))
    yield mark
    mark.unlink()


def test_the_last_backup_is_shown_where_it_is_known(operator: Client, backup_mark: Path) -> None:
    shown = operator.get(ALL).context["last_backup"]
    assert shown == datetime.fromtimestamp(1_800_000_000, tz=shown.tzinfo)
    backup_mark.unlink()
    assert operator.get(ALL).context["last_backup"] is None
    backup_mark.touch()


@pytest.mark.parametrize("page", [ALL, f"{ALL}jobs/", f"{ALL}mails/", f"{ALL}jobs/retry/", f"{ALL}mails/repeat/"])
def test_only_operators_see_the_installation(
    page: str, organiser: Person, facilitator: Person, learner: Person, outsider: Person, client: Client
) -> None:
    for person in (organiser, facilitator, learner, outsider):
        assert signed_in(person).post(page).status_code in (404, 405)
        assert signed_in(person).get(page).status_code in (404, 405)
    assert client.get(page).status_code in (302, 405)


@pytest.mark.parametrize("page", [OURS, f"{OURS}mails/", f"{OURS}mails/repeat/"])
def test_only_organisers_see_their_cohort(
    page: str, cohort: Cohort, operator: Client, facilitator: Person, mentor: Person, learner: Person, outsider: Person
) -> None:
    for client in (operator, *map(signed_in, (facilitator, mentor, learner, outsider))):
        assert client.post(page).status_code in (404, 405)
        assert client.get(page).status_code in (404, 405)


def test_the_pages_ask_the_database_little(
    operator: Client, desk: Client, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    operator.get(ALL)
    desk.get(OURS)
    with django_assert_max_num_queries(14):
        operator.get(ALL)
    with django_assert_max_num_queries(14):
        desk.get(OURS)
