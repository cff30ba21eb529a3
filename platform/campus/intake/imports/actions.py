"""Keep an uploaded table with its preview; then do what the preview says, all of it or nothing."""

from collections import Counter
from collections.abc import Collection
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.classes import make_classes
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.intake.imports.columns import BY_KEY, PERSON_KEYS
from campus.intake.imports.planning import Known, Outcome, Plan, people_at, plan_rows
from campus.intake.imports.uploads import read_upload
from campus.intake.models import ImportRow, PeopleImport, RosterClass, RosterPerson
from campus.people.models import Person, Profile
from campus.people.visibility import profile_of

AT_ONCE = 1_000
Holder = TypeVar("Holder", Person, Profile)


class CannotImport(Exception):
    """The import was not done, and nothing was changed; ``str()`` says why."""


class PreviewIsOld(CannotImport):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Something has changed on the site since the preview. Nothing was imported. Please check the preview "
                "again."
            )
        )


class HasProblems(CannotImport):
    def __init__(self) -> None:
        super().__init__(_("Some rows must be corrected first. Nothing was imported."))


class NothingLeft(CannotImport):
    def __init__(self) -> None:
        super().__init__(_("This import has already been done or discarded. Please upload the file again."))


@transaction.atomic
def begin_import(
    *, cohort: Cohort, owner: Person, file_name: str, data: bytes, default_role: str = Role.LEARNER
) -> PeopleImport:
    """Read the file and keep it with what each row will do; raise Unreadable where it can't be read."""
    upload = read_upload(data, cohort=cohort, default_role=default_role)
    plans = _plan(upload.plans, cohort, coming=upload.classes.values())
    people_import = PeopleImport.objects.create(
        cohort=cohort,
        owner=owner,
        file_name=file_name[-200:],
        default_role=default_role,
        columns=upload.columns,
        notes=[note.to_json() for note in upload.notes],
        classes=upload.classes,
        counts=_counts(plans),
    )
    _keep(plans, people_import)
    record_audit(
        action="import.uploaded",
        subject=f"import:{people_import.pk}",
        actor=owner,
        cohort=cohort,
        rows=people_import.total,
        refused=people_import.refused,
    )
    return people_import


def _counts(plans: list[Plan]) -> dict[str, int]:
    return dict(Counter(plan.outcome.value for plan in plans))


def _keep(plans: list[Plan], people_import: PeopleImport) -> None:
    ImportRow.objects.bulk_create((ImportRow.of(plan, people_import) for plan in plans), batch_size=AT_ONCE)


def discard_import(*, people_import: PeopleImport) -> None:
    """Forget an upload that was not confirmed."""
    PeopleImport.objects.filter(pk=people_import.pk, done_at=None).delete()


def delete_expired_imports() -> int:
    """Forget what nobody confirmed in time; returns how many uploads that were."""
    return (
        PeopleImport.objects.filter(done_at=None, expires_at__lte=timezone.now())
        .delete()[1]
        .get(PeopleImport._meta.label, 0)
    )


def carry_out(*, people_import: PeopleImport, actor: Person) -> PeopleImport:
    """Do what the preview says; raise CannotImport where it no longer holds, after renewing the preview."""
    try:
        with live.atomic():
            held = _held(people_import)
            rows = list(held.rows.order_by("number"))
            plans = _plan([row.as_plan() for row in rows], held.cohort, coming=held.classes.values())
            is_as_shown = all(map(_is_as_shown, plans, rows))
            if is_as_shown:
                _write(plans, people_import=held, actor=actor)
                _close(held, actor=actor)
            else:
                _renew(held, plans)
    except IntegrityError as error:  # Somebody signed up under one of the addresses in this very second.
        raise PreviewIsOld from error
    if not is_as_shown:
        raise PreviewIsOld
    return held


def _plan(plans: list[Plan], cohort: Cohort, *, coming: Collection[str]) -> list[Plan]:
    """Say what the rows do by what the site knows now."""
    plan_rows(plans, known=Known.read(cohort=cohort, addresses=(plan.email for plan in plans), coming=coming))
    return plans


def _is_as_shown(plan: Plan, row: ImportRow) -> bool:
    return (plan.outcome, [change.to_json() for change in plan.changes]) == (row.outcome, row.changes)


def _held(people_import: PeopleImport) -> PeopleImport:
    """The import under a lock, and with it the cohort: two imports into it are done one after the other."""
    pending = PeopleImport.objects.pending().select_related("cohort")
    held = pending.select_for_update(of=("self", "cohort"), no_key=True).filter(pk=people_import.pk).first()
    if held is None:
        raise NothingLeft
    if held.refused:
        raise HasProblems
    return held


def _renew(people_import: PeopleImport, plans: list[Plan]) -> None:
    """Replace the preview by what the rows would do now."""
    people_import.rows.all().delete()
    _keep(plans, people_import)
    people_import.counts = _counts(plans)
    people_import.save(update_fields=["counts"])


def _write(plans: list[Plan], *, people_import: PeopleImport, actor: Person) -> None:
    cohort = people_import.cohort
    if names := people_import.new_classes:
        make_classes(cohort=cohort, names=names, actor=actor)
    coming = [plan for plan in plans if plan.outcome not in {Outcome.LEAVES, Outcome.PASSED}]
    people = _write_people(coming)
    enrolments = _write_enrolments(coming, cohort=cohort, people=people)
    _write_classes(coming, cohort=cohort, people=people, enrolments=enrolments)
    _write_roster(coming, people_import=people_import, people=people)
    _let_leave([plan for plan in plans if plan.outcome == Outcome.LEAVES], cohort=cohort, actor=actor)


