"""“Open a copy in my notebook”: who may, what the ticket is good for, and what is written into the own home."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from campus.cases.choosing import set_choice_rule
from campus.cases.models import Step, Track
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.notebooks.actions import start_notebook
from campus.notebooks.copies import TICKET_LIFE, ticket_for
from campus.notebooks.names import hub_name
from campus.people.models import Person
from campus.submissions import readable
from campus.submissions.models import Submission
from tests.campus.cast import reschedule, signed_in
from tests.campus.notebooks.hub_server import SmallHub
from tests.campus.submissions.files import graded
from tests.campus.submissions.pages import address
from tests.campus.submissions.test_readable import as_notebook
from tests.campus.submissions.test_rendering import code, notebook

pytestmark = pytest.mark.django_db

BUTTON = "自分のノートブックでコピーを開く"
CONTENT = notebook(
    {
        "cell_type": "markdown",
        "source": ["# My way\n", "first"],
        "attachments": {"a.png": {}},
        "metadata": {"by": "Hanako"},
    },
    {"cell_type": "raw", "source": "raw"},
    code("answer = 42", {"output_type": "stream", "text": "seen in /home/hanako"}),
)


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    """The learner's, handed in in time; she stands on the board by it, under her nickname."""
    Enrolment.objects.filter(pk=enrolment.pk).update(uses_alias=True)
    made = as_notebook(graded(open_step, enrolment), CONTENT)
    readable.render(made.pk)
    Submission.objects.update(created_at=timezone.now() - timedelta(days=1))
    return Submission.objects.get(pk=made.pk)


@pytest.fixture
def closed(open_step: Step, submission: Submission) -> Step:
    """The step is over, so the cohort may read the notebook."""
    return reschedule(open_step, opens=timedelta(days=-3), closes=timedelta(seconds=-1))


def asks(person: Person | None, submission: Submission) -> Any:
    """Press the button."""
    step, browser = submission.step, signed_in(person) if person else Client()
    case = f"/cohorts/{step.cohort.slug}/cases/{step.cohort_case.slug}"
    return browser.post(f"{case}/{step.key}/submissions/{submission.pk}/copy/")


def fetches(person: Person, ticket: str, **headers: str) -> Any:
    """What the person's server does, with its own token."""
    bearer = {"Authorization": f"Bearer {start_notebook(person).token}", "Accept-Language": "ja"}
    return Client().get(f"/api/v1/notebook-copies/{ticket}", headers=bearer | headers)


# --- who may


def test_before_the_deadline_its_owner_and_who_looks_after_her_may(
    submission: Submission, learner: Person, mentor: Person, organiser: Person, facilitator: Person
) -> None:
    for person in (learner, mentor, organiser, facilitator):
        assert asks(person, submission).status_code == 302
        assert fetches(person, ticket_for(person, submission)).status_code == 200


def test_before_the_deadline_nobody_else_may(submission: Submission, mate: Person, outsider: Person) -> None:
    assert [asks(person, submission).status_code for person in (mate, outsider)] == [404, 404]
    assert asks(None, submission)["Location"].startswith("/accounts/login/")
    assert fetches(mate, ticket_for(mate, submission)).status_code == 404


def test_after_the_deadline_the_cohort_may_and_outsiders_may_not(
    closed: Step, submission: Submission, mate: Person, outsider: Person
) -> None:
    assert [asks(person, submission).status_code for person in (mate, outsider)] == [302, 404]


def test_who_works_on_another_case_has_no_folder_for_it(
    closed: Step, submission: Submission, mate: Person, learner: Person
) -> None:
    until = timezone.now() + timedelta(days=1)
    set_choice_rule(cohort=closed.cohort, cases_each=1, tracks=list(Track), until=until, actor=None)
    page = signed_in(mate).get(address("notebook", closed, submission.pk))
    assert (page.status_code, BUTTON in page.content.decode()) == (200, False)
    assert asks(mate, submission).status_code == 404


def test_what_is_no_notebook_is_not_copied(open_step: Step, enrolment: Enrolment, learner: Person) -> None:
    assert asks(learner, graded(open_step, enrolment)).status_code == 404


def test_where_there_are_no_notebooks_there_is_no_button(
    submission: Submission, learner: Person, notebooks_are_off: None
) -> None:
    assert BUTTON not in signed_in(learner).get(address("notebook", submission.step, submission.pk)).content.decode()
    assert asks(learner, submission).status_code == 404


