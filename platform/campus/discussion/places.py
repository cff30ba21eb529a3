"""Who reads where: the same answer asked from the reader's side and from the place's.

A cohort's talk is for its members, a class's for its learners and facilitators, a step's for members once it has
opened, a team's for its members, a submission's for whoever may see the submission, shared work's for members once
they see it. Organisers read everywhere in
their cohort. `readable_places` and `readers_of` must agree: a test asks both about everybody and every place.
"""

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.cohorts.rules import STAFF_ROLES
from campus.deliverables.exhibits import seen_exhibits
from campus.deliverables.models import Exhibit
from campus.discussion.models import Place, PlaceKind
from campus.people.models import Person
from campus.submissions.models import Submission
from campus.teams.models import Membership, Team

_WHOLE = (
    "cohort",
    "study_class",
    "step__cohort_case__case_version",
    "team",
    "submission__step",
    "submission__team",
    "exhibit__step__cohort_case__cohort",
    "exhibit__enrolment__person",
    "exhibit__team",
)
# Where they read.
KEEPS_ORDER = [Role.ORGANISER, Role.FACILITATOR]
Subject = Cohort | StudyClass | Step | Team | Submission | Exhibit


def place_of(subject: Subject) -> Place:
    """The place of a row, made where there is none yet."""
    cohort, row = _named(subject)
    found, _made = Place.objects.select_related(*_WHOLE).get_or_create(**row, defaults={"cohort": cohort})
    return found


def _named(subject: Subject) -> tuple[Cohort, dict[str, Any]]:
    if isinstance(subject, Cohort):
        return subject, {"kind": PlaceKind.COHORT, "cohort": subject}
    if isinstance(subject, StudyClass):
        return subject.cohort, {"kind": PlaceKind.CLASS, "study_class": subject}
    if isinstance(subject, Team):
        return subject.cohort, {"kind": PlaceKind.TEAM, "team": subject}
    if isinstance(subject, Step):
        return subject.cohort, {"kind": PlaceKind.STEP, "step_id": subject.pk}  # A step as seen is a copy of the row.
    if isinstance(subject, Exhibit):
        return subject.step.cohort, {"kind": PlaceKind.EXHIBIT, "exhibit": subject}
    return subject.step.cohort, {"kind": PlaceKind.SUBMISSION, "submission": subject}


def own_places(person: Person, cohort: Cohort) -> list[Place]:
    """Where the person talks in the cohort: the cohort itself, classes, own teams, steps; never single pieces of work.

    Organisers read what every team says, but hundreds of teams are no list to choose from.
    """
    teams = Membership.objects.current().filter(enrolment__person=person, team__cohort=cohort).values("team")
    _make_missing(cohort, teams)
    places = readable_places(person).filter(cohort=cohort).exclude(kind__in=[PlaceKind.SUBMISSION, PlaceKind.EXHIBIT])
    places = places.filter(~Q(kind=PlaceKind.TEAM) | Q(team__in=teams))
    return sorted(places.select_related(*_WHOLE), key=_order)


def _make_missing(cohort: Cohort, teams: Any) -> None:
    """Rows for what nobody has looked at yet; one query where nothing is missing."""
    without: dict[PlaceKind, QuerySet[Any]] = {
        PlaceKind.COHORT: Cohort.objects.exclude(places__kind=PlaceKind.COHORT).filter(pk=cohort.pk),
        PlaceKind.CLASS: cohort.classes.filter(place=None),
        PlaceKind.STEP: Step.objects.filter(cohort_case__cohort=cohort, place=None),
        PlaceKind.TEAM: Team.objects.filter(pk__in=teams, place=None),
    }
    first, *others = (rows.order_by().values_list(Value(kind.value), "pk") for kind, rows in without.items())
    named = {PlaceKind.CLASS: "study_class_id", PlaceKind.STEP: "step_id", PlaceKind.TEAM: "team_id"}
    missing = [
        Place(cohort=cohort, kind=kind, **({named[kind]: pk} if kind in named else {}))
        for kind, pk in first.union(*others, all=True)
    ]
    if missing:
        Place.objects.bulk_create(missing, ignore_conflicts=True)


def _order(place: Place) -> tuple[int, int, int, str]:
    kind = list(PlaceKind.values).index(place.kind)
    step = place.step
    position = (step.cohort_case.position, step.position) if step else (0, 0)
    return kind, *position, str(place.study_class or place.team or "")


def whole_places() -> QuerySet[Place]:
    """Places with what their names and addresses need."""
    return Place.objects.select_related(*_WHOLE)


