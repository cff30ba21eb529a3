"""Groups as they stand: nobody is forgotten, small groups are merged, people move with their history."""

import pytest

from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, StudyClass
from campus.grouping import standing
from campus.grouping.models import Pair, Policy
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import Membership, Team, TeamKind
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
STUDY = TeamKind.STUDY_GROUP


def told(kind: str) -> set[Person]:
    return {one.person for one in Notice.objects.filter(kind=f"grouping.{kind}")}


def desk(cohort: Cohort, page: str = "") -> str:
    return f"/cohorts/{cohort.slug}/desk/teams/{page}"


def test_who_is_in_no_group_is_listed_with_groups_that_suit(
    cohort: Cohort, group: Team, eight: list[Enrolment], organiser: Person
) -> None:
    sundays = form_team(cohort=cohort, kind=STUDY, name="Sundays", members=eight[4:6], actor=None)
    found = standing.unplaced_looked_after(organiser, cohort, STUDY)
    assert set(found) == {eight[3], eight[6], eight[7]}
    narrowed = signed_in(organiser).get(desk(cohort, f"study_group/unplaced/?words={eight[6].person.name}"))
    assert [one.pk for one in narrowed.context["listing"].rows] == [eight[6].pk]
    assert [one.pk for one in signed_in(organiser).get(desk(cohort, "?words=sun")).context["listing"].rows] == [
        sundays.pk
    ]
    everywhere = [group.pk, sundays.pk]
    assert next(one.team for one in standing.places_for([eight[3].pk], cohort, STUDY, among=everywhere)) == group
    assert next(one.team for one in standing.places_for([eight[6].pk], cohort, STUDY, among=everywhere)) == sundays


def test_a_newcomer_is_placed_and_the_group_is_told(
    cohort: Cohort, group: Team, organiser: Person, study_class: StudyClass
) -> None:
    newcomer = enrol(make_person("Newcomer"), cohort, study_class=study_class)
    page = desk(cohort, f"study_group/unplaced/{newcomer.pk}/")
    client = signed_in(organiser)
    assert group.name in client.get(page).content.decode()
    client.post(page, {"team": group.pk})
    assert group.memberships.current().filter(enrolment=newcomer).exists()
    assert Notice.objects.filter(kind="grouping.placed").count() == 4


def test_a_facilitator_places_learners_of_the_own_class_in_its_groups_alone(
    cohort: Cohort, group: Team, eight: list[Enrolment], facilitator: Person, facilitator_of_b: Person
) -> None:
    own, others = eight[3], eight[4]
    client = signed_in(facilitator)
    assert client.get(desk(cohort, f"study_group/unplaced/{others.pk}/")).status_code == 404
    assert signed_in(facilitator_of_b).get(desk(cohort, f"{group.pk}/")).status_code == 404
    sundays = form_team(cohort=cohort, kind=STUDY, name="Sundays", members=[others], actor=None)
    page = desk(cohort, f"study_group/unplaced/{own.pk}/")
    assert client.post(page, {"team": sundays.pk}).status_code == 404
    assert client.post(page, {"team": group.pk}).status_code == 302
    assert group.memberships.current().count() == 4
    assert client.post(desk(cohort, f"{group.pk}/members/"), {"selected": own.pk, "end": 1}).status_code == 404
    assert client.post(desk(cohort, f"{group.pk}/"), {"name": "Mine"}).status_code == 404


def test_members_move_with_their_history_and_a_group_is_split(
    cohort: Cohort, group: Team, eight: list[Enrolment], organiser: Person
) -> None:
    client, act = signed_in(organiser), desk(cohort, f"{group.pk}/members/")
    client.post(act, {"selected": [eight[0].pk], "to": "", "name": "New one"})
    split = Team.objects.get(name="New one")
    assert set(split.memberships.current().values_list("enrolment", flat=True)) == {eight[0].pk}
    history = Membership.objects.filter(enrolment=eight[0]).order_by("pk")
    assert [(one.team, one.left_at is None) for one in history] == [(group, False), (split, True)]
    assert told("regrouped") == {eight[0].person}
    client.post(act, {"selected": [eight[1].pk], "end": "1"})
    assert told("left") == {eight[1].person, eight[2].person}
    assert set(group.memberships.current().values_list("enrolment", flat=True)) == {eight[2].pk}


