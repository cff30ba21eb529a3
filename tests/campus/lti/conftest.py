"""An LMS that is registered, and browsers that come from it."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from campus.cohorts.models import Cohort
from campus.lti.models import AdmissionByLaunch
from tests.campus.lti.lms import TARGET, Lms, open_lms

Launching = Callable[..., Any]
HINTS = {"iss": "https://lms.uni.example", "login_hint": "7", "target_link_uri": TARGET, "lti_message_hint": "m-1"}


@pytest.fixture(scope="module")
def running_lms() -> Iterator[Lms]:
    with open_lms() as lms:
        yield lms


@pytest.fixture
def lms(running_lms: Lms, monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Lms:
    settings.SITE_URL = "http://testserver"
    cache.clear()
    running_lms.asked = 0
    monkeypatch.setattr(django_settings.ENVIRONMENT, "lti_platforms", [running_lms.registered()])
    return running_lms


@pytest.fixture
def learners_welcome(cohort: Cohort) -> AdmissionByLaunch:
    return AdmissionByLaunch.objects.create(cohort=cohort, platform="moodle", learners=True)


def begin(client: Client, **hints: str) -> dict[str, str]:
    """Let the LMS begin a launch in this browser; what we ask of it."""
    away = client.get("/lti/login/", HINTS | hints)
    assert away.status_code == 302, away.status_code
    return {name: values[0] for name, values in parse_qs(urlsplit(away.url).query).items()}


def answer(state: str, token: str) -> Any:
    """The LMS's form arrives from another site, so without any cookie."""
    return Client(enforce_csrf_checks=True).post("/lti/launch/", {"state": state, "id_token": token})


@pytest.fixture
def launch(lms: Lms) -> Launching:
    """Come from the LMS in this browser; what the browser gets when it enters."""

    def come(client: Client, **claims: Any) -> Any:
        asked = begin(client)
        received = answer(asked["state"], lms.token(nonce=asked["nonce"], **claims))
        return client.get(received.url) if received.status_code == 303 else received

    return come
