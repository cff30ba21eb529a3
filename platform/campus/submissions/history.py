"""An owner's submissions of a step as pages show them: state in words, scores, what may be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from campus.cases.models import Step
from campus.submissions.advice import looks_at
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import Grading, Owner, Score, Submission, SubmissionQuerySet
from campus.submissions.waiting import Wait, waits_of, without_runner
from grader.contract import State
from grader.problems import Problem

STATE_WORDS: dict[State, tuple[Promise, str]] = {
    State.QUEUED: (pgettext_lazy("grading", "Waiting"), "info"),
    State.RUNNING: (pgettext_lazy("grading", "Being graded"), "info"),
    State.SCORED: (pgettext_lazy("grading", "Scored"), "success"),
    State.REJECTED: (pgettext_lazy("grading", "Not accepted"), "error"),
    State.FAILED: (pgettext_lazy("grading", "Could not be graded"), "warning"),
    State.CANCELLED: (pgettext_lazy("grading", "Cancelled"), ""),
}

# Looking for hints takes seconds where nothing else runs. Where none have come by then, nothing is promised.
HINTS_TAKE = timedelta(minutes=15)

VERSION_NAMES: dict[str, Promise] = {
    "case": pgettext_lazy("version", "Case"),
    "pack": pgettext_lazy("version", "Files of the case"),
    "features": pgettext_lazy("version", "Data for learners"),
    "truth": pgettext_lazy("version", "Truth"),
    "metric": pgettext_lazy("version", "Scoring"),
    "environment": pgettext_lazy("version", "Environment"),
    "grader": pgettext_lazy("version", "Grader"),
}


def in_words(problems: Iterable[dict[str, Any]]) -> list[str]:
    """Recorded problems or notices in the language of the page."""
    return [text_of(Problem.from_json(problem)) for problem in problems]


def text_of(problem: Problem) -> str:
    """A problem in the language of the page."""
    return problem.text("en" if (get_language() or "ja").startswith("en") else "ja")


def submissions_of(owner: Owner, *, step: Step) -> SubmissionQuerySet:
    """The owner's submissions of the step with their results, the latest first."""
    return Submission.objects.of_owner(owner).filter(step=step).with_result().order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Entry:
    """A submission with its result. ``final`` is None until the step has closed: nobody sees it before."""

    submission: Submission
    measures: list[Measure]
    provisional: list[str]
    final: list[str] | None
    step: Step = field(repr=False)
    wait: Wait | None = None
    is_without_runner: bool = False

    @property
    def grading(self) -> Grading:
        return self.submission.grading

    @property
    def state(self) -> State:
        return State(self.grading.state)

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state][0])

    @property
    def state_kind(self) -> str:
        return STATE_WORDS[self.state][1]

    @property
    def is_scored(self) -> bool:
        return self.state == State.SCORED

    @property
    def is_deterministic(self) -> bool:
        prediction = self.grading.prediction
        return prediction is None or prediction.is_deterministic

    @property
    def is_late(self) -> bool:
        return self.submission.created_at >= self.step.closes_at

    @property
    def is_picked(self) -> bool:
        return hasattr(self.submission, "final_pick")

    @property
    def may_be_picked(self) -> bool:
        """Scored in time, and the step is still open for a choice."""
        return self.is_scored and not self.is_late and not self.step.is_closed()

    @property
    def problems(self) -> list[str]:
        return in_words(self.grading.problems)

    @property
    def notices(self) -> list[str]:
        return in_words(self.submission.notices)

    @property
    def hints(self) -> list[str]:
        """Advice on how the answers came about; see ``was_looked_at``."""
        return in_words((self.grading.prediction.hints or []) if self.grading.prediction else [])

    @property
    def was_looked_at(self) -> bool:
        """Whether hints were looked for."""
        prediction = self.grading.prediction
        return prediction is not None and prediction.hints is not None

    @property
    def may_still_get_hints(self) -> bool:
        """Whether the run that looks for hints is still to come: it stands behind all that wait for a score."""
        version, ended = self.step.case_version, self.grading.finished_at
        if not self.is_scored or self.was_looked_at or ended is None or timezone.now() - ended > HINTS_TAKE:
            return False
        return looks_at(version, self.submission.kind)

    @property
    def announcement(self) -> str:
        """What a screen reader says when this state arrives."""
        if not self.is_scored:
            return _("%(file)s: %(state)s") % {"file": self.submission.file_name, "state": self.state_words}
        primary = self.measures[0]
        return _("%(file)s was scored. %(measure)s: %(value)s") % {
            "file": self.submission.file_name,
            "measure": primary.name,
            "value": self.provisional[0],
        }


def entry_of(submission: Submission, *, step: Step) -> Entry:
    """What a page shows of the submission (read by ``with_result``)."""
    return entries_of([submission], step=step)[0]


def _entry(submission: Submission, *, step: Step, measures: list[Measure], **waiting: Any) -> Entry:
    is_shown = submission.shows_final_score(step) and submission.grading.state == State.SCORED
    return Entry(
        submission=submission,
        measures=measures,
        provisional=_shown(scores_of(submission, step=step, split=Score.Split.PUBLIC), measures),
        final=_shown(scores_of(submission, step=step, split=Score.Split.PRIVATE), measures) if is_shown else None,
        step=step,
        **waiting,
    )


def entries_of(submissions: Iterable[Submission], *, step: Step) -> list[Entry]:
    """The entries of a page of submissions."""
    measures, submissions = measures_of(step.case_version), list(submissions)
    gradings = [one.grading for one in submissions]
    waits, stuck = waits_of(gradings), without_runner(gradings)
    return [
        _entry(
            one,
            step=step,
            measures=measures,
            wait=waits.get(one.grading.pk),
            is_without_runner=one.grading.pk in stuck,
        )
        for one in submissions
    ]


def _shown(values: dict[str, float], measures: list[Measure]) -> list[str]:
    return [measure.show(values.get(measure.key)) for measure in measures]


def score_of(submission: Submission, *, step: Step, split: str) -> Score | None:
    """The score that counts now: by the metric and the truth of the cohort's version of the case."""
    if submission.grading.prediction is None or submission.grading.state != State.SCORED:
        return None
    version = step.case_version
    wanted = (split, version.metric_version, version.truth_digest)
    scores = submission.grading.prediction.scores.all()
    return next((one for one in scores if (one.split, one.metric_version, one.truth_version) == wanted), None)


def scores_of(submission: Submission, *, step: Step, split: str) -> dict[str, float]:
    """The values of that score; empty where there is none."""
    score = score_of(submission, step=step, split=split)
    return dict(score.values) if score else {}


@dataclass(frozen=True)
class ScoreLine:
    """One measure of a submission. ``final`` is None until the step has closed."""

    measure: Measure
    provisional: str
    final: str | None


def scores_table(submission: Submission, *, step: Step) -> list[ScoreLine]:
    """The scores measure by measure; empty before there are any."""
    entry = entry_of(submission, step=step)
    if not entry.is_scored:
        return []
    return [
        ScoreLine(measure, provisional, entry.final[index] if entry.final else None)
        for index, (measure, provisional) in enumerate(zip(entry.measures, entry.provisional, strict=True))
    ]


def versions_of(submission: Submission, *, step: Step) -> list[tuple[str, str]]:
    """What the score depends on, as recorded with it: name and version or digest."""
    score = score_of(submission, step=step, split=Score.Split.PUBLIC)
    recorded = score.versions if score else {}
    return [(str(words), recorded[name]) for name, words in VERSION_NAMES.items() if recorded.get(name)]
