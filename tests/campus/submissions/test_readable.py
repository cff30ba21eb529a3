"""Notebooks on a page: one's own at once, others' after every deadline, and only the one they stand by."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.models import Extension, Step
from campus.cohorts.models import Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person
from campus.submissions import files, readable
from campus.submissions.models import Submission
from grader.contract import Kind
from tests.campus.cast import enrol, make_person, reschedule, signed_in
from tests.campus.submissions.files import graded
from tests.campus.submissions.pages import address, text_of
from tests.campus.submissions.test_rendering import code, notebook

pytestmark = pytest.mark.django_db

WAYS = "I looked at promotions first."
CONTENT = notebook(
    {"cell_type": "markdown", "source": f"# My way\n\n{WAYS}\n\n<script>alert(1)</script>"},
    code("print('<b>42</b>')", {"output_type": "stream", "text": "<b>42</b>"}),
)


def as_notebook(submission: Submission, content: bytes = CONTENT) -> Submission:
    """The scored submission, as if its numbers had come from this notebook."""
    name, digest = files.store(content, folder="submissions"), files.digest_of(content)
    kept = {"kind": Kind.NOTEBOOK, "file": name, "file_digest": digest, "file_name": "mine.ipynb"}
    Submission.objects.filter(pk=submission.pk).update(**kept)
    return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    """The learner's, rendered; she stands on the board by it."""
    made = as_notebook(graded(open_step, enrolment, value=10.0))
    readable.render(made.pk)
    return made


@pytest.fixture
def closed(open_step: Step, submission: Submission) -> Step:
    """The step, over; the notebook was in time."""
    Submission.objects.update(created_at=timezone.now() - timedelta(days=1))
    return reschedule(open_step, opens=timedelta(days=-3), closes=timedelta(seconds=-1))


def status(person: Person, submission: Submission, name: str = "notebook") -> int:
    return signed_in(person).get(address(name, submission.step, submission.pk)).status_code


def page(person: Person, submission: Submission) -> Any:
    return signed_in(person).get(address("notebook", submission.step, submission.pk), headers={"Accept-Language": "en"})


@pytest.fixture
def other_facilitator(open_step: Step) -> Person:
    person = make_person("Yuki")
    other = StudyClass.objects.create(cohort=open_step.cohort, name="B")
    other.facilitators.add(enrol(person, open_step.cohort, Role.FACILITATOR))
    return person


# --- who, and when


def test_before_the_deadline_it_is_for_the_owner_and_who_looks_after_her(
    submission: Submission, learner: Person, mentor: Person, organiser: Person, facilitator: Person
) -> None:
    assert [status(person, submission) for person in (learner, mentor, organiser, facilitator)] == [200] * 4


