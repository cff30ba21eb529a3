"""Forming groups by the solver: the draft, changes by hand, publishing in one step, and who may not."""

import pytest
from django.core.exceptions import ValidationError

from campus.cohorts.enrolments import change_states
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState
from campus.grouping import drafting, forming
from campus.grouping.models import DraftGroup, Formation, FormationState, Wish
from campus.grouping.standing import set_pair
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.models import Membership, Team, TeamKind
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db
SIZES = {"smallest": 3, "preferred": 4, "largest": 5}


@pytest.fixture
def draft(cohort: Cohort, eight: list[Enrolment], organiser: Person) -> Formation:
    """Two groups of four, each with a slot of its own."""
    plan = SIZES | {"shares_slot": True, "same_class": True, "word": "Group "}
    return worked_out(cohort, plan, organiser)


def worked_out(cohort: Cohort, plan: dict, organiser: Person) -> Formation:
    formation = forming.begin(cohort=cohort, kind=TeamKind.STUDY_GROUP, plan=plan, seed=1, actor=organiser)
    forming.work_out(formation.pk)
    formation.refresh_from_db()
    return formation


def names_in(group: DraftGroup) -> set[str]:
    return set(group.seats.values_list("enrolment__person__name", flat=True))


def test_the_draft_keeps_the_rules_and_tells_its_reasons(draft: Formation, english: None) -> None:
    groups = list(drafting.groups_with_people(draft))
    faults = drafting.faults_of(draft)
    assert (draft.state, draft.percent, faults.count) == (FormationState.READY, 100, 0)
    assert sorted(names_in(group) for group in groups) == sorted(
        [{"Hanako", "Taro", "Learner3", "Learner4"}, {"Learner5", "Learner6", "Learner7", "Learner8"}]
    )
    good = {text for card in drafting.cards(draft, groups, faults) for text in card.good}
    assert "Free for everybody: Monday, Evening (18–21)" in good
    assert draft.figures["people"] == 8


def test_working_out_twice_changes_nothing(draft: Formation) -> None:
    before = list(draft.seats.order_by("pk").values_list("group", "enrolment"))
    forming.work_out(draft.pk)
    assert list(draft.seats.order_by("pk").values_list("group", "enrolment")) == before


def test_what_is_impossible_is_told_with_the_people(
    cohort: Cohort, eight: list[Enrolment], organiser: Person, english: None
) -> None:
    formation = worked_out(cohort, {"smallest": 5, "preferred": 5, "largest": 5, "same_class": True}, organiser)
    page = signed_in(organiser).get(f"/cohorts/{cohort.slug}/desk/teams/formations/{formation.pk}/")
    assert formation.state == FormationState.IMPOSSIBLE
    assert set(formation.problem["people"]) == {one.pk for one in eight[:4]}
    assert "Hanako" in page.content.decode()
    forming.drop(formation, actor=organiser)


def test_nobody_to_place_is_said_in_words(cohort: Cohort, organiser: Person) -> None:
    assert worked_out(cohort, SIZES, organiser).problem["code"] == "nobody"


def test_there_is_one_draft_of_a_kind(draft: Formation, cohort: Cohort, organiser: Person) -> None:
    with pytest.raises(ValidationError):
        forming.begin(cohort=cohort, kind=TeamKind.STUDY_GROUP, plan=SIZES, seed=1, actor=organiser)
    forming.begin(cohort=cohort, kind=TeamKind.PROJECT, plan=SIZES, seed=1, actor=organiser)


def test_pairs_and_wishes_reach_the_solver(cohort: Cohort, eight: list[Enrolment], organiser: Person) -> None:
    set_pair(cohort=cohort, first=eight[0], second=eight[1], is_together=False, actor=organiser)
    Wish.objects.create(enrolment=eight[0], wanted=eight[7])
    formation = worked_out(cohort, SIZES, organiser)
    group_of = dict(formation.seats.values_list("enrolment", "group"))
    assert group_of[eight[0].pk] != group_of[eight[1].pk]
    assert group_of[eight[0].pk] == group_of[eight[7].pk]


