"""The case without its texts: who stands where is told of graded steps here, of each kind in its own room."""

import pytest

from campus.cases.models import CohortCase


@pytest.fixture
def cohort_case(cohort_case: CohortCase) -> CohortCase:
    cohort_case.steps.filter(kind="text").delete()
    return cohort_case