def test_the_button_only_takes_a_form_of_ours(submission: Submission, learner: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    step = submission.step
    path = f"/cohorts/spring/cases/{step.cohort_case.slug}/{step.key}/submissions/{submission.pk}/copy/"
    assert (browser.post(path).status_code, browser.get(path).status_code) == (403, 405)


# --- the way there


def test_from_the_page_by_a_ticket_to_the_own_server(closed: Step, submission: Submission, mate: Person) -> None:
    browser = signed_in(mate)
    page = browser.get(address("notebook", closed, submission.pk)).content.decode()
    (form,) = re.findall(r'<form class="no-print" method="post" action="([^"]+)"', page)
    assert BUTTON in page

    onward = browser.post(form, follow=True)

    (going,) = re.findall(r'content="0; url=([^"]+)"', onward.content.decode())
    asked = parse_qs(urlsplit(going.replace("&amp;", "&")).query)
    assert asked["name"] == [hub_name(mate)]
    assert asked["next"][0].startswith("/hub/user-redirect/manabiai/copies/")
    ticket = asked["next"][0].rpartition("/")[2]
    assert fetches(mate, ticket).status_code == 200


def test_where_all_are_in_use_one_waits_and_then_goes_on(
    submission: Submission, learner: Person, hub: SmallHub
) -> None:
    hub.running = ["u901", "u902", "u903"]
    browser, way = signed_in(learner), asks(learner, submission)["Location"]
    assert f'hx-get="{way}"' in browser.get(way).content.decode()
    hub.running.pop()
    onward = browser.get(way, headers={"HX-Request": "true"})["HX-Redirect"]
    assert "/manabiai/copies/" in unquote(onward)


def test_where_the_hub_is_away_the_page_says_so(submission: Submission, learner: Person, hub: SmallHub) -> None:
    way = asks(learner, submission)["Location"]
    hub.is_broken = True
    assert signed_in(learner).get(way).status_code == 503


# --- the ticket


def test_it_is_good_for_one_person_only(closed: Step, submission: Submission, mate: Person, learner: Person) -> None:
    ticket = ticket_for(learner, submission)
    refused = fetches(mate, ticket)
    assert (refused.status_code, refused.json()["code"]) == (404, "copy_not_found")
    assert "もう一度" in refused.json()["detail"]
    assert signed_in(mate).get(f"/cohorts/spring/cases/daily-sales/notebook/copies/{ticket}/").status_code == 302


@pytest.mark.parametrize("ticket", ["x", "W10:1wNaRm:AAAA", "~"])
def test_a_made_up_one_fetches_nothing(learner: Person, submission: Submission, ticket: str) -> None:
    assert fetches(learner, ticket).status_code == 404


def test_it_runs_out(submission: Submission, learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = ticket_for(learner, submission)
    later = timezone.now().timestamp() + TICKET_LIFE.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert fetches(learner, ticket).status_code == 404


def test_it_gives_nothing_once_the_right_is_gone(
    closed: Step, submission: Submission, enrolment: Enrolment, mate: Person
) -> None:
    ticket = ticket_for(mate, submission)
    assert fetches(mate, ticket).status_code == 200
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
    assert fetches(mate, ticket).status_code == 404


# --- the copy


def test_it_has_words_and_code_and_nothing_else_of_the_file(closed: Step, submission: Submission, mate: Person) -> None:
    answer = fetches(mate, ticket_for(mate, submission))
    told = answer.json()
    origin, *cells = told["notebook"]["cells"]
    page = settings.SITE_URL + address("notebook", closed, submission.pk)
    assert (told["folder"], told["name"]) == ("daily-sales", "ノートブックのコピー（ハナ）.ipynb")
    assert origin["source"].startswith("**ノートブックのコピー（ハナ）**")
    assert page in origin["source"]
    assert cells == [
        {"id": "cell-1", "cell_type": "markdown", "metadata": {}, "source": "# My way\nfirst"},
        {
            "id": "cell-2",
            "cell_type": "code",
            "metadata": {},
            "source": "answer = 42",
            "execution_count": None,
            "outputs": [],
        },
    ]
    assert "hanako" not in answer.content.decode().lower()


def test_the_own_one_is_called_as_it_was_handed_in(submission: Submission, learner: Person) -> None:
    told = fetches(learner, ticket_for(learner, submission), **{"Accept-Language": "en"}).json()
    assert told["name"] == "mine (as handed in).ipynb"


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("../../.ssh", "ノートブックのコピー（.._.._.ssh）.ipynb"),
        ("*a*\n[b](c)", "ノートブックのコピー（_a_[b](c)）.ipynb"),
        ("雪" * 40, f"ノートブックのコピー（{'雪' * 39}.ipynb"),
    ],
)
def test_a_nickname_stays_a_part_of_one_name_and_plain_text(
    closed: Step, submission: Submission, learner: Person, mate: Person, alias: str, name: str
) -> None:
    Person.objects.filter(pk=learner.pk).update(alias=alias)
    told = fetches(mate, ticket_for(mate, submission)).json()
    assert told["name"] == name
    assert not any(markup in told["notebook"]["cells"][0]["source"] for markup in ("*a*", "[b](c)"))
