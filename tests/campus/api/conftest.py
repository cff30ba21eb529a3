"""Callers of the API: persons of the cast with a token each."""

import pytest
from django.test import Client

from campus.people.models import Person
from tests.campus.api.calls import as_person


@pytest.fixture
def learner_api(learner: Person) -> Client:
    return as_person(learner)


@pytest.fixture
def outsider_api(outsider: Person) -> Client:
    return as_person(outsider)
