"""Giving reviews out: after a hand-in, when time passes, when people leave."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.extending import grant_extensions
from campus.cases.models import Step, StepBy
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import EnrolmentState
from campus.deliverables.models import Deliverable
from campus.notices.models import Notice
from campus.reviews import snapshots
from campus.reviews.actions import Written, save_draft
from campus.reviews.assigning import admit, assign
from campus.reviews.decisions import EndReason, Stage
from campus.reviews.figures import figures_of
from campus.reviews.lists import works_listed
from campus.reviews.models import Assignment, Share, Work
from campus.reviews.reminding import remind
from campus.reviews.rounds import round_of, running_rounds
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.deliverables.files import handed_in
from tests.campus.reviews.conftest import held_by
from tests.campus.reviews.reviewing import give, give_all

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def do(job):
    """What the worker does with the job, on the test's own connection."""
    found = round_of(Step.objects.with_case().get(pk=job.args["step_id"]))
    if job.task_name == "reviews.admit":
        return admit(found, Deliverable.objects.get(pk=job.args["deliverable_id"]))
    assert job.task_name == "reviews.assign"
    return assign(found)


def pairs(round):
    rows = Assignment.objects.open().filter(share__round=round)
    return list(rows.values_list("share__enrolment", "work__enrolment"))


def test_everybody_gives_and_gets_three_and_is_told_once(round, authors):
    found = pairs(round)

    assert Counter(reviewer for reviewer, _ in found) == dict.fromkeys((one.pk for one in authors), 3)
    assert Counter(author for _, author in found) == dict.fromkeys((one.pk for one in authors), 3)
    assert all(reviewer != author for reviewer, author in found)
    assert Notice.objects.filter(kind="reviews.assigned").count() == len(authors)


def test_asking_again_changes_nothing(round):
    before = pairs(round)

    assert assign(round).is_empty
    assert pairs(round) == before


def test_late_work_gets_reviewers_at_once_and_its_author_reviews(round, judged, cohort, django_assert_max_num_queries):
    late = enrol(make_person("Osoi"), cohort)
    deliverable = handed_in(judged, late)
    job = ProcrastinateJob.objects.filter(task_name="reviews.admit").latest("id")

    with django_assert_max_num_queries(50):
        do(job)

    assert deliverable.is_late
    assert len([author for _, author in pairs(round) if author == late.pk]) == 3
    assert len([reviewer for reviewer, _ in pairs(round) if reviewer == late.pk]) == 3
    assert assign(round).is_empty


def test_in_a_large_round_only_what_lies_around_a_hand_in_is_looked_at(round, judged, cohort, authors, monkeypatch):
    monkeypatch.setattr(snapshots, "NEAR", 1)
    monkeypatch.setattr(snapshots, "EXCHANGEABLE", 6)
    far = Work.objects.filter(round=round).latest("pk")
    Assignment.objects.filter(work=far).update(assigned_at=timezone.now() - 80 * HOUR)
    late = enrol(make_person("Osoi"), cohort)

    plan = admit(round, handed_in(judged, late))

    assert Counter(work for _, work in plan.gives)[Work.objects.get(enrolment=late).pk] == 3
    assert EndReason.IDLE not in {reason for _, reason in plan.ends}
    assert set(Counter(reviewer for reviewer, _ in pairs(round)).values()) == {3}
    assert set(Counter(author for _, author in pairs(round)).values()) == {3}


def test_who_looked_in_without_work_of_her_own_is_neither_given_nor_asked_for_anything(round, cohort, judged):
    visitor = enrol(make_person("Yosome"), cohort)
    Share.objects.create(round=round, enrolment=visitor)
    Assignment.objects.open().update(stage=Stage.ENDED, end_reason=EndReason.REASSIGNED)

    admit(round, handed_in(judged, enrol(make_person("Osoi"), cohort)))
    assign(round, now=timezone.now() + 25 * HOUR)

    assert not Assignment.objects.filter(share__enrolment=visitor).exists()


def test_before_the_step_opens_nothing_is_given_out(judged, review_step, enrolment):
    reschedule(review_step, opens=HOUR, closes=5 * HOUR)
    ProcrastinateJob.objects.all().delete()

    handed_in(judged, enrolment)

    assert list(running_rounds()) == []
    assert not ProcrastinateJob.objects.filter(task_name__startswith="reviews.").exists()


