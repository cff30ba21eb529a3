"""What an import will do, row by row: pure comparison of the file with what the site knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.intake.imports.columns import BY_KEY, PERSON_KEYS, Field, clean_row
from campus.intake.imports.remarks import Remark
from campus.intake.imports.tables import Row
from campus.people.models import Person
from campus.people.visibility import profile_of

WITH_CLASS = {Role.LEARNER.value, Role.FACILITATOR.value}


class Outcome(models.TextChoices):
    """What an import does with a row."""

    NEW = "new", pgettext_lazy("import", "New person")
    KNOWN = "known", pgettext_lazy("import", "Known person, new here")
    CHANGED = "changed", pgettext_lazy("import", "Changes")
    SAME = "same", pgettext_lazy("import", "Stays as it is")
    LEAVES = "leaves", pgettext_lazy("import", "Leaves the cohort")
    PASSED = "passed", pgettext_lazy("import", "Skipped")
    REFUSED = "refused", pgettext_lazy("import", "Must be corrected")


@dataclass
class Plan:
    """What becomes of one row. ``values`` are by field; problems stop the whole import, notes and changes don't.

    A roster's values also tell ``place`` and ``sourced_id``, and where somebody does not come in: ``passed`` is the
    code of a remark that says why, ``leaves`` that the person goes, ``left_classes`` of which classes.
    """

    number: int
    values: dict[str, Any]
    outcome: Outcome = Outcome.NEW
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    changes: list[Remark] = field(default_factory=list)

    @property
    def email(self) -> str:
        return str(self.values.get("email", ""))

    @property
    def role(self) -> str:
        return str(self.values["role"])

    @property
    def place(self) -> str:
        """Where it stands, as messages about other rows name it."""
        return str(self.values.get("place", self.number))

    @property
    def brings_somebody(self) -> bool:
        """Whether the file wants the person in the cohort."""
        return not self.values.keys() & {"passed", "leaves", "left_classes"}

    @property
    def classes(self) -> list[str]:
        return list(self.values.get("classes", []))


def people_at(addresses: Iterable[str]) -> dict[str, Person]:
    """The persons with these addresses, by address in small letters."""
    persons = (
        Person.objects.select_related("profile").annotate(address=Lower("email")).filter(address__in=set(addresses))
    )
    return {person.email.lower(): person for person in persons}


@dataclass(frozen=True)
class Known:
    """What the site knows of the people in a file, read in a fixed number of queries."""

    people: dict[str, Person]
    enrolments: dict[tuple[int, str], Enrolment]
    looked_after: set[tuple[int, str]]
    elsewhere: set[int]
    classes: dict[str, int]
    class_names: list[str]

    @classmethod
    def read(cls, *, cohort: Cohort, addresses: Iterable[str], coming: Iterable[str] = ()) -> "Known":
        """``coming``: classes that the import will make where the cohort doesn't have them."""
        people = people_at(addresses)
        ids = [person.pk for person in people.values()]
        mine = Enrolment.objects.filter(person__in=ids)
        here = mine.filter(cohort=cohort).select_related("study_class")
        classes = dict.fromkeys(coming, 0) | dict(cohort.classes.values_list("name", "pk"))
        return cls(
            people=people,
            enrolments={(one.person_id, one.role): one for one in here},
            looked_after=set(cohort.classes.filter(facilitators__in=here).values_list("facilitators", "name")),
            elsewhere=set(mine.exclude(cohort=cohort).values_list("person", flat=True)),
            classes=classes,
            class_names=list(classes),
        )

    def looks_after_themselves(self, person: Person) -> bool:
        """Whether the profile is no longer an organiser's to change: they have signed in, or are known elsewhere."""
        return person.last_login is not None or person.has_usable_password() or person.pk in self.elsewhere


def clean_rows(
    rows: Iterable[Row], *, headings: list[str], fields: list[Field | None], default_role: str
) -> list[Plan]:
    """Read the cells of all rows; those without a role get the default one."""
    plans = []
    for row in rows:
        cleaned = clean_row(row.cells, headings=headings, fields=fields)
        values = {"role": default_role, **cleaned.values}
        plans.append(Plan(row.number, values, problems=cleaned.problems, notes=cleaned.notes))
    return plans


def plan_rows(plans: list[Plan], *, known: Known) -> None:
    """Add to cleaned rows what they will do, or why they can't be done."""
    _compare_with_each_other(plans)
    for plan in plans:
        _check_classes(plan, known)
        if plan.problems:
            plan.outcome = Outcome.REFUSED
        elif plan.brings_somebody:
            _decide(plan, known)
        else:
            _decide_without(plan, known)


