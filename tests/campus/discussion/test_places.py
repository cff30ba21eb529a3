"""Who reads where: asked from both sides, about everybody and every kind of place."""

from datetime import timedelta

import pytest

from campus.cases.models import Step
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.discussion.models import Place, PlaceKind
from campus.discussion.places import moderated_places, own_places, readable_places, readers_of
from campus.live.rights import can_read
from campus.people.models import Person
from campus.submissions.models import Submission
from campus.teams.actions import leave_team
from campus.teams.models import Membership, Team
from tests.campus.cast import reschedule
from tests.campus.discussion.conftest import ask

pytestmark = pytest.mark.django_db

ALL = {"cohort", "class", "step", "team", "submission"}
READS = {
    "learner": ALL,
    "mate": {"cohort", "class", "step", "team"},
    "stranger": {"cohort", "step"},
    "facilitator": {"cohort", "class", "step", "submission"},
    "other_facilitator": {"cohort", "step"},
    "mentor": {"cohort", "step", "submission"},
    "organiser": ALL,
    "outsider": set(),
}
KEEPS_ORDER = {"facilitator": READS["facilitator"], "other_facilitator": READS["other_facilitator"], "organiser": ALL}


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, Person]:
    return {name: request.getfixturevalue(name) for name in READS}


def names(found: object, places: dict[str, Place]) -> set[str]:
    pks = set(found.values_list("pk", flat=True))  # type: ignore[attr-defined]
    return {name for name, place in places.items() if place.pk in pks}


def test_everybody_reads_where_they_belong(people: dict[str, Person], places: dict[str, Place]) -> None:
    assert {who: names(readable_places(person), places) for who, person in people.items()} == READS


def test_both_sides_agree(people: dict[str, Person], places: dict[str, Place]) -> None:
    readers = {name: set(readers_of(place)) for name, place in places.items()}
    seen = {who: {name for name in places if person in readers[name]} for who, person in people.items()}
    assert seen == READS


def test_order_is_kept_by_organisers_and_by_facilitators_where_they_read(
    people: dict[str, Person], places: dict[str, Place]
) -> None:
    found = {who: names(moderated_places(person), places) for who, person in people.items()}
    assert found == {who: KEEPS_ORDER.get(who, set()) for who in READS}
    asked = {
        who: {name for name, place in places.items() if person.has_perm("discussion.moderate_place", place)}
        for who, person in people.items()
    }
    assert asked == found


def test_submissions_are_talked_about_by_who_may_see_them(
    people: dict[str, Person], places: dict[str, Place], submission: Submission
) -> None:
    """The list of places says what the rule of submissions says, so that no solution leaks here."""
    for who, person in people.items():
        sees = person.has_perm("submissions.view_submission", submission)
        assert ("submission" in READS[who]) == sees, who


def test_a_team_s_submission_is_its_members_own(
    submission: Submission, places: dict[str, Place], mate: Person, stranger: Person
) -> None:
    Submission.objects.filter(pk=submission.pk).update(team=places["team"].team)
    place = Place.objects.select_related("submission__enrolment").get(pk=places["submission"].pk)
    assert mate in readers_of(place)
    assert stranger not in readers_of(place)
    assert names(readable_places(mate), places) == ALL


def test_a_step_is_talked_about_once_it_has_opened(
    open_step: Step, places: dict[str, Place], learner: Person, facilitator: Person
) -> None:
    reschedule(open_step, opens=timedelta(days=1), closes=timedelta(days=3))
    place = Place.objects.select_related("step").get(pk=places["step"].pk)
    assert "step" not in names(readable_places(learner), places)
    assert learner not in readers_of(place)
    assert "step" in names(readable_places(facilitator), places)
    assert facilitator in readers_of(place)


def test_who_leaves_reads_no_more(
    places: dict[str, Place], mate: Person, mate_enrolment: Enrolment, learner: Person
) -> None:
    thread = ask(places["team"], learner)
    assert can_read(mate, thread.stream)
    leave_team(membership=Membership.objects.get(enrolment=mate_enrolment), actor=None)
    assert not can_read(Person.objects.get(pk=mate.pk), thread.stream)
    change_states(enrolments=[mate_enrolment], state=EnrolmentState.WITHDRAWN, actor=None)
    assert not readable_places(Person.objects.get(pk=mate.pk)).exists()


def test_streams_are_heard_by_who_may_read(people: dict[str, Person], places: dict[str, Place]) -> None:
    threads = {name: ask(place, people["organiser"]) for name, place in places.items()}
    for who, person in people.items():
        heard = {name for name, thread in threads.items() if can_read(person, thread.stream)}
        assert heard == READS[who], who
        assert {name for name, place in places.items() if can_read(person, place.stream)} == READS[who], who
    assert not can_read(people["learner"], "thread:999999")
    assert not can_read(people["learner"], "talk:999999")


def test_one_finds_the_ways_to_where_one_talks(
    cohort: Cohort, open_step: Step, team: Team, learner: Person, stranger: Person, organiser: Person
) -> None:
    """Also where nobody has looked yet; an organiser is not shown hundreds of teams."""

    def kinds(person: Person) -> list[str]:
        return [place.kind for place in own_places(person, cohort) if place.kind != PlaceKind.STEP]

    assert kinds(learner) == ["cohort", "class", "team"]
    assert kinds(stranger) == ["cohort", "class"]
    assert kinds(organiser) == ["cohort", "class", "class"]
    assert Place.objects.filter(step=open_step).count() == 1
