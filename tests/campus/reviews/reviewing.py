"""What tests do as reviewers."""

from campus.cohorts.models import Enrolment
from campus.reviews import actions
from campus.reviews.models import Assignment, Review, ReviewRound

COMMENT = "金額の根拠が示されていて分かりやすいです。"
TYPED = {"mark-impact": "3", "comment-impact": COMMENT, "advice": "次は雨の日の数字も見たいです。", "do": "give"}


def practise_all(round: ReviewRound, enrolment: Enrolment) -> None:
    share = actions.join(round=round, enrolment=enrolment)
    for sample, points in (("plain", 1), ("rich", 3)):
        actions.practise(share=share, sample=sample, marks={"impact": points})


def written(points: int = 3) -> actions.Written:
    return actions.Written({"impact": points}, {"impact": COMMENT}, TYPED["advice"])


def give(assignment: Assignment, points: int = 3) -> Review:
    """Hand the review in, practised as it has to be."""
    practise_all(assignment.share.round, assignment.share.enrolment)
    return actions.give(assignment=assignment, written=written(points))


def give_all(round: ReviewRound, enrolment: Enrolment, points: int = 3) -> None:
    mine = Assignment.objects.with_all().open().filter(share__round=round, share__enrolment=enrolment)
    for one in mine:
        give(one, points)
