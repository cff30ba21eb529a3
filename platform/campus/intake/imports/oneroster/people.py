"""From a OneRoster package to what each person's row will do: the same plans as those of a table of people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.intake.imports.columns import BY_KEY, clean_row
from campus.intake.imports.oneroster.package import Line, Package
from campus.intake.imports.planning import Plan
from campus.intake.imports.remarks import Remark
from campus.intake.imports.tables import Cell
from campus.intake.models import RosterClass, RosterPerson
from campus.people.models import Person
from campus.people.names import is_japanese

# Who teaches a class looks after it here, who assists gives feedback. Administrators, guardians and the like have no
# part in a cohort; organisers in particular are never made by a roster.
ROLES = {"student": Role.LEARNER, "teacher": Role.FACILITATOR, "aide": Role.MENTOR}
STATES = {"", "active", "tobedeleted"}
LONGEST_CLASS = StudyClass._meta.get_field("name").max_length or 0
_FIELDS = [BY_KEY[key] for key in ("email", "name", "name_kana", "organisation")]
COLUMNS = [
    ("users.csv: email, username", "email"),
    ("users.csv: familyName, givenName, middleName", "name"),
    ("users.csv: metadata.jp.kanaFamilyName, metadata.jp.kanaGivenName", "name_kana"),
    ("orgs.csv: name", "organisation"),
    ("enrollments.csv: role; roles.csv: role", "role"),
    ("classes.csv: title", "classes"),
]


@dataclass(frozen=True)
class KnownIds:
    """Whom and which classes earlier packages for the cohort named, by their sourcedId."""

    people: Mapping[str, Person]
    roles: Mapping[int, list[str]]
    classes: Mapping[str, str]

    @classmethod
    def read(cls, cohort: Cohort) -> "KnownIds":
        kept = RosterPerson.objects.filter(cohort=cohort).select_related("person")
        roles: dict[int, list[str]] = {}
        for person, role in Enrolment.objects.filter(cohort=cohort).values_list("person", "role"):
            roles.setdefault(person, []).append(role)
        classes = RosterClass.objects.filter(cohort=cohort).values_list("sourced_id", "study_class__name")
        return cls({one.sourced_id: one.person for one in kept}, roles, dict(classes))


@dataclass
class Place:
    """What the package says of one person in one role: the classes she is in, and those she is taken out of."""

    role: str
    classes: list[str] = field(default_factory=list)
    left_classes: list[str] = field(default_factory=list)
    passed: str = ""


@dataclass(frozen=True)
class Roster:
    """The package's lines by what they are about; lines about nobody become rows of their own in ``astray``."""

    package: Package
    known: KnownIds
    default_role: str
    users: dict[str, Line] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    orgs: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    astray: list[tuple[Line, Remark]] = field(default_factory=list)

    @classmethod
    def of(cls, package: Package, *, known: KnownIds, default_role: str) -> "Roster":
        roster = cls(package, known, default_role)
        for line in roster._lines("users"):
            roster._add_user(line)
        for line in roster._lines("roles"):
            if not line.is_deleted and (line["roleType"] == "primary" or line["userSourcedId"] not in roster.roles):
                roster.roles[line["userSourcedId"]] = line["role"]
        roster.orgs.update({line["sourcedId"]: line["name"] for line in roster._lines("orgs")})
        roster.classes.update(known.classes)
        for line in roster._lines("classes"):
            roster._add_class(line)
        return roster

    def _lines(self, file: str) -> Iterator[Line]:
        """The file's lines whose status can be understood."""
        for line in self.package.lines[file]:
            if line["status"] in STATES:
                yield line
            else:
                values = {"value": line["status"], "choices": "active, tobedeleted"}
                self.astray.append((line, Remark("no_such_choice", line.at("status"), values)))

    def _add_user(self, line: Line) -> None:
        sourced_id = line["sourcedId"]
        if not sourced_id:
            self.astray.append((line, Remark("missing", line.at("sourcedId"))))
        elif sourced_id in self.users:
            self.astray.append((line, Remark("same_id", line.at("sourcedId"), {"value": sourced_id})))
        else:
            self.users[sourced_id] = line

    def _add_class(self, line: Line) -> None:
        sourced_id, title = line["sourcedId"], line["title"]
        others = {name for known, name in self.classes.items() if known != sourced_id}
        if line.is_deleted:
            self.closed.add(sourced_id)
        elif not sourced_id or not title:
            self.astray.append((line, Remark("missing", line.at("title" if sourced_id else "sourcedId"))))
        elif len(title) > LONGEST_CLASS:
            values = {"value": title[:LONGEST_CLASS], "limit": LONGEST_CLASS}
            self.astray.append((line, Remark("too_long", line.at("title"), values)))
        elif title in others:
            self.astray.append((line, Remark("same_class", line.at("title"), {"value": title})))
        else:
            self.classes[sourced_id] = title

    def places(self) -> dict[str, list[Place]]:
        """Everybody's places by sourcedId: first by the enrolments, of those who have none by their role."""
        found: dict[str, dict[str, Place]] = {sourced_id: {} for sourced_id in self.users}
        for line in self._lines("enrollments"):
            self._add_enrolment(line, found)
        return {key: list(places.values()) or self._by_role(key) for key, places in found.items()}

    def _add_enrolment(self, line: Line, found: dict[str, dict[str, Place]]) -> None:
        user, of_class = line["userSourcedId"], line["classSourcedId"]
        if user not in self.users and user not in self.known.people:
            self.astray.append((line, Remark("no_such_id", line.at("userSourcedId"), {"value": user})))
        elif of_class not in self.classes and of_class not in self.closed:
            self.astray.append((line, Remark("no_such_id", line.at("classSourcedId"), {"value": of_class})))
        else:
            self._place(line, found.setdefault(user, {}))

    def _place(self, line: Line, places: dict[str, Place]) -> None:
        said = line["role"]
        if said == "teacher" and self.roles.get(line["userSourcedId"]) == "aide":
            said = "aide"
        if said not in ROLES:
            places.setdefault(said, Place(Role.LEARNER, passed="other_role"))
            return
        place = places.setdefault(said, Place(ROLES[said]))
        title = self.classes.get(line["classSourcedId"], "")
        if line.is_deleted or line.is_over or line["classSourcedId"] in self.closed:
            place.left_classes.append(title)
        elif title not in place.classes:
            place.classes.append(title)

    def _by_role(self, sourced_id: str) -> list[Place]:
        """Whom no enrolment names: of a delta those who are here stay in their roles, others come by roles.csv."""
        person = self.known.people.get(sourced_id)
        if person and (roles := self.known.roles.get(person.pk)):
            ours = [Place(role) for role in roles if role in ROLES.values()]
            return ours or [Place(Role.LEARNER, passed="other_role")]
        said = self.roles.get(sourced_id)
        if said is None:
            return [Place(self.default_role)]
        return [Place(ROLES[said])] if said in ROLES else [Place(Role.LEARNER, passed="other_role")]


