"""People in a cohort: another role or state, leaving and coming back, notes about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Note, Role, StudyClass
from campus.cohorts.signals import left
from campus.notices.actions import notify
from campus.people.models import Person

# Applying and selecting have rules of their own (intake); these are what staff set by hand.
SETTABLE = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)


@dataclass
class Changed:
    """How many were changed, and who was left out for what reason."""

    count: int = 0
    left_out: list[tuple[Enrolment, str]] = field(default_factory=list)


def change_states(*, enrolments: Iterable[Enrolment], state: EnrolmentState, actor: Person | None) -> Changed:
    """Set the state of people in one cohort. Who stops taking part loses pages, sockets and team places at once.

    The last organiser can't leave. Enrolments: read with their person and cohort.
    """
    with live.atomic():
        rows = _locked(enrolments)
        changed = Changed()
        fit = [one for one in rows if one.state != state]
        if not state.takes_part:
            fit = _without_last_organisers(fit, changed)
        _write_states(fit, state, actor)
        changed.count = len(fit)
    return changed


def _write_states(rows: list[Enrolment], state: EnrolmentState, actor: Person | None) -> None:
    gone = [one for one in rows if EnrolmentState(one.state).takes_part and not state.takes_part]
    by_state: dict[str, list[Enrolment]] = defaultdict(list)
    for one in rows:
        by_state[one.state].append(one)
    written = Enrolment.objects.filter(pk__in=[one.pk for one in rows])
    if state.takes_part:
        written.update(state=state)
    else:
        written.leave(state)
    for before, those in by_state.items():
        subjects = [f"enrolment:{one.pk}" for one in those]
        record_audits(
            action="enrolment.state_changed",
            subjects=subjects,
            actor=actor,
            cohort=those[0].cohort,
            before=before,
            state=state.value,
        )
    for one in rows:
        one.state = state
    _tell(rows, state)
    _let_go(gone, actor)


def _tell(rows: list[Enrolment], state: EnrolmentState) -> None:
    """Tell people what their state is now; who changed it herself gets it as a receipt."""
    if not rows:
        return
    cohort = rows[0].cohort
    notify(
        kind="cohorts.state_changed",
        to=[one.person for one in rows],
        context={"cohort": {"ja": cohort.title_ja, "en": cohort.title_en or cohort.title_ja}, "state": state.value},
        url=f"/cohorts/{cohort.slug}/taking-part/",
        key=f"state:{cohort.pk}:{state.value}:{timezone.now().isoformat()}",
    )


def _let_go(gone: list[Enrolment], actor: Person | None) -> None:
    if gone:
        left.send(sender=Enrolment, enrolments=gone, actor=actor)
        for one in gone:
            live.recheck(one.person_id)


def change_roles(*, enrolments: Iterable[Enrolment], role: Role, actor: Person | None) -> Changed:
    """Give people of one cohort another role; what belonged to the former one (class, team) ends."""
    with live.atomic():
        rows = [one for one in _locked(enrolments) if one.role != role]
        changed = Changed()
        rows = _without_those_who_have_it(rows, role, changed)
        if role != Role.ORGANISER:
            rows = _without_last_organisers(rows, changed)
        for one in rows:
            _write_role(one, role, actor)
        _let_go([one for one in rows if one.former_role == Role.LEARNER], actor)  # type: ignore[attr-defined]
        changed.count = len(rows)
    return changed


def _write_role(one: Enrolment, role: Role, actor: Person | None) -> None:
    before, one.role, one.study_class = one.role, role, None
    one.former_role = before  # type: ignore[attr-defined]
    one.save(update_fields=["role", "study_class"])
    for study_class in StudyClass.objects.filter(facilitators=one):
        study_class.facilitators.remove(one)
    live.recheck(one.person_id)
    record_audit(
        action="enrolment.role_changed",
        subject=f"enrolment:{one.pk}",
        actor=actor,
        cohort=one.cohort,
        before=before,
        role=role.value,
    )


def _locked(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """The rows as they are now, in a fixed order, until the transaction ends."""
    pks = [one.pk for one in enrolments]
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("person", "cohort")
    return list(rows.filter(pk__in=pks).order_by("pk"))


def _without_last_organisers(rows: list[Enrolment], changed: Changed) -> list[Enrolment]:
    """Somebody has to run the cohort: where no other organiser would be left, organisers stay as they are."""
    organisers = [one for one in rows if one.role == Role.ORGANISER and EnrolmentState(one.state).takes_part]
    if not organisers:
        return rows
    others = Enrolment.objects.taking_part().filter(cohort=organisers[0].cohort, role=Role.ORGANISER)
    if others.exclude(pk__in=[one.pk for one in organisers]).exists():
        return rows
    reason = _("The cohort needs an organiser. Give somebody else this role first.")
    changed.left_out += [(one, reason) for one in organisers]
    return [one for one in rows if one not in organisers]


def _without_those_who_have_it(rows: list[Enrolment], role: Role, changed: Changed) -> list[Enrolment]:
    if not rows:
        return rows
    people = [one.person_id for one in rows]
    holders = set(
        Enrolment.objects.filter(cohort=rows[0].cohort, role=role, person__in=people).values_list("person", flat=True)
    )
    reason = _("Already has this role in the cohort through another enrolment.")
    changed.left_out += [(one, reason) for one in rows if one.person_id in holders]
    return [one for one in rows if one.person_id not in holders]


def later_cohorts(cohort: Cohort, person: Person) -> QuerySet[Cohort]:
    """Later runs of the programme that the person organises: where paused learners can go on."""
    organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
    later = Cohort.objects.filter(programme=cohort.programme_id, starts_on__gt=cohort.starts_on, pk__in=organised)
    return later.order_by("starts_on", "slug")


def resume_in(*, enrolments: Iterable[Enrolment], cohort: Cohort, actor: Person | None) -> Changed:
    """Enrol paused learners in a later cohort, linked to where they paused, so that what they did goes with them.

    The earlier enrolment stays paused: it is the record of that cohort.
    """
    with live.atomic():
        changed = Changed()
        fit = []
        there = set(cohort.enrolments.filter(role=Role.LEARNER).values_list("person", flat=True))
        for one in _locked(enrolments):
            if reason := _why_not_resumed(one, cohort, there):
                changed.left_out.append((one, reason))
            else:
                fit.append(one)
        made = Enrolment.objects.bulk_create(
            Enrolment(person=one.person, cohort=cohort, continues=one, uses_alias=one.uses_alias) for one in fit
        )
        for target, rows in ((cohort, made), (fit[0].cohort if fit else cohort, fit)):
            subjects = [f"enrolment:{one.pk}" for one in rows]
            record_audits(action="enrolment.resumed", subjects=subjects, actor=actor, cohort=target, later=cohort.slug)
        _tell(made, EnrolmentState.ACTIVE)
        changed.count = len(made)
    return changed


def _why_not_resumed(one: Enrolment, cohort: Cohort, there: set[int]) -> str:
    if one.role != Role.LEARNER or one.state != EnrolmentState.PAUSED:
        return _("Only learners who have paused can continue in a later cohort.")
    if one.cohort.programme_id != cohort.programme_id or cohort.starts_on <= one.cohort.starts_on:
        return _("The other cohort is not a later run of the same programme.")
    return _("Is already a learner in that cohort.") if one.person_id in there else ""


@transaction.atomic
def write_note(*, enrolment: Enrolment, text: str, actor: Person) -> Note:
    """Keep a note about a learner for those who look after her."""
    note = Note.objects.create(enrolment=enrolment, author=actor, text=text)
    record_audit(action="enrolment.noted", subject=f"enrolment:{enrolment.pk}", actor=actor, cohort=enrolment.cohort)
    return note


def may_pause_oneself(enrolment: Enrolment) -> bool:
    """Whether the learner can pause now."""
    return enrolment.role == Role.LEARNER and enrolment.state == EnrolmentState.ACTIVE


def may_withdraw_oneself(enrolment: Enrolment) -> bool:
    """Whether the learner can leave for good, also from a pause."""
    return enrolment.role == Role.LEARNER and enrolment.state in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def may_come_back(enrolment: Enrolment) -> bool:
    """Whether a paused learner can go on in the same cohort: as long as it runs."""
    paused = enrolment.role == Role.LEARNER and enrolment.state == EnrolmentState.PAUSED
    return paused and enrolment.cohort.ends_on >= timezone.localdate()


def change_own_state(*, enrolment: Enrolment, state: EnrolmentState) -> None:
    """Let a learner pause, withdraw, or come back from a pause; raises ValidationError where that isn't hers to do."""
    allowed = {
        EnrolmentState.PAUSED: may_pause_oneself,
        EnrolmentState.WITHDRAWN: may_withdraw_oneself,
        EnrolmentState.ACTIVE: may_come_back,
    }
    if state not in allowed or not allowed[state](enrolment):
        raise ValidationError(_("This is not possible now. Ask the organiser."))
    change_states(enrolments=[enrolment], state=state, actor=enrolment.person)
