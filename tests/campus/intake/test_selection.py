"""Decisions are drafts until they are announced; everybody is told once; the waitlist moves up in its order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState
from campus.intake.applications.actions import apply, withdraw_application
from campus.intake.applications.overview import overview_of
from campus.intake.applications.selection import (
    announce,
    announce_due,
    applications_to,
    decide,
    decide_many,
    move_up,
    places_of,
    save_note,
)
from campus.intake.models import Admission, ApplicantState, Application, Decision
from campus.intake.refusals import AskOrganiser, ChangedMeanwhile, NoPlaceLeft, PlaceWasTold
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from tests.campus.cast import enrol, make_person
from tests.campus.intake.conftest import Apply, close

pytestmark = pytest.mark.django_db


def set_decision(organiser: Person, decision: Decision, *applications: Application) -> int:
    seen = {one.pk: Application.objects.get(pk=one.pk).revision for one in applications}
    cohort = applications[0].enrolment.cohort
    return decide_many(cohort=cohort, decision=decision, seen=seen, actor=organiser)


def told(person: Person) -> list[str]:
    """The results that somebody heard of, in the page; the same went out by mail."""
    kinds = list(Notice.objects.filter(person=person, kind__contains="result").order_by("pk").values_list("kind"))
    assert kinds == list(Mail.objects.filter(person=person, kind__contains="result").order_by("pk").values_list("kind"))
    return [kind.removeprefix("intake.result_") for (kind,) in kinds]


def seen_by_applicant(application: Application, admission: Admission) -> ApplicantState:
    application.refresh_from_db()
    return application.state(admission)


def test_nothing_of_a_decision_is_seen_before_the_announcement(
    applies: Apply, admission: Admission, organiser: Person
) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.SELECTED, aoi)
    assert seen_by_applicant(aoi, admission) == ApplicantState.RECEIVED
    assert seen_by_applicant(aoi, close(admission)) == ApplicantState.IN_SELECTION
    aoi.enrolment.refresh_from_db()
    assert aoi.enrolment.state == EnrolmentState.APPLIED
    assert told(aoi.enrolment.person) == []


def test_the_announcement_tells_everybody_their_result_once(
    applies: Apply, admission: Admission, organiser: Person, cohort: Cohort
) -> None:
    aoi, beni, chika, dai = (applies(name) for name in ("Aoi", "Beni", "Chika", "Dai"))
    set_decision(organiser, Decision.SELECTED, aoi)
    set_decision(organiser, Decision.WAITLISTED, beni)
    set_decision(organiser, Decision.DECLINED, chika)
    close(admission)
    assert announce(cohort=cohort, actor=organiser) == 3
    assert announce(cohort=cohort, actor=organiser) == 0
    assert [told(one.enrolment.person) for one in (aoi, beni, chika, dai)] == [
        ["selected"],
        ["waitlisted"],
        ["declined"],
        [],
    ]
    assert [seen_by_applicant(one, admission) for one in (aoi, beni, chika, dai)] == [
        ApplicantState.SELECTED,
        ApplicantState.WAITLISTED,
        ApplicantState.DECLINED,
        ApplicantState.IN_SELECTION,
    ]
    states = dict(applications_to(cohort).values_list("pk", "enrolment__state"))
    assert states == {
        aoi.pk: EnrolmentState.SELECTED,
        **dict.fromkeys((beni.pk, chika.pk, dai.pk), EnrolmentState.APPLIED),
    }


def test_on_its_date_the_announcement_comes_by_itself(applies: Apply, admission: Admission, organiser: Person) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.SELECTED, aoi)
    close(admission)
    Admission.objects.update(announces_at=timezone.now() + timedelta(minutes=5))
    assert announce_due() == 0
    Admission.objects.update(announces_at=timezone.now())
    assert announce_due() == 1
    assert announce_due() == 0
    assert told(aoi.enrolment.person) == ["selected"]


def test_a_decision_after_the_announcement_is_a_draft_again(
    applies: Apply, admission: Admission, organiser: Person, cohort: Cohort
) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.WAITLISTED, aoi)
    announce(cohort=cohort, actor=organiser)
    set_decision(organiser, Decision.DECLINED, aoi)
    assert seen_by_applicant(aoi, admission) == ApplicantState.WAITLISTED
    assert overview_of(admission).untold == 1
    assert announce_due() == 0
    assert announce(cohort=cohort, actor=organiser) == 1
    assert told(aoi.enrolment.person) == ["waitlisted", "declined"]


def test_who_was_told_of_a_place_keeps_it(applies: Apply, organiser: Person, cohort: Cohort) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.SELECTED, aoi)
    announce(cohort=cohort, actor=organiser)
    assert set_decision(organiser, Decision.DECLINED, aoi) == 0
    aoi.refresh_from_db()
    with pytest.raises(PlaceWasTold):
        decide(application=aoi, decision=Decision.DECLINED, revision=aoi.revision, actor=organiser)


def test_two_organisers_at_once_do_not_overwrite_each_other(applies: Apply, organiser: Person, cohort: Cohort) -> None:
    aoi, beni = applies("Aoi"), applies("Beni")
    shown = {one.pk: one.revision for one in (aoi, beni)}
    decide(application=aoi, decision=Decision.DECLINED, revision=aoi.revision, actor=organiser)
    other = make_person("Other")
    with pytest.raises(ChangedMeanwhile) as caught:
        decide(application=aoi, decision=Decision.SELECTED, revision=aoi.revision, actor=other)
    assert [(one.pk, one.decision, one.decided_by) for one in caught.value.applications] == [
        (aoi.pk, Decision.DECLINED, organiser)
    ]
    with pytest.raises(ChangedMeanwhile):
        decide_many(cohort=cohort, decision=Decision.SELECTED, seen=shown, actor=other)
    beni.refresh_from_db()
    assert beni.decision == Decision.UNDECIDED


def test_people_of_another_cohort_cannot_be_decided_about(
    applies: Apply, organiser: Person, other_cohort: Cohort, admission: Admission
) -> None:
    aoi = applies("Aoi")
    Admission.objects.create(
        cohort=other_cohort, description_ja="x", opens_at=admission.opens_at, closes_at=admission.closes_at
    )
    assert decide_many(cohort=other_cohort, decision="selected", seen={aoi.pk: aoi.revision}, actor=organiser) == 0
    aoi.refresh_from_db()
    assert aoi.decision == Decision.UNDECIDED


def test_the_waitlist_goes_by_score_then_by_who_came_first(applies: Apply, organiser: Person, cohort: Cohort) -> None:
    early, late = applies("Early"), applies("Late")
    good = applies("Good", median="two")
    poor = applies("Poor", median="three")
    set_decision(organiser, Decision.WAITLISTED, late, early, poor, good)
    added = applies("Added", median="two")
    set_decision(organiser, Decision.WAITLISTED, added)
    assert list(applications_to(cohort).waiting()) == [good, poor, early, late, added]


def test_a_place_that_becomes_free_goes_to_the_first_of_the_waitlist(
    applies: Apply, admission: Admission, organiser: Person, cohort: Cohort
) -> None:
    aoi, beni, chika, dai = (applies(name) for name in ("Aoi", "Beni", "Chika", "Dai"))
    set_decision(organiser, Decision.SELECTED, aoi, beni)
    set_decision(organiser, Decision.WAITLISTED, chika, dai)
    announce(cohort=cohort, actor=organiser)
    with pytest.raises(NoPlaceLeft):
        move_up(cohort=cohort, count=1, actor=organiser)
    withdraw_application(application=aoi)
    assert (places_of(admission).free, overview_of(admission).suggested) == (1, 1)
    assert move_up(cohort=cohort, count=1, actor=organiser) == 1
    assert seen_by_applicant(chika, admission) == ApplicantState.SELECTED
    assert told(chika.enrolment.person) == ["waitlisted", "selected"]
    assert list(applications_to(cohort).waiting()) == [dai]
    chika.enrolment.refresh_from_db()
    assert chika.enrolment.state == EnrolmentState.SELECTED


def test_before_the_announcement_moving_up_tells_nobody(
    applies: Apply, admission: Admission, organiser: Person, cohort: Cohort
) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.WAITLISTED, aoi)
    move_up(cohort=cohort, count=1, actor=organiser)
    assert told(aoi.enrolment.person) == []
    assert seen_by_applicant(aoi, admission) == ApplicantState.RECEIVED


def test_who_is_taken_out_by_an_organiser_frees_the_place(
    applies: Apply, admission: Admission, organiser: Person, cohort: Cohort
) -> None:
    aoi, beni, chika = (applies(name) for name in ("Aoi", "Beni", "Chika"))
    set_decision(organiser, Decision.SELECTED, aoi, beni)
    set_decision(organiser, Decision.WAITLISTED, chika)
    Enrolment.objects.filter(pk=aoi.enrolment_id).update(state=EnrolmentState.WITHDRAWN)
    assert (overview_of(admission).suggested, overview_of(admission).withdrawn) == (1, 1)
    assert announce(cohort=cohort, actor=organiser) == 2
    assert told(aoi.enrolment.person) == []
    aoi = Application.objects.get(pk=aoi.pk)
    assert aoi.state(admission) == ApplicantState.WITHDRAWN
    with pytest.raises(AskOrganiser):
        apply(admission=admission, person=aoi.enrolment.person)


def test_figures_leave_out_who_has_withdrawn(
    applies: Apply, admission: Admission, organiser: Person, learner: Person
) -> None:
    aoi, beni, _ = applies("Aoi"), applies("Beni"), applies("Chika")
    set_decision(organiser, Decision.SELECTED, aoi, beni)
    withdraw_application(application=beni)
    overview = overview_of(admission)
    assert (overview.applied, overview.selected, overview.undecided, overview.withdrawn, overview.untold) == (
        2,
        1,
        1,
        1,
        1,
    )


def test_the_audit_log_tells_who_decided_what_without_personal_data(
    applies: Apply, organiser: Person, cohort: Cohort
) -> None:
    aoi = applies("Aoi")
    set_decision(organiser, Decision.SELECTED, aoi)
    save_note(application=aoi, note="Knows SQL", actor=organiser)
    announce(cohort=cohort, actor=organiser)
    entries = AuditEntry.objects.filter(cohort=cohort, actor=organiser).order_by("pk")
    assert [(entry.action, entry.subject, entry.details) for entry in entries] == [
        ("application.decided", f"application:{aoi.pk}", {"decision": "selected"}),
        ("application.noted", f"application:{aoi.pk}", {}),
        ("admission.announced", f"admission:{cohort.admission.pk}", {"count": 1}),
    ]


def test_somebody_with_another_role_is_no_applicant(mentor: Person, cohort: Cohort, admission: Admission) -> None:
    enrol(make_person("Mia"), cohort)
    assert not applications_to(cohort).exists()