def test_before_the_deadline_it_is_for_nobody_else(
    submission: Submission, mate: Person, outsider: Person, other_facilitator: Person, client: Any
) -> None:
    operator = make_person("Root", is_staff=True)
    assert [status(person, submission) for person in (mate, outsider, other_facilitator, operator)] == [404] * 4
    anonymous = client.get(address("notebook", submission.step, submission.pk))
    assert (anonymous.status_code, anonymous["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_after_the_deadline_the_cohort_may_read_it_and_nothing_else_of_it(
    closed: Step, submission: Submission, mate: Person, other_facilitator: Person
) -> None:
    for person in (mate, other_facilitator):
        assert status(person, submission) == 200
        assert [status(person, submission, name) for name in ("submission", "row", "file")] == [404] * 3


def test_after_the_deadline_outsiders_may_not(
    closed: Step, submission: Submission, outsider: Person, mate: Person
) -> None:
    operator = make_person("Root", is_staff=True)
    Enrolment.objects.filter(person=mate).update(state=EnrolmentState.WITHDRAWN)
    assert [status(person, submission) for person in (outsider, operator, mate)] == [404] * 3


def test_who_may_still_hand_in_reads_nobody_elses(
    closed: Step, submission: Submission, mate: Person, mate_enrolment: Enrolment
) -> None:
    later = timezone.now() + timedelta(days=1)
    Extension.objects.create(step=closed, enrolment=mate_enrolment, closes_at=later, reason="-")
    assert status(mate, submission) == 404
    Extension.objects.update(closes_at=timezone.now())
    assert status(mate, submission) == 200


def test_while_the_owner_may_still_hand_in_nobody_reads_hers(
    closed: Step, submission: Submission, learner: Person, mate: Person, enrolment: Enrolment
) -> None:
    later = timezone.now() + timedelta(days=1)
    Extension.objects.create(step=closed, enrolment=enrolment, closes_at=later, reason="-")
    assert (status(learner, submission), status(mate, submission)) == (200, 404)


def test_drafts_are_not_opened(closed: Step, submission: Submission, enrolment: Enrolment, mate: Person) -> None:
    other = graded(reschedule(closed, opens=timedelta(days=-3), closes=timedelta(days=1)), enrolment, value=900.0)
    draft = as_notebook(other, notebook(code("draft = 1")))
    Submission.objects.update(created_at=timezone.now() - timedelta(days=1))
    reschedule(closed, opens=timedelta(days=-3), closes=timedelta(seconds=-1))
    assert (status(mate, submission), status(mate, draft)) == (200, 404)


def test_who_left_the_cohort_is_read_no_more(
    closed: Step, submission: Submission, enrolment: Enrolment, mate: Person
) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
    assert status(mate, submission) == 404


def test_other_kinds_have_no_such_page(open_step: Step, enrolment: Enrolment, learner: Person) -> None:
    file = graded(open_step, enrolment)
    assert status(learner, file) == 404
    shown = signed_in(learner).get(address("submission", open_step, file.pk)).content.decode()
    assert address("notebook", open_step, file.pk) not in shown


# --- what is shown


def test_the_page_shows_words_code_and_output_and_runs_nothing(submission: Submission, learner: Person) -> None:
    shown = page(learner, submission)
    html = shown.content.decode()
    assert WAYS in html
    assert "alert(1)" not in html
    assert html.count("&lt;b&gt;42&lt;/b&gt;") == 2
    assert (
        address("notebook", submission.step, submission.pk)
        in signed_in(learner).get(address("submission", submission.step, submission.pk)).content.decode()
    )


def test_others_see_the_name_that_she_chose_and_no_file_name(
    closed: Step, submission: Submission, learner: Person, mate: Person
) -> None:
    learner.uses_alias = True
    learner.save()
    submission.enrolment.refresh_from_db()
    words = text_of(page(mate, submission))
    assert submission.enrolment.shown_name in words
    assert "mine.ipynb" not in words
    assert "mine.ipynb" in text_of(page(learner, submission))


def test_the_final_board_leads_to_notebooks_that_may_be_read(
    closed: Step, submission: Submission, mate: Person
) -> None:
    board = signed_in(mate).get(address("final_board", closed)).content.decode()
    assert address("notebook", closed, submission.pk) in board
    assert (
        address("notebook", closed, submission.pk) not in signed_in(mate).get(address("board", closed)).content.decode()
    )


# --- how it is made


def jobs() -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name="submissions.render").values_list("args", flat=True))


def test_what_is_not_rendered_yet_is_asked_for_once_and_said_to_be_coming(
    open_step: Step, enrolment: Enrolment, learner: Person, django_capture_on_commit_callbacks: Any
) -> None:
    made = as_notebook(graded(open_step, enrolment), notebook(code("new = 1")))
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            waiting = page(learner, made)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert jobs() == [{"submission_id": made.pk}]

    readable.render(made.pk)

    done = page(learner, made).content.decode()
    assert "new = 1" in done
    assert "every 2s" not in done


def test_equal_files_share_a_rendering(submission: Submission, open_step: Step, mate_enrolment: Enrolment) -> None:
    same = as_notebook(graded(open_step, mate_enrolment))
    assert readable.rendering_of(same) == readable.rendering_of(submission)


def test_only_notebooks_are_rendered(
    open_step: Step, enrolment: Enrolment, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        file = graded(open_step, enrolment)
        readable.defer_rendering(file)
    readable.render(file.pk)
    assert jobs() == []
    assert readable.rendering_of(file) is None


def test_a_page_takes_few_queries(
    closed: Step, submission: Submission, mate: Person, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(mate)
    client.get(address("notebook", closed, submission.pk))
    with django_assert_max_num_queries(30):
        client.get(address("notebook", closed, submission.pk))
