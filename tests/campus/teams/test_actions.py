"""Teams: forming, joining and leaving, with history, audit, and who may not."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, StudyClass
from campus.people.models import Person
from campus.teams.actions import form_team, form_teams, join_team, leave_team, merge_teams
from campus.teams.models import PROJECT_TEAM_LIMIT, Membership, Team, TeamKind
from tests.campus.cast import enrol, make_person

pytestmark = pytest.mark.django_db


def members_of(team: Team) -> set[str]:
    return set(team.memberships.current().values_list("enrolment__person__name", flat=True))


def test_a_team_is_formed_with_its_members_and_each_is_in_the_audit_log(
    cohort: Cohort, enrolment: Enrolment, mate_enrolment: Enrolment, organiser: Person
) -> None:
    team = form_team(
        cohort=cohort, kind=TeamKind.PROJECT, name="こまつな", members=[enrolment, mate_enrolment], actor=organiser
    )
    assert members_of(team) == {"Hanako", "Taro"}
    log = AuditEntry.objects.filter(subject=f"team:{team.pk}").order_by("pk")
    assert [(entry.action, entry.actor, entry.cohort) for entry in log] == [
        ("team.formed", organiser, cohort),
        ("team.joined", organiser, cohort),
        ("team.joined", organiser, cohort),
    ]


def test_leaving_keeps_history_and_frees_for_another_team(team: Team, cohort: Cohort, enrolment: Enrolment) -> None:
    left = leave_team(membership=team.memberships.get(enrolment=enrolment), actor=enrolment.person)
    other = form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Team 2", members=[enrolment], actor=None)
    assert left.left_at is not None
    assert members_of(team) == {"Taro"}
    assert members_of(other) == {"Hanako"}
    assert Membership.objects.filter(enrolment=enrolment).count() == 2


def test_a_membership_ends_once(team: Team, enrolment: Enrolment) -> None:
    membership = team.memberships.get(enrolment=enrolment)
    first = leave_team(membership=membership, actor=None).left_at
    with pytest.raises(ValidationError, match="すでに抜けています"):
        leave_team(membership=membership, actor=None)
    membership.refresh_from_db()
    assert membership.left_at == first


def test_nobody_is_in_two_project_teams_but_a_study_group_stands_beside(
    team: Team, cohort: Cohort, enrolment: Enrolment
) -> None:
    with pytest.raises(ValidationError):
        form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Team 2", members=[enrolment], actor=None)
    assert not Team.objects.filter(name="Team 2").exists()
    group = form_team(cohort=cohort, kind=TeamKind.STUDY_GROUP, name="Team 1", members=[enrolment], actor=None)
    assert members_of(group) == {"Hanako"}


def test_the_database_itself_refuses_a_second_current_team(team: Team, cohort: Cohort, enrolment: Enrolment) -> None:
    other = form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Team 2", actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(team=other, enrolment=enrolment, kind=other.kind)


def test_a_full_project_team_takes_nobody_more(cohort: Cohort, study_class: StudyClass) -> None:
    team = form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Full", actor=None)
    for number in range(PROJECT_TEAM_LIMIT):
        join_team(team=team, enrolment=enrol(make_person(f"P{number}"), cohort), actor=None)
    with pytest.raises(ValidationError):
        join_team(team=team, enrolment=enrol(make_person("Late"), cohort), actor=None)
    assert len(members_of(team)) == PROJECT_TEAM_LIMIT


def test_who_learns_elsewhere_paused_or_does_not_learn_can_not_join(
    team: Team, outsider_enrolment: Enrolment, mentor: Person, cohort: Cohort
) -> None:
    paused = enrol(make_person("Pause"), cohort, state=EnrolmentState.PAUSED)
    for enrolment in [outsider_enrolment, mentor.enrolments.get(), paused]:
        with pytest.raises(ValidationError):
            join_team(team=team, enrolment=enrolment, actor=None)
    assert members_of(team) == {"Hanako", "Taro"}


def test_a_name_is_taken_once_for_each_kind(team: Team, cohort: Cohort) -> None:
    with pytest.raises(ValidationError):
        form_team(cohort=cohort, kind=TeamKind.PROJECT, name=team.name, actor=None)


def test_who_may_form_join_and_end_memberships(
    team: Team, cohort: Cohort, learner: Person, mate: Person, outsider: Person, mentor: Person, organiser: Person
) -> None:
    membership = team.memberships.get(enrolment__person=learner)
    may = {
        person.name: (
            person.has_perm("teams.form_team", cohort),
            person.has_perm("teams.join_team", team),
            person.has_perm("teams.leave_team", membership),
            person.has_perm("teams.view_team", team),
        )
        for person in [learner, mate, outsider, mentor, organiser]
    }
    assert may == {
        "Hanako": (False, False, True, True),
        "Taro": (False, False, False, True),
        "Yoso": (False, False, False, False),
        "Megumi": (False, False, False, False),
        "Osamu": (True, True, True, True),
    }


def test_many_teams_are_formed_at_once_and_who_can_not_join_is_left_out(
    team: Team, cohort: Cohort, enrolment: Enrolment, organiser: Person, outsider_enrolment: Enrolment
) -> None:
    people = [enrol(make_person(f"P{number}"), cohort) for number in range(5)]
    paused = enrol(make_person("Pause"), cohort, state=EnrolmentState.PAUSED)
    ids = [one.pk for one in people]
    groups = {
        "North": [*ids[:3], enrolment.pk, outsider_enrolment.pk],
        "South": [*ids[3:], paused.pk],
        "Nobody": [paused.pk],
    }
    teams = form_teams(cohort=cohort, kind=TeamKind.PROJECT, groups=groups, actor=organiser)
    assert {team.name: members_of(team) for team in teams} == {"North": {"P0", "P1", "P2"}, "South": {"P3", "P4"}}
    log = AuditEntry.objects.filter(subject=f"team:{teams[1].pk}").order_by("pk")
    assert [entry.action for entry in log] == ["team.formed", "team.joined", "team.joined"]
    with pytest.raises(ValidationError, match="North"):
        form_teams(
            cohort=cohort,
            kind=TeamKind.PROJECT,
            groups={"North": [enrol(make_person("P5"), cohort).pk]},
            actor=organiser,
        )


def test_a_project_team_of_many_is_not_formed(cohort: Cohort, organiser: Person) -> None:
    many = [enrol(make_person(f"P{number}"), cohort).pk for number in range(PROJECT_TEAM_LIMIT + 1)]
    with pytest.raises(ValidationError):
        form_teams(cohort=cohort, kind=TeamKind.PROJECT, groups={"Many": many}, actor=organiser)
    assert not Team.objects.filter(name="Many").exists()


def test_teams_are_merged_with_all_their_history_or_not_at_all(
    team: Team, cohort: Cohort, enrolment: Enrolment, organiser: Person
) -> None:
    five = [enrol(make_person(f"P{number}"), cohort) for number in range(5)]
    full = form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Five", members=five, actor=None)
    with pytest.raises(ValidationError):
        merge_teams(team=team, into=full, actor=organiser)
    assert members_of(team) == {"Hanako", "Taro"}
    leave_team(membership=full.memberships.get(enrolment=five[0]), actor=None)
    merge_teams(team=team, into=full, actor=organiser)
    assert members_of(full) == {"P1", "P2", "P3", "P4", "Hanako", "Taro"}
    assert team.memberships.filter(left_at__isnull=False).count() == 2
    assert not Team.objects.filter(pk=team.pk).standing().exists()
    study = form_team(cohort=cohort, kind=TeamKind.STUDY_GROUP, name="Study", actor=None)
    with pytest.raises(ValidationError):
        merge_teams(team=full, into=study, actor=organiser)
