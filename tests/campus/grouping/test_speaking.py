"""Learners form groups by themselves: slots, wishes, signals, invitations, requests; and who may not."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.grouping import speaking
from campus.grouping.models import Approach, ApproachState, Availability, Interest, Policy, Wish
from campus.notices.models import Notice
from campus.people.erasure import erase
from campus.people.models import Person
from campus.teams.models import Team, TeamKind
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db
STUDY = TeamKind.STUDY_GROUP


def page(cohort: Cohort, tail: str = "") -> str:
    return f"/cohorts/{cohort.slug}/groups/{tail}"


def test_a_learner_says_when_she_has_time_and_takes_it_back(cohort: Cohort, learner: Person) -> None:
    client = signed_in(learner)
    client.post(page(cohort), {"form": "slots", "slots": [3, 33]})
    assert Availability.objects.get().slots == 1 << 3 | 1 << 33
    assert client.post(page(cohort), {"form": "slots", "slots": [99]}).context["slots_form"].errors
    client.post(page(cohort), {"form": "slots"})
    assert not Availability.objects.exists()


def test_wishes_name_learners_of_the_own_class_and_stay_private(
    cohort: Cohort, eight: list[Enrolment], learner: Person, mate: Person
) -> None:
    client = signed_in(learner)
    client.post(page(cohort), {"form": "wishes", "wish_0": eight[1].pk, "wish_1": eight[1].pk, "wish_2": ""})
    assert [(wish.enrolment, wish.wanted) for wish in Wish.objects.all()] == [(eight[0], eight[1])]
    refused = client.post(page(cohort), {"form": "wishes", "wish_0": eight[7].pk})
    assert refused.context["wishes_form"].errors
    assert str(eight[0].pk) not in str(signed_in(mate).get(page(cohort)).context["wishes_form"].initial)


def test_the_whole_way_from_a_signal_to_a_group(cohort: Cohort, eight: list[Enrolment], open_policy: Policy) -> None:
    hanako, taro, saburo = (signed_in(one.person) for one in eight[:3])
    taro.post(page(cohort, "find/study_group/signal/"), {"topic": "需要予測をじっくり"})
    made = hanako.post(page(cohort, "find/study_group/start/"), {"name": "朝活"})
    team = Team.objects.get(name="朝活")
    assert made.url == f"/cohorts/{cohort.slug}/teams/{team.pk}/"
    assert "需要予測をじっくり" in hanako.get(page(cohort, "find/study_group/")).content.decode()
    hanako.post(f"/cohorts/{cohort.slug}/teams/{team.pk}/invite/{eight[1].pk}/")
    invitation = Approach.objects.get()
    assert Notice.objects.get(kind="grouping.invited").person == eight[1].person
    taro.post(page(cohort, f"answer/{invitation.pk}/"), {"do": "accept"})
    assert not Interest.objects.exists()
    hanako.post(page(cohort, "find/study_group/signal/"), {"topic": "あと2人募集"})
    assert "あと2人募集" in saburo.get(page(cohort, "find/study_group/")).content.decode()
    saburo.post(f"/cohorts/{cohort.slug}/teams/{team.pk}/ask/", {"text": "入れてください"})
    asked = Approach.objects.get(state=ApproachState.OPEN)
    assert Notice.objects.filter(kind="grouping.asked").count() == 2
    taro.post(page(cohort, f"answer/{asked.pk}/"), {"do": "accept"})
    members = team.memberships.current().values_list("enrolment", flat=True)
    assert set(members) == {one.pk for one in eight[:3]}


def test_a_group_takes_no_more_than_its_largest_size(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy
) -> None:
    first = speaking.ask_to_join(team=group, enrolment=eight[3])
    second = speaking.ask_to_join(team=group, enrolment=eight[4])
    speaking.answer(first, accepts=True, actor=eight[0].person)
    with pytest.raises(ValidationError):
        speaking.answer(second, accepts=True, actor=eight[0].person)
    with pytest.raises(ValidationError):
        speaking.invite(team=group, enrolment=eight[5], by=eight[0])
    assert group.memberships.current().count() == 4


def test_nothing_is_formed_after_the_date(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy
) -> None:
    open_policy.self_forming_until = timezone.localdate() - timezone.timedelta(days=1)
    open_policy.save()
    for act in (
        lambda: speaking.start_group(enrolment=eight[4], kind=STUDY, name="X"),
        lambda: speaking.signal(enrolment=eight[4], kind=STUDY, topic="X"),
        lambda: speaking.ask_to_join(team=group, enrolment=eight[4]),
        lambda: speaking.invite(team=group, enrolment=eight[4], by=eight[0]),
    ):
        with pytest.raises(ValidationError):
            act()
    assert not Team.objects.filter(name="X").exists()


def test_an_invitation_is_answered_once_by_the_right_side(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy
) -> None:
    invitation = speaking.invite(team=group, enrolment=eight[3], by=eight[0])
    with pytest.raises(ValidationError):
        speaking.ask_to_join(team=group, enrolment=eight[3])
    act = page(cohort, f"answer/{invitation.pk}/")
    for one, do in ((eight[0], "accept"), (eight[4], "accept"), (eight[3], "withdraw"), (eight[4], "withdraw")):
        assert signed_in(one.person).post(act, {"do": do}).status_code == 404
    signed_in(eight[3].person).post(act, {"do": "decline"})
    signed_in(eight[3].person).post(act, {"do": "accept"})
    invitation.refresh_from_db()
    assert invitation.state == ApproachState.DECLINED
    assert group.memberships.current().count() == 3


def test_a_request_is_withdrawn_by_who_made_it(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy
) -> None:
    asked = speaking.ask_to_join(team=group, enrolment=eight[3])
    signed_in(eight[3].person).post(page(cohort, f"answer/{asked.pk}/"), {"do": "withdraw"})
    asked.refresh_from_db()
    assert asked.state == ApproachState.WITHDRAWN


def test_who_leaves_the_cohort_is_looked_for_no_more(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy, organiser: Person
) -> None:
    speaking.signal(enrolment=eight[3], kind=STUDY, topic="X")
    asked = speaking.ask_to_join(team=group, enrolment=eight[3])
    change_states(enrolments=[eight[3]], state=EnrolmentState.PAUSED, actor=organiser)
    asked.refresh_from_db()
    assert asked.state == ApproachState.WITHDRAWN
    assert not Interest.objects.exists()


def test_a_learner_leaves_a_group_by_herself_and_nobody_elses(
    cohort: Cohort, eight: list[Enrolment], group: Team
) -> None:
    act = f"/cohorts/{cohort.slug}/teams/{group.pk}/leave/"
    assert signed_in(eight[4].person).post(act).status_code == 404
    signed_in(eight[0].person).post(act)
    assert set(group.memberships.current().values_list("enrolment", flat=True)) == {eight[1].pk, eight[2].pk}


def test_others_have_no_such_pages(
    cohort: Cohort, group: Team, open_policy: Policy, organiser: Person, mentor: Person, outsider: Person
) -> None:
    for person in (organiser, mentor, outsider):
        client = signed_in(person)
        assert client.get(page(cohort)).status_code == 404
        assert client.get(page(cohort, "find/study_group/")).status_code == 404
        assert client.post(page(cohort, "find/study_group/start/"), {"name": "X"}).status_code == 404
    assert not Team.objects.filter(name="X").exists()


def test_what_somebody_said_goes_with_her(cohort: Cohort, eight: list[Enrolment], open_policy: Policy) -> None:
    speaking.wish_for(enrolment=eight[1], wanted=[eight[0]])
    speaking.signal(enrolment=eight[0], kind=STUDY, topic="X")
    erase(person=eight[0].person)
    assert not Availability.objects.filter(enrolment=eight[0]).exists()
    assert not Wish.objects.exists()
    assert not Interest.objects.exists()


def test_the_page_costs_the_same_queries_however_many_learners(
    cohort: Cohort, eight: list[Enrolment], group: Team, open_policy: Policy, django_assert_max_num_queries: object
) -> None:
    client = signed_in(eight[0].person)
    for tail in ("", "find/study_group/"):
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            client.get(page(cohort, tail))
