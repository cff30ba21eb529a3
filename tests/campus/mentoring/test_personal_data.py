"""What mentoring holds of a person, and what stays when she leaves."""

import pytest

from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.mentoring import actions
from campus.mentoring.actions import Judgement
from campus.mentoring.models import AnswerDraft, Comment, MentorReview, Phrase
from campus.people.personal_data import holdings

pytestmark = pytest.mark.django_db


def test_drafts_and_phrases_go_but_what_was_released_stays(work: Deliverable, as_mentor: Enrolment) -> None:
    mentor = as_mentor.person
    actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="数字の出典は？")
    actions.keep_phrase(cohort=as_mentor.cohort, text="決まり文句", owner=mentor, actor=mentor)
    held = {
        name: list(holdings[name].rows(mentor))
        for name in ("mentor_reviews", "mentoring_comments", "mentoring_phrases")
    }
    assert [len(rows) for rows in held.values()] == [1, 1, 1]
    assert held["mentoring_comments"][0]["text"] == "数字の出典は？"
    actions.release(deliverable=work, mentor=as_mentor, judgement=Judgement(advice="よい提案です。"))
    for name in held:
        holdings[name].erase(mentor)
    assert (MentorReview.objects.count(), Comment.objects.count(), Phrase.objects.count()) == (1, 1, 0)


def test_an_answer_that_was_not_sent_is_in_the_copy_and_goes(work: Deliverable, as_mentor: Enrolment) -> None:
    thread = actions.comment(deliverable=work, mentor=as_mentor, anchor="p-1", text="数字の出典は？")
    actions.keep_answers(texts={thread: "社内の"}, author=work.enrolment.person)
    held = holdings["mentoring_comments"]
    assert [row["text"] for row in held.rows(work.enrolment.person)] == ["社内の"]
    held.erase(work.enrolment.person)
    assert not AnswerDraft.objects.exists()
