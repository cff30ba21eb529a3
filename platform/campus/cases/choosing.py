"""Which cases a learner works on: all of the cohort's, or those chosen where the cohort has a rule for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.cases.models import CaseChoice, ChoiceRule, CohortCase
from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.models import MANY, TAKES_PART, Cohort, Enrolled, Enrolment, Role
from campus.people.models import Person


def rule_of(cohort: Cohort) -> ChoiceRule | None:
    """The cohort's rule; None where every case is for everybody."""
    return ChoiceRule.objects.filter(cohort=cohort).first()


def cases_of(enrolments: Iterable[Enrolled]) -> dict[int, set[int]]:
    """Ids of the cases that each learner works on, by enrolment id, in at most three queries however many they are.

    The learners may be of several cohorts. What can be chosen but has not been is nobody's yet.
    """
    enrolments = list(enrolments)
    cohorts = {one.cohort_id for one in enrolments}
    rules = ChoiceRule.objects.filter(cohort__in=cohorts)
    return _cases_of(enrolments, *_cases_in(cohorts, dict(rules.values_list("cohort", "tracks"))))


def _cases_in(
    cohorts: Iterable[int], tracks: Mapping[int, Sequence[str]]
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Each cohort's cases that are for everybody, and those to choose from; tracks: of the latter, by cohort id."""
    for_all: dict[int, set[int]] = defaultdict(set)
    to_choose: dict[int, set[int]] = defaultdict(set)
    cases = CohortCase.objects.filter(cohort__in=cohorts).values_list("pk", "cohort", "case_version__track")
    for case, cohort, track in cases:
        (to_choose if track in tracks.get(cohort, []) else for_all)[cohort].add(case)
    return for_all, to_choose


def _cases_of(
    enrolments: Sequence[Enrolled], for_all: Mapping[int, set[int]], to_choose: Mapping[int, set[int]]
) -> dict[int, set[int]]:
    """As ``cases_of``; the cases for everybody and those to choose from, by cohort id."""
    found = {one.pk: set(for_all.get(one.cohort_id, ())) for one in enrolments}
    if not to_choose:
        return found
    cohorts = {one.cohort_id for one in enrolments}
    theirs = Q(enrolment__in=found) if len(found) <= MANY else Q(cohort_case__cohort__in=cohorts)
    for enrolment, case in CaseChoice.objects.filter(theirs).values_list("enrolment", "cohort_case"):
        if enrolment in found:
            found[enrolment].add(case)
    return found


@dataclass(frozen=True)
class OpenChoice:
    """A learner may choose now; ``missing`` says how many cases are still to be chosen."""

    rule: ChoiceRule
    missing: int


@dataclass(frozen=True)
class OwnChoices:
    """One learner's cohorts. cases: as ``cases_of`` gives them; open: by cohort id, where the time to choose is not
    over; undecided: enrolments that have not chosen as many cases as their cohort's rule asks for."""

    cases: dict[int, set[int]]
    open: dict[int, OpenChoice]
    undecided: frozenset[int]


def own_choices(enrolments: Iterable[Enrolment]) -> OwnChoices:
    """All that pages ask about one learner's choices, in at most three queries."""
    enrolments = list(enrolments)
    cohorts = {one.cohort_id for one in enrolments}
    rules = {rule.cohort_id: rule for rule in ChoiceRule.objects.filter(cohort__in=cohorts)}
    for_all, to_choose = _cases_in(cohorts, {cohort: rule.tracks for cohort, rule in rules.items()})
    cases = _cases_of(enrolments, for_all, to_choose)
    missing = {
        one.pk: max(0, rules[one.cohort_id].cases_each - len(cases[one.pk] & to_choose[one.cohort_id]))
        for one in enrolments
        if one.cohort_id in rules
    }
    now = timezone.now()
    open_now = {
        one.cohort_id: OpenChoice(rules[one.cohort_id], missing[one.pk])
        for one in enrolments
        if one.pk in missing and rules[one.cohort_id].until > now
    }
    return OwnChoices(cases, open_now, frozenset(pk for pk, count in missing.items() if count))


@dataclass(frozen=True)
class Option:
    """A case that can be chosen, and how many have."""

    case: CohortCase
    taken: int

    @property
    def is_full(self) -> bool:
        return self.case.capacity is not None and self.taken >= self.case.capacity

    @property
    def left(self) -> int | None:
        return None if self.case.capacity is None else max(0, self.case.capacity - self.taken)


def options_of(rule: ChoiceRule) -> list[Option]:
    """The cases that the rule lets learners choose from, with how many learners who take part chose each."""
    in_force = Q(choices__enrolment__state__in=TAKES_PART, choices__enrolment__person__is_active=True)
    cases = CohortCase.objects.filter(cohort=rule.cohort_id, case_version__track__in=rule.tracks)
    counted = cases.select_related("case_version").annotate(taken=Count("choices", filter=in_force))
    return [Option(case, case.taken) for case in counted.order_by("position", "slug")]


def undecided(rule: ChoiceRule) -> QuerySet[Enrolment]:
    """Learners taking part who have not chosen as many cases as the rule asks for."""
    learners = Enrolment.objects.taking_part().filter(cohort=rule.cohort_id, role=Role.LEARNER)
    chosen = Count("case_choices", filter=Q(case_choices__cohort_case__case_version__track__in=rule.tracks))
    return learners.annotate(chosen=chosen).filter(chosen__lt=rule.cases_each).order_by("pk")


@transaction.atomic
def set_choice_rule(
    *, cohort: Cohort, cases_each: int, tracks: Sequence[str], until: datetime, actor: Person | None
) -> ChoiceRule:
    """Let learners choose so many cases of these tracks until then; what was chosen stays."""
    offered = cohort.cases.filter(case_version__track__in=tracks).count()
    if offered < cases_each:
        raise ValidationError(
            ngettext(
                "These tracks have only %(count)s case, fewer than each learner has to choose. Lower the number or "
                "add tracks.",
                "These tracks have only %(count)s cases, fewer than each learner has to choose. Lower the number or "
                "add tracks.",
                offered,
            )
            % {"count": offered}
        )
    values = {"cases_each": cases_each, "tracks": list(tracks), "until": until}
    rule, _made = ChoiceRule.objects.update_or_create(cohort=cohort, defaults=values)
    _record(
        "choice.opened",
        cohort,
        f"cohort:{cohort.pk}",
        actor,
        count=cases_each,
        until=until.isoformat(),
        tracks=[*tracks],
    )
    return rule


@transaction.atomic
def limit_places(*, case: CohortCase, capacity: int | None, actor: Person | None) -> None:
    """Let only so many learners choose the case; those who have chosen it keep it."""
    if case.capacity == capacity:
        return
    case.capacity = capacity
    case.save(update_fields=["capacity"])
    _record("case.limited", case.cohort, f"cohort_case:{case.pk}", actor, count=capacity)


@transaction.atomic
def end_choice(*, cohort: Cohort, actor: Person | None) -> None:
    """Make every case everybody's again; what was chosen is forgotten."""
    CaseChoice.objects.filter(cohort_case__cohort=cohort).delete()
    ChoiceRule.objects.filter(cohort=cohort).delete()
    _record("choice.ended", cohort, f"cohort:{cohort.pk}", actor)


@transaction.atomic
def choose_cases(
    *, rule: ChoiceRule, enrolment: Enrolment, cases: Sequence[CohortCase], actor: Person | None, by_staff: bool = False
) -> None:
    """Let the learner work on these cases instead of those chosen before.

    Learners can until the rule's date; for staff it doesn't end. Raises ValidationError with what to do.
    """
    ChoiceRule.objects.select_for_update().get(pk=rule.pk)  # The last place is given away once.
    if not by_staff and timezone.now() >= rule.until:
        raise ValidationError(_("The time to choose is over. Ask the organiser if you need to change your choice."))
    if len({case.pk for case in cases}) != rule.cases_each:
        raise ValidationError(
            ngettext("Choose exactly %(count)s case.", "Choose exactly %(count)s cases.", rule.cases_each)
            % {"count": rule.cases_each}
        )
    before = set(enrolment.case_choices.values_list("cohort_case", flat=True))
    options = {option.case.pk: option for option in options_of(rule)}
    for case in cases:
        _refuse_case(options.get(case.pk), had_before=case.pk in before)
    enrolment.case_choices.exclude(cohort_case__in=cases).delete()
    CaseChoice.objects.bulk_create(
        CaseChoice(enrolment=enrolment, cohort_case=case, chosen_by=actor) for case in cases if case.pk not in before
    )
    slugs = [case.slug for case in cases]
    _record("choice.made", enrolment.cohort, f"enrolment:{enrolment.pk}", actor, cases=slugs)


def _refuse_case(option: Option | None, *, had_before: bool) -> None:
    if option is None:
        raise ValidationError(_("This case can’t be chosen here."))
    if option.is_full and not had_before:
        raise ValidationError(
            _("“%(title)s” has no places left. Choose another case."), params={"title": str(option.case)}
        )


@transaction.atomic
def choose_for_undecided(*, rule: ChoiceRule, actor: Person | None) -> int:
    """Give those who have not chosen the cases that fewest have, as long as there are places; return to how many."""
    ChoiceRule.objects.select_for_update().get(pk=rule.pk)
    options = options_of(rule)
    taken = {option.case.pk: option.taken for option in options}
    learners = list(undecided(rule))
    had = defaultdict(set)
    for choice in CaseChoice.objects.filter(enrolment__in=learners):
        had[choice.enrolment_id].add(choice.cohort_case_id)
    made = []
    for learner in learners:
        while len(had[learner.pk]) < rule.cases_each:
            free = [one.case for one in options if _has_place(one.case, taken) and one.case.pk not in had[learner.pk]]
            if not free:
                break
            case = min(free, key=lambda one: (taken[one.pk], one.position, one.slug))
            taken[case.pk] += 1
            had[learner.pk].add(case.pk)
            made.append(CaseChoice(enrolment=learner, cohort_case=case, chosen_by=actor))
    CaseChoice.objects.bulk_create(made)
    reached = {choice.enrolment_id for choice in made}
    subjects = [f"enrolment:{enrolment}" for enrolment in sorted(reached)]
    record_audits(action="choice.assigned", subjects=subjects, actor=actor, cohort=rule.cohort)
    return len(reached)


def _has_place(case: CohortCase, taken: dict[int, int]) -> bool:
    return case.capacity is None or taken[case.pk] < case.capacity


def _record(action: str, cohort: Cohort, subject: str, actor: Person | None, **details: object) -> None:
    record_audit(action=action, subject=subject, actor=actor, cohort=cohort, **details)
