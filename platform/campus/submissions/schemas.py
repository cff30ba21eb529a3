"""How the API tells of submissions, scores, quota and the leaderboard."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from campus.cases.models import Step
from campus.cohorts.api import Text
from campus.problems import ProblemItem
from campus.submissions.advice import looks_at
from campus.submissions.board import Row, Values
from campus.submissions.history import score_of, text_of
from campus.submissions.models import Score, Source, Standing, Submission
from campus.submissions.noise import Mark
from campus.submissions.waiting import Wait, waits_of
from grader.contract import Kind, State
from grader.problems import Problem

ScoreValues = dict[str, float]


class FileOut(Schema):
    """A file as it was handed in."""

    name: str = Field(description="Name that it came with.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="SHA-256 of its content.")


class ScoresOut(Schema):
    """What the grader measured, by metric key, rounded as the case says."""

    public: ScoreValues | None = Field(default=None, description="Provisional score; null until scored.")
    private: ScoreValues | None = Field(
        default=None, description="Final score; null until the step has closed, and for late work."
    )


class QueueOut(Schema):
    """How long it still waits."""

    position: int = Field(description="Place in the queue; 1 is next.")
    expected_seconds: int = Field(description="Probable seconds until the score, measured on recent gradings.")


class SubmissionOut(Schema):
    """A submission and what became of it."""

    id: int = Field(description="Number of the submission on this site.")
    cohort: str = Field(description="Slug of the cohort.")
    case: str = Field(description="Slug of the case.")
    step: str = Field(description="Key of the step.")
    kind: Kind = Field(description="What was handed in.")
    state: State = Field(description="queued, running, scored, rejected, failed (our fault, not counted) or cancelled.")
    is_final: bool = Field(description="Whether nothing more will happen by itself: stop polling.")
    queue: QueueOut | None = Field(
        default=None, description="While it is queued: how long it still waits; null while the runner it needs is away."
    )
    created_at: datetime = Field(description="When it was handed in.")
    finished_at: datetime | None = Field(default=None, description="When the grading ended.")
    is_late: bool = Field(description="Handed in after the close: graded, without a place on the board.")
    is_picked: bool = Field(description="Chosen for the final score.")
    by: str = Field(description="Name of the person who handed it in.")
    team: str | None = Field(default=None, description="Name of the team it was handed in for.")
    source: Source = Field(description="By which way it came.")
    note: str = Field(description="The person's own note.")
    file: FileOut = Field(description="The file.")
    scores: ScoresOut = Field(description="Scores so far.")
    notices: list[ProblemItem] = Field(description="What was put right while reading.")
    problems: list[ProblemItem] = Field(description="Why it could not be scored.")
    hints: list[ProblemItem] | None = Field(
        description="Advice on the method of a scored model or program, found by one more run on public data; it costs "
        "nothing. Null while it is still looked for."
    )
    log: str = Field(description="What a program printed when it ran on the public sample.")
    is_deterministic: bool = Field(description="False where a second run of the same file gave other numbers.")
    versions: dict[str, str] = Field(description="Digests of everything that the score depends on; empty until scored.")


class QuotaOut(Schema):
    """Submissions of today; the day is the cohort's."""

    per_day: int = Field(description="Valid submissions a day.")
    used: int = Field(description="Used today.")
    left: int = Field(description="Left today.")
    resets_at: datetime = Field(description="When the next day begins.")


class BandOut(Schema):
    """Between which two values the ranking score would be on other data of the same kind, in about 95 % of cases."""

    low: float = Field(description="Lower end.")
    high: float = Field(description="Upper end.")


class BoardRow(Schema):
    """A place on the board."""

    place: int = Field(description="Place, counted from 1; equal results share one.")
    name: str = Field(description="Name or nickname of the person, or the team's name.")
    values: ScoreValues = Field(description="The best submission's scores of this split, rounded as the case says.")
    submissions: int = Field(description="Scored submissions so far.")
    handed_in_at: datetime = Field(description="When the best submission was handed in; the earlier wins a tie.")
    is_own: bool = Field(description="Whether it is the caller's, or the caller's team's.")
    band: BandOut | None = Field(
        default=None, description="How far luck of the data may carry the ranking score; null where it isn't known."
    )
    is_near_tie: bool = Field(description="Whether it can't be told apart from the place above: luck may decide.")


class BaselineRow(Schema):
    """A known answer to compare with; it takes no place."""

    label: Text = Field(description="What it is.")
    values: ScoreValues = Field(description="Its scores of this split.")


