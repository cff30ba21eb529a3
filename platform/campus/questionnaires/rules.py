"""Who may answer a form, and who builds forms and sees answers."""

import rules

from campus.cohorts.models import Cohort, Role
from campus.cohorts.rules import is_facilitator, is_organiser, roles_of
from campus.people.models import Person
from campus.questionnaires.models import AnswerFile, Purpose, Questionnaire

ANSWERING = {Role.LEARNER, Role.ALUMNI}


@rules.predicate
def is_asked(person: Person, questionnaire: Questionnaire) -> bool:
    """Applicants, who are in no cohort yet, for what comes before it; else its learners and alumni."""
    if not person.is_authenticated or not person.is_active or questionnaire.published is None:
        return False
    if Purpose(questionnaire.purpose).is_before_enrolment:
        return True
    return bool(ANSWERING & roles_of(person, questionnaire.cohort))


@rules.predicate
def runs_cohort_of_form(person: Person, questionnaire: Questionnaire) -> bool:
    return bool(is_organiser(person, questionnaire.cohort))


@rules.predicate
def shares_results(person: Person, questionnaire: Questionnaire) -> bool:
    """A facilitator, where the form says so; whose answers they see is narrowed to their own classes."""
    may_see = questionnaire.facilitators_see_results and not questionnaire.is_anonymous
    return may_see and bool(is_facilitator(person, questionnaire.cohort))


@rules.predicate
def is_own_file(person: Person, file: AnswerFile) -> bool:
    return file.response.person_id == person.pk


@rules.predicate
def is_file_in_own_cohort(person: Person, file: AnswerFile) -> bool:
    return bool(is_organiser(person, file.response.questionnaire.cohort))


@rules.predicate
def has_shared_results(person: Person, cohort: Cohort) -> bool:
    """A facilitator of a cohort with a form that shares its answers with facilitators."""
    shared = cohort.questionnaires.filter(facilitators_see_results=True, is_anonymous=False)
    return bool(is_facilitator(person, cohort)) and shared.exists()


rules.add_perm("questionnaires.answer", is_asked)
rules.add_perm("questionnaires.build", is_organiser)
rules.add_perm("questionnaires.see_desk", is_organiser | has_shared_results)
rules.add_perm("questionnaires.change_questionnaire", runs_cohort_of_form)
rules.add_perm("questionnaires.view_results", runs_cohort_of_form | shares_results)
rules.add_perm("questionnaires.view_file", is_own_file | is_file_in_own_cohort)
