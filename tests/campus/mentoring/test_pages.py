"""Pages of mentors, owners and organisers, and to whom they don't exist."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable
from campus.mentoring import actions
from campus.mentoring.actions import Judgement
from campus.mentoring.forms import AnswerForm
from campus.mentoring.models import AnswerDraft, Comment, Conflict, MentorReview, Phrase
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import Team, TeamKind
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.deliverables.files import handed_in
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db
COHORT = "/cohorts/spring/"
QUEUE, OVERVIEW = f"{COHORT}desk/mentoring/", f"{COHORT}desk/mentoring/overview/"
ALL_REVIEWS = f"{OVERVIEW}reviews/"
LIMITS, CONFLICTS = f"{COHORT}desk/mentoring/overview/limits/", f"{COHORT}desk/mentoring/overview/conflicts/"
PHRASES = f"{COHORT}mentoring/phrases/"
ADVICE = "筋の通った提案です。次は数字の根拠を加えてください。"


@pytest.fixture
def page(work: Deliverable) -> str:
    return f"{COHORT}mentoring/{work.pk}/"


@pytest.fixture
def released(work: Deliverable, as_mentor: Enrolment) -> MentorReview:
    """The mentor's review with a comment at the first paragraph, released."""
    actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="数字の出典は？")
    return actions.release(deliverable=work, mentor=as_mentor, judgement=Judgement({"impact": 3}, {}, ADVICE))


def filled(client: Client, page: str, **fields: object) -> dict[str, object]:
    """The form of the page with the best level everywhere."""
    form = client.get(page).context["form"]
    marks = {f"mark-{one.key}": one.most for one in form.rubric}
    return {**marks, "advice": ADVICE, "anchor": "", "text": "", **fields}


# --- Who may not ---


def test_only_mentors_and_organisers_find_the_queue(
    learner: Person, facilitator: Person, outsider: Person, foreign_mentor: Person, mentor: Person, client: Client
) -> None:
    for address in (QUEUE, PHRASES):
        people = (learner, facilitator, outsider, foreign_mentor)
        assert [signed_in(one).get(address).status_code for one in people] == [404] * 4
        assert client.get(address)["Location"].startswith("/accounts/login/")
        assert signed_in(mentor).get(address).status_code == 200


@pytest.mark.parametrize("address", [OVERVIEW, ALL_REVIEWS, LIMITS, CONFLICTS])
def test_only_organisers_oversee(address: str, learner: Person, mentor: Person, organiser: Person) -> None:
    assert [signed_in(one).get(address).status_code for one in (learner, mentor)] == [404, 404]
    assert signed_in(organiser).get(address).status_code == 200


def test_only_a_mentor_of_the_cohort_without_conflict_judges(
    page: str,
    work: Deliverable,
    as_mentor: Enrolment,
    team: Team,
    learner: Person,
    facilitator: Person,
    organiser: Person,
    foreign_mentor: Person,
    client: Client,
) -> None:
    people = (learner, facilitator, organiser, foreign_mentor)
    assert [signed_in(one).get(page).status_code for one in people] == [404] * 4
    assert client.get(page)["Location"].startswith("/accounts/login/")
    browser = signed_in(as_mentor.person)
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}conflict/")["Location"] == QUEUE
    assert Conflict.objects.get().team == team
    addresses = (page, work.address, f"{work.address}files/1/", f"{work.address}files/1/part/")
    assert [browser.get(one).status_code for one in addresses] == [404] * 4
    assert [browser.post(one).status_code for one in (page, f"{page}give-back/")] == [404, 404]


def test_what_was_not_released_nobody_reads_and_afterwards_the_team_alone(
    work: Deliverable, as_mentor: Enrolment, learner: Person, mate: Person, cohort: Cohort, outsider: Person
) -> None:
    actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="数字の出典は？")
    address = f"{COHORT}feedback/{work.pk}/"
    assert "数字の出典は？" not in signed_in(learner).get(address).text
    thread = Comment.objects.get()
    said = {"do": f"answer-{thread.pk}", f"thread-{thread.pk}-text": "社内資料です。"}
    assert signed_in(learner).post(address, said).status_code == 404
    actions.release(deliverable=work, mentor=as_mentor, judgement=Judgement(advice=ADVICE))
    stranger = make_person("Betsu")
    enrol(stranger, cohort)
    for one in (learner, mate):
        assert "数字の出典は？" in signed_in(one).get(address).text
    for one in (stranger, outsider):
        assert signed_in(one).get(address).status_code == 404
        assert signed_in(one).post(address, said).status_code == 404
        assert signed_in(one).post(address, {"do": f"settle-{thread.pk}"}).status_code == 404
    thread.refresh_from_db()
    assert (thread.answers.count(), thread.drafts.count(), thread.resolved_at) == (0, 0, None)