def _write_roster(plans: list[Plan], *, people_import: PeopleImport, people: dict[str, Person]) -> None:
    """Remember whom and which classes the roster's ids mean; none of a table of people."""
    cohort = people_import.cohort
    persons = {plan.values["sourced_id"]: people[plan.email] for plan in plans if "sourced_id" in plan.values}
    RosterPerson.objects.bulk_create(
        (RosterPerson(cohort=cohort, sourced_id=key, person=person) for key, person in persons.items()),
        batch_size=AT_ONCE,
        update_conflicts=True,
        update_fields=["person"],
        unique_fields=["cohort", "sourced_id"],
    )
    classes = {one.name: one for one in cohort.classes.all()} if people_import.classes else {}
    RosterClass.objects.bulk_create(
        (
            RosterClass(cohort=cohort, sourced_id=k, study_class=classes[name])
            for k, name in people_import.classes.items()
        ),
        update_conflicts=True,
        update_fields=["study_class"],
        unique_fields=["cohort", "sourced_id"],
    )


def _let_leave(plans: list[Plan], *, cohort: Cohort, actor: Person) -> None:
    """Take out whom the roster takes out, as on the page of people: they are told, and the last organiser stays."""
    wanted = {(plan.email, plan.role) for plan in plans}
    if wanted:
        here = Enrolment.objects.filter(cohort=cohort, person__in=people_at(email for email, _role in wanted).values())
        leaving = [one for one in here.select_related("person") if (one.person.email.lower(), one.role) in wanted]
        change_states(enrolments=leaving, state=EnrolmentState.WITHDRAWN, actor=actor)


def _write_people(plans: list[Plan]) -> dict[str, Person]:
    """Make new persons and mend the profiles of those whose rows say so; all persons of the file by address."""
    new = {plan.email: plan for plan in plans if plan.outcome == Outcome.NEW}
    # Without a usable password, so that nothing has to be hashed: the invitation lets the person set one.
    made = (Person(email=plan.email, name=plan.values["name"], password=make_password(None)) for plan in new.values())
    Person.objects.bulk_create(made, batch_size=AT_ONCE)
    people = people_at(plan.email for plan in plans)
    mended = {plan.email: plan for plan in plans if any(change.code == "field_changes" for change in plan.changes)}
    _write_profiles([(people[email], plan.values) for email, plan in (new | mended).items()])
    return people


def _write_profiles(described: list[tuple[Person, dict[str, Any]]]) -> None:
    """Keep what the file says of each person: a few columns of Person, the others of Profile."""
    own = [key for key in PERSON_KEYS if not BY_KEY[key].is_on_profile]
    others = [key for key in PERSON_KEYS if BY_KEY[key].is_on_profile]
    profiles = []
    for person, values in described:
        _set(person, own, values)
        if any(key in values for key in others):
            profiles.append(_set(profile_of(person), others, values))
    Person.objects.bulk_update((person for person, _values in described), own, batch_size=AT_ONCE)
    Profile.objects.bulk_create(
        profiles, batch_size=AT_ONCE, update_conflicts=True, update_fields=others, unique_fields=["person"]
    )


def _set(holder: Holder, keys: list[str], values: dict[str, Any]) -> Holder:
    for key in keys:
        setattr(holder, key, values.get(key, getattr(holder, key)))
    return holder


def _write_enrolments(
    plans: list[Plan], *, cohort: Cohort, people: dict[str, Person]
) -> dict[tuple[int, str], Enrolment]:
    """Enrol those who are new here, as selected: consent makes them active."""
    new = [plan for plan in plans if plan.outcome in {Outcome.NEW, Outcome.KNOWN}]
    Enrolment.objects.bulk_create(
        (
            Enrolment(person=people[plan.email], cohort=cohort, role=plan.role, state=EnrolmentState.SELECTED)
            for plan in new
        ),
        batch_size=AT_ONCE,
    )
    here = Enrolment.objects.filter(cohort=cohort, person__in=[person.pk for person in people.values()])
    return {(one.person_id, one.role): one for one in here}


def _write_classes(
    plans: list[Plan], *, cohort: Cohort, people: dict[str, Person], enrolments: dict[tuple[int, str], Enrolment]
) -> None:
    """Put learners into their class, let facilitators look after theirs."""
    classes = {study_class.name: study_class for study_class in cohort.classes.all()}
    moved, looks_after = [], []
    through = StudyClass.facilitators.through
    for plan in plans:
        enrolment = enrolments[people[plan.email].pk, plan.role]
        if not plan.classes or enrolment.state in {EnrolmentState.APPLIED, EnrolmentState.WITHDRAWN}:
            continue
        if plan.role == Role.LEARNER:
            enrolment.study_class = classes[plan.classes[0]]
            moved.append(enrolment)
        else:
            looks_after += [through(studyclass_id=classes[name].pk, enrolment_id=enrolment.pk) for name in plan.classes]
    Enrolment.objects.bulk_update(moved, ["study_class"], batch_size=AT_ONCE)
    through.objects.bulk_create(looks_after, batch_size=AT_ONCE, ignore_conflicts=True)


def _close(people_import: PeopleImport, *, actor: Person) -> None:
    """Keep the counts, forget the personal data."""
    people_import.rows.all().delete()
    people_import.done_at = timezone.now()
    people_import.save(update_fields=["done_at"])
    record_audit(
        action="import.done",
        subject=f"import:{people_import.pk}",
        actor=actor,
        cohort=people_import.cohort,
        **{outcome.value: people_import.counts.get(outcome, 0) for outcome in Outcome if outcome != Outcome.REFUSED},
    )
