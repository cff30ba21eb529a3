"""Who may see a submission, hand in, and listen to the streams; above all who may not."""

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person
from campus.submissions.models import Submission
from campus.submissions.streams import can_read_board, can_read_enrolment, can_read_team
from campus.teams.actions import leave_team
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person
from tests.campus.submissions.files import handed_in

pytestmark = pytest.mark.django_db


def reload(person: Person) -> Person:
    """The person as a new request sees her."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    return handed_in(open_step, enrolment)


@pytest.fixture
def other_facilitator(open_step: Step) -> Person:
    """Looks after another class of the same cohort."""
    person = make_person("Yuki")
    other = StudyClass.objects.create(cohort=open_step.cohort, name="B")
    other.facilitators.add(enrol(person, open_step.cohort, Role.FACILITATOR))
    return person


def test_the_owner_and_who_looks_after_her_see_a_submission(
    submission: Submission, learner: Person, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    for person in (learner, facilitator, mentor, organiser):
        assert person.has_perm("submissions.view_submission", submission), person


def test_nobody_else_sees_it(submission: Submission, mate: Person, outsider: Person, other_facilitator: Person) -> None:
    operator = make_person("Root", is_staff=True)
    for person in (mate, outsider, other_facilitator, operator):
        assert not person.has_perm("submissions.view_submission", submission), person


def test_a_team_mate_sees_the_teams_work_until_she_leaves(
    submission: Submission, mate: Person, mate_enrolment: Enrolment, team: Team
) -> None:
    submission.team = team
    assert mate.has_perm("submissions.pick_submission", submission)

    leave_team(membership=mate_enrolment.memberships.get(), actor=mate)
    assert not reload(mate).has_perm("submissions.view_submission", submission)


def test_who_left_the_team_still_sees_what_she_handed_in_but_chooses_no_more(
    submission: Submission, learner: Person, enrolment: Enrolment, team: Team
) -> None:
    submission.team = team
    assert learner.has_perm("submissions.pick_submission", submission)

    leave_team(membership=enrolment.memberships.get(), actor=learner)
    assert reload(learner).has_perm("submissions.view_submission", submission)
    assert not reload(learner).has_perm("submissions.pick_submission", submission)


def test_who_withdrew_or_was_deactivated_may_nothing(submission: Submission, learner: Person) -> None:
    learner.enrolments.update(state=EnrolmentState.WITHDRAWN)
    assert not reload(learner).has_perm("submissions.view_submission", submission)
    assert not reload(learner).has_perm("submissions.hand_in", submission.step)

    learner.enrolments.update(state=EnrolmentState.ACTIVE)
    Person.objects.filter(pk=learner.pk).update(is_active=False)
    assert not reload(learner).has_perm("submissions.view_submission", submission)


def test_only_learners_hand_in(
    open_step: Step, learner: Person, facilitator: Person, mentor: Person, organiser: Person, outsider: Person
) -> None:
    allowed = [
        p for p in (learner, facilitator, mentor, organiser, outsider) if p.has_perm("submissions.hand_in", open_step)
    ]
    assert allowed == [learner]


def test_only_the_owner_chooses_final_picks(submission: Submission, organiser: Person, mentor: Person) -> None:
    assert not organiser.has_perm("submissions.pick_submission", submission)
    assert not mentor.has_perm("submissions.pick_submission", submission)


def test_streams_are_heard_by_those_they_concern_only(
    open_step: Step,
    learner: Person,
    mate: Person,
    outsider: Person,
    organiser: Person,
    enrolment: Enrolment,
    team: Team,
) -> None:
    assert [can_read_board(person, open_step.pk) for person in (learner, organiser, outsider)] == [True, True, False]
    assert [can_read_enrolment(person, enrolment.pk) for person in (learner, mate, organiser)] == [True, False, False]
    assert [can_read_team(person, team.pk) for person in (learner, mate, organiser, outsider)] == [
        True,
        True,
        False,
        False,
    ]