def test_nobody_answers_a_comment_on_another_work(
    released: MentorReview, proposal: Step, cohort: Cohort, mentor: Person
) -> None:
    other = enrol(make_person("Betsu"), cohort)
    form_team(cohort=cohort, kind=TeamKind.PROJECT, name="T9", members=[other], actor=None)
    own, thread = handed_in(proposal, other), Comment.objects.get()
    actions.save_review(deliverable=own, mentor=released.mentor, judgement=Judgement())
    said = {f"thread-{thread.pk}-text": "横から失礼します。"}
    for person, address in ((other.person, f"{COHORT}feedback/{own.pk}/"), (mentor, f"{COHORT}mentoring/{own.pk}/")):
        for what in ("answer", "settle"):
            assert signed_in(person).post(address, {**said, "do": f"{what}-{thread.pk}"}).status_code == 404
    thread.refresh_from_db()
    assert (thread.answers.count(), thread.drafts.count(), thread.resolved_at) == (0, 0, None)


# --- Mentors ---


def test_the_queue_says_why_and_leads_to_the_first_work(mentor: Person, work: Deliverable, page: str) -> None:
    text = signed_in(mentor).get(QUEUE).text
    assert "Team 1" in text
    assert "まだ誰からもメンター講評を受けていません" in text
    assert f'href="{page}"' in text


def test_a_draft_is_kept_as_typed_by_every_button(mentor: Person, page: str) -> None:
    browser = signed_in(mentor)
    browser.post(page, {"advice": "短い", "do": "save"})
    assert MentorReview.objects.get().advice == "短い"
    answer = browser.post(page, {"advice": "途中まで書いた", "text": "出典は？", "anchor": "p-2", "do": "comment"})
    comment = Comment.objects.get()
    assert answer["Location"] == f"{page}#thread-{comment.pk}"
    assert (comment.anchor, comment.text, comment.review.advice) == ("p-2", "出典は？", "途中まで書いた")
    saved = browser.post(page, {"advice": "自動保存"}, headers={"HX-Request": "true"})
    assert "下書きを保存しました" in saved.text
    assert MentorReview.objects.get().advice == "自動保存"


def test_a_comment_that_was_typed_and_not_added_stays_and_holds_up_the_release(mentor: Person, page: str) -> None:
    browser = signed_in(mentor)
    typed = {"text": "出典は？", "anchor": "p-2"}
    assert browser.post(page, {**typed, "do": "save"})["Location"] == page
    kept = browser.get(page).context["remark"]
    assert (kept["text"].value(), kept["anchor"].value()) == ("出典は？", "p-2")
    refused = browser.post(page, filled(browser, page, do="release", **typed), follow=True)
    assert refused.redirect_chain == [(f"{page}?check=1", 302)]
    assert "入力したコメントがまだ追加されていません" in refused.text
    browser.post(page, filled(browser, page, do="comment", **typed))
    browser.post(page, filled(browser, page, do="release"))
    review = MentorReview.objects.get()
    assert (review.is_released, review.remark, review.threads.get().text) == (True, "", "出典は？")
    browser.post(page, {"text": "もう一点", "anchor": "p-99x"}, headers={"HX-Request": "true"})
    review.refresh_from_db()
    assert (review.remark, review.remark_at, review.marks) == ("もう一点", "", {"impact": 3})


def test_a_place_that_is_none_is_refused_and_the_comment_not_lost(mentor: Person, page: str) -> None:
    answer = signed_in(mentor).post(page, {"text": "どこ？", "anchor": "javascript:x", "do": "comment"})
    assert list(answer.context["remark"].errors) == ["anchor"]
    assert "どこ？" in answer.text
    assert not Comment.objects.exists()


def test_an_empty_comment_is_refused_without_asking_for_marks(mentor: Person, page: str) -> None:
    refused = signed_in(mentor).post(page, {"do": "comment", "anchor": "p-1", "text": "", "advice": ADVICE})

    assert refused.context["remark"].errors
    assert not refused.context["form"].errors
    assert ADVICE in refused.content.decode()


def test_mentors_read_what_they_released(mentor: Person, page: str, released: MentorReview) -> None:
    shown = signed_in(mentor).get(page)

    assert released.advice in shown.content.decode()
    assert [(one["criterion"].key, one["level"].points) for one in shown.context["marks"]] == list(
        released.marks.items()
    )


