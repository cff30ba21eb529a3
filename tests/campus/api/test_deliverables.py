"""Deliverables by API: handed in once, refused in words, and only one's own are read."""

from datetime import timedelta

import pytest
from django.test import Client

from campus.cases.models import CohortCase, Step
from campus.deliverables.models import Deliverable, Draft
from campus.people.models import Person, Scope
from tests.campus.api.calls import as_person, path_of, problem
from tests.campus.cast import reschedule
from tests.campus.deliverables.files import AI_USE, CSV, slides, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cohort_case: CohortCase) -> Step:
    """Each person hands in for people to judge; open for three more days."""
    found = Step.objects.with_case().get(cohort_case=cohort_case, key="problem")
    return reschedule(found, opens=timedelta(days=-2), closes=timedelta(days=3))


def send(client: Client, step: Step, *, key: str = "", **fields: object) -> object:
    headers = {"Idempotency-Key": key} if key else {}
    form = {"text": "課題は廃棄です。", "ai_use": AI_USE, **fields}
    return client.post(path_of(step, "/deliverables"), form, headers=headers)


def test_work_is_handed_in_with_files_and_read_again(learner_api: Client, step: Step) -> None:
    files = [upload("a.pdf", slides()), upload("b.csv", CSV)]
    answer = send(learner_api, step, file=files, links="https://example.com/ 画面", key="one")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["number"], told["is_current"], told["is_late"], told["links"]) == (
        1,
        True,
        False,
        ["https://example.com/"],
    )
    assert [(file["name"], file["kind"], file["size"]) for file in told["files"]] == [
        ("a.pdf", "pdf", len(slides())),
        ("b.csv", "csv", len(CSV)),
    ]
    again = send(learner_api, step, key="one")
    assert (again.status_code, again.json()) == (200, told)
    second = send(learner_api, step).json()
    listed = learner_api.get(path_of(step, "/deliverables")).json()
    assert [one["id"] for one in listed["items"]] == [second["id"], told["id"]]
    assert not Draft.objects.exists()


def test_what_else_a_caller_sends_is_not_heard(learner_api: Client, step: Step, mate: Person, learner: Person) -> None:
    mate_enrolment = mate.enrolments.get()
    send(learner_api, step, enrolment=mate_enrolment.pk, number=7, handed_in_at="2020-01-01T00:00:00Z", is_late="true")
    made = Deliverable.objects.get()
    assert (made.enrolment.person, made.number, made.is_late, made.handed_in_at > step.opens_at) == (
        learner,
        1,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": ""}, 422, "incomplete"),
        ({"ai_use": " "}, 422, "incomplete"),
        ({"links": "http://example.com"}, 422, "incomplete"),
        ({"file": [("a.pptx", b"x")]}, 422, "file_refused"),
        ({"file": [(f"{n}.csv", CSV) for n in range(6)]}, 422, "parameters_invalid"),
    ],
)
def test_what_cant_be_taken_is_told_in_words(
    learner_api: Client, step: Step, fields: dict[str, object], status: int, code: str
) -> None:
    if "file" in fields:
        fields = {"file": [upload(*file) for file in fields["file"]]}  # type: ignore[attr-defined]
    told = problem(send(learner_api, step, **fields))
    assert (told["status"], told["code"]) == (status, code)
    assert not Deliverable.objects.exists()


def test_other_kinds_of_steps_take_none(learner_api: Client, open_step: Step) -> None:
    assert problem(send(learner_api, open_step))["code"] == "step_not_judged"
    assert problem(learner_api.get(path_of(open_step, "/deliverables")))["code"] == "step_not_judged"


def test_who_may_not(step: Step, learner: Person, mentor: Person, outsider: Person) -> None:
    assert problem(send(as_person(learner, Scope.READ), step))["code"] == "scope_missing"
    assert problem(send(as_person(mentor), step))["code"] == "not_a_learner"
    assert problem(as_person(mentor).get(path_of(step, "/deliverables")))["code"] == "not_a_learner"
    assert problem(send(as_person(outsider), step))["code"] == "cohort_not_found"
    assert problem(send(Client(), step))["code"] == "not_signed_in"
