"""The metrics that a case can name: prediction and truth of one split in, one number out.

By subject: regression, classification, segmentation (masks). Where scikit-learn has the same, they agree.
"""

from grader.metrics import classification, regression, segmentation
from grader.metrics.registry import METRICS, SUMS, MetricFunction, Sums
from grader.metrics.segmentation import MASK_METRICS

__all__ = [
    "MASK_METRICS",
    "METRICS",
    "SUMS",
    "MetricFunction",
    "Sums",
    "classification",
    "regression",
    "segmentation",
]