def test_a_review_is_released_only_when_it_is_complete(mentor: Person, page: str, learner: Person) -> None:
    browser = signed_in(mentor)
    answer = browser.post(page, {"advice": ADVICE, "do": "release"}, follow=True)
    assert answer.redirect_chain == [(f"{page}?check=1", 302)]
    assert "まだ公開していません" in answer.text
    assert MentorReview.objects.get().released_at is None
    assert browser.post(page, filled(browser, page, do="release"))["Location"] == page
    review = MentorReview.objects.get()
    assert review.is_released
    assert list(review.marks) == ["impact"]
    assert "公開済み" in browser.get(page).text
    browser.post(page, filled(browser, page, do="save", advice="あとから変更"))
    assert MentorReview.objects.get().advice == ADVICE
    browser.post(page, {"text": "追記です。", "anchor": "", "do": "comment"})
    assert "追記です。" in signed_in(learner).get(f"{COHORT}feedback/{review.deliverable_id}/").text


def test_the_owners_scores_and_their_team_are_at_hand(
    page: str, work: Deliverable, mentor: Person, learner: Person, open_step: Step, enrolment: Enrolment
) -> None:
    browser, address = signed_in(mentor), f"{page}scores/"
    assert "まだありません" in browser.get(address).text
    graded(open_step, enrolment)
    scores = browser.get(address).text
    assert open_step.title in scores
    assert "暫定スコア" in scores
    assert f"{COHORT}teams/{work.team_id}/contribution/" in browser.get(page).text
    assert signed_in(learner).get(address).status_code == 404


def test_a_review_with_versions_comments_and_a_full_queue_asks_the_database_little(
    released: MentorReview,
    proposal: Step,
    enrolment: Enrolment,
    mentor: Person,
    cohort: Cohort,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(6):
        member = enrol(make_person(f"L{number}"), cohort)
        form_team(cohort=cohort, kind=TeamKind.PROJECT, name=f"T{number}", members=[member], actor=None)
        handed_in(proposal, member)
    second = handed_in(proposal, enrolment, text="課題は廃棄です。\n\n解決策は毎朝の予測です。")
    as_mentor = released.mentor
    thread = actions.comment(deliverable=second, mentor=as_mentor, anchor="p-1", text="前の版との違いは？")
    actions.answer(thread=thread, text="毎朝にしました。", author=enrolment.person)
    client = signed_in(mentor)
    for work in (released.deliverable, second):
        with django_assert_max_num_queries(30):
            assert client.get(f"{COHORT}mentoring/{work.pk}/").status_code == 200


def test_at_the_cap_the_page_says_what_to_do_and_keeps_what_was_typed(
    mentor: Person, page: str, as_mentor: Enrolment, other_mentor: Enrolment, work: Deliverable
) -> None:
    actions.take(deliverable=work, mentor=other_mentor)
    answer = signed_in(mentor).post(page, {"advice": ADVICE, "do": "save"})
    assert "ほかのメンターが講評しています" in answer.text
    assert ADVICE in answer.text
    assert not answer.context["form"].errors  # Nobody asked yet what a release lacks.


def test_mentors_keep_phrases_of_their_own_beside_the_cohorts(
    mentor: Person, organiser: Person, other_mentor: Enrolment, page: str
) -> None:
    signed_in(organiser).post(PHRASES, {"text": "根拠となる数字を示してください。"})
    signed_in(mentor).post(PHRASES, {"text": "私の決まり文句です。"})
    own, shared = Phrase.objects.get(owner=mentor), Phrase.objects.get(owner=None)
    assert "私の決まり文句です。" in signed_in(mentor).get(page).text
    text = signed_in(other_mentor.person).get(PHRASES).text
    assert "根拠となる数字" in text
    assert "私の決まり文句" not in text
    remove = f"{COHORT}mentoring/phrases/%s/remove/"
    assert signed_in(mentor).post(remove % shared.pk).status_code == 404
    assert signed_in(other_mentor.person).post(remove % own.pk).status_code == 404
    assert signed_in(mentor).post(remove % own.pk).status_code == 302
    assert signed_in(organiser).post(remove % shared.pk).status_code == 302
    assert not Phrase.objects.exists()


# --- Owners ---


def test_owners_read_marks_and_comments_beside_their_work_and_answer(
    learner: Person, mentor: Person, released: MentorReview, work: Deliverable, page: str
) -> None:
    browser = signed_in(learner)
    address = f"{COHORT}feedback/{work.pk}/"
    assert f'href="{address}"' in browser.get(work.address).text
    text = browser.get(address).text
    assert ADVICE in text
    assert 'href="#p-1"' in text
    thread = Comment.objects.get()
    field = f"thread-{thread.pk}-text"
    browser.post(address, {"do": f"answer-{thread.pk}", field: "社内の資料です。"})
    assert "社内の資料です。" in signed_in(mentor).get(page).text
    browser.post(address, {"do": f"settle-{thread.pk}"})
    assert "解決済み" in browser.get(address).text
    empty = browser.post(address, {"do": f"answer-{thread.pk}", field: " "})
    assert list(form_below(empty, thread).errors) == ["text"]
    browser.post(address, {"do": f"reopen-{thread.pk}"})
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.answers.count()) == (None, 1)