def test_a_new_version_reaches_those_who_have_not_begun_and_not_those_who_have(round, judged, own_work):
    begun, fresh, _ = own_work.assignments.order_by("pk")
    Assignment.objects.filter(pk=begun.pk).update(stage=Stage.BEGUN)

    newer = handed_in(judged, own_work.enrolment, text="改訂版")
    assign(round)

    begun.refresh_from_db()
    fresh.refresh_from_db()
    assert (fresh.deliverable_id, begun.deliverable_id != newer.pk) == (newer.pk, True)
    assert Work.objects.filter(round=round).count() == 5


def test_what_nobody_begins_in_72_hours_goes_to_somebody_else(round, enrolment):
    mine = {one.pk for one in held_by(round, enrolment)}
    Share.objects.exclude(enrolment=enrolment).update(active_at=timezone.now() + 60 * HOUR)

    assert assign(round, now=timezone.now() + 71 * HOUR).ends == []
    plan = assign(round, now=timezone.now() + 73 * HOUR)

    assert {reason for _, reason in plan.ends} == {EndReason.IDLE}
    assert set(Assignment.objects.filter(end_reason=EndReason.IDLE).values_list("pk", flat=True)) == mine
    assert Notice.objects.filter(kind="reviews.passed_on", person=enrolment.person).count() == 1
    assert assign(round, now=timezone.now() + 74 * HOUR).gives == []


def test_she_is_reminded_a_day_before_and_once(round, enrolment):
    Share.objects.exclude(enrolment=enrolment).update(active_at=timezone.now() + 40 * HOUR)

    assert remind(round, now=timezone.now() + 47 * HOUR) == 0
    assert remind(round, now=timezone.now() + 49 * HOUR) == 1
    assert remind(round, now=timezone.now() + 50 * HOUR) == 0
    assert [one.person for one in Notice.objects.filter(kind="reviews.reminder")] == [enrolment.person]


def test_she_is_reminded_of_what_she_has_begun_a_day_before_its_own_date(round, assignment):
    Assignment.objects.filter(pk=assignment.pk).update(stage=Stage.BEGUN)
    Share.objects.update(active_at=timezone.now() + 90 * HOUR)

    assert remind(round, now=timezone.now() + 95 * HOUR) == 0
    assert remind(round, now=timezone.now() + 97 * HOUR) == 1
    assert remind(round, now=timezone.now() + 98 * HOUR) == 0


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN])
def test_what_somebody_who_leaves_has_not_given_goes_to_others_by_itself(round, enrolment, state):
    given = give(held_by(round, enrolment)[0])
    ProcrastinateJob.objects.all().delete()

    change_states(enrolments=[enrolment], state=state, actor=None)
    job = ProcrastinateJob.objects.get(task_name="reviews.assign")
    do(job)

    assert [one.end_reason for one in held_by(round, enrolment)] == ["", EndReason.LEFT, EndReason.LEFT]
    assert given.assignment.stage == Stage.GIVEN
    # Nobody begins to review the work of somebody who doesn't wait for it.
    assert not Assignment.objects.open().filter(work__enrolment=enrolment).exists()


def test_after_her_deadline_nobody_is_given_anything_and_an_extension_helps(round, enrolment):
    later = round.step.closes_at + HOUR
    grant_extensions(
        step=round.step, enrolments=[enrolment], closes_at=later + 48 * HOUR, reason="病気のため", actor=None
    )
    Share.objects.update(active_at=later)

    assign(round, now=later)

    still_open = set(Assignment.objects.open().values_list("share__enrolment", flat=True))
    assert still_open == {enrolment.pk}
    assert Assignment.objects.filter(end_reason=EndReason.LATE).count() == 12


