"""What intake gives out and removes of a person, and what a cloned cohort takes over."""

from datetime import timedelta

import pytest
from django.test import Client

from campus.cohorts.copying import Copying, copy_parts, parts
from campus.cohorts.models import Cohort, EnrolmentState
from campus.intake.applications.selection import announce, decide, save_note
from campus.intake.imports.actions import begin_import
from campus.intake.invitations.actions import invite
from campus.intake.models import Admission, Decision, ImportRow, Invitation
from campus.people.erasure import erase
from campus.people.models import Person
from campus.people.personal_data import holdings
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.intake.conftest import Apply, close
from tests.campus.intake.tables import as_csv

pytestmark = pytest.mark.django_db


def test_a_copy_of_ones_data_tells_no_result_before_the_announcement(
    applies: Apply, cohort: Cohort, organiser: Person
) -> None:
    aoi = applies("Aoi")
    decide(application=aoi, decision=Decision.DECLINED, revision=aoi.revision, actor=organiser)

    def result() -> str:
        (row,) = holdings["applications"].rows(aoi.enrolment.person)
        return row["result"]

    assert result() == Decision.UNDECIDED
    announce(cohort=cohort, actor=organiser)
    assert result() == Decision.DECLINED


def test_who_leaves_the_site_is_no_applicant_and_no_invitation_opens(
    applies: Apply, cohort: Cohort, organiser: Person
) -> None:
    aoi = applies("Aoi")
    person = aoi.enrolment.person
    save_note(application=aoi, note="Knows SQL", actor=organiser)
    mentor = enrol(person, cohort, "mentor", state=EnrolmentState.SELECTED)
    invite(cohort=cohort, seen={mentor.pk: 0}, actor=organiser)
    begin_import(cohort=cohort, owner=organiser, file_name="a.csv", data=as_csv(["Aoi", person.email, "", ""]))
    erase(person=person)
    aoi.refresh_from_db()
    assert (aoi.note, aoi.withdrawn_at is None) == ("", False)
    assert not Invitation.objects.exists()
    assert not ImportRow.objects.exists()


def test_a_cloned_cohort_takes_over_the_call_with_its_dates_moved(
    admission: Admission, cohort: Cohort, other_cohort: Cohort
) -> None:
    other_cohort.starts_on = cohort.starts_on + timedelta(days=20)
    other_cohort.save()
    copying = Copying(source=cohort, target=other_cohort, actor=None)
    (part,) = [one for one in parts() if one.key == "admission"]
    assert len(part.preview(copying)) == 1
    assert copy_parts(copying, ["admission"]) == {"admission": 1}
    copied = other_cohort.admission
    assert (copied.closes_at - admission.closes_at, copied.capacity) == (timedelta(days=20), 2)
    assert copied.announced_at is None


def test_a_cohort_without_a_call_has_none_to_copy(cohort: Cohort, other_cohort: Cohort) -> None:
    copying = Copying(source=cohort, target=other_cohort, actor=None)
    assert copy_parts(copying, ["admission"]) == {"admission": 0}


def test_open_calls_are_found_on_the_first_page(admission: Admission, applies: Apply) -> None:
    aoi = make_person("Aoi")
    assert "/apply/spring/" in Client().get("/").text
    assert "応募受付中" in signed_in(aoi).get("/").text
    applicant = applies("Beni").enrolment.person
    page = signed_in(applicant).get("/").text
    assert "応募受付中" not in page
    assert "応募の状況" in page
    close(admission)
    assert "/apply/spring/" not in Client().get("/").text