def test_people_are_moved_by_hand_and_broken_rules_are_named(draft: Formation, eight: list[Enrolment]) -> None:
    first, second = draft.groups.all()
    hanako = draft.seats.get(enrolment=eight[0])
    target = second if hanako.group_id == first.pk else first
    assert drafting.move(draft, people=[eight[0].pk], to=target) == 1
    faults = drafting.faults_of(draft)
    assert {fault.words for fault in faults.of_group[target.pk]} == {
        "全員に共通する曜日・時間帯がありません",
        "クラスが混ざっています",
    }
    target.refresh_from_db()
    assert any(reason["code"] == "slot_best" for reason in target.reasons)


def test_a_group_is_split_merged_and_renamed(draft: Formation, eight: list[Enrolment]) -> None:
    drafting.move(draft, people=[eight[0].pk, eight[1].pk], to=None)
    new = draft.groups.latest("position")
    assert names_in(new) == {"Hanako", "Taro"}
    drafting.rename(draft, group=new, name="こまつな")
    with pytest.raises(ValidationError, match="こまつな"):
        drafting.rename(draft, group=draft.groups.earliest("position"), name="こまつな")
    others = draft.seats.get(enrolment=eight[2]).group
    drafting.merge(draft, group=new, into=others)
    assert draft.groups.count() == 2
    assert len(names_in(others)) == 4


def test_the_figures_of_a_draft_follow_what_was_changed_by_hand(draft: Formation, eight: list[Enrolment]) -> None:
    before = drafting.standing_of(draft)
    first, second = draft.groups.all()
    drafting.merge(draft, group=first, into=second)
    after = drafting.standing_of(draft)

    assert (before.groups, before.people) == (2, 8)
    assert before.value == pytest.approx(draft.figures["value"])
    second.refresh_from_db()
    assert (after.groups, after.people, after.value) == (1, 8, pytest.approx(second.value))


def test_publishing_makes_all_teams_and_tells_everybody_once(
    draft: Formation, eight: list[Enrolment], organiser: Person
) -> None:
    assert forming.publish(draft, actor=organiser) == 2
    teams = Team.objects.filter(cohort=draft.cohort, kind=TeamKind.STUDY_GROUP)
    assert [team.memberships.current().count() for team in teams] == [4, 4]
    assert Notice.objects.filter(kind="grouping.published").count() == 8
    entry = AuditEntry.objects.get(action="grouping.published")
    assert (entry.actor, entry.details["teams"], entry.details["people"]) == (organiser, 2, 8)
    with pytest.raises(ValidationError):
        forming.publish(draft, actor=organiser)


def test_who_left_or_joined_a_group_meanwhile_is_left_out(
    draft: Formation, eight: list[Enrolment], group: Team, organiser: Person
) -> None:
    change_states(enrolments=[eight[7]], state=EnrolmentState.WITHDRAWN, actor=organiser)
    forming.publish(draft, actor=organiser)
    published = Team.objects.filter(cohort=draft.cohort).exclude(pk=group.pk)
    members = Membership.objects.current().filter(team__in=published)
    assert set(members.values_list("enrolment", flat=True)) == {one.pk for one in eight[3:7]}
    assert group.memberships.current().count() == 3


def test_placing_anew_ends_the_old_memberships_and_keeps_them(
    cohort: Cohort, group: Team, eight: list[Enrolment], organiser: Person
) -> None:
    forming.publish(worked_out(cohort, SIZES | {"anew": True}, organiser), actor=organiser)
    assert not group.memberships.current().exists()
    assert group.memberships.count() == 3
    assert Membership.objects.current().filter(enrolment=eight[0]).count() == 1