def test_small_groups_are_merged_and_keep_what_they_were(
    cohort: Cohort, group: Team, eight: list[Enrolment], organiser: Person
) -> None:
    small = form_team(cohort=cohort, kind=STUDY, name="Two", members=eight[3:5], actor=None)
    page = signed_in(organiser).get(desk(cohort, "study_group/small/"))
    assert [one.team for one in page.context["teams"]] == [small]
    assert page.context["teams"][0].proposals[0].team == group
    file = signed_in(organiser).get(desk(cohort, "study_group/small/?words=tw&export=csv")).content.decode("utf-8-sig")
    assert [line.split(",")[:2] for line in file.splitlines()[1:]] == [["Two", "2"]]
    assert signed_in(organiser).get(desk(cohort, "study_group/small/?words=x")).context["teams"] == []
    signed_in(organiser).post(desk(cohort, f"{small.pk}/merge/"), {"into": group.pk})
    assert group.memberships.current().count() == 5
    assert small.memberships.count() == 2
    assert told("regrouped") == {one.person for one in eight[:5]}
    assert Notice.objects.filter(kind="grouping.regrouped")[0].context["before"] == "Two"
    assert not Team.objects.filter(pk=small.pk).standing().exists()


def test_when_somebody_leaves_those_who_look_after_the_group_hear_that_it_is_small(
    cohort: Cohort,
    group: Team,
    eight: list[Enrolment],
    organiser: Person,
    facilitator: Person,
    facilitator_of_b: Person,
) -> None:
    change_states(enrolments=[eight[0]], state=EnrolmentState.WITHDRAWN, actor=organiser)
    small = Notice.objects.filter(kind="grouping.too_small")
    assert {notice.person for notice in small} == {organiser, facilitator}
    assert small.first().context == {"team": "Group 1", "size": 2}  # type: ignore[union-attr]
    signed_in(eight[1].person).post(f"/cohorts/{cohort.slug}/teams/{group.pk}/leave/")
    assert [notice.context["size"] for notice in small.filter(person=facilitator).order_by("pk")] == [2, 1]
    assert told("left") == {eight[2].person}


def test_pairs_are_said_by_address_and_replaced(cohort: Cohort, eight: list[Enrolment], organiser: Person) -> None:
    client, page = signed_in(organiser), desk(cohort, "pairs/")
    typed = {"first": "hanako@example.org", "second": "TARO@example.org", "is_together": "1"}
    client.post(page, typed)
    client.post(page, typed | {"is_together": "0"})
    assert [(pair.first, pair.second, pair.is_together) for pair in Pair.objects.all()] == [(eight[0], eight[1], False)]
    wrong = client.post(page, typed | {"second": "yoso@example.org"})
    assert set(wrong.context["form"].errors) == {"second"}


def test_pairs_are_narrowed_downloaded_and_removed(cohort: Cohort, eight: list[Enrolment], organiser: Person) -> None:
    client, page = signed_in(organiser), desk(cohort, "pairs/")
    apart, together = [
        Pair.objects.create(cohort=cohort, first=first, second=second, is_together=is_together)
        for first, second, is_together in ((eight[0], eight[1], False), (eight[2], eight[3], True))
    ]
    found = client.get(page, {"words": eight[1].person.name})
    assert [*found.context["listing"].page] == [apart]
    assert f'formaction="{desk(cohort, f"pairs/{apart.pk}/remove/")}"' in found.text
    _header, *lines = client.get(page, {"export": "csv"}).text.splitlines()
    firsts = [line.split(",")[0] for line in lines]
    assert firsts == [pair.first.person.name for pair in (together, apart)]
    client.post(desk(cohort, f"pairs/{apart.pk}/remove/"))
    assert [*Pair.objects.all()] == [together]


def test_sizes_are_set_and_checked(cohort: Cohort, organiser: Person) -> None:
    client, page = signed_in(organiser), desk(cohort, "settings/")
    typed = {"kind": "project", "project-smallest": 3, "project-preferred": 4, "project-largest": 5}
    client.post(page, typed)
    assert Policy.objects.get().largest == 5
    refused = client.post(page, typed | {"project-largest": 7})
    assert refused.status_code == 422
    assert Policy.objects.get().largest == 5


def test_lists_show_each_reader_the_own_groups(
    cohort: Cohort, group: Team, organiser: Person, facilitator: Person, facilitator_of_b: Person, learner: Person
) -> None:
    def shown(person: Person) -> bool:
        return group.name in signed_in(person).get(desk(cohort)).content.decode()

    assert (shown(organiser), shown(facilitator), shown(facilitator_of_b)) == (True, True, False)
    assert signed_in(learner).get(desk(cohort)).status_code == 404


def test_a_list_costs_the_same_queries_however_many_groups(
    cohort: Cohort, group: Team, organiser: Person, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        form_team(cohort=cohort, kind=STUDY, name=f"X{number}", actor=None)
    client = signed_in(organiser)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get(desk(cohort))
