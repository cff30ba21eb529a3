"""Who may open which page of a graded step, and who may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campus.cases.models import Step, StepBy
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person
from campus.submissions.actions import hand_in
from campus.submissions.models import FinalPick, Submission
from campus.teams.actions import leave_team
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.submissions.files import csv_file, graded, upload
from tests.campus.submissions.pages import address

pytestmark = pytest.mark.django_db

PAGES_OF_A_SUBMISSION = ["submission", "row", "file"]
PAGES_OF_THE_STEP = ["hand_in", "history", "board"]


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    """The learner's, scored."""
    return graded(open_step, enrolment)


@pytest.fixture
def team_step(open_step: Step) -> Step:
    """A graded step handed in by teams, open now."""
    Step.objects.filter(pk=open_step.pk).update(by=StepBy.TEAM)
    return Step.objects.with_case().get(pk=open_step.pk)


@pytest.mark.parametrize("name", PAGES_OF_THE_STEP)
def test_a_step_is_for_members_only(name: str, open_step: Step, learner: Person, outsider: Person, client) -> None:
    assert signed_in(learner).get(address(name, open_step)).status_code == 200
    assert signed_in(outsider).get(address(name, open_step)).status_code == 404
    anonymous = client.get(address(name, open_step))
    assert (anonymous.status_code, anonymous["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", PAGES_OF_THE_STEP)
def test_whoever_withdrew_sees_nothing_any_more(
    name: str, open_step: Step, learner: Person, submission: Submission
) -> None:
    Enrolment.objects.filter(person=learner).update(state=EnrolmentState.WITHDRAWN)
    assert signed_in(learner).get(address(name, open_step)).status_code == 404
    for page in PAGES_OF_A_SUBMISSION:
        assert signed_in(learner).get(address(page, open_step, submission.pk)).status_code == 404
    assert signed_in(learner).post(address("pick", open_step, submission.pk), {"pick": "yes"}).status_code == 404


def test_a_step_without_grading_has_none_of_these_pages(open_step: Step, learner: Person) -> None:
    Step.objects.filter(pk=open_step.pk).update(kind="text")
    for name in [*PAGES_OF_THE_STEP, "final_board"]:
        assert signed_in(learner).get(address(name, open_step)).status_code == 404


@pytest.mark.parametrize("name", PAGES_OF_A_SUBMISSION)
def test_a_submission_is_not_for_other_learners(
    name: str, open_step: Step, submission: Submission, learner: Person, mate: Person, outsider: Person, client
) -> None:
    page = address(name, open_step, submission.pk)
    answers = [signed_in(person).get(page).status_code for person in (learner, mate, outsider)]
    assert (answers, client.get(page).status_code) == ([200, 404, 404], 302)


@pytest.mark.parametrize("name", ["submission", "file"])
def test_staff_who_look_after_a_learner_may_open_the_work(
    name: str, open_step: Step, submission: Submission, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    page = address(name, open_step, submission.pk)
    assert [signed_in(person).get(page).status_code for person in (facilitator, mentor, organiser)] == [200, 200, 200]


def test_the_facilitator_of_another_class_may_not(open_step: Step, submission: Submission, cohort: Cohort) -> None:
    other = make_person("Betsu")
    StudyClass.objects.create(cohort=cohort, name="B").facilitators.add(enrol(other, cohort, Role.FACILITATOR))
    for name in PAGES_OF_A_SUBMISSION:
        assert signed_in(other).get(address(name, open_step, submission.pk)).status_code == 404


def test_the_row_of_a_history_is_for_its_learner_only(
    open_step: Step, submission: Submission, organiser: Person
) -> None:
    assert signed_in(organiser).get(address("row", open_step, submission.pk)).status_code == 404


def test_a_submission_of_another_step_is_not_found_here(
    open_step: Step, closed_step: Step, submission: Submission, learner: Person
) -> None:
    assert signed_in(learner).get(address("submission", closed_step, submission.pk)).status_code == 404


def test_staff_read_the_hand_in_page_but_hand_in_nothing(open_step: Step, organiser: Person) -> None:
    page = signed_in(organiser).get(address("hand_in", open_step))
    assert (page.status_code, 'type="file"' in page.content.decode()) == (200, False)
    assert signed_in(organiser).get(address("history", open_step)).status_code == 404

    file = SimpleUploadedFile("mine.csv", csv_file(open_step))
    answer = signed_in(organiser).post(address("hand_in", open_step), {"file": file})
    assert (answer.status_code, Submission.objects.count()) == (403, 0)


@pytest.mark.parametrize("who", ["mate", "outsider", "facilitator", "mentor", "organiser"])
def test_only_the_owner_chooses_for_the_final_score(
    who: str, open_step: Step, submission: Submission, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    answer = signed_in(person).post(address("pick", open_step, submission.pk), {"pick": "yes"})
    assert (answer.status_code, FinalPick.objects.count()) == (404, 0)


def test_team_mates_share_their_work_and_whoever_left_only_looks(
    team_step: Step, team: Team, enrolment: Enrolment, mate_enrolment: Enrolment, learner: Person, mate: Person
) -> None:
    submission = hand_in(step=team_step, enrolment=enrolment, upload=upload(team_step))
    assert signed_in(mate).get(address("submission", team_step, submission.pk)).status_code == 200

    leave_team(membership=enrolment.memberships.get(team=team), actor=learner)
    assert signed_in(learner).get(address("submission", team_step, submission.pk)).status_code == 200
    answer = signed_in(learner).post(address("pick", team_step, submission.pk), {"pick": "yes"})
    assert (answer.status_code, FinalPick.objects.count()) == (404, 0)


def test_handing_in_needs_the_token_against_forgery(open_step: Step, learner: Person) -> None:
    browser = signed_in(learner)
    browser.handler.enforce_csrf_checks = True
    file = SimpleUploadedFile("mine.csv", csv_file(open_step))
    answer = browser.post(address("hand_in", open_step), {"file": file, "request_key": "0" * 32})
    assert (answer.status_code, Submission.objects.count()) == (403, 0)
