"""Places of the cast's cohort and a thread in it; ``stranger`` is in another class and in no team."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from django.db import connection

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.discussion.actions import Heading, Writing, start_thread, write_post
from campus.discussion.files import StoredFile
from campus.discussion.models import Place, Post, Thread, ThreadKind
from campus.discussion.places import place_of, whole_places
from campus.people.models import Person
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Submission
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person
from tests.campus.submissions.files import csv_file


def ask(
    place: Place, author: Person, *, title: str = "欠品の扱い", text: str = "どうしていますか。", **more: object
) -> Thread:
    """A question."""
    heading = Heading(title=title, kind=ThreadKind(str(more.pop("kind", ThreadKind.QUESTION))))
    return start_thread(place=place, author=author, heading=heading, writing=Writing(text=text))


def say(
    thread: Thread,
    author: Person,
    text: str = "私もです。",
    *,
    files: Sequence[StoredFile] = (),
    key: UUID | None = None,
) -> Post:
    """A further post."""
    return write_post(thread=thread, author=author, writing=Writing(text=text, files=files, key=key))


def events(stream: str) -> list[tuple[str, dict]]:
    """Kind and payload of all that was told on the stream."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, payload FROM live_event JOIN live_stream ON live_stream.id = stream_id"
            " WHERE key = %s ORDER BY live_event.seq",
            [stream],
        )
        import json

        return [
            (kind, json.loads(payload) if isinstance(payload, str) else payload) for kind, payload in cursor.fetchall()
        ]


@pytest.fixture
def other_class(cohort: Cohort) -> StudyClass:
    return StudyClass.objects.create(cohort=cohort, name="B")


@pytest.fixture
def stranger(cohort: Cohort, other_class: StudyClass) -> Person:
    person = make_person("Saburo")
    enrol(person, cohort, study_class=other_class)
    return person


@pytest.fixture
def other_facilitator(cohort: Cohort, other_class: StudyClass) -> Person:
    """Looks after the other class."""
    person = make_person("Goro")
    other_class.facilitators.add(enrol(person, cohort, Role.FACILITATOR))
    return person


@pytest.fixture
def submission(open_step: Step, enrolment: Enrolment) -> Submission:
    """The learner's own."""
    return hand_in(step=open_step, enrolment=enrolment, upload=Upload("a.csv", csv_file(open_step)))


@pytest.fixture
def places(
    cohort: Cohort, study_class: StudyClass, open_step: Step, team: Team, submission: Submission
) -> dict[str, Place]:
    """One of each kind."""
    subjects = {"cohort": cohort, "class": study_class, "step": open_step, "team": team, "submission": submission}
    return {name: whole_places().get(pk=place_of(subject).pk) for name, subject in subjects.items()}


@pytest.fixture
def place(cohort: Cohort) -> Place:
    """The whole cohort's."""
    return place_of(cohort)


@pytest.fixture
def thread(place: Place, learner: Person, mate: Person) -> Thread:
    """The learner's question to the whole cohort."""
    return ask(place, learner)
