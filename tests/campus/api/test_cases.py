"""Cohorts, cases and data in the API: all of it for members, none of it for others."""

import hashlib

import pytest
from django.test import Client

from campus.cases.models import CaseVersion, CohortCase
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.people.models import Person
from tests.campus.api.calls import as_person, problem
from tests.campus.cast import enrol, make_cohort

pytestmark = pytest.mark.django_db
CASE = "/api/v1/cohorts/spring/cases/daily-sales"


def test_a_learner_sees_the_cohorts_of_their_own(learner_api: Client, cohort: Cohort, other_cohort: Cohort) -> None:
    told = learner_api.get("/api/v1/cohorts").json()
    assert told == {
        "items": [
            {
                "slug": "spring",
                "title": {"ja": "開催期 spring", "en": "Cohort spring"},
                "programme": {"ja": "ケーススタディ教育プログラム", "en": "Case study programme"},
                "starts_on": cohort.starts_on.isoformat(),
                "ends_on": cohort.ends_on.isoformat(),
                "time_zone": "Asia/Tokyo",
                "enrolments": [{"role": "learner", "state": "active", "study_class": "A", "shown_name": "Hanako"}],
            }
        ],
        "total": 1,
        "page": 1,
        "pages": 1,
    }
    assert learner_api.get("/api/v1/cohorts/spring").json() == told["items"][0]


def test_cohorts_come_in_pages(learner: Person, learner_api: Client) -> None:
    for number in range(4):
        enrol(learner, make_cohort(f"c{number}"))
    told = learner_api.get("/api/v1/cohorts?per_page=2&page=3").json()
    assert [len(told["items"]), told["total"], told["pages"]] == [1, 5, 3]
    assert learner_api.get("/api/v1/cohorts?per_page=2&page=9").json()["items"] == []


def test_many_cohorts_cost_no_more_queries(
    learner: Person, learner_api: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(10):
        enrol(learner, make_cohort(f"c{number}"))
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(learner_api.get("/api/v1/cohorts").json()["items"]) == 11


def test_a_case_tells_everything_needed_to_work_on_it(learner_api: Client, cohort_case: CohortCase) -> None:
    told = learner_api.get(CASE).json()
    manifest = cohort_case.case_version.manifest
    assert told["title"] == manifest["title"]
    assert told["limits"] == {**manifest["limits"], "runs": []}
    assert [column["name"] for column in told["submission"]["columns"]] == ["予測"]
    assert [metric["key"] for metric in told["scoring"]["metrics"]] == ["mae", "wape"]
    assert told["scoring"]["business"]["key"] == "saving_yen"
    assert [step["key"] for step in told["steps"]] == [step["key"] for step in manifest["steps"]]
    assert {step["state"] for step in told["steps"]} <= {"upcoming", "open", "closed"}
    listed = learner_api.get("/api/v1/cohorts/spring/cases").json()
    assert listed == [{name: told[name] for name in listed[0]}]


def test_neither_seed_nor_truth_is_told(learner_api: Client, cohort_case: CohortCase) -> None:
    told = learner_api.get(CASE).json()
    assert set(told) == {
        "slug", "version", "title", "summary", "track", "licence", "steps",
        "files", "features_digest", "submission", "limits", "scoring", "hints",
    }  # fmt: skip
    assert all("truth" not in metric for metric in told["scoring"]["metrics"])


def test_data_come_with_digests_and_only_once(learner_api: Client, cohort_case: CohortCase) -> None:
    for file in learner_api.get(CASE).json()["files"]:
        answer = learner_api.get(file["url"])
        content = b"".join(answer)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["size"])
        assert answer["ETag"] == f'"{file["sha256"]}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in answer["Content-Disposition"]
        again = learner_api.get(file["url"], headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["truth.csv", "..%2Ftruth%2Ftruth.csv", "oracle.csv", "build.json", "data.zip", "%00"])
def test_nothing_but_the_public_files_is_served(learner_api: Client, cohort_case: CohortCase, name: str) -> None:
    assert problem(learner_api.get(f"{CASE}/data/{name}"))["status"] == 404


@pytest.mark.parametrize(
    "path", ["", "/data/train.csv", "/steps/model/submissions", "/steps/model/leaderboard", "/steps/model/quota"]
)
def test_for_outsiders_there_is_no_such_cohort(outsider_api: Client, cohort_case: CohortCase, path: str) -> None:
    there, nowhere = outsider_api.get(CASE + path), outsider_api.get(CASE.replace("spring", "nowhere") + path)
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert problem(there)["detail"] == problem(nowhere)["detail"]
    assert problem(there)["code"] == problem(nowhere)["code"] == "cohort_not_found"


@pytest.mark.parametrize("state", ["applied", "selected", "paused", "withdrawn"])
def test_who_takes_no_part_is_an_outsider(
    learner_api: Client, enrolment: Enrolment, cohort_case: CohortCase, state: EnrolmentState
) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
    assert learner_api.get(CASE).status_code == 404
    assert learner_api.get("/api/v1/cohorts").json()["items"] == []


def test_the_platform_operator_has_no_part_in_cohorts(cohort_case: CohortCase, case_version: CaseVersion) -> None:
    operator = Person.objects.create_superuser("root@example.org", "x", name="Root")
    assert as_person(operator).get(CASE).status_code == 404


def test_unknown_names_are_told_apart_for_members(learner_api: Client, cohort_case: CohortCase) -> None:
    missing = {
        "/api/v1/cohorts/spring/cases/none": "case_not_found",
        f"{CASE}/steps/none/submissions": "step_not_found",
        f"{CASE}/data/none.csv": "file_not_found",
        "/api/v1/submissions/1": "submission_not_found",
        "/api/v1/none": "not_found",
    }
    assert {path: problem(learner_api.get(path))["code"] for path in missing} == missing