def plans_of(roster: Roster) -> list[Plan]:
    """A plan for each person and role, then one for each line that leads nowhere."""
    plans = [_plan(roster, sourced_id, place) for sourced_id, places in roster.places().items() for place in places]
    plans += [
        Plan(0, {"role": roster.default_role, "place": line.place}, problems=[remark]) for line, remark in roster.astray
    ]
    for number, plan in enumerate(plans, start=1):
        plan.number = number
    return plans


def _plan(roster: Roster, sourced_id: str, place: Place) -> Plan:
    line, known = roster.users.get(sourced_id), roster.known.people.get(sourced_id)
    plan = _described(roster, line) if line else Plan(0, {})
    if known:  # Whoever the university means by this id is who it was last time, whatever the address is now.
        _keep_address(plan, known, line)
    values: dict[str, Any] = {"role": place.role, "sourced_id": sourced_id, "classes": place.classes}
    values |= {"left_classes": place.left_classes} if place.left_classes and not place.classes else {}
    values |= {"leaves": True} if line and line.is_deleted else {}
    values |= {"passed": passed} if (passed := _why_passed(line, place)) else {}
    plan.values.update(values, place=line.place if line else sourced_id)
    if "passed" in values or "leaves" in values:
        plan.problems.clear()  # Of whom nothing is kept, nothing has to be right.
    return plan


def _why_passed(line: Line | None, place: Place) -> str:
    if line and not line.is_deleted and line["enabledUser"].lower() == "false":
        return "disabled"
    return place.passed


def _described(roster: Roster, line: Line) -> Plan:
    """What users.csv tells of a person, cleaned as the cells of any other table are."""
    kana = "metadata.jp.kanaFamilyName", "metadata.jp.kanaGivenName"
    address = "email" if line["email"] or "@" not in line["username"] else "username"
    texts = (line[address], _full_name(line), _joined(line[one] for one in kana), roster.orgs.get(_org(line), ""))
    headings = [line.at(address), line.at("familyName", "givenName"), line.at(*kana), line.at("primaryOrgSourcedId")]
    cleaned = clean_row([Cell(text) for text in texts], headings=headings, fields=list(_FIELDS))
    plan = Plan(0, cleaned.values, problems=cleaned.problems, notes=cleaned.notes)
    if line["enabledUser"].lower() not in {"true", "false"}:
        values = {"value": line["enabledUser"], "choices": "true, false"}
        plan.problems.append(Remark("no_such_choice", line.at("enabledUser"), values))
    return plan


def _org(line: Line) -> str:
    return line["primaryOrgSourcedId"]


def _full_name(line: Line) -> str:
    """As people write it: the family name first where it is Japanese, last elsewhere."""
    family, given, middle = line["familyName"], line["givenName"], line["middleName"]
    return _joined((family, given) if is_japanese(family + given) else (given, middle, family))


def _joined(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)


def _keep_address(plan: Plan, known: Person, line: Line | None) -> None:
    if line and plan.email and plan.email != known.email.lower():
        plan.notes.append(Remark("address_kept", line.at("email"), {"value": known.email}))
    plan.problems = [one for one in plan.problems if one.heading not in {line.at("email") if line else ""}]
    plan.values["email"] = known.email.lower()
    plan.values.setdefault("name", known.name)
