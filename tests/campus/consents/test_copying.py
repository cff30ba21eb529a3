"""A new cohort takes over the text of the consents as a draft, and nobody's answer."""

import pytest

from campus.cohorts.copying import Copying
from campus.cohorts.models import Cohort
from campus.consents.copying import copy, preview
from campus.consents.models import ConsentVersion

pytestmark = pytest.mark.django_db


def test_the_version_in_force_becomes_a_draft(cohort: Cohort, other_cohort: Cohort, version: ConsentVersion) -> None:
    copying = Copying(cohort, other_cohort, None)
    titles = [item.title_ja for item in version.items.all()]
    assert len(preview(copying)) == len(titles)
    assert copy(copying) == len(titles)
    draft = ConsentVersion.objects.get(cohort=other_cohort)
    assert (draft.published_at, [item.title_ja for item in draft.items.all()]) == (None, titles)
    assert ConsentVersion.objects.current(other_cohort) is None
    assert [item.version for item in version.items.all()] == [version] * len(titles)


def test_without_a_published_version_there_is_nothing_to_copy(cohort: Cohort, other_cohort: Cohort) -> None:
    copying = Copying(cohort, other_cohort, None)
    assert (preview(copying), copy(copying)) == ([], 0)
    assert not ConsentVersion.objects.exists()
