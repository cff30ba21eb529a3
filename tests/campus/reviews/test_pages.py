"""The pages: what a reviewer, an author and staff see, and what nobody else may see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.cohorts.models import AuditEntry
from campus.deliverables.models import Deliverable
from campus.deliverables.rules import may_read
from campus.mentoring.queries import owner_of, peers_in
from campus.people.models import Profile
from campus.reviews import actions
from campus.reviews.decisions import Stage
from campus.reviews.models import Appeal, Assignment, PracticeReview, Reception, Review, Work
from campus.reviews.results import work_out
from tests.campus.cast import reschedule, signed_in
from tests.campus.reviews.conftest import held_by
from tests.campus.reviews.reviewing import COMMENT, TYPED, give, give_all, practise_all

pytestmark = pytest.mark.django_db
STEP = "/cohorts/spring/cases/daily-sales/peers/reviews/"
DESK = "/cohorts/spring/desk/reviews/"


@pytest.fixture
def browser(learner):
    return signed_in(learner)


def test_the_page_says_what_there_is_to_do_and_names_nobody(browser, round, authors, django_assert_max_num_queries):
    browser.get(STEP)
    with django_assert_max_num_queries(40):
        page = browser.get(STEP).content.decode()

    assert page.count(f"{STEP}practice/") == 2
    assert all(f"{STEP}{one.pk}/" in page for one in held_by(round, authors[0]))
    assert not [one for one in authors[1:] if one.person.name in page]


def test_a_first_review_leads_to_the_samples_and_the_comparison_follows(browser, round, assignment):
    led = browser.get(f"{STEP}{assignment.pk}/")
    assert (led.status_code, led["Location"]) == (302, f"{STEP}practice/plain/")

    empty = browser.post(f"{STEP}practice/plain/", {})
    assert (empty.status_code, PracticeReview.objects.count()) == (422, 0)
    page = browser.post(f"{STEP}practice/plain/", {"mark-impact": "3"}, follow=True).content.decode()

    assert PracticeReview.objects.get().marks == {"impact": 3}
    assert "金額がない" in page
    assert f"{STEP}practice/rich/" in page


def test_the_work_is_shown_without_names_and_opening_it_begins_the_review(browser, round, assignment, enrolment):
    practise_all(round, enrolment)

    page = browser.get(f"{STEP}{assignment.pk}/").content.decode()

    author = assignment.work.enrolment.person.name
    assert (f"提案 {assignment.work.enrolment_id}" in page, author in page) == (True, False)
    assert Assignment.objects.get(pk=assignment.pk).stage == Stage.BEGUN


def test_a_review_is_saved_while_typing_refused_while_incomplete_and_given_at_last(
    browser, round, assignment, enrolment
):
    practise_all(round, enrolment)
    address = f"{STEP}{assignment.pk}/"

    saved = browser.post(f"{address}draft/", {"comment-impact": "まだ途中"})
    incomplete = browser.post(address, TYPED | {"comment-impact": "短い"}, follow=True)
    browser.post(f"{address}draft/", TYPED | {"comment-impact": "短い続き"})
    anew = browser.get(incomplete.redirect_chain[0][0])
    given = browser.post(address, TYPED, follow=True)

    assert 'id="saved"' in saved.content.decode()
    assert incomplete.redirect_chain == [(f"{address}?check=1", 302)]
    assert all("comment-impact" in page.context["form"].errors for page in (incomplete, anew))
    assert ("短い" in incomplete.content.decode(), "短い続き" in anew.content.decode()) == (True, True)
    assert given.redirect_chain == [(STEP, 302)]
    review = Assignment.objects.get(pk=assignment.pk).review
    assert (review.marks, review.comments["impact"]) == ({"impact": 3}, COMMENT)


def test_what_is_too_long_for_a_draft_stays_in_the_page(browser, round, assignment, enrolment):
    practise_all(round, enrolment)
    long = "長" * 2_001

    refused = browser.post(f"{STEP}{assignment.pk}/", TYPED | {"comment-impact": long})

    assert refused.status_code == 422
    assert long in refused.content.decode()


def test_after_the_deadline_the_review_is_refused_in_words_and_stays_as_typed(
    browser, round, assignment, enrolment, review_step
):
    practise_all(round, enrolment)
    reschedule(review_step, opens=timedelta(days=-3), closes=timedelta(minutes=-1))

    refused = browser.post(f"{STEP}{assignment.pk}/", TYPED)

    assert refused.status_code == 409
    assert COMMENT in refused.content.decode()
    assert Assignment.objects.get(pk=assignment.pk).stage != Stage.GIVEN


def test_received_reviews_show_after_the_own_ones_without_the_reviewers_names(browser, round, enrolment, own_work):
    reviews = [give(one) for one in own_work.assignments.all()]
    names = [one.assignment.share.enrolment.person.name for one in reviews]

    locked = browser.get(f"{STEP}received/").content.decode()
    give_all(round, enrolment)
    work_out(round)
    page = browser.get(f"{STEP}received/").content.decode()

    assert (COMMENT in locked, COMMENT in page) == (False, True)
    assert not [name for name in names if name in page]
    assert "review-band" in page


def test_one_review_alone_is_shown_in_its_own_marks_without_a_range(browser, round, enrolment, own_work):
    give(own_work.assignments.first())
    give_all(round, enrolment)
    work_out(round)

    page = browser.get(f"{STEP}received/").content.decode()

    assert "review-band" not in page
    assert "<strong>3.0</strong> / 3" in page
    assert "<strong>3</strong> / 3" in page


def test_an_author_rates_answers_and_asks_for_re_evaluation(browser, round, enrolment, own_work):
    review = give(own_work.assignments.first())
    give_all(round, enrolment)

    browser.post(f"{STEP}received/{review.pk}/rate/", {"rating": "4"})
    browser.post(f"{STEP}received/{review.pk}/rate/", {"rating": "9"})
    browser.post(f"{STEP}received/{review.pk}/answer/", {f"review-{review.pk}-text": "参考になりました。"})
    browser.post(f"{STEP}appeal/", {"reason": "観点「効果」をもう一度見てください。"})

    reception = Reception.objects.get()
    assert (reception.rating, reception.answer) == (4, "参考になりました。")
    assert Appeal.objects.get().work == own_work


def test_what_is_too_short_to_send_stays_in_the_page_with_a_reason(browser, round, enrolment, own_work):
    review = give(own_work.assignments.first())
    give_all(round, enrolment)

    asked = browser.post(f"{STEP}appeal/", {"reason": "評価Aの効果"})
    answered = browser.post(f"{STEP}received/{review.pk}/answer/", {f"review-{review.pk}-text": "あ" * 2_001})

    assert (asked.status_code, answered.status_code) == (422, 422)
    assert "評価Aの効果</textarea>" in asked.text
    assert "もう少し詳しく書いてください（10文字以上）" in asked.text
    assert f'hx-get="{STEP}received/"' in asked.text
    assert "あ" * 2_001 in answered.text
    assert not Appeal.objects.exists()
    assert not Reception.objects.exists()


def test_where_no_review_counts_any_more_none_is_said_to_be_worked_out(browser, round, enrolment, own_work):
    review = give(own_work.assignments.first())
    give_all(round, enrolment)
    awaited = browser.get(f"{STEP}received/").text
    Review.objects.filter(pk=review.pk).update(set_aside_at=timezone.now())
    work_out(round)

    alone = browser.get(f"{STEP}received/").text

    assert ("1分ほど" in awaited, "1分ほど" in alone) == (True, False)
    assert "まとめは表示されません" in alone


def test_a_new_assignment_is_told_on_the_reviewers_own_stream(browser, round, enrolment):
    page = browser.get(STEP).content.decode()
    fragment = browser.get(STEP, headers={"HX-Request": "true"}).content.decode()

    assert f'data-live-stream="enrolment:{enrolment.pk}"' in page
    assert 'hx-trigger="live:reviews from:body"' in page
    assert ("<html" in fragment, 'id="reviews-todo"' in fragment) == (False, True)


# --- Who may not ---


def test_reviews_are_the_reviewers_alone(round, assignment, mate, outsider, facilitator, mentor, organiser, enrolment):
    practise_all(round, enrolment)
    address = f"{STEP}{assignment.pk}/"

    for person in (mate, outsider, facilitator, mentor, organiser):
        browser = signed_in(person)
        assert [browser.get(address).status_code, browser.post(address, TYPED).status_code] == [404, 404]
        assert browser.post(f"{address}draft/", TYPED).status_code == 404
        assert browser.post(f"{address}decline/", {"reason": "known"}).status_code == 404
    assert Client().get(address).status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).stage == Stage.ASSIGNED


def test_what_one_received_is_the_authors_alone(round, enrolment, own_work, outsider, mate, mate_enrolment):
    review = give(own_work.assignments.first())
    give_all(round, mate_enrolment)

    assert signed_in(outsider).get(f"{STEP}received/").status_code == 404
    for part, sent in (("rate", {"rating": "1"}), ("answer", {f"review-{review.pk}-text": "…"})):
        assert signed_in(mate).post(f"{STEP}received/{review.pk}/{part}/", sent).status_code == 404
    assert COMMENT not in signed_in(mate).get(f"{STEP}received/").content.decode()
    assert not Reception.objects.exists()


def test_only_the_assigned_read_a_work_and_nobody_after_it_went_to_somebody_else(round, assignment, learner, outsider):
    deliverable = Deliverable.objects.with_step().with_owner().get(pk=assignment.deliverable_id)
    not_hers = Deliverable.objects.exclude(
        pk__in=Assignment.objects.values("deliverable").filter(share=assignment.share)
    )

    assert (may_read(learner, deliverable), may_read(outsider, deliverable)) == (True, False)
    for one in not_hers.with_step().with_owner().exclude(enrolment__person=learner):
        assert not may_read(learner, one)
    Assignment.objects.filter(pk=assignment.pk).update(stage=Stage.ENDED)
    assert not may_read(learner, deliverable)


def test_the_desk_is_the_organisers_alone(round, learner, outsider, facilitator, mentor, own_work):
    for person in (learner, outsider, facilitator, mentor):
        browser = signed_in(person)
        pages = [f"{DESK}{round.pk}/", f"{DESK}{round.pk}/rebalance/", DESK]
        assert [browser.get(page).status_code for page in pages] == [404, 404, 404]
        assert browser.post(f"{DESK}{round.pk}/rebalance/").status_code == 404
    for person in (learner, outsider, facilitator):
        assert signed_in(person).get(f"{DESK}works/{own_work.pk}/").status_code == 404
        assert signed_in(person).get(f"{DESK}appeals/").status_code == 404


def test_a_mentor_decides_unless_she_works_where_the_author_works(round, enrolment, own_work, mentor):
    give(own_work.assignments.first())
    give_all(round, enrolment)
    actions.appeal(work=own_work, reason="評価をもう一度見てください。", by=enrolment)
    browser, address = signed_in(mentor), f"{DESK}works/{own_work.pk}/"

    for person, organisation in ((mentor, "みどり商事"), (enrolment.person, "みどり商事")):
        Profile.objects.update_or_create(person=person, defaults={"organisation": organisation})
    assert browser.get(address).status_code == 404
    assert browser.get(f"{DESK}appeals/").status_code == 200

    Profile.objects.filter(person=mentor).update(organisation="別の会社")
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"answer": "よく読みましたが、評価は妥当です。"}).status_code == 302
    assert Appeal.objects.get().decided_by == mentor


def test_requests_are_listed_with_those_that_wait_first_and_downloaded(round, enrolment, own_work, mentor, organiser):
    give(own_work.assignments.first())
    give_all(round, enrolment)
    actions.appeal(work=own_work, reason="評価をもう一度見てください。", by=enrolment)
    other = round.works.exclude(pk=own_work.pk).first()
    Appeal.objects.create(work=other, reason="-", outcome="kept", decided_at=timezone.now() - timedelta(days=1))

    def rows(reader, query=""):
        page = signed_in(reader).get(f"{DESK}appeals/?{query}&export=csv").content.decode("utf-8-sig")
        return [(line.split(",")[0], line.split(",")[3]) for line in page.splitlines()[1:]]

    waiting, decided = (own_work.owner_name, "回答待ち"), (other.owner_name, "評価は変わりません")
    assert rows(organiser) == [waiting, decided]
    assert rows(organiser, "state=waiting") == [waiting]
    assert rows(organiser, "state=kept") == [decided]

    for person in (mentor, enrolment.person):
        Profile.objects.update_or_create(person=person, defaults={"organisation": "みどり商事"})
    assert rows(mentor, "state=waiting") == [("利益相反あり", "回答待ち")]


def test_an_organiser_sees_both_names_and_the_log_keeps_it(
    round, organiser, own_work, enrolment, django_assert_max_num_queries
):
    review = give(own_work.assignments.first())
    browser = signed_in(organiser)

    page = browser.get(f"{DESK}works/{own_work.pk}/").content.decode()
    browser.get(f"{DESK}works/{own_work.pk}/")
    with django_assert_max_num_queries(40):
        overview = browser.get(f"{DESK}{round.pk}/").content.decode()

    assert review.assignment.share.enrolment.person.name in page
    assert AuditEntry.objects.filter(action="reviews.names_seen", actor=organiser).count() == 1
    assert enrolment.person.name in overview


def test_the_list_narrows_down_sorts_and_downloads(round, organiser, own_work):
    give(own_work.assignments.first())
    # However little one review says: it differs from no other.
    estimate = {"value": 0.5, "low": 0.1, "high": 0.9, "mean": 0.5, "count": 1}
    Work.objects.filter(pk=own_work.pk).update(result={"overall": estimate, "criteria": {}})
    browser = signed_in(organiser)

    starved = browser.get(f"{DESK}{round.pk}/", {"only": "starved"})
    wide = browser.get(f"{DESK}{round.pk}/", {"only": "wide"})
    file = browser.get(f"{DESK}{round.pk}/", {"export": "csv"})

    assert (starved.context["listing"].total, wide.context["listing"].total) == (4, 0)
    assert starved.context["figures"].wide == 0
    assert (file.status_code, file["Content-Type"].startswith("text/csv")) == (200, True)


def test_the_organiser_rebalances_takes_back_and_lets_off(round, organiser, enrolment, assignment):
    browser = signed_in(organiser)

    assert browser.get(f"{DESK}{round.pk}/rebalance/").status_code == 200
    assert browser.post(f"{DESK}{round.pk}/rebalance/").status_code == 302
    assert browser.post(f"{DESK}assignments/{assignment.pk}/take-back/").status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).stage == Stage.ENDED
    address = f"{DESK}{round.pk}/excuse/{enrolment.pk}/"
    browser.post(address, {"reason": ""})
    assert not round.shares.get(enrolment=enrolment).excused_at
    browser.post(address, {"reason": "入院のため"})
    assert round.shares.get(enrolment=enrolment).excused_at
    assert browser.get(f"/cohorts/spring/desk/people/{enrolment.pk}/").status_code == 200


def test_a_mentor_reads_what_the_peers_say_beside_the_work(mentor, round, authors, own_work):
    for one in authors:
        give_all(round, one)
    work_out(round)
    own_work.refresh_from_db()

    actions.appeal(work=own_work, reason="評価をもう一度見てください。", by=own_work.enrolment)

    page = signed_in(mentor).get(f"/cohorts/spring/mentoring/{own_work.deliverable_id}/")

    assert page.status_code == 200
    assert "提出者が再評価を依頼しています" in page.text
    peers = page.context["peers"]
    assert (peers.count, peers.value) == (3, own_work.result["overall"]["value"])
    assert peers == peers_in([round.judged])[round.judged_id, owner_of(None, own_work.enrolment_id)]
