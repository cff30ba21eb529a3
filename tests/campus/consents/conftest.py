"""A published version, and somebody who was chosen and has not begun.

Imports stand inside: pytest reads this file before Django is set up when it is given this folder by name.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from campus.cohorts.models import Cohort, Enrolment
    from campus.consents.models import ConsentVersion
    from campus.people.models import Person


@pytest.fixture
def version(cohort: "Cohort", organiser: "Person") -> "ConsentVersion":
    from tests.campus.consents.forms import published

    return published(cohort, organiser)


@pytest.fixture
def chosen(cohort: "Cohort") -> "Enrolment":
    from campus.cohorts.models import EnrolmentState
    from tests.campus.cast import enrol, make_person

    return enrol(make_person("Chosen"), cohort, state=EnrolmentState.SELECTED)
