"""Writing and giving reviews, what authors say to them, and who sees what when."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campus.cases.hand_ins import Among, hand_ins_of
from campus.cohorts.audit import in_words
from campus.cohorts.models import AuditEntry
from campus.notices.models import Notice
from campus.people.erasure import erase
from campus.reviews import actions, overseeing
from campus.reviews.decisions import EndReason, Stage
from campus.reviews.figures import figures_of
from campus.reviews.models import Appeal, Assignment, Outcome, Rating, Reception, Review, Share, Work
from campus.reviews.practice import is_practised
from campus.reviews.queries import given_by, is_unlocked, received_by, results_of
from campus.reviews.results import work_out
from tests.campus.cast import reschedule, signed_in
from tests.campus.reviews.conftest import held_by
from tests.campus.reviews.reviewing import COMMENT, give, give_all, practise_all, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def received(round, own_work):
    """The three reviews of the learner's work, given by the others: two generous, one strict."""
    points = (3, 3, 1)
    return [give(one, mark) for one, mark in zip(own_work.assignments.order_by("pk"), points, strict=True)]


def test_the_first_try_on_a_sample_counts(round, enrolment):
    share = actions.join(round=round, enrolment=enrolment)

    actions.practise(share=share, sample="plain", marks={"impact": 3})
    actions.practise(share=share, sample="plain", marks={"impact": 1})

    assert [one.marks for one in share.practice.all()] == [{"impact": 3}]
    assert not is_practised(share)


def test_without_practice_no_review_is_taken(assignment):
    with pytest.raises(ValidationError, match="samples"):
        actions.give(assignment=assignment, written=written())

    assert Assignment.objects.get(pk=assignment.pk).stage == Stage.ASSIGNED


def test_a_draft_is_kept_as_typed_and_begins_the_review(assignment):
    actions.save_draft(assignment=assignment, written=actions.Written({}, {"impact": "まだ"}, ""))

    assignment.refresh_from_db()
    assert (assignment.stage, assignment.review.comments, assignment.review.marks) == (
        Stage.BEGUN,
        {"impact": "まだ"},
        {},
    )
    assert assignment.begun_at


def test_a_given_review_is_never_changed_and_its_author_is_told_without_a_name(assignment):
    review = give(assignment)

    for attempt in (actions.give, actions.save_draft):
        with pytest.raises(ValidationError, match="already"):
            attempt(assignment=assignment, written=written(1))

    author = assignment.work.enrolment.person
    notice = Notice.objects.get(kind="reviews.received", person=author)
    assert Review.objects.get(pk=review.pk).marks == {"impact": 3}
    assert assignment.share.enrolment.person.name not in str(notice.context)


def test_after_the_deadline_no_review_is_taken_and_what_was_typed_is_kept(round, assignment, review_step, enrolment):
    practise_all(round, enrolment)
    reschedule(review_step, opens=timedelta(days=-3), closes=timedelta(minutes=-1))

    with pytest.raises(ValidationError, match="deadline"):
        actions.give(assignment=assignment, written=written())
    actions.save_draft(assignment=assignment, written=written())

    assignment.refresh_from_db()
    assert (assignment.stage, assignment.review.comments) == (Stage.BEGUN, {"impact": COMMENT})


def test_what_went_to_somebody_else_is_not_taken_any_more(round, assignment, enrolment):
    practise_all(round, enrolment)
    actions.end_assignment(assignment, EndReason.IDLE)

    with pytest.raises(ValidationError, match="somebody else"):
        actions.give(assignment=assignment, written=written())


def test_who_knows_the_author_gives_the_work_back_and_a_duty_can_not_be_declined(assignment):
    with pytest.raises(ValidationError):
        actions.decline(assignment=assignment, reason=EndReason.DECLINED)

    actions.decline(assignment=assignment, reason=EndReason.KNOWN)

    assignment.refresh_from_db()
    assert (assignment.stage, assignment.end_reason) == (Stage.ENDED, EndReason.KNOWN)


