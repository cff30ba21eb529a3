"""How the tests write, publish and answer consent versions."""

from campus.cohorts.models import Cohort, Enrolment
from campus.consents.actions import answer_version, open_draft, publish_version
from campus.consents.models import ConsentVersion, Kind
from campus.people.models import Person

REQUIRED = [Kind.TERMS, Kind.PRIVACY, Kind.FOLLOW_UP]


def published(cohort: Cohort, organiser: Person) -> ConsentVersion:
    """The standard texts as the cohort's next version."""
    return publish_version(draft=open_draft(cohort=cohort, actor=organiser), actor=organiser)


def answered(enrolment: Enrolment, version: ConsentVersion, *, also: list[str] | None = None) -> None:
    """The learner agrees to all that is required, and to these."""
    answer_version(enrolment=enrolment, version=version, agreed=[*REQUIRED, *(also or [])])
