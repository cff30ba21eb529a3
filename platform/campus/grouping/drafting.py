"""A draft changed by hand: people moved, groups merged, split and renamed; reasons follow, broken rules are named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from campus.cohorts.models import Enrolment
from campus.grouping.forming import free_names, judged
from campus.grouping.gathering import problem_of, skills_of
from campus.grouping.models import DraftGroup, DraftSeat, Formation, FormationState
from campus.grouping.solver import Problem, Quality, broken_rules
from campus.grouping.words import BROKEN, reason_in_words
from campus.teams.models import PROJECT_TEAM_LIMIT, TeamKind


@transaction.atomic
def move(formation: Formation, *, people: Collection[int], to: DraftGroup | None) -> int:
    """Put these enrolments into a group of the draft, a new one where ``to`` is None; returns how many moved."""
    _hold(formation)
    if to is None:
        to = _new_group(formation)
    seats = formation.seats.filter(enrolment__in=people).exclude(group=to)
    touched = {to.pk, *seats.values_list("group", flat=True)}
    moved = seats.update(group=to)
    if not moved and not to.seats.exists():
        raise ValidationError(_("Nobody is selected. Select people first, then choose where they go."))
    _judge_again(formation, touched)
    return moved


@transaction.atomic
def merge(formation: Formation, *, group: DraftGroup, into: DraftGroup) -> None:
    """Move everybody of a group into another; the empty one goes."""
    _hold(formation)
    if group.pk == into.pk:
        raise ValidationError(_("Choose two different groups."))
    group.seats.update(group=into)
    _judge_again(formation, {group.pk, into.pk})


@transaction.atomic
def rename(formation: Formation, *, group: DraftGroup, name: str) -> None:
    """Give a group of the draft another name; raises ValidationError when it is taken."""
    _hold(formation)
    taken = formation.groups.filter(name=name).exclude(pk=group.pk).exists()
    if taken or formation.cohort.teams.filter(kind=formation.kind, name=name).exists():
        raise ValidationError(_("There is already a group called “%(name)s”."), params={"name": name})
    group.name = name
    group.save(update_fields=["name"])


def _hold(formation: Formation) -> None:
    """Nobody publishes the draft or changes it meanwhile."""
    row = Formation.objects.select_for_update().get(pk=formation.pk)
    if row.state != FormationState.READY:
        raise ValidationError(_("This draft can no longer be changed, or isn’t ready yet. Reload the page."))


def _new_group(formation: Formation) -> DraftGroup:
    last = formation.groups.aggregate(last=Max("position"))["last"] or 0
    (name,) = free_names(formation, 1)
    return DraftGroup.objects.create(formation=formation, position=last + 1, name=name)


def _judge_again(formation: Formation, groups: Iterable[int]) -> None:
    """Work out the reasons of changed groups, and remove those that are empty now."""
    rows = formation.groups.filter(pk__in=groups).prefetch_related("seats")
    problem = problem_of_draft(formation)
    quality = Quality(problem)
    for group in rows:
        members = [seat.enrolment_id for seat in group.seats.all() if seat.enrolment_id in problem.by_pk]
        if not members:
            group.delete()
            continue
        for name, value in judged(problem, members, quality).items():
            setattr(group, name, value)
        group.save(update_fields=["reasons", "value"])


def problem_of_draft(formation: Formation) -> Problem:
    """The people in the draft, by its plan."""
    people = formation.seats.values_list("enrolment", flat=True)
    return problem_of(
        cohort=formation.cohort, kind=formation.kind, people=set(people), plan=formation.plan, seed=formation.seed
    )


@dataclass(frozen=True)
class Fault:
    """A broken rule, in words, with the people it concerns (enrolments)."""

    words: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class Faults:
    """Broken rules of a draft: of each group by its id, and those that concern all groups.

    ``beyond_limit``: how many groups have more people than any project team may have, whatever the organiser wishes.
    """

    of_group: dict[int, list[Fault]] = field(default_factory=dict)
    over_all: list[Fault] = field(default_factory=list)
    beyond_limit: int = 0

    @property
    def count(self) -> int:
        return len(self.over_all) + sum(len(faults) for faults in self.of_group.values())


def faults_of(formation: Formation) -> Faults:
    """Which rules the draft breaks as it stands, in a few queries however large it is."""
    members: dict[int, list[int]] = {}
    seats = formation.seats.order_by("group__position", "pk")
    for group, pk in seats.values_list("group", "enrolment"):
        members.setdefault(group, []).append(pk)
    is_limited = formation.kind == TeamKind.PROJECT
    beyond = sum(len(people) > PROJECT_TEAM_LIMIT for people in members.values()) if is_limited else 0
    faults, keys = Faults(beyond_limit=beyond), list(members)
    for broken in broken_rules(problem_of_draft(formation), list(members.values())):
        fault = Fault(str(BROKEN[broken.code]), broken.people)
        if broken.group is None:
            faults.over_all.append(fault)
        else:
            faults.of_group.setdefault(keys[broken.group], []).append(fault)
    return faults


def groups_with_people(formation: Formation) -> QuerySet[DraftGroup]:
    """The groups of a draft with their people and these' classes."""
    seats = DraftSeat.objects.select_related("enrolment__person", "enrolment__study_class").order_by("pk")
    return formation.groups.prefetch_related(Prefetch("seats", queryset=seats))


@dataclass(frozen=True)
class Standing:
    """A draft as it is now, with what was changed by hand. value: the mean over all people of their groups’ fit."""

    groups: int
    people: int
    value: float


def standing_of(formation: Formation) -> Standing:
    """By one query."""
    rows = list(formation.groups.annotate(people=Count("seats")).values_list("value", "people"))
    people = sum(count for _value, count in rows)
    return Standing(len(rows), people, sum(value * count for value, count in rows) / people if people else 0.0)


@dataclass(frozen=True)
class GroupCard:
    """A group as the preview shows it."""

    group: DraftGroup
    people: list[Enrolment]
    good: list[str]
    bad: list[str]
    faults: list[Fault]

    @property
    def percent(self) -> int:
        return round(self.group.value * 100)


def cards(formation: Formation, groups: Iterable[DraftGroup], faults: Faults) -> list[GroupCard]:
    """The groups with their reasons in words."""
    names = skills_of(formation.cohort).names
    return [_card(group, faults, names) for group in groups]


def _card(group: DraftGroup, faults: Faults, names: tuple[str, ...]) -> GroupCard:
    words = [(one["is_good"], reason_in_words(one["code"], one["params"], names)) for one in group.reasons]
    return GroupCard(
        group=group,
        people=[seat.enrolment for seat in group.seats.all()],
        good=[text for is_good, text in words if is_good],
        bad=[text for is_good, text in words if not is_good],
        faults=faults.of_group.get(group.pk, []),
    )
