"""The OpenAPI description: complete, stable, and true for whatever requests it allows."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from campus import api
from campus.cases.models import Step
from campus.people.models import Person
from campus.wsgi import application as site
from tests.campus.api.calls import token_of

OPERATIONS = {
    "me": "get /api/v1/me",
    "list_cohorts": "get /api/v1/cohorts",
    "get_cohort": "get /api/v1/cohorts/{cohort}",
    "list_cases": "get /api/v1/cohorts/{cohort}/cases",
    "get_case": "get /api/v1/cohorts/{cohort}/cases/{case}",
    "download_data": "get /api/v1/cohorts/{cohort}/cases/{case}/data/{file}",
    "list_submissions": "get /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/submissions",
    "submit": "post /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/submissions",
    "get_quota": "get /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/quota",
    "get_leaderboard": "get /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/leaderboard",
    "list_deliverables": "get /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/deliverables",
    "hand_in_deliverable": "post /api/v1/cohorts/{cohort}/cases/{case}/steps/{step}/deliverables",
    "list_teams": "get /api/v1/cohorts/{cohort}/teams",
    "list_team_files": "get /api/v1/teams/{team}/files",
    "download_team_file": "get /api/v1/teams/{team}/files/{version}",
    "share_team_file": "post /api/v1/teams/{team}/files",
    "get_submission": "get /api/v1/submissions/{submission}",
    "cancel_submission": "delete /api/v1/submissions/{submission}",
    "pick_submission": "put /api/v1/submissions/{submission}/pick",
    "unpick_submission": "delete /api/v1/submissions/{submission}/pick",
    "get_notebook_copy": "get /api/v1/notebook-copies/{ticket}",
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN_NAMES = {"cohort": "spring", "case": "daily-sales", "step": "model", "file": "train.csv"}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return dict(api.api.get_openapi_schema(path_prefix="/api/"))


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_it_is_served_to_everybody(client: Client) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Manabiai"


def test_no_page_loads_scripts_from_elsewhere(client: Client, db: None) -> None:
    assert client.get("/api/docs").status_code == 404


def test_operations_keep_their_names(description: dict[str, Any]) -> None:
    assert {operation["operationId"]: where for where, operation in _operations(description)} == OPERATIONS


def test_every_field_is_described(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    silent = [
        f"{schema}.{name}"
        for schema, details in schemas.items()
        for name, field in details.get("properties", {}).items()
        if not field.get("description")
    ]
    assert silent == []


def test_every_parameter_is_described(description: dict[str, Any]) -> None:
    silent = [
        f"{operation['operationId']}.{parameter['name']}"
        for _where, operation in _operations(description)
        for parameter in operation["parameters"]
        if not parameter.get("description")
    ]
    assert silent == []


def test_every_operation_tells_of_its_problems(description: dict[str, Any]) -> None:
    for where, operation in _operations(description):
        problems = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert {401, 403, 429} <= set(problems), where
        assert {media for answer in problems.values() for media in answer["content"]} == {"application/problem+json"}
        assert operation["security"] == [{"TokenAuth": []}, {"SessionAuth": []}]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The site at its own address: schemathesis asks at `localhost`, from where the site leads away."""
    return site(environ | {"HTTP_HOST": urlsplit(django_settings.SITE_URL).netloc}, start_response)


schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name what exists in three requests of four, so that most of them come further than 404."""
    chance = len(repr(path_parameters)) % 4
    return {**path_parameters, **_known(path_parameters)} if path_parameters and chance else path_parameters


def _known(path_parameters: dict[str, Any]) -> dict[str, str]:
    return {name: KNOWN_NAMES[name] for name in path_parameters if name in KNOWN_NAMES}


@pytest.fixture
def learner_token(learner: Person) -> str:
    return token_of(learner)


@pytest.fixture
def _requests_share_the_tests_connection() -> Iterator[None]:
    """What Django's own test client does: the end of a request does not close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# Not `@schema.parametrize()`: it gives all operations one test id, and xdist runs one test of an id.
@pytest.mark.slow
@pytest.mark.usefixtures("_requests_share_the_tests_connection")
@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS)
def test_requests_of_all_sorts_are_answered_as_described(operation: str, learner_token: str, open_step: Step) -> None:
    headers = {"Authorization": f"Bearer {learner_token}", "Accept-Encoding": "identity"}

    @given(case=schema.find_operation_by_id(operation).as_strategy())
    @settings(
        max_examples=12,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
