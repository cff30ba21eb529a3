"""Surveys: steps that show a form in place. Submitting it hands in the step."""

from collections.abc import Collection, Iterable

from django.db.models import Count, F
from django.db.models.functions import Greatest

from campus.cases.hand_ins import Among, Epoch, HandIn, hand_in_source
from campus.cases.models import Step, StepKind
from campus.cohorts.models import Enrolment, Role
from campus.people.models import Person
from campus.questionnaires.queries import questionnaire_in
from campus.questionnaires.sheets import Sheet


def sheet_of(step: Step, person: Person) -> Sheet | None:
    """The step's form for the person; None before the step opens and where nothing is asked of them."""
    if step.questionnaire_id is None or not step.has_opened():
        return None
    questionnaire = questionnaire_in(step.cohort, step.questionnaire_id)
    if questionnaire is None or not person.has_perm("questionnaires.answer", questionnaire):
        return None
    return Sheet(questionnaire, person)


@hand_in_source(StepKind.SURVEY)
def submitted_forms(steps: Collection[Step], among: Among) -> Iterable[HandIn]:
    """One row for each learner and step, by one query. Answers that nobody can look up count once."""
    response = "person__responses"
    form = f"{response}__questionnaire"
    rows = Enrolment.objects.filter(
        **{f"{form}__steps__in": steps, f"{response}__submitted_at__isnull": False, "cohort": F(f"{form}__cohort")},
        role=Role.LEARNER,
    )
    if among.enrolments is not None:
        rows = rows.filter(pk__in=among.enrolments)
    times = Greatest(Count(f"{response}__answer_sets"), 1)
    found = (
        rows.order_by()
        .annotate(times=times, first=Epoch(f"{response}__submitted_at"), last=Epoch(f"{response}__last_submitted_at"))
        .values_list(f"{form}__steps", "pk", "first", "last", "times")
    )
    return (HandIn(step, enrolment, None, first, last, times) for step, enrolment, first, last, times in found)