def test_who_declines_a_favour_is_not_asked_again(assignment):
    Assignment.objects.filter(pk=assignment.pk).update(is_extra=True)

    actions.decline(assignment=assignment, reason=EndReason.DECLINED)

    assert not Share.objects.get(pk=assignment.share_id).takes_extras


def test_own_results_show_once_the_own_reviews_are_in(round, enrolment, received):
    with pytest.raises(ValidationError, match="own reviews"):
        actions.rate(review=received[0], rating=Rating.WELL, by=enrolment)

    give_all(round, enrolment)

    assert is_unlocked(round, enrolment)
    actions.rate(review=received[0], rating=Rating.WELL, by=enrolment)
    actions.rate(review=received[0], rating=Rating.MUCH, by=enrolment)
    assert Reception.objects.get().rating == Rating.MUCH


def test_who_was_let_off_sees_her_results_and_has_handed_in(round, enrolment, organiser, received):
    overseeing.excuse(round=round, enrolment=enrolment, reason="入院のため", actor=organiser)

    (hand_in,) = hand_ins_of([round.step], Among([enrolment.pk]))
    assert is_unlocked(round, enrolment)
    assert hand_in.enrolment_id == enrolment.pk
    assert not Assignment.objects.open().filter(share__enrolment=enrolment).exists()
    assert AuditEntry.objects.filter(action="reviews.excused", actor=organiser).exists()

    overseeing.ask_after_all(share=Share.objects.get(enrolment=enrolment), actor=organiser)
    assert not is_unlocked(round, enrolment)


def test_a_review_step_is_handed_in_with_the_last_review_that_was_owed(round, enrolment):
    first, second, third = held_by(round, enrolment)
    for one in (first, second):
        give(one)

    assert list(hand_ins_of([round.step])) == []
    give(third)

    (hand_in,) = hand_ins_of([round.step])
    third.refresh_from_db()
    assert (hand_in.enrolment_id, hand_in.team_id, hand_in.times) == (enrolment.pk, None, 3)
    assert abs(hand_in.first_at - third.given_at) < timedelta(seconds=1)


