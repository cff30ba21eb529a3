"""What a learner can do with a submission: hand it in, choose it for the final score."""

import uuid
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions import files, grading, refusals
from campus.submissions.models import (
    FINAL_PICKS,
    FinalPick,
    Grading,
    Owner,
    Prediction,
    Source,
    Stumble,
    Submission,
    owner_in,
)
from campus.submissions.quota import Quota, quota_of
from campus.submissions.standings import refresh_standing
from grader.contract import State
from grader.csvfile import Predictions, SubmissionRejected, read_predictions


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

    The same ``request_key`` gives the submission of the first time. After the close work is still
    graded, but it takes no place on the board.
    """
    if earlier := _handed_in_before(enrolment=enrolment, request_key=request_key):
        return earlier
    owner = _owner_who_may_hand_in(step=step, enrolment=enrolment)
    predictions = _read(step=step, upload=upload, enrolment=enrolment)
    received_at = timezone.now()
    # Before a file is stored: refused ones must not fill the disk. It is counted again under the lock.
    quota = quota_of(step=step, owner=owner, at=received_at)
    if not quota.left and (earlier := _handed_in_before(enrolment=enrolment, request_key=request_key)):
        return earlier  # The same request, at the same time, has taken the last place.
    _refuse_beyond(quota)
    submission = Submission(
        step=step,
        enrolment=enrolment,
        team=owner.team,
        file=files.store(upload.data, folder="submissions"),
        file_name=upload.name[-200:],
        file_size=len(upload.data),
        file_digest=files.digest_of(upload.data),
        note=note,
        source=source,
        notices=[problem.to_json() for problem in predictions.notices],
        request_key=request_key,
        created_at=received_at,
    )
    return _record(submission, owner=owner, prediction=_kept(predictions, submission=submission))


def _handed_in_before(*, enrolment: Enrolment, request_key: uuid.UUID | None) -> Submission | None:
    if request_key is None:
        return None
    return Submission.objects.filter(enrolment=enrolment, request_key=request_key).first()


def _refuse_beyond(quota: Quota) -> None:
    if not quota.left:
        raise refusals.QuotaReached(per_day=quota.per_day, resets_at=quota.resets_at)


def _owner_who_may_hand_in(*, step: Step, enrolment: Enrolment) -> Owner:
    if not step.is_graded:
        raise refusals.NotGraded
    if timezone.now() < step.opens_at:
        raise refusals.NotOpenYet(step.opens_at)
    owner = owner_in(step=step, enrolment=enrolment)
    if owner is None:
        raise refusals.NoTeam
    return owner


def _read(*, step: Step, upload: Upload, enrolment: Enrolment) -> Predictions:
    try:
        return read_predictions(upload.data, pack=step.case_version.pack(), ids=step.case_version.build().ids)
    except SubmissionRejected as rejected:
        _note_stumble(step=step, enrolment=enrolment)
        raise refusals.FormatRefused(rejected.problems) from rejected


def _kept(predictions: Predictions, *, submission: Submission) -> Prediction:
    """The parsed numbers, stored but not yet recorded."""
    array = predictions.to_bytes()
    return Prediction(
        source_digest=submission.file_digest,
        features_digest=submission.step.case_version.features_digest,
        array=files.store(array, folder="predictions"),
        array_digest=files.digest_of(array),
        rows=len(predictions.values),
    )


def _note_stumble(*, step: Step, enrolment: Enrolment) -> None:
    """Count the refused file: who is refused again and again needs help, and facilitators see it."""
    Stumble.objects.update_or_create(
        step=step,
        enrolment=enrolment,
        defaults={"count": F("count") + 1, "last_at": timezone.now()},
        create_defaults={},
    )


def _record(submission: Submission, *, owner: Owner, prediction: Prediction) -> Submission:
    """Write submission, prediction and grading row, and wake a worker, all in one transaction."""
    step = submission.step
    with live.atomic():
        owner.lock()
        if earlier := _handed_in_before(enrolment=submission.enrolment, request_key=submission.request_key):
            return earlier
        # Of the day it counts for: what waited for the lock over midnight is not free.
        quota = quota_of(step=step, owner=owner, at=submission.created_at)
        _refuse_beyond(quota)
        submission.save()
        Stumble.objects.filter(step=step, enrolment=submission.enrolment).delete()
        row = Grading.objects.create(submission=submission, prediction=_same_or_new(prediction))
        grading.defer(row, owner_used_today=quota.used)
        grading.publish(row, owner=owner)
    return submission


def _same_or_new(prediction: Prediction) -> Prediction:
    """The recorded prediction of the same file on the same features, if there is one."""
    kept, _ = Prediction.objects.get_or_create(
        source_digest=prediction.source_digest,
        features_digest=prediction.features_digest,
        environment_digest=prediction.environment_digest,
        defaults={"array": prediction.array, "array_digest": prediction.array_digest, "rows": prediction.rows},
    )
    return kept


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
