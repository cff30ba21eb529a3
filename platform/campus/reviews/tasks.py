"""What has to happen by itself: giving reviews out, reminding, working results out."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus import live
from campus.cases.models import Step
from campus.deliverables.models import Deliverable
from campus.reviews import assigning, reminding, results
from campus.reviews.models import ReviewRound
from campus.reviews.rounds import round_of, running_rounds

# Before gradings: somebody has just handed in and looks at the page.
PRIORITY = 5


@app.task(name="reviews.assign", queue="grading")
def assign(step_id: int) -> None:
    """Give out what there is to give out in the round of a review step."""
    close_old_connections()
    if found := round_of(Step.objects.with_case().get(pk=step_id)):
        assigning.assign(found)


@app.task(name="reviews.admit", queue="grading")
def admit(step_id: int, deliverable_id: int) -> None:
    """Find reviewers for one hand-in."""
    close_old_connections()
    if found := round_of(Step.objects.with_case().get(pk=step_id)):
        assigning.admit(found, Deliverable.objects.get(pk=deliverable_id))


def defer_assigning(round: ReviewRound) -> None:
    """Have reviews given out once the caller's transaction is committed."""
    assign.configure(priority=PRIORITY).defer(step_id=round.step_id)


def defer_admitting(round: ReviewRound, deliverable: Deliverable) -> None:
    """Have reviewers found for the hand-in once the caller's transaction is committed."""
    admit.configure(priority=PRIORITY).defer(step_id=round.step_id, deliverable_id=deliverable.pk)


@live.every(seconds=30)
def give_out() -> None:
    """Whatever no job was queued for: a step that opened, what nobody began in time, people who came back."""
    for found in running_rounds():
        assigning.assign(found)


@live.every(seconds=30)
def work_out_results() -> None:
    """After new reviews, for the whole round at once: each mark says something about the others too."""
    for found in ReviewRound.objects.filter(has_news=True):
        results.work_out(whole_round(found))


def whole_round(found: ReviewRound) -> ReviewRound:
    """The round with its steps, which know their case and cohort."""
    return round_of(Step.objects.with_case().get(pk=found.step_id)) or found


@live.every(seconds=300)
def remind() -> None:
    for found in running_rounds():
        reminding.remind(found)
