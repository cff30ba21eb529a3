"""Sharing results: the owner decides, the cohort sees it once nobody works on the step, others never."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.cases.models import Extension, Step, StepKind
from campus.cohorts.models import AuditEntry, Enrolment, EnrolmentState
from campus.deliverables import exhibits, refusals
from campus.deliverables.exhibits import is_exhibited, open_exhibits, show
from campus.deliverables.models import Deliverable, Exhibit
from campus.discussion.places import place_of, readable_places, readers_of
from campus.people.models import Person
from campus.people.personal_data import holdings
from tests.campus.cast import reschedule, signed_in
from tests.campus.deliverables.files import handed_in
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GALLERY = "/cohorts/spring/exhibits/"


def close(step: Step) -> Step:
    return reschedule(step, opens=-3 * DAY, closes=-timedelta(minutes=1))


@pytest.fixture
def exhibit(deliverable: Deliverable) -> Exhibit:
    """The learner's, of a step that is still open."""
    return show(step=deliverable.step, enrolment=deliverable.enrolment, write_up="まず廃棄を**数えました**。")


def test_the_cohort_sees_it_once_the_step_is_over_for_everybody(
    exhibit: Exhibit, deliverable: Deliverable, mate_enrolment: Enrolment
) -> None:
    step, cohort = exhibit.step, exhibit.step.cohort
    browser = signed_in(mate_enrolment.person)
    assert not open_exhibits(cohort).exists()
    assert browser.get(exhibit.address).status_code == 404
    close(step)
    assert list(open_exhibits(cohort)) == [exhibit]
    assert is_exhibited(deliverable)
    extension = Extension.objects.create(
        step=step, enrolment=mate_enrolment, closes_at=timezone.now() + DAY, reason="出張"
    )
    assert not is_exhibited(deliverable)
    assert browser.get(exhibit.address).status_code == 404
    extension.delete()
    page = browser.get(exhibit.address).content.decode()
    assert "<strong>数えました</strong>" in page
    assert 'id="p-1"' in page
    gallery = browser.get(GALLERY).content.decode()
    assert exhibit.address in gallery
    assert "まず廃棄を数えました。" in gallery, "without the marks of Markdown"


def test_what_peers_still_judge_is_not_shown(exhibit: Exhibit) -> None:
    step = close(exhibit.step)
    later = {"opens_at": timezone.now() - DAY, "closes_at": timezone.now() + DAY}
    review = Step.objects.create(
        cohort_case=step.cohort_case, key="review", title_ja="相互評価", position=90, kind=StepKind.REVIEW, **later
    )
    assert not open_exhibits(step.cohort).exists()
    close(review)
    assert open_exhibits(step.cohort).exists()


def test_others_read_it_without_the_file_and_the_earlier_version_never(
    step: Step, enrolment: Enrolment, mate: Person, outsider: Person, client: Client
) -> None:
    first = handed_in(step, enrolment, hanako_csv=b"a,b\n1,2\n")
    second = handed_in(step, enrolment, hanako_csv=b"a,b\n3,4\n")
    exhibit = show(step=step, enrolment=enrolment, write_up="")
    close(step)
    browser = signed_in(mate)
    page = browser.get(exhibit.address).content.decode()
    assert "<td>3</td>" in page
    assert "hanako" not in page
    assert browser.get(f"{second.address}files/1/part/").status_code == 200
    assert browser.get(f"{second.address}files/1/").status_code == 404
    assert browser.get(f"{first.address}files/1/part/").status_code == 404
    for address in (GALLERY, exhibit.address, f"{second.address}files/1/part/"):
        assert signed_in(outsider).get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_it_is_withdrawn_by_its_owner_or_with_a_trace_by_the_organiser(
    exhibit: Exhibit, learner: Person, mate: Person, facilitator: Person, organiser: Person
) -> None:
    close(exhibit.step)
    address = f"{exhibit.address}withdraw/"
    for person in (mate, facilitator):
        assert signed_in(person).post(address).status_code == 404
    signed_in(learner).post(address)
    assert not open_exhibits(exhibit.step.cohort).exists()
    assert not AuditEntry.objects.filter(action="exhibit.withdrawn").exists()
    shown = f"/cohorts/spring/cases/daily-sales/steps/{exhibit.step.key}/exhibit/"
    assert signed_in(learner).post(shown, {"write_up": "もう一度"}).status_code == 302
    signed_in(organiser).post(address)
    assert not open_exhibits(exhibit.step.cohort).exists()
    entry = AuditEntry.objects.get(action="exhibit.withdrawn")
    assert (entry.subject, entry.actor) == (f"exhibit:{exhibit.pk}", organiser)


