"""Background jobs of submissions: each fetches by id and calls one function."""

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campus import live
from campus.cases.models import Step
from campus.submissions import advice, grading, readable, runner
from campus.submissions.noise import defer_noise, owing_steps, work_out
from campus.submissions.standings import refresh_standings


@app.task(name="submissions.grade", queue="grading")
def grade(grading_id: int) -> None:
    """Run one attempt at a grading row."""
    # A worker lives for weeks: it must not use a connection that the database closed meanwhile.
    close_old_connections()
    grading.attempt(grading_id)


@app.task(name="submissions.run", queue="runs")
def run(grading_id: int) -> None:
    """Run one attempt at a model or a program; without a runner the row waits, and the sweeper comes back to it."""
    close_old_connections()
    if runner.is_ready():
        grading.attempt(grading_id)


@app.task(name="submissions.advise", queue="runs", retry=RetryStrategy(max_attempts=5, wait=30))
def advise(grading_id: int) -> None:
    """Look for hints on a scored model or program; without a runner, some time later."""
    close_old_connections()
    advice.advise(grading_id)


@app.task(name="submissions.places", queue="grading")
def places(step_id: int) -> None:
    """Work out all places of a step anew."""
    close_old_connections()
    refresh_standings(Step.objects.with_case().get(pk=step_id))


@app.task(name="submissions.noise", queue="grading")
def noise(step_id: int) -> None:
    """Work out how much of a board is luck."""
    close_old_connections()
    work_out(Step.objects.with_case().get(pk=step_id))


def defer_places(step: Step) -> None:
    """Have the places of the step worked out anew once the caller's transaction is committed."""
    places.configure(priority=1).defer(step_id=step.pk)


@app.task(name="submissions.render", queue="grading")
def render(submission_id: int) -> None:
    """Make what is shown of a notebook."""
    close_old_connections()
    readable.render(submission_id)


@live.every(seconds=5)
def sweep() -> None:
    """Registered in every worker and live process; only one of them sweeps at a time."""
    grading.sweep()


@live.every(seconds=60)
def look_for_noise_owed() -> None:
    """What a lost job, a rescoring or a moved deadline has left behind."""
    for step in owing_steps():
        defer_noise(step)


@live.every(seconds=60)
def look_for_advice_owed() -> None:
    """What a lost job has left without hints."""
    advice.look_for_advice_owed()


@live.every(seconds=5)
def feel_the_runners_pulse() -> None:
    """Registered like the sweep; where the runner's socket is out of reach, nothing happens."""
    runner.feel_pulse()
