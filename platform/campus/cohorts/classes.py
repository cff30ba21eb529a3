"""A cohort's classes: made, renamed, removed, given facilitators, and filled with learners."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.attributes import values_of
from campus.cohorts.dealing import Learner, Way, deal
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person

# Those who paused or withdrew keep the class they were in, as part of the record.
DEALT_STATES = (EnrolmentState.SELECTED, EnrolmentState.ACTIVE, EnrolmentState.COMPLETED)


@transaction.atomic
def make_classes(*, cohort: Cohort, names: Sequence[str], actor: Person | None) -> list[StudyClass]:
    """Make empty classes; raises ValidationError when a name is taken."""
    taken = set(cohort.classes.filter(name__in=names).values_list("name", flat=True))
    if taken or len(set(names)) < len(names):
        doubled = sorted(taken) or sorted({name for name in names if list(names).count(name) > 1})
        raise ValidationError(_("There is already a class called “%(name)s”."), params={"name": doubled[0]})
    made = StudyClass.objects.bulk_create(StudyClass(cohort=cohort, name=name) for name in names)
    subjects = [f"study_class:{one.pk}" for one in made]
    record_audits(action="class.made", subjects=subjects, actor=actor, cohort=cohort)
    return made


@transaction.atomic
def rename_class(*, study_class: StudyClass, name: str, actor: Person | None) -> None:
    """Give the class another name; raises ValidationError when it is taken."""
    if study_class.name == name:
        return
    if study_class.cohort.classes.filter(name=name).exists():
        raise ValidationError(_("There is already a class called “%(name)s”."), params={"name": name})
    before, study_class.name = study_class.name, name
    study_class.save(update_fields=["name"])
    _record("class.renamed", study_class, actor, former=before)


@transaction.atomic
def remove_class(*, study_class: StudyClass, actor: Person | None) -> None:
    """Remove an empty class; raises ValidationError while anybody is in it, whatever their state."""
    StudyClass.objects.select_for_update().get(pk=study_class.pk)
    if study_class.learners.exists():
        raise ValidationError(_("There are people in this class. Move them to another class first."))
    _record("class.removed", study_class, actor, name=study_class.name)
    for enrolment in study_class.facilitators.all():
        live.recheck(enrolment.person_id)
    study_class.delete()


@transaction.atomic
def assign_facilitators(*, study_class: StudyClass, facilitators: Collection[Enrolment], actor: Person | None) -> None:
    """Let these look after the class, and nobody else; who no longer does loses the right at once."""
    wanted = {one.pk for one in facilitators}
    if study_class.cohort.enrolments.filter(pk__in=wanted, role=Role.FACILITATOR).count() < len(wanted):
        raise ValidationError(_("Only facilitators of this cohort can look after a class."))
    before = {one.pk: one for one in study_class.facilitators.all()}
    if wanted == set(before):
        return
    study_class.facilitators.set(facilitators)
    for pk in set(before) - wanted:
        live.recheck(before[pk].person_id)
    _record("class.facilitators_set", study_class, actor, count=len(wanted))


@transaction.atomic
def move_to_class(*, enrolments: Iterable[Enrolment], study_class: StudyClass | None, actor: Person | None) -> int:
    """Put learners of the class's cohort into it, or into none; return how many moved."""
    moved = [
        one
        for one in enrolments
        if one.role == Role.LEARNER and one.study_class_id != (study_class.pk if study_class else None)
    ]
    if study_class and any(one.cohort_id != study_class.cohort_id for one in moved):
        raise ValidationError(_("Only learners of the cohort can be in its classes."))
    if moved:
        _put({one.pk: study_class.pk if study_class else None for one in moved}, cohort=moved[0].cohort, actor=actor)
    return len(moved)


def _put(class_of: dict[int, int | None], *, cohort: Cohort, actor: Person | None) -> None:
    """Write new classes of learners, one query for each class, and one entry for each learner."""
    by_class: dict[int | None, list[int]] = {}
    for pk, class_id in class_of.items():
        by_class.setdefault(class_id, []).append(pk)
    for class_id, pks in by_class.items():
        Enrolment.objects.filter(pk__in=pks, cohort=cohort).update(study_class=class_id)
        subjects = [f"enrolment:{pk}" for pk in pks]
        record_audits(
            action="enrolment.class_changed", subjects=subjects, actor=actor, cohort=cohort, study_class=class_id
        )


@dataclass(frozen=True)
class Dealing:
    """What dealing would come to: every learner's class, and what it was before."""

    way: Way
    keys: tuple[str, ...]
    anew: bool
    learners: dict[int, Learner]
    class_of: dict[int, int]

    @property
    def moved(self) -> dict[int, int]:
        """Only those whose class would change."""
        return {pk: class_id for pk, class_id in self.class_of.items() if self.learners[pk].class_id != class_id}


def plan_dealing(*, cohort: Cohort, way: Way, keys: Sequence[str], anew: bool) -> Dealing:
    """Work out the classes of all learners who take part or soon will; see dealing.py."""
    rows = dict(
        Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER, person__is_active=True)
        .filter(state__in=DEALT_STATES)
        .order_by("pk")
        .values_list("pk", "study_class")
    )
    values = values_of(keys, list(rows))
    learners = {pk: Learner(pk, values[pk], class_id) for pk, class_id in rows.items()}
    classes = list(cohort.classes.order_by("name").values_list("pk", flat=True))
    dealt = deal(list(learners.values()), classes, way=way, anew=anew)
    return Dealing(way, tuple(keys), anew, learners, dealt)


@transaction.atomic
def deal_classes(*, cohort: Cohort, dealing: Dealing, actor: Person | None) -> int:
    """Put everybody where the plan says; return how many moved."""
    moved: dict[int, int | None] = dict(dealing.moved)
    if moved:
        _put(moved, cohort=cohort, actor=actor)
        record_audit(
            action="class.dealt",
            subject=f"cohort:{cohort.pk}",
            actor=actor,
            cohort=cohort,
            count=len(moved),
            way=dealing.way.value,
            attributes=list(dealing.keys),
        )
    return len(moved)


def _record(action: str, study_class: StudyClass, actor: Person | None, **details: object) -> None:
    record_audit(
        action=action, subject=f"study_class:{study_class.pk}", actor=actor, cohort=study_class.cohort, **details
    )
