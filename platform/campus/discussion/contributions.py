"""What people gave to others: posts that were thanked for or answered a question, by step and skill, never by volume.

A record, no ranking: it stands in one's profile and on the desk's page about the person, and completion rules may ask
``helped_in`` for everybody at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.discussion.models import Post
from campus.people.models import Person

_STEP = Coalesce("thread__place__step", "thread__place__submission__step")


@dataclass(frozen=True)
class Contribution:
    """What somebody gave about a step; ``step`` is None for talk that is about none."""

    step: Step | None
    posts: int
    thanks: int
    accepted: int

    @property
    def skills(self) -> list[dict[str, Any]]:
        """The skills that the case says are exercised in the step, as they stand in its manifest."""
        manifest = self.step.case_version.manifest if self.step else {}
        return [skill for skill in manifest.get("skills", []) if self.step and self.step.key in skill.get("steps", [])]


@dataclass(frozen=True)
class SkillHelped:
    """What somebody gave in the steps that exercise a skill; ``label`` as in the manifest, by language."""

    label: dict[str, str]
    posts: int
    thanks: int
    accepted: int


def all_helpful_posts() -> QuerySet[Post]:
    """Posts that somebody thanked for, or that answered a question; without removed ones."""
    posts = Post.objects.filter(thread__hidden_at=None, deleted_at=None, hidden_at=None)
    return posts.filter(Q(thanks_count__gt=0) | Q(answers__isnull=False))


def helpful_posts(cohort: Cohort) -> QuerySet[Post]:
    """Those of the cohort."""
    return all_helpful_posts().filter(thread__place__cohort=cohort)


def cohorts_helped(person: Person) -> QuerySet[Cohort]:
    """The person's cohorts in which they gave something, the latest first."""
    given = all_helpful_posts().filter(author=person).order_by().values("thread__place__cohort")
    return Cohort.objects.of(person).filter(pk__in=given)


def contributions_of(person: Person, cohort: Cohort) -> list[Contribution]:
    """By step, in the order of the steps, what is about none last; in two queries."""
    rows = helpful_posts(cohort).filter(author=person).annotate(step=_STEP).order_by().values_list("step")
    counted = {step: figures for step, *figures in rows.annotate(Count("pk"), Sum("thanks_count"), Count("answers"))}
    steps = Step.objects.with_case().filter(pk__in=[pk for pk in counted if pk])
    ordered = sorted(steps, key=lambda one: (one.cohort_case.position, one.position))
    about = [(step, step.pk) for step in ordered] + [(None, None)] * (None in counted)
    return [Contribution(step, *counted[pk]) for step, pk in about]


def by_skill(contributions: Iterable[Contribution]) -> list[SkillHelped]:
    """The same by skill, those with most thanks first; a post about a step counts for each skill of the step."""
    found: dict[str, SkillHelped] = {}
    for one in contributions:
        for skill in one.skills:
            last = found.get(skill["key"], SkillHelped(skill["label"], 0, 0, 0))
            counts = last.posts + one.posts, last.thanks + one.thanks, last.accepted + one.accepted
            found[skill["key"]] = SkillHelped(skill["label"], *counts)
    return sorted(found.values(), key=lambda one: -one.thanks)


def helped_in(cohort: Cohort, people: Iterable[int]) -> dict[int, int]:
    """How many helpful posts each of the people wrote, by id; who wrote none is missing. One query."""
    posts = helpful_posts(cohort).filter(author__in=people).order_by()
    return dict(posts.values_list("author").annotate(Count("pk")))
