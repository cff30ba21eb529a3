"""What a learner can do with a submission: hand it in, cancel it, choose it for the final score."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions import files, grading, pace, readable, refusals, runner
from campus.submissions.models import (
    FINAL_PICKS,
    FinalPick,
    Grading,
    Owner,
    Prediction,
    Source,
    Stumble,
    Submission,
)
from campus.submissions.owners import owner_who_may_hand_in
from campus.submissions.quota import Quota, quota_of
from campus.submissions.standings import refresh_standing
from grader.contract import Kind, State
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.kinds import KINDS, SubmissionKind, kind_of
from grader.problems import Problem


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    data: bytes


def hand_in(
    *,
    step: Step,
    enrolment: Enrolment,
    upload: Upload,
    note: str = "",
    source: str = Source.PAGE,
    request_key: uuid.UUID | None = None,
) -> Submission:
    """Check the file, record it and queue it for grading; raise a Refused that says why not.

    The same ``request_key`` gives the submission of the first time (whose ``is_new`` is False). After the close work
    is still graded, but it takes no place on the board.
    """
    request = _Request(enrolment=enrolment, step=step, key=request_key, digest=files.digest_of(upload.data))
    if earlier := request.earlier():
        return earlier
    owner = _owner_who_may_hand_in(step=step, enrolment=enrolment)
    _refuse_who_is_too_fast(enrolment)
    content = _read(step=step, upload=upload, enrolment=enrolment)
    received_at = timezone.now()
    # Before a file is stored: refused ones must not fill the disk. It is counted again under the lock.
    quota = quota_of(step=step, owner=owner, at=received_at)
    if not quota.left and (earlier := request.earlier()):
        return earlier  # The same request, at the same time, has taken the last place.
    _refuse_beyond(quota, content.kind)
    submission = Submission(
        step=step,
        enrolment=enrolment,
        team=owner.team,
        kind=content.kind.kind,
        file=files.store(upload.data, folder="submissions"),
        file_name=upload.name[-200:],
        file_size=len(upload.data),
        file_digest=request.digest,
        note=note,
        source=source,
        notices=[problem.to_json() for problem in content.notices],
        request_key=request_key,
        created_at=received_at,
    )
    return _record(submission, owner=owner, request=request, prediction=_prediction(content, submission=submission))


@dataclass(frozen=True)
class _Request:
    """By what a repeated hand-in is known again."""

    enrolment: Enrolment
    step: Step
    key: uuid.UUID | None
    digest: str

    def earlier(self) -> Submission | None:
        """What this key gave the first time. Raises KeyReused when it was another step or another file then."""
        if self.key is None:
            return None
        found = Submission.objects.filter(enrolment=self.enrolment, request_key=self.key).first()
        if found and (found.step_id, found.file_digest) != (self.step.pk, self.digest):
            raise refusals.KeyReused
        return found


@dataclass(frozen=True)
class _Content:
    """What the file is, and its numbers where nothing has to run."""

    kind: SubmissionKind
    predictions: Predictions | None = None

    @property
    def notices(self) -> Sequence[Problem]:
        return self.predictions.notices if self.predictions else ()


def _refuse_beyond(quota: Quota, kind: SubmissionKind) -> None:
    if not quota.left:
        raise refusals.QuotaReached(per_day=quota.per_day, resets_at=quota.resets_at)
    if kind.is_executed and quota.runs >= quota.runs_per_day:
        raise refusals.TooManyRuns(limit=quota.runs_per_day, resets_at=quota.resets_at)


def _refuse_who_is_too_fast(enrolment: Enrolment) -> None:
    if (again := pace.free_again_at(enrolment.person)) is not None:
        minutes = int(pace.WITHIN.total_seconds() // 60)
        raise refusals.TooManyRefused(limit=pace.MOST_REFUSED, minutes=minutes, resets_at=again)


def _owner_who_may_hand_in(*, step: Step, enrolment: Enrolment) -> Owner:
    if not step.is_graded:
        raise refusals.NotGraded
    return owner_who_may_hand_in(step=step, enrolment=enrolment)


def _read(*, step: Step, upload: Upload, enrolment: Enrolment) -> _Content:
    """Check what can be checked without running anything."""
    pack = step.case_version.pack()
    try:
        kind = kind_of(file_name=upload.name, data=upload.data, pack=pack)
        kind.check(upload.data, pack)
        if not kind.is_executed:
            return _Content(kind, read_predictions(upload.data, pack=pack, ids=step.case_version.build().ids))
    except SubmissionRejected as rejected:
        _note_stumble(step=step, enrolment=enrolment)
        raise refusals.FormatRefused(rejected.problems) from rejected
    if not runner.is_ready():
        raise refusals.RunnerAway
    return _Content(kind)


def _prediction(content: _Content, *, submission: Submission) -> Prediction | None:
    """The numbers, stored but not yet recorded; for models and programs those of the same file, else none yet."""
    features = submission.step.case_version.features_digest
    if content.predictions is None:
        return runner.kept_prediction(source_digest=submission.file_digest, features_digest=features)
    array = content.predictions.to_bytes()
    return Prediction(
        source_digest=submission.file_digest,
        features_digest=features,
        array=files.store(array, folder="predictions"),
        array_digest=files.digest_of(array),
        rows=len(content.predictions.values),
    )


def _note_stumble(*, step: Step, enrolment: Enrolment) -> None:
    """Count the refused file: who is refused again and again needs help, and facilitators see it."""
    pace.note_refused(enrolment.person)
    Stumble.objects.update_or_create(
        step=step,
        enrolment=enrolment,
        defaults={"count": F("count") + 1, "last_at": timezone.now()},
        create_defaults={},
    )


def _record(submission: Submission, *, owner: Owner, request: _Request, prediction: Prediction | None) -> Submission:
    """Write submission, prediction and grading row, and wake a worker, all in one transaction."""
    step = submission.step
    with live.atomic():
        owner.lock()
        if earlier := request.earlier():
            return earlier
        # Of the day it counts for: what waited for the lock over midnight is not free.
        quota = quota_of(step=step, owner=owner, at=submission.created_at)
        _refuse_beyond(quota, KINDS[Kind(submission.kind)])
        submission.save()
        submission.is_new = True
        Stumble.objects.filter(step=step, enrolment=submission.enrolment).delete()
        row = Grading.objects.create(submission=submission, prediction=runner.keep(prediction) if prediction else None)
        grading.defer(row, owner_used_today=quota.used)
        grading.publish(row, owner=owner)
        readable.defer_rendering(submission)
    return submission


def cancel(*, submission: Submission) -> None:
    """Take the submission out of the queue, or stop its run; the attempt is given back."""
    if not grading.cancel(submission.grading, owner=submission.owner):
        raise refusals.HasEnded


def pick_final(*, submission: Submission, by: Enrolment) -> None:
    """Choose a scored submission for the final score; an owner has two such picks until the close."""
    with live.atomic():
        owner = submission.owner
        owner.lock()
        _refuse_when_closed(submission)
        if submission.grading.state != State.SCORED:
            raise refusals.NotPickable
        picks = FinalPick.objects.filter(submission__in=Submission.objects.of_owner(owner).filter(step=submission.step))
        if picks.filter(submission=submission).exists():
            return
        if picks.count() >= FINAL_PICKS:
            raise refusals.TooManyPicks(FINAL_PICKS)
        FinalPick.objects.create(submission=submission, picked_by=by)
        refresh_standing(step=submission.step, owner=owner)


def unpick_final(*, submission: Submission) -> None:
    """Take a choice for the final score back; without any, the two best provisional ones count."""
    with live.atomic():
        submission.owner.lock()
        _refuse_when_closed(submission)
        FinalPick.objects.filter(submission=submission).delete()
        refresh_standing(step=submission.step, owner=submission.owner)


def _refuse_when_closed(submission: Submission) -> None:
    if submission.owner.sees(submission.step).is_closed():
        raise refusals.PickClosed