def form_below(page: Any, thread: Comment) -> AnswerForm:
    """The form of an answer to the thread, on the page of either side."""
    threads = page.context.get("threads") or [pair for _one, _marks, some in page.context["reviews"] for pair in some]
    return next(form for one, form in threads if one == thread)


def test_an_answer_that_was_typed_and_not_sent_is_kept_by_every_button_for_who_typed_it(
    learner: Person, mate: Person, mentor: Person, released: MentorReview, work: Deliverable, page: str
) -> None:
    first = Comment.objects.get()
    second = actions.comment(deliverable=work, mentor=released.mentor, anchor="p-2", text="もう一点")
    address = f"{COHORT}feedback/{work.pk}/"
    typed = {f"thread-{one.pk}-text": f"{one.pk}への返信" for one in (first, second)}

    words = list(typed.values())

    def kept(browser: Client, where: str) -> list[str]:
        shown = browser.get(where)
        return [form_below(shown, thread)["text"].value() for thread in (first, second)]

    for person, where in ((learner, address), (mentor, page)):
        browser = signed_in(person)
        for do in (f"settle-{first.pk}", f"reopen-{first.pk}", "save", "comment"):
            browser.post(where, {**typed, "do": do})
            assert list(AnswerDraft.objects.order_by("thread").values_list("text", flat=True)) == words
            AnswerDraft.objects.all().delete()
        saved = browser.post(where, typed, headers={"HX-Request": "true"})
        assert "下書きを保存しました" in saved.text
        assert kept(browser, where) == words
        browser.post(where, {**typed, "do": f"answer-{first.pk}"})
        # What was emptied is gone; what the page had no field for stays.
        browser.post(where, {f"thread-{first.pk}-text": "", "do": "save"})
        assert kept(browser, where) == ["", words[1]]
        browser.post(where, {f"thread-{second.pk}-text": " ", "do": "save"})
        assert not AnswerDraft.objects.exists()
    signed_in(learner).post(address, typed, headers={"HX-Request": "true"})
    assert kept(signed_in(mate), address) == kept(signed_in(mentor), page) == ["", ""]
    assert [one.text for one in first.answers.all()] == [words[0]] * 2


# --- Organisers ---


def test_organisers_see_loads_set_limits_and_record_conflicts(
    organiser: Person, as_mentor: Enrolment, released: MentorReview, enrolment: Enrolment, team: Team
) -> None:
    browser = signed_in(organiser)
    (mentor,) = browser.get(OVERVIEW, {"words": "megumi"}).context["listing"].page
    assert (mentor, mentor.begun, mentor.most, mentor.released) == (as_mentor, 0, 5, 1)
    assert not browser.get(OVERVIEW, {"words": "Minoru"}).context["listing"].total
    for narrowed, shown in (
        ({"mentor": "megumi", "state": "released", "step": released.deliverable.step_id}, [released]),
        ({"mentor": "Minoru"}, []),
        ({"state": "draft"}, []),
        ({"step": "0"}, [released]),
    ):
        assert [*browser.get(ALL_REVIEWS, narrowed).context["listing"].page] == shown
    form = browser.get(LIMITS).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {f"most-{as_mentor.pk}": 3}
    assert browser.post(LIMITS, sent)["Location"] == OVERVIEW
    wrong = browser.post(LIMITS, sent | {f"most-{as_mentor.pk}": 0})
    assert list(wrong.context["form"].errors) == [f"most-{as_mentor.pk}"]
    for nobody in ({"email": "nobody@example.org"}, {}, {"team": team.pk, "email": enrolment.person.email}):
        assert browser.post(CONFLICTS, {"mentor": as_mentor.pk, **nobody}).context["form"].errors
    browser.post(CONFLICTS, {"mentor": as_mentor.pk, "email": enrolment.person.email})
    conflict = Conflict.objects.get()
    assert (conflict.enrolment, conflict.declared_by) == (enrolment, organiser)
    names = [as_mentor.person.name, enrolment.person.name]
    for word, total in ((names[0], 1), (names[1], 1), ("Minoru", 0)):
        assert browser.get(CONFLICTS, {"words": word}).context["listing"].total == total
    end = f"{CONFLICTS}{conflict.pk}/end/"
    assert f'formaction="{end}"' in browser.get(CONFLICTS).text
    _header, line = browser.get(CONFLICTS, {"export": "csv"}).text.splitlines()
    assert line.split(",")[:3] == [*names, organiser.name]
    browser.post(end)
    assert not Conflict.objects.exists()
