"""Handing in by API: recorded once, refused in words, followed to the score, seen only by those who may."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, StudyClass
from campus.people.models import Person, Scope
from campus.submissions import files
from campus.submissions.models import Submission
from campus.submissions.refusals import StorageFull
from campus.teams.models import Team
from tests.campus.api.calls import as_person, caller, grade, hand_in, path_of, problem, token_of
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.submissions.files import csv_file

pytestmark = pytest.mark.django_db


def test_work_is_handed_in_and_scored(learner_api: Client, open_step: Step) -> None:
    answer = hand_in(learner_api, open_step, note="first try")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["state"], told["is_final"], told["note"], told["source"]) == ("queued", False, "first try", "api")
    assert (told["cohort"], told["case"], told["step"]) == ("spring", "daily-sales", open_step.key)
    assert told["scores"] == {"public": None, "private": None}

    grade(told["id"])
    later = learner_api.get(f"/api/v1/submissions/{told['id']}").json()
    assert (later["state"], later["is_final"]) == ("scored", True)
    assert set(later["scores"]["public"]) == {"mae", "wape", "saving_yen"}
    assert later["versions"]["pack"] == open_step.case_version.pack_digest
    assert learner_api.get(path_of(open_step, "/submissions")).json() == {
        "items": [later], "total": 1, "page": 1, "pages": 1
    }  # fmt: skip


def test_what_else_a_caller_sends_is_not_heard(
    learner_api: Client, open_step: Step, closed_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    wishes = {
        "enrolment": mate_enrolment.pk,
        "enrolment_id": mate_enrolment.pk,
        "step_id": closed_step.pk,
        "source": "page",
        "state": "scored",
        "score": "1",
        "created_at": "2020-01-01T00:00:00Z",
        "role": "organiser",
        "is_staff": "true",
    }
    told = hand_in(learner_api, open_step, **wishes).json()
    made = Submission.objects.select_related("grading").get()
    assert (made.enrolment, made.step, made.source, made.grading.state) == (enrolment, open_step, "api", "queued")
    assert (told["state"], timezone.now() - made.created_at < timedelta(minutes=1)) == ("queued", True)
    enrolment.refresh_from_db()
    assert (enrolment.role, enrolment.person.is_staff) == ("learner", False)


def test_scores_are_shown_to_the_digits_that_count(learner_api: Client, open_step: Step) -> None:
    number = hand_in(learner_api, open_step).json()["id"]
    grade(number)
    public = learner_api.get(f"/api/v1/submissions/{number}").json()["scores"]["public"]
    assert public == {
        "mae": round(public["mae"], 2),
        "wape": round(public["wape"], 4),
        "saving_yen": round(public["saving_yen"]),
    }


def test_final_scores_are_nowhere_before_the_close(learner_api: Client, open_step: Step) -> None:
    number = hand_in(learner_api, open_step).json()["id"]
    grade(number)
    private = Submission.objects.get(pk=number).grading.prediction.scores.get(split="private").values
    rounded = open_step.case_version.pack().scoring.rounded(private)
    hidden = {json.dumps(value) for values in (private, rounded) for value in values.values()}
    paths = [f"/api/v1/submissions/{number}", path_of(open_step, "/submissions"), path_of(open_step, "/leaderboard")]
    told = [learner_api.get(path).content.decode() for path in [*paths, "/api/v1/cohorts/spring/cases/daily-sales"]]
    public = json.dumps(learner_api.get(paths[0]).json()["scores"]["public"])
    assert [value for value in hidden if value not in public and any(value in text for text in told)] == []

    reschedule(open_step, opens=timedelta(days=-9), closes=timedelta(minutes=1))
    Submission.objects.filter(pk=number).update(created_at=timezone.now() - timedelta(days=1))
    reschedule(open_step, opens=timedelta(days=-9), closes=timedelta(minutes=-1))
    assert learner_api.get(paths[0]).json()["scores"]["private"] == rounded


def test_a_format_error_names_row_column_and_value_and_costs_nothing(learner_api: Client, open_step: Step) -> None:
    lines = csv_file(open_step).decode().splitlines()
    lines[2] = lines[2].replace("10.0", "many")
    lines[5] = lines[5].replace("10.0", "-1")
    answer = hand_in(learner_api, open_step, "\n".join(lines).encode())
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (422, "format")
    assert [(one["code"], one["row"], one["line"], one["column"], one["value"]) for one in told["errors"]] == [
        ("value_not_number", 2, 3, "予測", "many"),
        ("value_negative", 5, 6, "予測", "-1"),
    ]
    assert "many" in told["errors"][0]["detail"]
    assert learner_api.get(path_of(open_step, "/quota")).json()["used"] == 0
    assert learner_api.get(path_of(open_step, "/submissions")).json()["items"] == []


def test_format_errors_are_worded_in_japanese_for_japanese_readers(learner: Person, open_step: Step) -> None:
    client = caller(token_of(learner), **{"Accept-Language": "ja"})
    told = problem(hand_in(client, open_step, b"id,x\n1,2\n"))
    assert "列" in told["errors"][0]["detail"]


def test_what_was_put_right_is_told(learner_api: Client, open_step: Step) -> None:
    answer = hand_in(learner_api, open_step, csv_file(open_step).replace(b"10.0", "１０".encode(), 1))
    assert [notice["code"] for notice in answer.json()["notices"]] == ["full_width_read"]


def test_the_same_key_and_file_hand_in_once(learner_api: Client, open_step: Step) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = hand_in(learner_api, open_step, headers=key)
    again = hand_in(learner_api, open_step, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Submission.objects.count() == 1


def test_any_text_is_a_key(learner_api: Client, open_step: Step) -> None:
    statuses = [
        hand_in(learner_api, open_step, headers={"Idempotency-Key": key}).status_code
        for key in ("run 1", "run 1", "run 2")
    ]
    assert statuses == [201, 200, 201]


def test_a_key_stands_for_one_file_only(learner_api: Client, open_step: Step) -> None:
    key = {"Idempotency-Key": "one"}
    hand_in(learner_api, open_step, headers=key)
    answer = hand_in(learner_api, open_step, csv_file(open_step, value=11), headers=key)
    assert (answer.status_code, problem(answer)["code"]) == (422, "idempotency_key_reused")


def test_two_persons_may_use_the_same_key(learner_api: Client, mate: Person, open_step: Step) -> None:
    key = {"Idempotency-Key": "one"}
    numbers = {hand_in(client, open_step, headers=key).json()["id"] for client in (learner_api, as_person(mate))}
    assert len(numbers) == 2


def test_the_daily_limit_says_when_to_come_back(learner_api: Client, open_step: Step) -> None:
    for value in range(3):
        assert hand_in(learner_api, open_step, csv_file(open_step, value=value)).status_code == 201
    answer = hand_in(learner_api, open_step)
    assert (answer.status_code, problem(answer)["code"]) == (429, "daily_limit_reached")
    assert 0 < int(answer["Retry-After"]) <= 24 * 3600
    quota = learner_api.get(path_of(open_step, "/quota")).json()
    assert (quota["per_day"], quota["used"], quota["left"]) == (3, 3, 0)
    assert quota["resets_at"].endswith("+09:00")


def test_nothing_is_handed_in_before_the_opening(learner_api: Client, open_step: Step) -> None:
    reschedule(open_step, opens=timedelta(days=1), closes=timedelta(days=2))
    answer = hand_in(learner_api, open_step)
    assert (answer.status_code, problem(answer)["code"]) == (409, "step_not_open")


def test_late_work_is_marked_and_never_shows_a_final_score(learner_api: Client, closed_step: Step) -> None:
    """Another cohort may still work on the same truth: late work must not measure it."""
    late = hand_in(learner_api, closed_step).json()
    grade(late["id"])
    told = learner_api.get(f"/api/v1/submissions/{late['id']}").json()
    assert told["is_late"] is True
    assert set(told["scores"]["public"]) == {"mae", "wape", "saving_yen"}
    assert told["scores"]["private"] is None


def test_a_text_step_takes_no_predictions(learner_api: Client, open_step: Step) -> None:
    text = open_step.cohort_case.steps.exclude(kind="model").first()
    assert text is not None
    for answer in (
        hand_in(learner_api, text, b"x"),
        *(learner_api.get(path_of(text, p)) for p in ("/quota", "/leaderboard")),
    ):
        assert (answer.status_code, problem(answer)["code"]) == (409, "step_not_graded")


def test_a_team_step_belongs_to_the_team(
    learner_api: Client, mate: Person, outsider_api: Client, cohort: object, open_step: Step, team: Team
) -> None:
    Step.objects.filter(pk=open_step.pk).update(by="team")
    told = hand_in(learner_api, open_step).json()
    assert told["team"] == "Team 1"
    mates = as_person(mate)
    assert mates.get(f"/api/v1/submissions/{told['id']}").json()["id"] == told["id"]
    assert mates.get(path_of(open_step, "/quota")).json()["used"] == 1
    assert mates.get(path_of(open_step, "/submissions")).json()["total"] == 1
    alone = make_person("Hitori")
    enrol(alone, open_step.cohort)
    client = as_person(alone)
    assert problem(hand_in(client, open_step))["code"] == "no_team"
    assert problem(client.get(path_of(open_step, "/quota")))["code"] == "no_team"
    assert client.get(path_of(open_step, "/submissions")).json()["total"] == 0
    assert client.get(f"/api/v1/submissions/{told['id']}").status_code == 404


def test_only_owner_and_those_who_look_after_it_see_a_submission(
    learner_api: Client,
    mate: Person,
    outsider: Person,
    facilitator: Person,
    mentor: Person,
    organiser: Person,
    open_step: Step,
) -> None:
    number = hand_in(learner_api, open_step).json()["id"]
    elsewhere = make_person("Betsu")
    other_class = StudyClass.objects.create(cohort=open_step.cohort, name="B")
    other_class.facilitators.add(enrol(elsewhere, open_step.cohort, "facilitator"))
    people = {"mate": mate, "outsider": outsider, "other class": elsewhere}
    staff = {"facilitator": facilitator, "mentor": mentor, "organiser": organiser}
    seen = {
        name: as_person(person).get(f"/api/v1/submissions/{number}").status_code
        for name, person in (people | staff).items()
    }
    assert seen == dict.fromkeys(people, 404) | dict.fromkeys(staff, 200)


def test_staff_and_outsiders_hand_in_nothing(
    outsider_api: Client, mentor: Person, organiser: Person, open_step: Step
) -> None:
    assert hand_in(outsider_api, open_step).status_code == 404
    for person in (mentor, organiser):
        client = as_person(person)
        assert problem(hand_in(client, open_step))["code"] == "not_a_learner"
        assert problem(client.get(path_of(open_step, "/quota")))["code"] == "not_a_learner"
        assert client.get(path_of(open_step, "/submissions")).json()["items"] == []
    assert not Submission.objects.exists()


def test_picks_are_chosen_and_taken_back(learner_api: Client, open_step: Step) -> None:
    numbers = [hand_in(learner_api, open_step, csv_file(open_step, value=value)).json()["id"] for value in (4, 5, 6)]
    pick = [f"/api/v1/submissions/{number}/pick" for number in numbers]
    assert problem(learner_api.put(pick[0]))["code"] == "not_scored"
    for number in numbers:
        grade(number)
    assert [learner_api.put(path).json()["is_picked"] for path in (pick[0], pick[1], pick[1])] == [True] * 3
    third = learner_api.put(pick[2])
    assert (third.status_code, problem(third)["code"]) == (409, "too_many_picks")
    assert learner_api.delete(pick[0]).json()["is_picked"] is False
    assert learner_api.put(pick[2]).json()["is_picked"] is True


def test_nobody_picks_for_others(
    learner_api: Client, learner: Person, mate: Person, outsider_api: Client, mentor: Person, open_step: Step
) -> None:
    number = hand_in(learner_api, open_step).json()["id"]
    grade(number)
    path = f"/api/v1/submissions/{number}/pick"
    for method in ("put", "delete"):
        assert getattr(as_person(mate), method)(path).status_code == 404
        assert getattr(outsider_api, method)(path).status_code == 404
        assert problem(getattr(as_person(mentor), method)(path))["code"] == "not_own"
        assert problem(getattr(as_person(learner, Scope.READ), method)(path))["code"] == "scope_missing"
    assert not hasattr(Submission.objects.get(pk=number), "final_pick")


def test_after_the_close_picks_stay_as_they_are(learner_api: Client, open_step: Step) -> None:
    number = hand_in(learner_api, open_step).json()["id"]
    grade(number)
    reschedule(open_step, opens=timedelta(days=-9), closes=timedelta(seconds=-1))
    answer = learner_api.put(f"/api/v1/submissions/{number}/pick")
    assert (answer.status_code, problem(answer)["code"]) == (409, "picks_closed")


def test_a_file_over_the_cases_limit_is_too_large(learner_api: Client, open_step: Step) -> None:
    answer = hand_in(learner_api, open_step, b"x" * 100_001)
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (413, "file_too_large")
    assert told["errors"][0]["params"] == {"bytes": 100_001, "limit": 100_000}


def test_a_request_over_the_sites_limit_is_refused_unread(learner_api: Client, open_step: Step) -> None:
    answer = learner_api.generic(
        "POST", path_of(open_step, "/submissions"), b"--x", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**12),
    )  # fmt: skip
    assert (answer.status_code, problem(answer)["code"]) == (413, "file_too_large")


@pytest.mark.parametrize("content_type", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
def test_only_forms_with_files_are_taken(learner_api: Client, open_step: Step, content_type: str) -> None:
    answer = learner_api.post(path_of(open_step, "/submissions"), b"id,x", content_type=content_type)
    assert (answer.status_code, problem(answer)["code"]) == (415, "not_multipart")


def test_what_is_missing_or_wrong_in_the_form_is_named(learner_api: Client, open_step: Step) -> None:
    path = path_of(open_step, "/submissions")
    assert problem(learner_api.post(path, {"note": "x"}))["errors"][0]["column"] == "file"
    for note in ("x" * 201, "a\0b"):
        assert problem(hand_in(learner_api, open_step, note=note))["errors"][0]["column"] == "note"
    broken = learner_api.post(path, b"--x\r\nnonsense", content_type="multipart/form-data")
    assert (broken.status_code, problem(broken)["code"]) == (400, "unreadable")


def test_a_full_disk_is_told(learner_api: Client, open_step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> str:
        raise StorageFull

    monkeypatch.setattr(files, "store", full)
    answer = hand_in(learner_api, open_step)
    assert (answer.status_code, problem(answer)["code"]) == (507, "storage_full")
    assert learner_api.get(path_of(open_step, "/quota")).json()["used"] == 0


@override_settings(DEBUG=False)
def test_a_fault_of_ours_keeps_its_insides(
    learner_api: Client, open_step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("secret insides")

    monkeypatch.setattr("campus.submissions.actions.hand_in", broken)
    answer = hand_in(learner_api, open_step)
    assert (answer.status_code, problem(answer)["code"]) == (500, "internal_error")
    assert b"insides" not in answer.content


@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 40])
def test_numbers_that_name_nothing_are_no_fault(learner_api: Client, number: str) -> None:
    assert problem(learner_api.get(f"/api/v1/submissions/{number}"))["status"] in (404, 422)


def test_a_wrong_method_is_told_the_right_ones(learner_api: Client, open_step: Step) -> None:
    answer = learner_api.delete(path_of(open_step, "/submissions"))
    assert (answer.status_code, problem(answer)["code"]) == (405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_long_history_costs_no_more_queries(
    learner_api: Client, open_step: Step, django_assert_max_num_queries: object
) -> None:
    for value in range(3):
        grade(hand_in(learner_api, open_step, csv_file(open_step, value=value)).json()["id"])
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert len(learner_api.get(path_of(open_step, "/submissions")).json()["items"]) == 3