class Leaderboard(Schema):
    """A page of a step's board."""

    split: Literal["public", "private"] = Field(description="Provisional or final scores.")
    primary: str = Field(description="Key of the metric that ranks.")
    items: list[BoardRow] = Field(description="The places of this page, best first.")
    own: BoardRow | None = Field(
        default=None, description="The caller's place, on whatever page; null before the first score."
    )
    baselines: list[BaselineRow] = Field(description="Baselines, best first.")
    total: int = Field(description="Places on all pages together.")
    page: int = Field(description="This page, counted from 1.")
    pages: int = Field(description="How many pages there are, at least 1.")


def told_problem(problem: Problem) -> ProblemItem:
    """A grader's problem in the language of the answer."""
    params = problem.params
    where: dict[str, Any] = {name: params[name] for name in ("row", "line") if name in params}
    where |= {name: str(params[name]) for name in ("column", "value") if name in params}
    return ProblemItem(code=problem.code, detail=text_of(problem), params=dict(params), **where)


def told_recorded(problems: list[dict[str, Any]]) -> list[ProblemItem]:
    """Problems as a row keeps them."""
    return [told_problem(Problem.from_json(one)) for one in problems]


def told_submissions(submissions: list[Submission], *, step: Step) -> list[SubmissionOut]:
    """A page of submissions, in a bounded number of queries."""
    waits = waits_of([one.grading for one in submissions])
    return [told_submission(one, step=step, wait=waits.get(one.grading.pk)) for one in submissions]


def told_submission(submission: Submission, *, step: Step, wait: Wait | None = None) -> SubmissionOut:
    """The submission (read by ``with_result``); final scores only after the close."""
    grading = submission.grading
    public = score_of(submission, step=step, split=Score.Split.PUBLIC)
    shows_final = submission.shows_final_score(step)
    private = score_of(submission, step=step, split=Score.Split.PRIVATE) if shows_final else None
    return SubmissionOut(
        id=submission.pk,
        cohort=step.cohort.slug,
        case=step.cohort_case.slug,
        step=step.key,
        kind=Kind(submission.kind),
        state=State(grading.state),
        is_final=grading.is_final,
        queue=QueueOut(position=wait.position, expected_seconds=wait.seconds) if wait else None,
        created_at=submission.created_at,
        finished_at=grading.finished_at,
        is_late=submission.created_at >= step.closes_at,
        is_picked=hasattr(submission, "final_pick"),
        by=submission.enrolment.person.name,
        team=submission.team.name if submission.team else None,
        source=Source(submission.source),
        note=submission.note,
        file=FileOut(name=submission.file_name, size=submission.file_size, sha256=submission.file_digest),
        scores=ScoresOut(public=_told_values(public, step), private=_told_values(private, step)),
        notices=told_recorded(submission.notices),
        problems=told_recorded(grading.problems),
        hints=_told_hints(submission, step),
        log=grading.log,
        is_deterministic=grading.prediction is None or grading.prediction.is_deterministic,
        versions=public.versions if public else {},
    )


def _told_hints(submission: Submission, step: Step) -> list[ProblemItem] | None:
    prediction = submission.grading.prediction
    if prediction is not None and prediction.hints is not None:
        return told_recorded(prediction.hints)
    awaited = submission.grading.state == State.SCORED and looks_at(step.case_version, submission.kind)
    return None if awaited else []


def _told_values(score: Score | None, step: Step) -> ScoreValues | None:
    return shown_values(score.values, step=step) if score else None


def shown_values(values: Values, *, step: Step) -> ScoreValues:
    """The scores to the digits by which they are compared: more would tell of single rows."""
    return step.case_version.pack().scoring.rounded(values)


def told_row(row: Row, *, split: str, step: Step, mark: Mark | None = None) -> BoardRow:
    """A line of the board; baselines are told apart from these."""
    standing: Standing = row.standing  # type: ignore[assignment]
    return BoardRow(
        place=row.place,
        name=row.name,
        values=shown_values(row.values, step=step),
        submissions=standing.scored_count,
        handed_in_at=getattr(standing, f"{split}_at"),
        is_own=row.is_own,
        band=_told_band(mark, step) if mark else None,
        is_near_tie=mark is not None and mark.is_near,
    )


def _told_band(mark: Mark, step: Step) -> BandOut:
    scoring = step.case_version.pack().scoring
    primary = scoring.metric(scoring.primary)
    return BandOut(low=primary.round(mark.low), high=primary.round(mark.high))