def test_nothing_is_shown_where_nothing_was_handed_in(step: Step, enrolment: Enrolment, organiser: Person) -> None:
    with pytest.raises(refusals.NothingToShow):
        show(step=step, enrolment=enrolment, write_up="")
    address = f"/cohorts/spring/cases/daily-sales/steps/{step.key}/exhibit/"
    assert signed_in(organiser).post(address, {"write_up": "x"}).status_code == 404
    assert not Exhibit.objects.exists()


def test_a_teams_work_is_shown_and_withdrawn_by_any_of_it(
    team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    handed_in(team_step, enrolment)
    exhibit = show(step=team_step, enrolment=enrolment, write_up="一")
    assert show(step=team_step, enrolment=mate_enrolment, write_up="二").pk == exhibit.pk
    signed_in(enrolment.person).post(f"{exhibit.address}withdraw/")
    assert Exhibit.objects.get().withdrawn_at is not None


def test_who_left_the_cohort_or_the_site_shows_nothing(exhibit: Exhibit) -> None:
    close(exhibit.step)
    Enrolment.objects.filter(pk=exhibit.enrolment_id).update(state=EnrolmentState.WITHDRAWN)
    assert not open_exhibits(exhibit.step.cohort).exists()
    Enrolment.objects.filter(pk=exhibit.enrolment_id).update(state=EnrolmentState.ACTIVE)
    holdings["deliverables"].erase(exhibit.enrolment.person)
    assert not open_exhibits(exhibit.step.cohort).exists()
    assert Exhibit.objects.get().write_up == ""


def test_the_best_of_the_board_stand_there_with_their_words(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    graded(open_step, enrolment, value=7.0)
    graded(open_step, mate_enrolment, value=100.0)
    exhibit = show(step=open_step, enrolment=enrolment, write_up="平均を使いました。")
    assert exhibits.best_of(open_step.cohort) == []
    close(open_step)
    (best,) = exhibits.best_of(open_step.cohort)
    assert [(line.place, line.name) for line in best.lines] == [(1, "Hanako"), (2, "Taro")]
    browser = signed_in(mate_enrolment.person)
    assert "Taro" in browser.get(GALLERY).content.decode()
    assert "平均を使いました。" in browser.get(exhibit.address).content.decode()


def test_it_can_be_asked_about_by_those_who_see_it(
    exhibit: Exhibit,
    learner: Person,
    mate: Person,
    outsider: Person,
    facilitator: Person,
    mentor: Person,
    organiser: Person,
) -> None:
    place = place_of(exhibit)
    everybody = {learner, mate, facilitator, mentor, organiser}
    for seen in (set(), everybody):
        expected = seen | {organiser}
        assert set(readers_of(place)) == expected
        assert {one for one in [*everybody, outsider] if place in readable_places(one)} == expected
        close(exhibit.step)
    assert 'class="talk-beside"' in signed_in(mate).get(exhibit.address).content.decode()


def test_the_gallery_costs_a_fixed_number_of_queries(
    step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, django_assert_max_num_queries: object
) -> None:
    for one in (enrolment, mate_enrolment):
        handed_in(step, one)
        show(step=step, enrolment=one, write_up="x")
    close(step)
    browser = signed_in(mate_enrolment.person)
    browser.get(GALLERY)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        browser.get(GALLERY)