def test_a_name_taken_meanwhile_publishes_nothing(draft: Formation, cohort: Cohort, organiser: Person) -> None:
    Team.objects.create(cohort=cohort, kind=TeamKind.STUDY_GROUP, name=draft.groups.latest("position").name)
    with pytest.raises(ValidationError):
        forming.publish(draft, actor=organiser)
    draft.refresh_from_db()
    assert draft.is_ready
    assert not Membership.objects.exists()


def test_the_organiser_goes_the_whole_way_by_pages(cohort: Cohort, eight: list[Enrolment], organiser: Person) -> None:
    client, base = signed_in(organiser), f"/cohorts/{cohort.slug}/desk/teams/"
    form = client.get(f"{base}study_group/form/").context["form"]
    typed = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in typed.items() if value not in {None, False}}
    begun = client.post(f"{base}study_group/form/", typed | {"preferred": 4})
    formation = Formation.objects.get()
    assert begun.url == f"{base}formations/{formation.pk}/"
    assert "hx-get" in client.get(begun.url).content.decode()
    forming.work_out(formation.pk)
    group = formation.groups.first()
    assert group is not None
    client.post(f"{begun.url}groups/{group.pk}/", {"name": "ひまわり"})
    assert "ひまわり" in client.get(f"{begun.url}?q=Hanako").content.decode() + client.get(begun.url).content.decode()
    client.post(f"{begun.url}move/", {"selected": [eight[0].pk]})
    assert client.post(f"{begun.url}publish/").url == begun.url  # A group of one: the rules are broken.
    assert client.post(f"{begun.url}publish/", {"despite": "1"}).url == base
    assert Team.objects.filter(name="ひまわり").exists()


def test_a_project_team_beyond_the_limit_is_not_offered_for_publishing(
    cohort: Cohort, eight: list[Enrolment], organiser: Person
) -> None:
    formation = forming.begin(cohort=cohort, kind=TeamKind.PROJECT, plan=SIZES, seed=1, actor=organiser)
    forming.work_out(formation.pk)
    page = f"/cohorts/{cohort.slug}/desk/teams/formations/{formation.pk}/"
    browser = signed_in(organiser)
    assert "publish/" in browser.get(page).text

    drafting.move(formation, people=[one.pk for one in eight[:7]], to=formation.groups.earliest("position"))
    refused = browser.post(f"{page}publish/", {"despite": "1"}, follow=True).text

    assert "上限（6人）を超えるグループが1つあります" in refused
    assert 'name="despite"' not in refused
    assert not Team.objects.exists()


def test_wrong_sizes_are_refused_in_words(cohort: Cohort, organiser: Person) -> None:
    answer = signed_in(organiser).post(
        f"/cohorts/{cohort.slug}/desk/teams/project/form/", {"smallest": 5, "preferred": 4, "largest": 9, "word": "T"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"preferred", "largest", "seed"}


def test_nobody_else_forms_groups(
    draft: Formation, cohort: Cohort, facilitator: Person, learner: Person, mentor: Person, outsider: Person
) -> None:
    base = f"/cohorts/{cohort.slug}/desk/teams/"
    group = draft.groups.earliest("position")
    pages = [f"{base}study_group/form/", f"{base}formations/{draft.pk}/", f"{base}pairs/", f"{base}settings/"]
    acts = [f"{base}formations/{draft.pk}/{act}/" for act in ("move", "merge", "publish", "drop", f"groups/{group.pk}")]
    for person in (facilitator, learner, mentor, outsider):
        client = signed_in(person)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(act).status_code for act in acts} == {404}
    draft.refresh_from_db()
    assert draft.is_ready


def test_a_draft_costs_the_same_queries_however_many_groups(
    draft: Formation, organiser: Person, django_assert_max_num_queries: object
) -> None:
    client = signed_in(organiser)
    with django_assert_max_num_queries(34):  # type: ignore[operator]
        client.get(f"/cohorts/{draft.cohort.slug}/desk/teams/formations/{draft.pk}/")
