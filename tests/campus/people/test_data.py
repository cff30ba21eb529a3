"""The copy of one's data, and leaving: for oneself alone, with the password, whole, and for good."""

import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Note, Role
from campus.consents.models import Consent
from campus.people.archive import build_copy, delete_copies, request_copy
from campus.people.erasure import NAME_OF_WHO_LEFT, cancel_erasure, erase, erase_due, request_erasure
from campus.people.models import DataCopy, Person, PersonalToken, Profile
from campus.people.personal_data import holdings
from campus.people.tokens import create_token
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Submission
from campus.teams.models import Membership, Team
from tests.campus.cast import enrol, make_person
from tests.campus.consents.forms import answered, published
from tests.campus.people.cast import PASSWORD, browser_of, sign_in
from tests.campus.submissions.files import csv_file

pytestmark = pytest.mark.django_db
SECRETS = ("サトウ ハナコ", "みどり商店", "hanako@example.org")


@pytest.fixture
def full(
    learner: Person, enrolment: Enrolment, cohort: Cohort, organiser: Person, team: Team, open_step: Step
) -> Person:
    """The learner with something in every app."""
    Person.objects.filter(pk=learner.pk).update(name="佐藤 花子")
    Profile.objects.create(person=learner, name_kana="サトウ ハナコ", organisation="みどり商店")
    answered(enrolment, published(cohort, organiser), also=["publication"])
    Note.objects.create(enrolment=enrolment, author=organiser, text="佐藤さんは静か")
    hand_in(step=open_step, enrolment=enrolment, upload=Upload("佐藤花子.csv", csv_file(open_step)), note="佐藤より")
    create_token(person=learner, name="laptop", scopes=["read"], expires_at=timezone.now() + timedelta(days=9))
    return Person.objects.get(pk=learner.pk)


def archive_of(person: Person) -> zipfile.ZipFile:
    copy = request_copy(person=person)
    build_copy(copy)
    copy.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(copy.file.read()))