def _compare_with_each_other(plans: list[Plan]) -> None:
    """One address is one person, and has each role once."""
    names: dict[str, Plan] = {}
    firsts: dict[tuple[str, str], Plan] = {}
    for plan in plans:
        if not plan.email or not plan.brings_somebody:
            continue
        first = names.setdefault(plan.email, plan)
        same = firsts.setdefault((plan.email, plan.role), plan)
        if same is not plan:
            plan.problems.append(Remark("same_person", values={"row": same.place}))
        elif plan.values.get("name") != first.values.get("name"):
            values = {"row": first.place, "name": first.values.get("name", "")}
            plan.problems.append(Remark("other_name", values=values))


def _check_classes(plan: Plan, known: Known) -> None:
    if not plan.classes:
        return
    if plan.role not in WITH_CLASS:
        plan.values["classes"] = []
        plan.notes.append(Remark("no_class_for_role"))
    elif plan.role == Role.LEARNER and len(plan.classes) > 1:
        plan.problems.append(Remark("many_classes", values={"value": ", ".join(plan.classes)}))
    for name in plan.classes:
        if name in known.classes:
            continue
        choices = ", ".join(known.class_names)
        code = "no_such_class" if choices else "no_classes"
        plan.problems.append(Remark(code, values={"value": name, "choices": choices} if choices else {"value": name}))


def _decide(plan: Plan, known: Known) -> None:
    person = known.people.get(plan.email)
    if person is None:
        plan.outcome = Outcome.NEW
        return
    if not person.is_active:
        plan.problems.append(Remark("blocked"))
        plan.outcome = Outcome.REFUSED
        return
    _compare_profile(plan, person, known)
    enrolment = known.enrolments.get((person.pk, plan.role))
    if enrolment is None:
        plan.outcome = Outcome.KNOWN
        return
    _compare_enrolment(plan, enrolment, known)
    plan.outcome = Outcome.CHANGED if plan.changes else Outcome.SAME


def _decide_without(plan: Plan, known: Known) -> None:
    """Of those whom a roster does not bring: they leave, or nothing happens and the row says why."""
    person = known.people.get(plan.email)
    enrolment = known.enrolments.get((person.pk, plan.role)) if person else None
    reason = plan.values.get("passed") or _why_not_leaving(plan, enrolment)
    plan.outcome = Outcome.PASSED if reason else Outcome.LEAVES
    if reason:
        plan.notes.append(Remark(reason))


def _why_not_leaving(plan: Plan, enrolment: Enrolment | None) -> str:
    """The code of a remark; empty where the person leaves."""
    if enrolment is None or enrolment.state == EnrolmentState.WITHDRAWN:
        return "not_here"
    if enrolment.state == EnrolmentState.COMPLETED:
        return "has_completed"
    if plan.values.get("leaves"):
        return ""
    if plan.role != Role.LEARNER:
        return "looks_after_still"
    here = enrolment.study_class.name if enrolment.study_class else ""
    return "" if here in {"", *plan.values["left_classes"]} else "in_other_class"


def _compare_profile(plan: Plan, person: Person, known: Known) -> None:
    changes = [
        _change(key, before, plan.values[key])
        for key in PERSON_KEYS
        if key in plan.values and (before := value_of(person, key)) != plan.values[key]
    ]
    if changes and known.looks_after_themselves(person):
        plan.notes.append(Remark("profile_kept"))
    else:
        plan.changes.extend(changes)


def value_of(person: Person, key: str) -> str:
    """What the site holds of the person under the field's key."""
    return str(getattr(profile_of(person) if BY_KEY[key].is_on_profile else person, key))


def _change(key: str, before: str, after: str) -> Remark:
    values = {"before": {"of": key, "value": before}, "after": {"of": key, "value": after}}
    return Remark("field_changes", values={"field": {"label": key}, **values})


def _compare_enrolment(plan: Plan, enrolment: Enrolment, known: Known) -> None:
    if enrolment.state == EnrolmentState.APPLIED:
        plan.notes.append(Remark("has_applied"))
    elif enrolment.state == EnrolmentState.WITHDRAWN:
        plan.notes.append(Remark("has_left"))
    elif plan.role == Role.LEARNER:
        _compare_class(plan, enrolment)
    else:
        added = [name for name in plan.classes if (enrolment.pk, name) not in known.looked_after]
        plan.changes.extend(Remark("class_added", values={"after": name}) for name in added)


def _compare_class(plan: Plan, enrolment: Enrolment) -> None:
    before = enrolment.study_class.name if enrolment.study_class else ""
    after = plan.classes[0] if plan.classes else before
    if before != after:
        plan.changes.append(Remark("class_changes", values={"before": before or "—", "after": after}))
