"""What learners do by themselves: say when they have time and whom they would like to be with, signal interest, start
a group, invite, ask to join, answer."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.cohorts.models import Enrolment
from campus.grouping.gathering import learners_of
from campus.grouping.models import Approach, ApproachState, Availability, Interest, Policy, Wish, space_address
from campus.grouping.notices import ANSWERED, ASKED, INVITED
from campus.grouping.policies import policy_of
from campus.grouping.slots import as_bits
from campus.grouping.standing import settle
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.actions import form_team, join_team
from campus.teams.models import Membership, Team, TeamKind

MOST_WISHES = 3
MOST_OPEN = 10


def say_slots(*, enrolment: Enrolment, slots: Iterable[int]) -> None:
    """Keep the weekly slots in which the learner has time; none of them takes back what was said."""
    bits = as_bits(slots)
    if bits:
        Availability.objects.update_or_create(enrolment=enrolment, defaults={"slots": bits})
    else:
        Availability.objects.filter(enrolment=enrolment).delete()


@transaction.atomic
def wish_for(*, enrolment: Enrolment, wanted: Collection[Enrolment]) -> None:
    """Keep with whom the learner would like to be, in place of what was wished before."""
    people = {one.pk for one in wanted} - {enrolment.pk}
    if len(people) > MOST_WISHES:
        raise ValidationError(_("You can choose at most %(count)s people."), params={"count": MOST_WISHES})
    able = learners_of(enrolment.cohort).filter(pk__in=people)
    Wish.objects.filter(enrolment=enrolment).delete()
    Wish.objects.bulk_create(Wish(enrolment=enrolment, wanted=one) for one in able)


@transaction.atomic
def signal(*, enrolment: Enrolment, kind: TeamKind, topic: str) -> Interest:
    """Show others that one looks for a group or, being in one, that it has a place."""
    _refuse_closed(policy_of(enrolment.cohort, kind))
    membership = Membership.objects.current().filter(enrolment=enrolment, kind=kind).first()
    interest, _made = Interest.objects.update_or_create(
        enrolment=enrolment,
        kind=kind,
        defaults={"team": membership.team if membership else None, "topic": topic, "made_at": timezone.now()},
    )
    return interest


@transaction.atomic
def start_group(*, enrolment: Enrolment, kind: TeamKind, name: str) -> Team:
    """Make a group with the learner as its first member."""
    _refuse_closed(policy_of(enrolment.cohort, kind))
    team = form_team(cohort=enrolment.cohort, kind=kind, name=name, members=[enrolment], actor=enrolment.person)
    settle(enrolment, kind)
    return team


def invite(*, team: Team, enrolment: Enrolment, by: Enrolment, text: str = "") -> Approach:
    """A member of the team invites a learner who is in no group of the kind."""
    return _approach(team=team, enrolment=enrolment, by=by, is_invitation=True, text=text)


def ask_to_join(*, team: Team, enrolment: Enrolment, text: str = "") -> Approach:
    """A learner asks a team to take her in."""
    return _approach(team=team, enrolment=enrolment, by=enrolment, is_invitation=False, text=text)


@transaction.atomic
def _approach(*, team: Team, enrolment: Enrolment, by: Enrolment, is_invitation: bool, text: str) -> Approach:
    policy = policy_of(team.cohort, TeamKind(team.kind))
    _refuse_closed(policy)
    _refuse_full(team, policy)
    _refuse_placed(enrolment, team)
    side = Approach.objects.filter(state=ApproachState.OPEN, is_invitation=is_invitation)
    if side.filter(**({"team": team} if is_invitation else {"enrolment": enrolment})).count() >= MOST_OPEN:
        raise ValidationError(
            _(
                "You have %(count)s requests or invitations waiting for an answer. "
                "Wait for answers before you send more."
            ),
            params={"count": MOST_OPEN},
        )
    try:
        with transaction.atomic():
            approach = Approach.objects.create(
                team=team, enrolment=enrolment, is_invitation=is_invitation, text=text, made_by=by
            )
    except IntegrityError:
        raise ValidationError(_("There is already an invitation or a request.")) from None
    notify(
        kind=(INVITED if is_invitation else ASKED).name,
        to=[enrolment.person] if is_invitation else members_of(team),
        context={"team": team.name, "name": by.person.name},
        url=reverse("grouping:own", args=[team.cohort.slug]),
        key=f"approach:{approach.pk}",
    )
    return approach


def members_of(team: Team) -> Iterable[Person]:
    """The present members."""
    rows = team.memberships.current().select_related("enrolment__person").order_by("pk")
    return [one.enrolment.person for one in rows]


@transaction.atomic
def answer(approach: Approach, *, accepts: bool, actor: Person) -> None:
    """Accept, which makes the learner a member, or decline; the other side is told. Raises ValidationError."""
    row = _open(approach)
    if accepts:
        policy = policy_of(row.team.cohort, TeamKind(row.team.kind))
        Team.objects.select_for_update().get(pk=row.team_id)
        _refuse_full(row.team, policy)
        join_team(team=row.team, enrolment=row.enrolment, actor=actor)
        _close(row, ApproachState.ACCEPTED)
        settle(row.enrolment, row.team.kind)
    else:
        _close(row, ApproachState.DECLINED)
    told = members_of(row.team) if accepts or row.is_invitation else [row.enrolment.person]
    notify(
        kind=ANSWERED.name,
        to=[person for person in told if person.pk != actor.pk],
        context={"team": row.team.name, "name": row.enrolment.person.name, "accepted": accepts},
        url=space_address(row.team) if accepts else reverse("grouping:own", args=[row.team.cohort.slug]),
        key=f"answer:{row.pk}",
    )


@transaction.atomic
def withdraw(approach: Approach) -> None:
    """Take an invitation or a request back. Raises ValidationError when it was answered."""
    _close(_open(approach), ApproachState.WITHDRAWN)


def _open(approach: Approach) -> Approach:
    rows = Approach.objects.select_for_update(of=("self",)).select_related("team__cohort", "enrolment__person")
    row = rows.get(pk=approach.pk)
    if row.state != ApproachState.OPEN:
        raise ValidationError(_("This has already been answered or withdrawn."))
    return row


def _close(row: Approach, state: ApproachState) -> None:
    row.state, row.answered_at = state, timezone.now()
    row.save(update_fields=["state", "answered_at"])


def _refuse_closed(policy: Policy) -> None:
    if not policy.is_open:
        raise ValidationError(_("Learners can’t form groups at the moment. Please ask the organiser."))


def _refuse_full(team: Team, policy: Policy) -> None:
    if team.memberships.current().count() >= policy.largest:
        raise ValidationError(
            _("This group is full. Groups of this kind can have at most %(limit)s people."),
            params={"limit": policy.largest},
        )


def _refuse_placed(enrolment: Enrolment, team: Team) -> None:
    if not learners_of(team.cohort).filter(pk=enrolment.pk).exists():
        raise ValidationError(_("Only learners currently taking part in the cohort can join."))
    if Membership.objects.current().filter(enrolment=enrolment, kind=team.kind).exists():
        raise ValidationError(_("This person is already in a group of this kind."))
