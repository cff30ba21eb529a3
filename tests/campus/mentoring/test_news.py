"""What an open page of a mentor hears, and the line that says so while nothing else moves."""

from collections.abc import Iterator

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.live.models import Hint
from campus.mentoring import actions
from campus.mentoring.actions import Judgement
from campus.mentoring.models import Comment, MentorReview
from campus.mentoring.streams import can_follow_queue
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import TeamKind
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.deliverables.files import handed_in

pytestmark = pytest.mark.django_db
NEWS = "/cohorts/spring/desk/mentoring/news/"
TYPED = Judgement(advice="筋の通った提案です。")


def hints() -> set[tuple[str, str]]:
    """What was said since the last time."""
    said = set(Hint.objects.filter(kind__in=["queue", "mentoring"]).values_list("key", "kind"))
    Hint.objects.all().delete()
    return said


@pytest.fixture
def of_others(proposal: Step, cohort: Cohort) -> Iterator[Deliverable]:
    """Further works, each a team's, as they come."""

    def come() -> Iterator[Deliverable]:
        for number in range(2, 9):
            member = enrol(make_person(f"L{number}"), cohort)
            form_team(cohort=cohort, kind=TeamKind.PROJECT, name=f"Team {number}", members=[member], actor=None)
            yield handed_in(proposal, member)

    return come()


def test_what_moves_the_queue_is_said_to_it(
    work: Deliverable, as_mentor: Enrolment, other_mentor: Enrolment, organiser: Person, enrolment: Enrolment
) -> None:
    queue = {(f"mentoring:{as_mentor.cohort_id}", "queue")}
    assert hints() == queue  # Handed in.
    review = actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert hints() == queue
    actions.save_review(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert hints() == set()
    actions.give_back(review=review, actor=as_mentor.person)
    assert hints() == queue
    conflict, _ = actions.declare_conflict(mentor=other_mentor, team=None, enrolment=enrolment, actor=organiser)
    assert hints() == queue
    actions.end_conflict(conflict=conflict, actor=organiser)
    assert hints() == queue
    actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    assert hints() == queue


def test_an_answer_is_said_to_its_mentor_alone(work: Deliverable, as_mentor: Enrolment, learner: Person) -> None:
    thread = actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="出典は？")
    hints()
    actions.answer(thread=thread, text="社内の資料です。", author=learner)
    assert hints() == {(f"enrolment:{as_mentor.pk}", "mentoring")}


def test_only_who_sees_the_queue_may_follow_it(
    cohort: Cohort, mentor: Person, organiser: Person, learner: Person, facilitator: Person, foreign_mentor: Person
) -> None:
    people = (mentor, organiser, learner, facilitator, foreign_mentor)
    assert [can_follow_queue(one, cohort.pk) for one in people] == [True, True, False, False, False]
    assert not can_follow_queue(mentor, 0)


def test_the_queue_says_how_much_is_new_and_gone_and_stays_as_it_is(
    work: Deliverable, of_others: Iterator[Deliverable], as_mentor: Enrolment, other_mentor: Enrolment
) -> None:
    taken = next(of_others)
    browser = signed_in(as_mentor.person)
    seen = browser.get("/cohorts/spring/desk/mentoring/").context["seen"]
    assert "新しい提出物" not in browser.get(f"{NEWS}?{seen.query}").text
    next(of_others)
    next(of_others)
    actions.save_review(deliverable=taken, mentor=other_mentor, judgement=TYPED)
    text = browser.get(f"{NEWS}?{seen.query}").text
    assert "新しい提出物が2件あります" in text
    assert "1件が講評待ちから外れました" in text
    assert "最新の内容を表示する" in text
    assert browser.get(f"{NEWS}?newest=x&works=-1").status_code == 200


def test_the_page_of_a_work_says_answers_and_a_newer_version(
    work: Deliverable, proposal: Step, as_mentor: Enrolment, mate_enrolment: Enrolment, learner: Person
) -> None:
    actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="出典は？")
    actions.release(deliverable=work, mentor=as_mentor, judgement=TYPED)
    browser, page = signed_in(as_mentor.person), f"/cohorts/spring/mentoring/{work.pk}/"
    news = f"{page}news/?{browser.get(page).context['seen'].query}"
    assert "<span>" not in browser.get(news).text
    actions.answer(thread=Comment.objects.get(), text="社内の資料です。", author=learner)
    handed_in(proposal, mate_enrolment)
    text = browser.get(news).text
    assert "コメントへの返信が1件あります" in text
    assert "新しい版が提出されました" in text


def test_news_are_for_those_who_see_the_page(
    work: Deliverable, learner: Person, facilitator: Person, foreign_mentor: Person, cohort: Cohort
) -> None:
    people = [learner, facilitator, foreign_mentor, enrol(make_person("Saburo"), cohort, Role.ALUMNI).person]
    for address in (NEWS, f"/cohorts/spring/mentoring/{work.pk}/news/"):
        assert [signed_in(one).get(address).status_code for one in people] == [404] * 4
    assert not MentorReview.objects.exists()
