"""The holder's whole record in one signed file: what is in it, who gets it, and what the site says of it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campus.badges import actions, issuing, keys
from campus.badges.learner_record import signed_record
from campus.badges.models import Achievement, Award
from campus.badges.verification import check_data
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from tests.campus.badges.conftest import run_jobs
from tests.campus.badges.test_verifying import check
from tests.campus.cast import signed_in
from tests.campus.submissions.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def two(award: Award, by_hand: Achievement, enrolment: Enrolment) -> list[Award]:
    """The learner's badges, the latest first."""
    issuing.start(by_hand, chosen=[enrolment.pk], actor=None)
    run_jobs()
    return list(Award.objects.with_badge().order_by("-pk"))


def record_of(person: Person) -> dict[str, Any]:
    made = signed_record(Person.objects.get(pk=person.pk), at=timezone.now())
    assert made is not None
    return made


def names_in(record: dict[str, Any]) -> list[str]:
    return [badge["name"] for badge in record["credentialSubject"]["verifiableCredential"]]


def test_the_holder_downloads_it_and_anybody_checks_it(two: list[Award], learner: Person) -> None:
    holder = signed_in(Person.objects.get(pk=learner.pk))
    page = holder.get(reverse("badges:wallet")).content.decode()
    assert reverse("badges:record") in page

    file = holder.get(reverse("badges:record"))

    assert file["Content-Type"] == "application/vc+ld+json"
    assert "attachment" in file["Content-Disposition"]
    assert names_in(file.json()) == ["学び合い賞", "ケーススタディ修了"]
    assert learner.email not in file.content.decode()
    text = check(file=SimpleUploadedFile("learner-record.json", file.content), email=learner.email)
    assert "This learner record is genuine, and all badges in it are in force." in text
    assert "佐藤 花子" in text
    assert "This badge can’t be revoked" not in text
    assert "学び合い賞" in text


def test_it_comes_as_a_signed_token_too(two: list[Award], learner: Person, mate: Person) -> None:
    holder = signed_in(Person.objects.get(pk=learner.pk))
    file = holder.get(reverse("badges:record_jwt"))

    assert (file["Content-Type"], "attachment" in file["Content-Disposition"]) == ("text/plain", True)
    assert "all badges in it are in force" in check(text=file.content.decode(), email=learner.email)
    assert signed_in(mate).get(reverse("badges:record_jwt")).status_code == 404


def test_after_a_revocation_the_file_is_called_out_of_date_and_a_new_one_lacks_the_badge(
    two: list[Award], learner: Person, organiser: Person
) -> None:
    old = json.dumps(record_of(learner))
    actions.revoke(two[0], reason="x", actor=organiser)

    text = check(text=old)

    assert "some of its badges are no longer in force" in text
    assert "This badge was issued here, but it was revoked" in text
    assert names_in(record_of(learner)) == ["ケーススタディ修了"]


def test_what_unsafe_keys_signed_and_what_has_expired_is_not_in_it(two: list[Award], learner: Person) -> None:
    Award.objects.filter(pk=two[0].pk).update(expires_at=timezone.now())
    assert names_in(record_of(learner)) == ["ケーススタディ修了"]

    keys.rotate(keys.issuer_of_site(), actor=None, is_compromised=True)
    assert signed_record(learner, at=timezone.now()) is None


def test_a_changed_record_is_refused_and_nothing_of_it_is_repeated(two: list[Award], learner: Person) -> None:
    changed = record_of(learner) | {"name": "Transcript"}
    verdict = check_data(json.dumps(changed).encode())

    assert (verdict.is_genuine, verdict.name, verdict.badges) == (False, "", [])
    assert verdict.headline == "This badge can’t be trusted."


def test_it_is_each_holders_own(two: list[Award], mate: Person, client: Client) -> None:
    assert signed_in(mate).get(reverse("badges:record")).status_code == 404
    assert "learner record" not in text_of(signed_in(mate).get(reverse("badges:wallet")))
    assert client.get(reverse("badges:record")).status_code == 302


def test_a_name_that_can_not_be_signed_is_left_out(two: list[Award], learner: Person) -> None:
    Person.objects.filter(pk=learner.pk).update(name="Bell\x07")
    record = record_of(learner)

    assert [one["identityType"] for one in record["credentialSubject"]["identifier"]] == ["emailAddress"]
    assert check_data(json.dumps(record).encode()).is_genuine


def test_making_and_checking_it_costs_few_queries(
    two: list[Award], learner: Person, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        record = record_of(learner)
    with django_assert_max_num_queries(20):
        check_data(json.dumps(record).encode())
