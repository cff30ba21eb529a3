"""Calling the API in tests: with a token, handing in, reading problems, grading without a worker."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campus.cases.models import Step
from campus.people.models import Person, Scope
from campus.people.tokens import create_token
from campus.submissions import grading
from campus.submissions.models import Grading
from tests.campus.submissions.files import csv_file


def token_of(person: Person, *scopes: Scope) -> str:
    """A fresh token of the person; with both scopes unless told otherwise."""
    expires_at = timezone.now() + timedelta(days=1)
    _token, raw = create_token(person=person, name="test", scopes=scopes or list(Scope), expires_at=expires_at)
    return raw


def caller(raw: str, **headers: str) -> Client:
    """A program that sends the token."""
    return Client(headers={"Authorization": f"Bearer {raw}", "Accept-Language": "en", **headers})


def as_person(person: Person, *scopes: Scope) -> Client:
    return caller(token_of(person, *scopes))


def path_of(step: Step, rest: str = "") -> str:
    case = step.cohort_case
    return f"/api/v1/cohorts/{case.cohort.slug}/cases/{case.slug}/steps/{step.key}{rest}"


def hand_in(client: Client, step: Step, data: bytes | None = None, **more: Any) -> Any:
    """POST a file to the step."""
    content = csv_file(step) if data is None else data
    headers = more.pop("headers", {})
    form = {"file": SimpleUploadedFile("mine.csv", content, "text/csv"), **more}
    return client.post(path_of(step, "/submissions"), form, headers=headers)


def problem(response: Any) -> dict[str, Any]:
    """The problem document of a response; it is one."""
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == f"urn:manabiai:problem:{document['code']}"
    assert document["title"]
    assert document["detail"]
    return document


def grade(submission: int) -> None:
    """Do at once what a worker does for a submission."""
    grading.attempt(Grading.objects.get(submission=submission).pk)
