"""From the cohort's rows to the facts that the solver is told; the same few queries however many people there are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.grouping.models import Availability, Pair, Wish
from campus.grouping.policies import policy_of
from campus.grouping.regions import region_of
from campus.grouping.solver import CRITERIA, Candidate, Problem, Rules
from campus.questionnaires.models import AnswerSet, Question, QuestionKind, Questionnaire
from campus.questionnaires.models import Purpose as FormPurpose
from campus.teams.models import Membership, TeamKind

# More skills than these are taken together by question.
MOST_SKILLS = 8
UNSAID = {"", "unsaid"}


def learners_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """The learners who take part now."""
    return Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.LEARNER)


def unplaced(cohort: Cohort, kind: str) -> QuerySet[Enrolment]:
    """Learners who take part and are in no group of the kind: nobody is to be forgotten."""
    placed = Membership.objects.current().filter(kind=kind, team__cohort=cohort).values("enrolment")
    return learners_of(cohort).exclude(pk__in=placed)


@dataclass(frozen=True)
class Skills:
    """The names of what people rated themselves in, and each one's levels between 0 and 1."""

    names: tuple[str, ...]
    levels: Mapping[int, tuple[float | None, ...]]


def problem_of(
    *, cohort: Cohort, kind: str, people: Collection[int], plan: Mapping[str, Any], seed: int = 1
) -> Problem:
    """The problem of placing these enrolments by a plan (``PlanForm``); an empty plan has the policy's sizes only."""
    policy = policy_of(cohort, TeamKind(kind))
    here = set(people)
    pairs = [pair for pair in Pair.objects.filter(cohort=cohort) if pair.first_id in here and pair.second_id in here]
    rules = Rules(
        smallest=plan.get("smallest", policy.smallest),
        preferred=plan.get("preferred", policy.preferred),
        largest=plan.get("largest", policy.largest),
        shares_slot=plan.get("shares_slot", False),
        same_class=plan.get("same_class", False),
        same_language=plan.get("same_language", False),
        together=frozenset((pair.first_id, pair.second_id) for pair in pairs if pair.is_together),
        apart=frozenset((pair.first_id, pair.second_id) for pair in pairs if not pair.is_together),
    )
    weights = {name: float(plan.get("weights", {}).get(name, 1)) for name in CRITERIA}
    return Problem(tuple(candidates(cohort, here)), rules, weights, seed)


def candidates(cohort: Cohort, people: set[int]) -> Iterable[Candidate]:
    """What is known of these enrolments, in the order of their ids."""
    rows = Enrolment.objects.filter(cohort=cohort, pk__in=people).order_by("pk")
    facts = rows.values_list(
        "pk", "study_class", "person__language", "person__profile__industry", "person__profile__prefecture"
    )
    slots = dict(Availability.objects.filter(enrolment__in=rows).values_list("enrolment", "slots"))
    wishes: dict[int, set[int]] = {}
    for one, wanted in Wish.objects.filter(enrolment__in=rows, wanted__in=rows).values_list("enrolment", "wanted"):
        wishes.setdefault(one, set()).add(wanted)
    skills = skills_of(cohort).levels
    for pk, study_class, language, industry, prefecture in facts:
        yield Candidate(
            pk=pk,
            slots=slots.get(pk, 0),
            skills=skills.get(pk, ()),
            sector="" if industry in UNSAID else industry or "",
            region=region_of(prefecture or ""),
            study_class=study_class,
            language=language,
            wishes=frozenset(wishes.get(pk, ())),
        )


def skills_of(cohort: Cohort) -> Skills:
    """What people answered to the cohort's latest self-rating of skills; nothing where there is none."""
    forms = Questionnaire.objects.filter(cohort=cohort, purpose=FormPurpose.SELF_RATING, is_anonymous=False)
    form = forms.order_by("-pk").first()
    if form is None:
        return Skills((), {})
    questions = Question.objects.filter(section__version__questionnaire=form, kind=QuestionKind.MATRIX)
    scales = _scales(list(questions.order_by("section__position", "position", "pk")))
    answers = AnswerSet.objects.in_force(form).filter(response__person__enrolments__cohort=cohort)
    answers = answers.filter(response__person__enrolments__role=Role.LEARNER)
    levels = {
        pk: tuple(scale.level(given) for scale in scales)
        for pk, given in answers.values_list("response__person__enrolments", "answers")
    }
    return Skills(tuple(scale.name for scale in scales), levels)


@dataclass(frozen=True)
class _Scale:
    """One skill, or the skills of a question taken together: rows of a matrix and what its columns are worth."""

    name: str
    question: str
    rows: tuple[str, ...]
    worth: Mapping[str, float]

    def level(self, answers: Mapping[str, Any]) -> float | None:
        given = answers.get(self.question)
        if not isinstance(given, dict):
            return None
        levels = [self.worth[given[row]] for row in self.rows if given.get(row) in self.worth]
        return sum(levels) / len(levels) if levels else None


def _scales(questions: list[Question]) -> list[_Scale]:
    """A scale for each row, or for each question where the rows are many. Equal keys of versions count once."""
    newest = {question.key: question for question in questions}.values()
    if sum(len(question.rows) for question in newest) > MOST_SKILLS:
        return [_scale(question, question.label, list(question.row_labels())) for question in newest if question.rows]
    return [_scale(question, label, [key]) for question in newest for key, label in question.row_labels().items()]


def _scale(question: Question, name: str, rows: list[str]) -> _Scale:
    keys = [choice["key"] for choice in question.choices]
    worth = {key: place / max(len(keys) - 1, 1) for place, key in enumerate(keys)}
    return _Scale(name, question.key, tuple(rows), worth)