def test_when_her_deadline_is_moved_she_goes_on_with_what_she_had_typed(round, enrolment, judged):
    begun, fresh, _ = held_by(round, enrolment)
    save_draft(assignment=begun, written=Written({"impact": 2}, {"impact": "途中まで"}, ""))
    closed = round.step.closes_at + HOUR
    Share.objects.update(active_at=closed)
    assign(round, now=closed)
    assert figures_of(round).passed_on == 0
    assert {one.passed_on for one in works_listed(round)} == {0}  # type: ignore[attr-defined]
    newer = handed_in(judged, fresh.work.enrolment, text="改訂版")
    ProcrastinateJob.objects.all().delete()

    extended = closed + 48 * HOUR
    grant_extensions(step=round.step, enrolments=[enrolment], closes_at=extended, reason="病気のため", actor=None)
    assert ProcrastinateJob.objects.filter(task_name="reviews.assign").count() == 1
    plan = assign(round, now=closed + HOUR)

    mine = held_by(round, enrolment)
    assert [(one.stage, one.end_reason, one.assigned_at) for one in mine] == [
        (Stage.BEGUN, "", closed + HOUR),
        (Stage.ASSIGNED, "", closed + HOUR),
        (Stage.ASSIGNED, "", closed + HOUR),
    ]
    assert (mine[0].review.comments, mine[1].deliverable_id) == ({"impact": "途中まで"}, newer.pk)
    assert (len(plan.resumes), plan.gives) == (3, [])
    assert set(pairs(round)) == {(enrolment.pk, one.work.enrolment_id) for one in mine}
    told = Notice.objects.get(kind="reviews.resumed")
    assert (told.person, told.context["closes_at"][:19]) == (enrolment.person, extended.isoformat()[:19])
    assert assign(round, now=closed + HOUR).is_empty


def test_when_the_step_closes_later_everybody_goes_on_unless_somebody_else_has_the_work(round, authors, enrolment):
    closed = round.step.closes_at + HOUR
    Share.objects.update(active_at=closed)
    assign(round, now=closed)
    excused = Share.objects.get(enrolment=authors[1])
    Share.objects.filter(pk=excused.pk).update(excused_at=closed)
    taken_back = held_by(round, enrolment)[0]
    Assignment.objects.filter(pk=taken_back.pk).update(end_reason=EndReason.REASSIGNED)

    reschedule(round.step, opens=-9 * 24 * HOUR, closes=20 * 24 * HOUR)
    later = round_of(Step.objects.with_case().get(pk=round.step_id))
    assign(later, now=closed + HOUR)

    open_ = Counter(reviewer for reviewer, _ in pairs(round))
    others = {one.pk for one in authors} - {enrolment.pk, authors[1].pk}
    assert {one: open_[one] for one in others} == dict.fromkeys(others, 3)
    assert open_[authors[1].pk] == 0
    taken_back.refresh_from_db()
    assert (taken_back.stage, taken_back.end_reason) == (Stage.ENDED, EndReason.REASSIGNED)
    assert not Notice.objects.filter(kind="reviews.resumed", person=authors[1].person).exists()


def test_who_has_given_all_is_asked_for_a_favour_where_a_work_lacks_reviews(round, enrolment):
    give_all(round, enrolment)
    Assignment.objects.open().update(stage=Stage.ENDED, end_reason=EndReason.REASSIGNED)
    others = Share.objects.exclude(enrolment=enrolment)
    others.update(excused_at=timezone.now())
    met = Assignment.objects.filter(share__enrolment=enrolment).values("work")
    left = Work.objects.exclude(pk__in=met).exclude(enrolment=enrolment).get()

    plan = assign(round)

    assert (plan.gives, [work for _, work in plan.extras]) == ([], [left.pk])
    assert Assignment.objects.get(work=left, share__enrolment=enrolment).is_extra
    assert Notice.objects.filter(kind="reviews.extra", person=enrolment.person).count() == 1


def test_a_team_is_never_judged_by_its_own_members(judged, review_step, team, enrolment, mate_enrolment, others):
    judged.by = StepBy.TEAM
    judged.save()
    handed_in(judged, enrolment)
    other_team = team.__class__.objects.create(cohort=team.cohort, name="Team 2", kind=team.kind)
    for one in others:
        other_team.memberships.create(enrolment=one, kind=team.kind)
    handed_in(judged, others[0])

    found = round_of(review_step)
    assign(found)

    rows = Assignment.objects.open().values_list("share__enrolment", "work__team")
    ours = {enrolment.pk, mate_enrolment.pk}
    assert {(reviewer in ours, work == team.pk) for reviewer, work in rows} == {(True, False), (False, True)}
