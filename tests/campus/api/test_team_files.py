"""A team's files by API: brought along and shared by its members, and by nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campus.cohorts.models import Enrolment
from campus.grouping.models import FileVersion
from campus.people.models import Person, Scope
from campus.teams.actions import form_team, leave_team
from campus.teams.models import Team, TeamKind
from campus.ui.files import digest_of
from tests.campus.api.calls import as_person, problem

pytestmark = pytest.mark.django_db
MINE = "/api/v1/cohorts/spring/teams"


def files_of(team: Team) -> str:
    return f"/api/v1/teams/{team.pk}/files"


def share(client: Client, team: Team, text: str, *, name: str = "予測.ipynb", **fields: object) -> object:
    return client.post(files_of(team), {"file": SimpleUploadedFile(name, text.encode()), **fields})


def test_members_find_their_teams_and_share_versions(
    learner_api: Client, mate: Person, team: Team, enrolment: Enrolment
) -> None:
    group = form_team(cohort=team.cohort, kind=TeamKind.STUDY_GROUP, name="Group 1", members=[enrolment], actor=None)
    listed = learner_api.get(MINE).json()["items"]
    assert [(one["id"], one["kind"]) for one in listed] == [(team.pk, "project"), (group.pk, "study_group")]
    first = share(learner_api, team, "{}", after=0).json()
    second = share(as_person(mate), team, '{"a": 1}', note="更新", after=1).json()
    assert [(one["number"], one["by"], one["note"]) for one in (first, second)] == [
        (1, "Hanako", ""),
        (2, "Taro", "更新"),
    ]
    assert learner_api.get(files_of(team)).json()["items"] == [second]
    answer = learner_api.get(second["url"])
    content = b"".join(answer.streaming_content)
    assert (content, digest_of(content)) == (b'{"a": 1}', second["sha256"])


def test_a_later_version_is_not_overwritten_and_the_same_bytes_are_none(learner_api: Client, team: Team) -> None:
    first = share(learner_api, team, "{}", after=0).json()
    assert share(learner_api, team, "{}", after=0).json() == first
    share(learner_api, team, "[1]", after=1)
    assert problem(share(learner_api, team, "[2]", after=1))["code"] == "newer_version"
    assert problem(share(learner_api, team, "x", name="run.exe"))["code"] == "file_refused"
    assert [one.number for one in FileVersion.objects.order_by("pk")] == [1, 2]


def test_who_may_not(
    learner: Person, mate: Person, mentor: Person, outsider: Person, organiser: Person, team: Team
) -> None:
    version = share(as_person(learner), team, "{}").json()
    for person in (mentor, outsider, organiser):
        client = as_person(person)
        codes = [problem(client.get(address))["code"] for address in (files_of(team), version["url"])]
        assert [*codes, problem(share(client, team, "[3]"))["code"]] == ["team_not_found"] * 3
    assert problem(as_person(outsider).get(MINE))["code"] == "cohort_not_found"
    assert as_person(mentor).get(MINE).json()["items"] == []
    assert problem(share(as_person(learner, Scope.READ), team, "[3]"))["code"] == "scope_missing"
    leave_team(membership=team.memberships.get(enrolment__person=mate), actor=mate)
    assert problem(as_person(mate).get(version["url"]))["code"] == "team_not_found"
    assert problem(as_person(learner).get(f"{files_of(team)}/{2**40}"))["code"] == "file_not_found"
    assert FileVersion.objects.count() == 1