def confirmed(person: Person) -> Client:
    """A browser in which the password was given just now."""
    browser = browser_of(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


class TestCopy:
    def test_it_has_what_every_app_holds_and_the_files(self, full: Person, open_step: Step) -> None:
        archive = archive_of(full)
        data = json.loads(archive.read("data.json"))
        assert set(data) == set(holdings)
        assert data["profile"][0]["organisation"] == "みどり商店"
        assert [row["item"] for row in data["consents"] if row["agrees"]] == [
            "terms",
            "privacy",
            "follow_up",
            "publication",
        ]
        assert (data["teams"][0]["team"], data["tokens"][0]["name"]) == ("Team 1", "laptop")
        submission = Submission.objects.get()
        assert archive.read(f"files/submissions/{submission.pk}-佐藤花子.csv") == csv_file(open_step)
        assert "みどり商店" in archive.read("profile.csv").decode("utf-8-sig")
        assert "README.txt" in archive.namelist()

    def test_it_tells_no_secret_and_nothing_of_others(self, full: Person, mate: Person) -> None:
        text = archive_of(full).read("data.json").decode()
        token = PersonalToken.objects.get()
        for hidden in (token.digest, full.password, mate.email, "静か"):
            assert hidden not in text

    def test_no_final_score_before_it_is_out(self, full: Person) -> None:
        assert json.loads(archive_of(full).read("data.json"))["submissions"][0]["final"] == {}

    def test_one_asks_for_it_with_the_password_and_downloads_it(self, full: Person) -> None:
        browser = browser_of(full)
        asked = browser.post("/account/data/copies/")
        assert asked.url.startswith("/accounts/reauthenticate/")
        assert not DataCopy.objects.exists()
        browser.post(asked.url, {"password": PASSWORD})  # goes on with what was asked for
        copy = DataCopy.objects.get()
        assert browser.get(f"/account/data/copies/{copy.pk}/").status_code == 404  # not made yet
        build_copy(copy)
        answer = browser.get(f"/account/data/copies/{copy.pk}/")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert zipfile.ZipFile(io.BytesIO(answer.getvalue())).testzip() is None

    def test_nobody_else_gets_it(self, full: Person, organiser: Person, client: Client) -> None:
        copy = request_copy(person=full)
        build_copy(copy)
        address = f"/account/data/copies/{copy.pk}/"
        assert confirmed(organiser).get(address).status_code == 404
        assert client.get(address).status_code == 302
        assert browser_of(full).get(address).url.startswith("/accounts/reauthenticate/")

    def test_it_is_made_once_at_a_time_and_kept_a_week(self, full: Person) -> None:
        copy = request_copy(person=full)
        assert request_copy(person=full) == copy
        build_copy(copy)
        copy.refresh_from_db()
        build_copy(copy)
        name = copy.file.name
        DataCopy.objects.update(expires_at=timezone.now())
        assert confirmed(full).get(f"/account/data/copies/{copy.pk}/").status_code == 404
        delete_copies()
        assert (default_storage.exists(name), DataCopy.objects.count()) == (False, 0)


class TestLeaving:
    def test_it_takes_the_password_two_weeks_and_can_be_taken_back(
        self, full: Person, django_capture_on_commit_callbacks
    ) -> None:
        browser = browser_of(full)
        assert browser.post("/account/data/leave/").url.startswith("/accounts/reauthenticate/")
        full.refresh_from_db()
        assert full.erase_at is None

        browser = confirmed(full)
        with django_capture_on_commit_callbacks(execute=True):
            browser.post("/account/data/leave/")
        full.refresh_from_db()
        assert full.erase_at is not None
        assert timedelta(days=13) < full.erase_at - timezone.now() <= timedelta(days=14)
        assert [m.subject for m in mail.outbox] == ["アカウントの削除を受け付けました"]
        erase_due()
        browser.post("/account/data/stay/")
        Person.objects.filter(erase_at__isnull=False).update(erase_at=timezone.now())
        erase_due()
        full.refresh_from_db()
        assert (full.erase_at, full.erased_at, full.name) == (None, None, "佐藤 花子")

    def test_nothing_personal_is_left_and_what_others_rely_on_stays(
        self, full: Person, mate: Person, enrolment: Enrolment, open_step: Step
    ) -> None:
        browser_of(full)
        copy = request_copy(person=full)
        build_copy(copy)
        Person.objects.filter(pk=full.pk).update(erase_at=timezone.now())
        assert erase_due() == 1

        full.refresh_from_db()
        assert (full.name, full.alias, full.is_active, full.has_usable_password()) == (
            NAME_OF_WHO_LEFT,
            "",
            False,
            False,
        )
        assert full.email == f"erased-{full.pk}@erased.invalid"
        gone = [Profile, PersonalToken, DataCopy, Note]
        assert [model.objects.exists() for model in gone] == [False] * 4
        assert not full.emailaddress_set.exists()
        assert not any(s.get_decoded().get("_auth_user_id") == str(full.pk) for s in Session.objects.all())
        assert sign_in(Client(), "hanako@example.org").status_code == 200  # refused

        submission = Submission.objects.get()
        assert (submission.file_name, submission.note) == (f"submission-{submission.pk}.csv", "")
        assert submission.file.read() == csv_file(open_step)
        enrolment.refresh_from_db()
        assert enrolment.state == EnrolmentState.WITHDRAWN
        assert Consent.objects.filter(answer__enrolment=enrolment).count() == 4
        assert Membership.objects.current().get().enrolment.person == mate
        assert AuditEntry.objects.exists()

    def test_no_row_of_the_database_names_who_left(self, full: Person) -> None:
        """The whole database is searched, so that no app forgets to register what it holds."""
        from django.apps import apps

        erase(person=full)
        found = [
            model._meta.label
            for model in apps.get_models()
            for row in (model.objects.values() if model._meta.managed else ())
            if any(secret in str(list(row.values())) for secret in (*SECRETS, "佐藤"))
        ]
        assert found == []

    def test_erasing_twice_does_nothing_more(self, full: Person) -> None:
        erase(person=full)
        first = Person.objects.get(pk=full.pk).erased_at
        erase(person=full)
        assert Person.objects.get(pk=full.pk).erased_at == first

    def test_after_a_restore_the_operator_erases_again_by_number(self, full: Person) -> None:
        with pytest.raises(CommandError, match="nobody was erased"):
            call_command("erase", full.pk, 999_999)
        assert Person.objects.get(pk=full.pk).erased_at is None
        call_command("erase", full.pk, stdout=io.StringIO())
        assert Person.objects.get(pk=full.pk).name == NAME_OF_WHO_LEFT

    def test_before_the_two_weeks_nobody_is_erased(self, full: Person) -> None:
        request_erasure(person=full)
        assert erase_due() == 0

    def test_the_last_organiser_hands_over_first(self, organiser: Person, cohort: Cohort) -> None:
        with pytest.raises(ValidationError, match="spring"):
            request_erasure(person=organiser)
        page = browser_of(organiser).get("/account/data/").content.decode()
        assert "ほかの人を事務局に加えてください" in page
        successor = make_person("Successor")
        enrol(successor, cohort, Role.ORGANISER)
        request_erasure(person=organiser)
        # And the one who took over can't leave as well.
        with pytest.raises(ValidationError):
            request_erasure(person=successor)
        cancel_erasure(person=organiser)
        request_erasure(person=successor)

    def test_who_became_the_last_organiser_meanwhile_stays_until_it_is_handed_over(
        self, organiser: Person, cohort: Cohort
    ) -> None:
        Person.objects.filter(pk=organiser.pk).update(erase_at=timezone.now())
        assert erase_due() == 0
        Cohort.objects.update(starts_on="2020-01-01", ends_on="2020-02-01")
        assert erase_due() == 1

    def test_the_page_says_what_stays_and_why(self, learner: Person) -> None:
        page = browser_of(learner).get("/account/data/").content.decode()
        assert page.count('<tr><th scope="row">') == len(holdings)
        assert "提出物とスコアが氏名のない形で残ります" in page

    def test_logs_name_nobody(self, full: Person, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            browser = confirmed(full)
            browser.post("/account/", {"name": "佐藤 花子", "name_kana": "佐藤", "language": "ja", "time_zone": "X"})
            browser.post("/account/data/copies/")
            build_copy(DataCopy.objects.get())
            browser.post("/account/data/leave/")
            Person.objects.update(erase_at=timezone.now())
            erase_due()
        # What the database client logs in debug mode is no part of the site's logs.
        said = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("django.db", "faker")))
        assert [secret for secret in (*SECRETS, "佐藤", PASSWORD) if secret in said] == []


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/account/data/").url == "/accounts/login/?next=/account/data/"
    for path in ("copies/", "leave/", "stay/"):
        assert client.post(f"/account/data/{path}").url.startswith("/accounts/login/")