def readable_places(person: Person) -> QuerySet[Place]:
    """Where the person may read now, in all cohorts."""
    if not person.is_authenticated or not person.is_active:
        return Place.objects.none()
    mine = Enrolment.objects.of(person)
    cohorts = mine.values("cohort")
    organised = mine.filter(role=Role.ORGANISER).values("cohort")
    staffed = mine.filter(role__in=STAFF_ROLES).values("cohort")
    facilitated = StudyClass.facilitators.through.objects.filter(enrolment__in=mine.filter(role=Role.FACILITATOR))
    classes = Q(study_class__in=mine.filter(role=Role.LEARNER).values("study_class"))
    classes |= Q(study_class__in=facilitated.values("studyclass"))
    opened = Q(step__opens_at__lte=timezone.now()) | Q(cohort__in=staffed)
    teams = Membership.objects.current().filter(enrolment__in=mine).values("team")
    return Place.objects.filter(
        Q(kind=PlaceKind.COHORT, cohort__in=cohorts)
        | Q(classes, kind=PlaceKind.CLASS)
        | Q(opened, kind=PlaceKind.STEP, cohort__in=cohorts)
        | Q(kind=PlaceKind.TEAM, team__in=teams)
        | Q(_submissions(person, mine, teams, facilitated), kind=PlaceKind.SUBMISSION, cohort__in=cohorts)
        | Q(kind=PlaceKind.EXHIBIT, cohort__in=cohorts, exhibit__in=seen_exhibits())
        | Q(cohort__in=organised)
    )


def _submissions(person: Person, mine: QuerySet[Enrolment], teams: Any, facilitated: QuerySet[Any]) -> Q:
    """As the rule ``submissions.view_submission`` has it."""
    own = Q(submission__enrolment__person=person) | Q(submission__team__in=teams)
    looked_after = Q(cohort__in=mine.filter(role=Role.MENTOR).values("cohort"))
    looked_after |= Q(submission__enrolment__study_class__in=facilitated.values("studyclass"))
    return own | looked_after


def readers_of(place: Place) -> QuerySet[Person]:
    """Who may read there now; those can be mentioned."""
    members = Enrolment.objects.taking_part().filter(cohort=place.cohort_id)
    readers = members.filter(Q(role=Role.ORGANISER) | _reads(place))
    return Person.objects.filter(pk__in=readers.values("person"))


def moderators_of(place: Place) -> QuerySet[Person]:
    """Who keeps order there now, as ``moderated_places`` has it."""
    keeps = Enrolment.objects.taking_part().filter(cohort=place.cohort_id, role__in=KEEPS_ORDER)
    return readers_of(place).filter(pk__in=keeps.values("person"))


def owners_of(place: Place) -> QuerySet[Person]:
    """Whose work is talked about there: one person, or the team as it is now; nobody where it is about no work."""
    work = place.exhibit or place.submission
    if work is None:
        return Person.objects.none()
    theirs = _in_team(work.team_id) if work.team_id else Q(pk=work.enrolment_id)
    return Person.objects.filter(pk__in=Enrolment.objects.taking_part().filter(theirs).values("person"))


def _reads(place: Place) -> Q:
    if place.kind == PlaceKind.CLASS:
        return Q(role=Role.LEARNER, study_class=place.study_class_id) | _facilitates(place.study_class_id)
    if place.kind == PlaceKind.STEP and place.step and not place.step.has_opened():
        return Q(role__in=STAFF_ROLES)
    if place.kind == PlaceKind.TEAM:
        return _in_team(place.team_id)
    if place.kind == PlaceKind.SUBMISSION and place.submission:
        owner = place.submission.enrolment
        team = place.submission.team_id
        seen = Q(person=owner.person_id) | Q(role=Role.MENTOR)
        if owner.study_class_id:
            seen |= _facilitates(owner.study_class_id)
        return seen | _in_team(team) if team else seen
    if place.kind == PlaceKind.EXHIBIT and place.exhibit:
        return Q(pk__isnull=not seen_exhibits().filter(pk=place.exhibit.pk).exists())
    return Q(pk__isnull=False)


def _facilitates(study_class: int | None) -> Q:
    return Q(role=Role.FACILITATOR, facilitated_classes=study_class)


def _in_team(team: int | None) -> Q:
    return Q(pk__in=Membership.objects.current().filter(team=team).values("enrolment"))


def moderated_places(person: Person) -> QuerySet[Place]:
    """Where the person keeps order: organisers in their cohort, facilitators where they read."""
    if not person.is_authenticated or not person.is_active:
        return Place.objects.none()
    mine = Enrolment.objects.of(person)
    keeps = mine.filter(role__in=KEEPS_ORDER).values("cohort")
    return readable_places(person).filter(cohort__in=keeps)
