"""Sent once, to whom it meets at that moment, never beyond what its author may reach."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from campus.announcements.actions import NoLongerOpen, cancel, repeat_mails, rewrite, schedule, send, send_due, write
from campus.announcements.models import Announcement, State
from campus.announcements.queries import audience_of, people_met, recipients_of
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.notices.models import DeadAddress, Mail, MailState, Notice
from campus.people.models import Person
from tests.campus.announcements.conftest import text
from tests.campus.cast import enrol, make_person

pytestmark = pytest.mark.django_db


def names(people: QuerySet[Person]) -> list[str]:
    return [person.name for person in people]


def received(announcement: Announcement) -> list[str]:
    return [one.person.name for one in recipients_of(announcement)]


def test_it_goes_to_each_once_in_the_page_and_by_mail(
    announcement: Announcement, organiser: Person, learner: Person
) -> None:
    assert send(announcement, actor=organiser) == 2

    announcement.refresh_from_db()
    assert announcement.state == State.SENT
    assert received(announcement) == ["Hanako", "Taro"]
    notice = Notice.objects.get(person=learner)
    assert (notice.kind, notice.url) == (
        "announcements.announcement",
        f"/cohorts/spring/announcements/{announcement.pk}/",
    )
    assert Mail.objects.filter(key=announcement.key).count() == 2
    entry = AuditEntry.objects.get(action="announcement.sent")
    assert (entry.actor, entry.details) == (organiser, {"count": 2})


def test_it_can_not_be_sent_or_changed_twice(announcement: Announcement, organiser: Person) -> None:
    send(announcement, actor=organiser)
    for again in (
        lambda: send(announcement, actor=organiser),
        lambda: rewrite(announcement, text=text(), actor=organiser),
        lambda: cancel(announcement, actor=organiser),
        lambda: schedule(announcement, at=timezone.now(), actor=organiser),
    ):
        with pytest.raises(NoLongerOpen):
            again()
    assert Mail.objects.count() == 2


def test_without_mail_it_stays_in_the_site(cohort: Cohort, organiser: Person, learner: Person) -> None:
    send(write(cohort=cohort, author=organiser, text=text(by_mail=False)), actor=organiser)
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)


def test_important_ones_are_of_the_kind_that_always_comes(cohort: Cohort, organiser: Person, learner: Person) -> None:
    send(write(cohort=cohort, author=organiser, text=text(is_important=True)), actor=organiser)
    assert Notice.objects.get().kind == "announcements.important"


def test_somebody_with_two_roles_gets_it_once(cohort: Cohort, organiser: Person, learner: Person) -> None:
    enrol(learner, cohort, Role.ALUMNI)
    both = write(cohort=cohort, author=organiser, text=text(roles=[Role.LEARNER, Role.ALUMNI]))
    assert send(both, actor=organiser) == 1


def test_only_those_who_take_part_are_met_unless_a_state_is_asked_for(
    cohort: Cohort, organiser: Person, enrolment: Enrolment, mate: Person
) -> None:
    enrol(make_person("Applicant"), cohort, state=EnrolmentState.APPLIED)
    enrolment.state = EnrolmentState.WITHDRAWN
    enrolment.save()
    everybody = write(cohort=cohort, author=organiser, text=text())
    applied = write(cohort=cohort, author=organiser, text=text(criteria={"state": "applied"}))
    assert names(people_met(everybody)) == ["Taro"]
    assert names(people_met(applied)) == ["Applicant"]


def test_a_facilitator_reaches_her_own_classes_only(
    from_facilitator: Announcement, cohort: Cohort, facilitator: Person, other_class: StudyClass, stranger: Enrolment
) -> None:
    assert names(people_met(from_facilitator)) == ["Hanako", "Taro"]
    to_others = write(cohort=cohort, author=facilitator, text=text(classes=[other_class], roles=[Role.LEARNER]))
    assert names(people_met(to_others)) == []
    to_staff = write(cohort=cohort, author=facilitator, text=text(roles=list(Role)))
    assert set(audience_of(to_staff).values_list("role", flat=True)) == {Role.LEARNER}


def test_another_cohort_is_never_met(announcement: Announcement, outsider: Person) -> None:
    assert outsider not in people_met(announcement)


def test_a_scheduled_one_goes_to_whom_it_meets_then(
    announcement: Announcement, organiser: Person, enrolment: Enrolment, cohort: Cohort
) -> None:
    schedule(announcement, at=timezone.now() + timedelta(hours=1), actor=organiser)
    send_due()
    assert not announcement.recipients.exists()

    enrolment.state = EnrolmentState.WITHDRAWN
    enrolment.save()
    enrol(make_person("Late"), cohort)
    Announcement.objects.update(send_at=timezone.now())
    send_due()
    send_due()
    assert received(announcement) == ["Late", "Taro"]
    assert Mail.objects.count() == 2
    assert AuditEntry.objects.get(action="announcement.sent").actor is None


def test_a_scheduled_one_can_be_changed_and_cancelled(announcement: Announcement, organiser: Person) -> None:
    schedule(announcement, at=timezone.now() + timedelta(hours=1), actor=organiser)
    rewrite(announcement, text=text(title_ja="新しい題名"), actor=organiser)
    announcement.refresh_from_db()
    assert (announcement.state, announcement.title_ja) == (State.SCHEDULED, "新しい題名")

    cancel(announcement, actor=organiser)
    Announcement.objects.update(send_at=timezone.now())
    send_due()
    assert not Notice.objects.exists()


def test_what_somebody_scheduled_who_may_write_no_longer_is_cancelled(
    from_facilitator: Announcement, facilitator: Person
) -> None:
    schedule(from_facilitator, at=timezone.now(), actor=facilitator)
    facilitator.enrolments.update(state=EnrolmentState.WITHDRAWN)
    send_due()
    from_facilitator.refresh_from_db()
    assert from_facilitator.state == State.CANCELLED
    assert not Notice.objects.exists()


def test_a_criterion_that_nobody_knows_meets_nobody(cohort: Cohort, organiser: Person, learner: Person) -> None:
    strange = write(cohort=cohort, author=organiser, text=text(criteria={"gone": "1"}))
    assert names(people_met(strange)) == []


def test_the_list_says_what_became_of_each(
    announcement: Announcement, organiser: Person, learner: Person, mate: Person
) -> None:
    send(announcement, actor=organiser)
    Mail.objects.filter(person=learner).update(state=MailState.BOUNCED, problem="550 5.1.1", address=learner.email)
    Mail.objects.filter(person=mate).update(state=MailState.SENT)
    now = timezone.now()
    Notice.objects.filter(person=mate).update(read_at=now)
    assert [
        (one.person, one.mail_state, one.mail_problem, one.in_page, one.read_at) for one in recipients_of(announcement)
    ] == [
        (learner, "bounced", "550 5.1.1", True, None),
        (mate, "sent", "", True, now),
    ]


def test_mails_that_did_not_arrive_can_be_sent_again_and_others_not(
    announcement: Announcement, organiser: Person, learner: Person, mate: Person
) -> None:
    send(announcement, actor=organiser)
    Mail.objects.filter(person=learner).update(state=MailState.BOUNCED, address=learner.email)
    Mail.objects.filter(person=mate).update(state=MailState.SENT)
    DeadAddress.objects.create(address=learner.email, code="550 5.1.1")

    chosen = list(announcement.recipients.values_list("pk", flat=True))
    assert repeat_mails(announcement, recipient_ids=chosen, actor=organiser) == 1
    assert {mail.person: mail.state for mail in Mail.objects.all()} == {learner: "waiting", mate: "sent"}
    assert not DeadAddress.objects.exists()