def test_counts_of_many_take_few_queries(round, enrolment, received, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        given, got = given_by(round.step), received_by(round.step)

    assert (sum(given.values()), got[enrolment.pk]) == (3, 3)


def test_an_answer_is_given_once_and_neither_learns_the_other(round, enrolment, received):
    give_all(round, enrolment)

    actions.answer(review=received[0], text="ありがとうございます。", by=enrolment)
    with pytest.raises(ValidationError, match="already"):
        actions.answer(review=received[0], text="もう一度", by=enrolment)

    reviewer = received[0].assignment.share.enrolment.person
    notice = Notice.objects.get(kind="reviews.answered")
    assert (notice.person, enrolment.person.name in str(notice.context)) == (reviewer, False)


def test_results_have_a_mean_and_a_range_and_the_mean_beside_it(round, own_work, received):
    assert work_out(round) == 1
    assert work_out(round) == 0

    shown = results_of(own_work.deliverable)
    line = shown.criteria[0]
    assert (shown.count, line.mean, line.least, line.most) == (3, pytest.approx(7 / 3, abs=0.01), 1, 3)
    assert line.low < line.value < line.high


def test_an_appeal_is_made_once_and_a_review_set_aside_counts_no_more(round, enrolment, own_work, received, organiser):
    give_all(round, enrolment)
    asked = actions.appeal(work=own_work, reason="評価Cは別の提案の内容です。", by=enrolment)
    with pytest.raises(ValidationError, match="already"):
        actions.appeal(work=own_work, reason="もう一度お願いします。", by=enrolment)

    asked.work = own_work
    answer = "評価Cを集計から外しました。"
    overseeing.decide_appeal(appeal=asked, set_aside=[received[2].pk], answer=answer, actor=organiser)
    with pytest.raises(ValidationError, match="decided"):
        overseeing.decide_appeal(appeal=asked, set_aside=[], answer="やり直し", actor=organiser)
    work_out(round)

    assert Appeal.objects.get().outcome == Outcome.SET_ASIDE
    assert (results_of(own_work.deliverable).count, results_of(own_work.deliverable).overall.mean) == (2, 3)
    assert Notice.objects.filter(kind="reviews.decided", person=enrolment.person).exists()
    # The reviewer gave it all the same.
    assert given_by(round.step)[received[2].assignment.share.enrolment_id] == 1


def test_when_the_account_of_who_asked_is_deleted_the_request_is_closed(
    round, enrolment, own_work, received, organiser
):
    give_all(round, enrolment)
    actions.appeal(work=own_work, reason="評価Cは別の提案の内容です。", by=enrolment)
    waiting = f"/cohorts/{round.cohort.slug}/desk/reviews/appeals/"

    erase(person=enrolment.person)

    closed = Appeal.objects.get()
    assert (closed.outcome, closed.reason, closed.decided_by) == (Outcome.CLOSED, "", None)
    assert "account" in closed.get_outcome_display()
    assert list(signed_in(organiser).get(f"{waiting}?state=waiting").context["listing"].page) == []
    page = signed_in(organiser).get(f"/cohorts/{round.cohort.slug}/desk/reviews/works/{own_work.pk}/")
    assert (page.status_code, page.context["form"], "アカウントが削除されたため" in page.text) == (200, None, True)
    assert figures_of(round).appeals == 0
    line = in_words(AuditEntry.objects.filter(action="reviews.appeal_closed"))[0]
    assert line.actor == "The site"
    closed.work = own_work
    with pytest.raises(ValidationError, match="decided"):
        overseeing.decide_appeal(appeal=closed, set_aside=[], answer="そのまま", actor=organiser)


def test_what_was_decided_before_the_account_was_deleted_stays_decided(round, enrolment, own_work, received, organiser):
    give_all(round, enrolment)
    asked = actions.appeal(work=own_work, reason="評価Cは別の提案の内容です。", by=enrolment)
    asked.work = own_work
    overseeing.decide_appeal(appeal=asked, set_aside=[], answer="評価は妥当です。", actor=organiser)

    erase(person=enrolment.person)

    asked.refresh_from_db()
    assert (asked.outcome, asked.answer, asked.reason) == (Outcome.KEPT, "評価は妥当です。", "")


def test_the_rest_of_the_team_may_ask_anew(round, judged, team, enrolment, mate_enrolment, own_work, received):
    Work.objects.filter(pk=own_work.pk).update(enrolment=None, team=team)
    Share.objects.update(excused_at=timezone.now())
    work = Work.objects.get(pk=own_work.pk)
    work.round = round
    actions.appeal(work=work, reason="評価Cは別の提案の内容です。", by=enrolment)
    with pytest.raises(ValidationError, match="already"):
        actions.appeal(work=work, reason="もう一度お願いします。", by=mate_enrolment)

    erase(person=enrolment.person)
    asked = actions.appeal(work=work, reason="もう一度お願いします。", by=mate_enrolment)

    assert list(Appeal.objects.all()) == [asked]
    assert (asked.outcome, asked.decided_at) == ("", None)


def test_whoever_reviewed_a_work_does_not_decide_about_it(round, enrolment, own_work, received):
    give_all(round, enrolment)
    asked = actions.appeal(work=own_work, reason="評価Cは別の提案の内容です。", by=enrolment)
    asked.work = own_work

    with pytest.raises(ValidationError, match="conflict"):
        overseeing.decide_appeal(
            appeal=asked, set_aside=[], answer="そのまま", actor=received[0].assignment.share.enrolment.person
        )


def test_the_preview_of_rebalancing_writes_nothing_and_doing_it_is_kept_in_the_log(round, enrolment, organiser):
    Assignment.objects.filter(share__enrolment=enrolment).update(assigned_at=timezone.now() - timedelta(hours=80))

    plan = overseeing.preview(round)

    assert {reason for _, reason in plan.ends} == {EndReason.IDLE}
    assert not Assignment.objects.filter(stage=Stage.ENDED).exists()
    overseeing.rebalance(round=round, actor=organiser)
    assert Assignment.objects.filter(stage=Stage.ENDED, end_reason=EndReason.IDLE).count() == 3
    assert AuditEntry.objects.get(action="reviews.rebalanced").details["ended"] == 3
