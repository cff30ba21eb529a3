"""CSV files for the graded steps of the tests, good and bad."""

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions.actions import Upload, hand_in
from campus.submissions.grading import attempt
from campus.submissions.models import Submission


def csv_file(step: Step, *, value: float = 10.0, drop_last: bool = False) -> bytes:
    """A file in the step's format with one value everywhere; ``drop_last`` leaves an id out."""
    pack, ids = step.case_version.pack(), list(step.case_version.build().ids.values)
    if drop_last:
        ids = ids[:-1]
    header = [pack.submission.id.name, *(column.name for column in pack.submission.columns)]
    lines = [",".join([row_id, *[f"{value}"] * (len(header) - 1)]) for row_id in ids]
    return "\n".join([",".join(header), *lines, ""]).encode()


def upload(step: Step, *, value: float = 10.0, name: str = "mine.csv") -> Upload:
    return Upload(name=name, data=csv_file(step, value=value))


def handed_in(step: Step, enrolment: Enrolment, *, value: float = 10.0) -> Submission:
    """A submission that waits for its grading."""
    return hand_in(step=step, enrolment=enrolment, upload=upload(step, value=value))


def graded(step: Step, enrolment: Enrolment, *, value: float = 10.0) -> Submission:
    """A submission with its score, read afresh."""
    submission = handed_in(step, enrolment, value=value)
    attempt(submission.grading.pk)
    return Submission.objects.with_result().get(pk=submission.pk)


def provisional(submission: Submission) -> float:
    """What the submission's provisional place goes by; less is better."""
    assert submission.grading.prediction is not None
    return submission.grading.prediction.scores.get(split="public").sort_primary
