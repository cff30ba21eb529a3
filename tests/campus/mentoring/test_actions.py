"""What mentors do with a work: take, comment, release, give back; the queue follows; nobody waits for them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.mentoring import actions
from campus.mentoring.actions import Judgement
from campus.mentoring.models import Comment, Conflict, Load, MentorReview, Sampling
from campus.mentoring.queries import mentors_of, queue_for
from campus.mentoring.queue import Why
from campus.mentoring.refusals import Refused
from campus.notices.models import Notice
from campus.people.models import Person
from campus.progress.completion import standings
from campus.teams.actions import form_team
from campus.teams.models import Team, TeamKind
from tests.campus.cast import enrol, make_person
from tests.campus.deliverables.files import handed_in
from tests.campus.mentoring.conftest import opened

pytestmark = pytest.mark.django_db
TYPED = Judgement(advice="筋の通った提案です。")


def waiting(person: Person, cohort: Cohort) -> list[int]:
    return [entry.pk for entry in queue_for(person, cohort)]


# --- The queue ---


def test_projects_wait_until_a_mentor_released_a_review_and_again_with_a_new_version(
    work: Deliverable, as_mentor: Enrolment, proposal: Step, mate_enrolment: Enrolment, cohort: Cohort
) -> None:
    mentor = as_mentor.person
    assert waiting(mentor, cohort) == [work.pk]
    actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert waiting(mentor, cohort) == []
    second = handed_in(proposal, mate_enrolment)
    (entry,) = queue_for(mentor, cohort)
    assert entry.pk == second.pk
    assert Why.NEW_VERSION in entry.place.reasons


def test_what_another_mentor_has_begun_is_hers_until_she_forgets_it(
    work: Deliverable, as_mentor: Enrolment, other_mentor: Enrolment, cohort: Cohort
) -> None:
    review = actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert waiting(as_mentor.person, cohort) == [work.pk]
    assert waiting(other_mentor.person, cohort) == []
    with pytest.raises(Refused):
        actions.take(deliverable=work, mentor=other_mentor)
    MentorReview.objects.filter(pk=review.pk).update(saved_at=timezone.now() - timedelta(days=8))
    assert waiting(other_mentor.person, cohort) == [work.pk]
    assert actions.take(deliverable=work, mentor=other_mentor).mentor == other_mentor


def test_single_works_come_by_the_rate_of_their_step(
    cohort_case: CohortCase, enrolment: Enrolment, as_mentor: Enrolment, organiser: Person, cohort: Cohort
) -> None:
    step = opened(cohort_case, "problem")
    alone = handed_in(step, enrolment)
    for percent, expected in [(0, []), (100, [alone.pk])]:
        actions.set_limits(cohort=cohort, percents={step: percent}, loads={as_mentor: 2}, actor=organiser)
        assert waiting(as_mentor.person, cohort) == expected
    assert Sampling.objects.get().percent == 100
    assert AuditEntry.objects.filter(action="mentoring.limits_set").count() == 2


def test_the_number_of_queries_does_not_grow_with_the_works(
    work: Deliverable,
    proposal: Step,
    as_mentor: Enrolment,
    cohort: Cohort,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(6):
        member = enrol(make_person(f"L{number}"), cohort)
        form_team(cohort=cohort, kind=TeamKind.PROJECT, name=f"T{number}", members=[member], actor=None)
        handed_in(proposal, member)
    with django_assert_max_num_queries(10):
        entries = queue_for(as_mentor.person, cohort)
    assert len(entries) == 7


def test_no_learner_is_held_up_by_a_mentor(
    work: Deliverable, as_mentor: Enrolment, proposal: Step, enrolment: Enrolment, cohort: Cohort
) -> None:
    def lacks() -> set[str]:
        (found,) = standings(cohort, Enrolment.objects.filter(pk=enrolment.pk))
        return {one.step.key for one in found.missing if one.step}

    before = lacks()
    assert "proposal" not in before
    actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert handed_in(proposal, enrolment).number == 2
    assert lacks() == before


# --- Reviews ---


def test_a_released_review_reaches_the_whole_team_and_its_marks_stay(
    work: Deliverable, as_mentor: Enrolment, learner: Person, mate: Person
) -> None:
    actions.release(deliverable=work, mentor=as_mentor, judgement=Judgement({"impact": 3}, {}, "よい提案です。"))
    told = Notice.objects.filter(kind="mentoring.released")
    assert {one.person for one in told} == {learner, mate}
    assert told[0].url == f"/cohorts/spring/feedback/{work.pk}/"
    with pytest.raises(Refused):
        actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert MentorReview.objects.get().marks == {"impact": 3}
    entry = AuditEntry.objects.get(action="mentoring.released")
    assert (entry.subject, entry.details) == (f"deliverable:{work.pk}", {"marks": 1})


def test_a_mentor_takes_no_more_than_her_load(
    work: Deliverable, as_mentor: Enrolment, cohort_case: CohortCase, enrolment: Enrolment, cohort: Cohort
) -> None:
    Load.objects.create(mentor=as_mentor, most=1)
    actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    second = handed_in(opened(cohort_case, "problem"), enrolment)
    with pytest.raises(Refused) as refused:
        actions.take(deliverable=second, mentor=as_mentor)
    assert "1件" in refused.value.messages[0]
    actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    actions.take(deliverable=second, mentor=as_mentor)
    (row,) = mentors_of(cohort)
    assert (row.begun, row.released, row.most) == (1, 1, 1)


def test_giving_back_deletes_the_draft_but_nothing_released(
    work: Deliverable, as_mentor: Enrolment, other_mentor: Enrolment, cohort: Cohort
) -> None:
    actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="数字の出典は？")
    actions.give_back(review=MentorReview.objects.get(), actor=as_mentor.person)
    assert not Comment.objects.exists()
    assert waiting(other_mentor.person, cohort) == [work.pk]
    review = actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    with pytest.raises(Refused):
        actions.give_back(review=review, actor=as_mentor.person)


# --- Comments ---


def test_a_conversation_about_a_place_goes_both_ways_and_settles(
    work: Deliverable, as_mentor: Enrolment, learner: Person, mate: Person
) -> None:
    thread = actions.comment(deliverable=work, mentor=as_mentor, anchor="cell-2", text="なぜこの期間？")
    assert not Notice.objects.filter(kind__startswith="mentoring.").exists()
    actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    actions.resolve(thread=thread, is_resolved=True, actor=learner)
    actions.answer(thread=thread, text="繁忙期を含めるためです。", author=learner)
    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert Notice.objects.get(kind="mentoring.answered").person == as_mentor.person
    actions.answer(thread=thread, text="なるほど。", author=as_mentor.person)
    actions.comment(deliverable=work, mentor=as_mentor, anchor="", text="全体の構成はよいです。")
    assert Notice.objects.filter(kind="mentoring.commented", person=mate).count() == 2
    assert [one.text for one in thread.answers.all()] == ["繁忙期を含めるためです。", "なるほど。"]


# --- Conflicts of interest ---


def test_a_conflict_takes_the_work_out_of_the_queue_and_deletes_what_was_begun(
    work: Deliverable, as_mentor: Enrolment, other_mentor: Enrolment, team: Team, organiser: Person, cohort: Cohort
) -> None:
    actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    conflict, _is_new = actions.declare_conflict(mentor=as_mentor, team=team, enrolment=None, actor=as_mentor.person)
    assert waiting(as_mentor.person, cohort) == []
    assert waiting(other_mentor.person, cohort) == [work.pk]
    assert not MentorReview.objects.exists()
    actions.declare_conflict(mentor=as_mentor, team=team, enrolment=None, actor=as_mentor.person)
    assert AuditEntry.objects.filter(action="mentoring.conflict_declared").count() == 1
    actions.end_conflict(conflict=conflict, actor=organiser)
    assert waiting(as_mentor.person, cohort) == [work.pk]


def test_a_conflict_with_a_learner_closes_the_work_of_the_team_that_she_is_in(
    work: Deliverable, as_mentor: Enrolment, mate_enrolment: Enrolment, organiser: Person, cohort: Cohort
) -> None:
    actions.declare_conflict(mentor=as_mentor, team=None, enrolment=mate_enrolment, actor=organiser)
    assert waiting(as_mentor.person, cohort) == []
    assert Conflict.objects.get().with_whom == mate_enrolment.person


def test_nobody_judges_her_own_teams_work(work: Deliverable, learner: Person, cohort: Cohort) -> None:
    enrol(learner, cohort, Role.MENTOR)
    learner = Person.objects.get(pk=learner.pk)
    assert waiting(learner, cohort) == []
    assert not learner.has_perm("mentoring.judge", work)
    assert learner.has_perm("deliverables.read", work)
