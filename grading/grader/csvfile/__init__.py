"""Hand-ins as CSV: read into numbers in canonical order, or refused with every reason."""

from grader.csvfile.predictions import Predictions, SubmissionRejected
from grader.csvfile.reading import read_predictions

__all__ = ["Predictions", "SubmissionRejected", "read_predictions"]
