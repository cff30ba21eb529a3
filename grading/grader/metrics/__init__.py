"""The metrics that a case can name: prediction and truth of one split in, one number out.

By subject: regression, classification, many classes, segmentation (masks). Where scikit-learn has the same, they agree.
"""

from grader.metrics import classification, many_classes, regression, segmentation
from grader.metrics.many_classes import CLASS_METRICS
from grader.metrics.registry import METRICS, SUMS, MetricFunction, Sums
from grader.metrics.segmentation import MASK_METRICS

__all__ = [
    "CLASS_METRICS",
    "MASK_METRICS",
    "METRICS",
    "SUMS",
    "MetricFunction",
    "Sums",
    "classification",
    "many_classes",
    "regression",
    "segmentation",
]
