"""Who reads a deliverable, its pages and its files; and what is shown of it."""

from collections.abc import Iterator

import pytest
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, Role, StudyClass
from campus.deliverables import readers
from campus.deliverables.models import Deliverable
from campus.deliverables.showing import make
from campus.people.models import Person
from campus.teams.actions import leave_team
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.deliverables.files import CSV, handed_in, notebook, slides

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(step: Step, enrolment: Enrolment) -> Deliverable:
    """The learner's, with a file of each kind, ready to be read."""
    text = "# 課題\n\n廃棄が**多い**。![図](https://evil.example/x.png)\n\n- 一\n- 二"
    files = {"hanako_pdf": slides("提案", "根拠"), "hanako_ipynb": notebook("# 分析", "続き"), "hanako_csv": CSV}
    made = handed_in(step, enrolment, text=text, **files)
    for file in made.files.all():
        make(file.pk)
    return made


@pytest.fixture
def reviewer(mate: Person) -> Iterator[Person]:
    """The mate, whom another app gives everything to read."""
    readers.reader(lambda person, _deliverable: person.pk == mate.pk)
    yield mate
    readers._readers.pop()


def addresses(one: Deliverable) -> list[str]:
    return [one.address, f"{one.address}files/1/", f"{one.address}files/1/part/", f"{one.address}files/1/pages/1/"]


def test_the_page_shows_everything_with_places_to_point_to(whole: Deliverable, browser: Client) -> None:
    page = browser.get(whole.address).content.decode()
    for anchor in ("p-1", "p-3", "page-1", "page-2", "cell-1", "cell-2"):
        assert f'id="{anchor}"' in page
    assert "evil.example" not in page
    assert "2026-04-01" in page
    assert "hanako.pdf" in page
    picture = browser.get(f"{whole.address}files/1/pages/2/")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert b"".join(picture.streaming_content)[:4] == b"RIFF"  # type: ignore[attr-defined]
    assert browser.get(f"{whole.address}files/1/pages/3/").status_code == 404
    assert browser.get(f"{whole.address}files/2/pages/1/").status_code == 404


def test_a_file_comes_as_a_download_that_runs_nowhere(whole: Deliverable, browser: Client) -> None:
    answer = browser.get(f"{whole.address}files/2/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser.get(f"{whole.address}files/4/").status_code == 404


def test_until_a_worker_has_drawn_it_the_page_asks_again(step: Step, enrolment: Enrolment, browser: Client) -> None:
    made = handed_in(step, enrolment, slides_pdf=slides("まだ"))
    part = f"{made.address}files/1/part/"
    assert f'hx-get="{part}"' in browser.get(made.address).content.decode()
    assert "hx-get" in browser.get(part).content.decode()
    make(made.files.get().pk)
    assert "hx-get" not in browser.get(part).content.decode()


def test_staff_of_the_cohort_read_it(
    whole: Deliverable, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    for person in (facilitator, mentor, organiser):
        assert [signed_in(person).get(one).status_code for one in addresses(whole)] == [200] * 4


def test_nobody_else_does(whole: Deliverable, mate: Person, outsider: Person, client: Client) -> None:
    other = make_person("Fumio")
    facilitating = enrol(other, whole.step.cohort, Role.FACILITATOR)
    StudyClass.objects.create(cohort=whole.step.cohort, name="B").facilitators.add(facilitating)
    for person in (mate, outsider, other):
        assert [signed_in(person).get(one).status_code for one in addresses(whole)] == [404] * 4
    assert [client.get(one).status_code for one in addresses(whole)] == [302] * 4


def test_a_registered_reader_sees_pages_but_neither_names_nor_files(whole: Deliverable, reviewer: Person) -> None:
    browser = signed_in(reviewer)
    assert [browser.get(one).status_code for one in addresses(whole)] == [404, 404, 200, 200]
    for position in (1, 2, 3):
        part = browser.get(f"{whole.address}files/{position}/part/").content.decode()
        assert "hanako" not in part
        assert "download" not in part


def test_team_mates_read_the_teams_and_who_left_only_the_own(
    team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, facilitator: Person
) -> None:
    made = handed_in(team_step, enrolment)
    mates = signed_in(mate_enrolment.person)
    assert mates.get(made.address).status_code == 200
    leave_team(membership=mate_enrolment.memberships.get(), actor=None)
    assert mates.get(made.address).status_code == 404
    leave_team(membership=enrolment.memberships.get(), actor=None)
    assert signed_in(enrolment.person).get(made.address).status_code == 200


def test_the_facilitator_of_any_member_reads_the_teams(
    team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    made = handed_in(team_step, enrolment)
    other = make_person("Fumio")
    study_class = StudyClass.objects.create(cohort=team_step.cohort, name="B")
    study_class.facilitators.add(enrol(other, team_step.cohort, Role.FACILITATOR))
    assert signed_in(other).get(made.address).status_code == 404
    Enrolment.objects.filter(pk=mate_enrolment.pk).update(study_class=study_class)
    assert signed_in(other).get(made.address).status_code == 200
    assert made.owner_name in signed_in(other).get("/cohorts/spring/desk/deliverables/").content.decode()


def test_reading_costs_a_fixed_number_of_queries(
    whole: Deliverable, organiser: Person, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(organiser)
    browser.get(whole.address)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        browser.get(whole.address)
