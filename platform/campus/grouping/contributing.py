"""Who did what in a team: facts with links, never a score. Counts say how much was written, not what it was worth."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.discussion.models import Post
from campus.grouping.models import FileVersion, LogEntry, Milestone
from campus.submissions.models import Submission
from campus.teams.models import Team

# So many of the latest facts are shown.
NEWEST = 50


@dataclass(frozen=True)
class Fact:
    """Something that somebody did: when, what kind, a few words, and where it can be seen."""

    at: datetime
    person: str
    kind: str | Promise
    text: str
    address: str


@dataclass(frozen=True)
class Source:
    """A kind of fact. rows: of a team, with ``enrolment_pk`` (who), ``moment`` (when) on each."""

    label: str | Promise
    rows: Callable[[Team], QuerySet]
    text: Callable[..., str]
    address: Callable[..., str]


def _posts(team: Team) -> QuerySet[Post]:
    rows = Post.objects.filter(thread__place__team=team, deleted_at=None, hidden_at=None)
    rows = rows.filter(author__enrolments__memberships__team=team).distinct()
    return rows.annotate(
        enrolment_pk=F("author__enrolments__memberships__enrolment"), moment=F("created_at")
    ).select_related("thread__place__cohort")


def _files(team: Team) -> QuerySet[FileVersion]:
    rows = FileVersion.objects.filter(file__team=team).select_related("file__team__cohort")
    return rows.annotate(enrolment_pk=F("by"), moment=F("uploaded_at"))


def _log(team: Team) -> QuerySet[LogEntry]:
    return team.log.select_related("team__cohort").annotate(enrolment_pk=F("by"), moment=F("written_at"))


def _milestones(team: Team) -> QuerySet[Milestone]:
    rows = team.milestones.exclude(done_at=None).select_related("team__cohort")
    return rows.annotate(enrolment_pk=F("done_by"), moment=F("done_at"))


def _submissions(team: Team) -> QuerySet[Submission]:
    rows = team.submissions.select_related("step__cohort_case__case_version", "step__cohort_case__cohort")
    return rows.annotate(enrolment_pk=F("enrolment"), moment=F("created_at"))


def _deliverables(team: Team) -> QuerySet[Deliverable]:
    return team.deliverables.with_step().annotate(enrolment_pk=F("enrolment"), moment=F("handed_in_at"))


def _of_submission(one: Submission) -> str:
    step = one.step
    return reverse("submissions:submission", args=[step.cohort.slug, step.cohort_case.slug, step.key, one.pk])


def _in_space(page: str) -> Callable[..., str]:
    return lambda one: reverse(f"grouping:{page}", args=[one.team.cohort.slug, one.team_id])


SOURCES = (
    Source(
        pgettext_lazy("contribution", "Posts"),
        _posts,
        lambda one: one.thread.title,
        lambda one: one.path,
    ),
    Source(
        pgettext_lazy("contribution", "Files"),
        _files,
        lambda one: one.file.name,
        lambda one: reverse("grouping:files", args=[one.file.team.cohort.slug, one.file.team_id]),
    ),
    Source(pgettext_lazy("contribution", "Log entries"), _log, lambda one: one.text[:80], _in_space("log")),
    Source(pgettext_lazy("contribution", "Milestones"), _milestones, lambda one: one.title, _in_space("milestones")),
    Source(pgettext_lazy("contribution", "Graded hand-ins"), _submissions, lambda one: one.step.title, _of_submission),
    Source(
        pgettext_lazy("contribution", "Deliverables"),
        _deliverables,
        lambda one: one.step.title,
        lambda one: reverse("deliverables:deliverable", args=[one.step.cohort.slug, one.pk]),
    ),
)


@dataclass(frozen=True)
class Line:
    """A member, present or former, and how many facts of each source are theirs."""

    enrolment: Enrolment
    is_present: bool
    counts: list[int]


def lines_of(team: Team) -> list[Line]:
    """All who were ever members, in a bounded number of queries."""
    counts = [
        dict(source.rows(team).order_by().values_list("enrolment_pk").annotate(Count("pk", distinct=True)))
        for source in SOURCES
    ]
    memberships = team.memberships.select_related("enrolment__person").order_by("left_at", "joined_at", "pk")
    present = {one.enrolment_id for one in memberships if one.left_at is None}
    people = {one.enrolment_id: one.enrolment for one in memberships}
    return [Line(people[pk], pk in present, [found.get(pk, 0) for found in counts]) for pk in people]


def latest_facts(team: Team, *, reads_talk: bool, enrolment: int | None = None) -> list[Fact]:
    """The newest facts of all sources, of one member where an id is given.

    Without ``reads_talk`` posts are left out: what a team says is for its members and organisers.
    """
    names = dict(team.memberships.values_list("enrolment", "enrolment__person__name"))
    facts = []
    for source in SOURCES if reads_talk else SOURCES[1:]:
        rows = source.rows(team)
        if enrolment is not None:
            rows = rows.filter(enrolment_pk=enrolment)
        for one in rows.order_by("-moment", "-pk")[:NEWEST]:
            name = names.get(one.enrolment_pk, "")
            facts.append(Fact(one.moment, name, source.label, source.text(one), source.address(one)))
    return nlargest(NEWEST, facts, key=lambda fact: fact.at)
