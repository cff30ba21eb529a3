"""Issuing: who gets a badge and who not, exactly once, whatever is broken off in between."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.badges import issuing, tasks
from campus.badges.candidates import Outcome, candidates_of
from campus.badges.models import Achievement, Award, Credential, IssueRun, RunState
from campus.badges.places import draw_places
from campus.badges.refusals import NobodyGetsIt, StillRunning
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState
from campus.live.models import Event
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from tests.campus.badges.conftest import classmates, complete, issue, run_jobs

pytestmark = pytest.mark.django_db


def fail(*_args: object, **_kwargs: object) -> None:
    raise ZeroDivisionError


def outcomes(achievement: Achievement, **options: object) -> dict[str, str]:
    return {one.enrolment.person.name: one.outcome for one in candidates_of(achievement, **options)}  # type: ignore[arg-type]


def test_who_has_completed_gets_it_and_the_others_are_told_why_not(
    achievement: Achievement, enrolment: Enrolment, mate_enrolment: Enrolment, organiser: Person
) -> None:
    complete(enrolment)
    assert outcomes(achievement) == {"Hanako": Outcome.GETS, "Taro": Outcome.NOT_COMPLETE}

    issue(achievement, organiser)

    assert outcomes(achievement) == {"Hanako": Outcome.HAS, "Taro": Outcome.NOT_COMPLETE}


def test_by_hand_only_those_chosen_who_take_part_and_have_a_name_that_can_be_signed(
    by_hand: Achievement, enrolment: Enrolment, mate_enrolment: Enrolment, mentor: Person, cohort: Cohort
) -> None:
    Enrolment.objects.filter(pk=mate_enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
    Person.objects.filter(pk=mentor.pk).update(name="Bell\x07")
    people = [enrolment.person, mate_enrolment.person, mentor]
    chosen = list(cohort.enrolments.filter(person__in=people).values_list("pk", flat=True))

    found = outcomes(by_hand, chosen=chosen)

    assert found == {"Hanako": Outcome.GETS, "Taro": Outcome.HAS_LEFT, "Bell\x07": Outcome.NAME}


def test_a_badge_is_signed_told_live_in_the_page_and_by_mail_and_noted_in_the_log(
    achievement: Achievement, enrolment: Enrolment, learner: Person, organiser: Person
) -> None:
    complete(enrolment)
    run = issue(achievement, organiser)

    award = Award.objects.select_related("credential").get()
    assert (run.state, run.done, run.total) == (RunState.DONE, 1, 1)
    assert (award.person, award.name, award.revision) == (learner, "Hanako", 1)
    document = json.loads(award.credential.document)
    assert document["id"] == f"https://quest.example.jp/badges/{award.uid}/"
    assert document["credentialStatus"]["statusListIndex"] == str(award.status_index)
    assert "hanako@example.org" not in award.credential.document
    assert Notice.objects.get(person=learner).kind == "badges.issued"
    assert Mail.objects.get(person=learner).kind == "badges.issued"
    told = Event.objects.filter(stream__key=f"person:{learner.pk}", kind="badge").get()
    assert told.payload["what"] == "issued"
    logged = AuditEntry.objects.filter(action__startswith="badge.").order_by("pk")
    assert list(logged.values_list("action", "details__count")) == [("badge.issuing_begun", 1), ("badge.issued", 1)]


def test_nobody_gets_it_twice_or_is_told_twice(
    achievement: Achievement, enrolment: Enrolment, learner: Person, organiser: Person
) -> None:
    complete(enrolment)
    run = issue(achievement, organiser)

    with pytest.raises(NobodyGetsIt):
        issuing.start(achievement, actor=organiser)
    IssueRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    issuing.issue_some(run.pk)

    assert Award.objects.count() == Notice.objects.filter(person=learner).count() == 1
    twin = Award.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(
            achievement=achievement,
            version=twin.version,
            person=learner,
            status_list=twin.status_list,
            status_index=twin.status_index + 1,
        )


def test_a_run_that_was_broken_off_goes_on_where_it_was(
    achievement: Achievement, cohort: Cohort, organiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "CHUNK", 3)
    complete(*classmates(cohort, 8))
    run = issuing.start(achievement, actor=organiser)
    issuing.issue_some(run.pk)
    ProcrastinateJob.objects.all()._raw_delete("default")  # The worker died, and its queue was lost.
    assert Award.objects.issued().count() == 3

    with pytest.raises(StillRunning):
        issuing.start(achievement, actor=organiser)
    tasks.resume()
    run_jobs()

    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 8)
    assert Award.objects.issued().count() == Credential.objects.count() == 8
    assert Notice.objects.filter(kind="badges.issued").count() == 8


@pytest.mark.django_db(transaction=True)  # The task closes its connection.
def test_a_chunk_that_fails_leaves_nothing_and_the_organiser_goes_on(
    achievement: Achievement, cohort: Cohort, organiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "CHUNK", 2)
    complete(*classmates(cohort, 3))
    run = issuing.start(achievement, actor=organiser)

    with monkeypatch.context() as broken:
        broken.setattr(issuing, "sign_all", fail)
        tasks.issue(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.done) == (RunState.BROKEN, "ZeroDivisionError", 0)
    assert not Award.objects.issued().exists()
    assert not Notice.objects.exists()

    issuing.resume(run, actor=organiser)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 3)


def test_a_stopped_run_leaves_the_others_out(
    achievement: Achievement, cohort: Cohort, organiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "CHUNK", 2)
    complete(*classmates(cohort, 5))
    run = issuing.start(achievement, actor=organiser)
    issuing.issue_some(run.pk)

    assert issuing.stop(run, actor=organiser) == 3
    run_jobs()

    assert Award.objects.count() == Award.objects.issued().count() == 2


def test_places_in_the_status_list_tell_nothing_and_never_meet(
    achievement: Achievement, cohort: Cohort, organiser: Person
) -> None:
    complete(*classmates(cohort, 30))
    issue(achievement, organiser)
    places = list(Award.objects.order_by("pk").values_list("status_index", flat=True))

    assert len(set(places)) == 30
    assert places != sorted(places)
    status_list = Award.objects.first().status_list  # type: ignore[union-attr]
    with transaction.atomic():
        same, more = draw_places(status_list.issuer, 50)
    assert same == status_list
    assert not set(more) & set(places)


def test_issuing_costs_few_queries_however_many_there_are(
    achievement: Achievement, cohort: Cohort, organiser: Person, django_assert_max_num_queries
) -> None:
    complete(*classmates(cohort, 40))
    with django_assert_max_num_queries(40):
        run = issuing.start(achievement, actor=organiser)
    with django_assert_max_num_queries(40):
        issuing.issue_some(run.pk)
    assert Award.objects.issued().filter(issued_at__lte=timezone.now()).count() == 40
