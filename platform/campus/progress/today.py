"""What somebody who looks after learners needs each morning: whom to speak with first and why, and what closes next."""

from collections import Counter
from dataclasses import dataclass

from campus.cohorts.queries import learners_looked_after
from campus.people.models import Person
from campus.progress.concerns import Concern, concerns_in
from campus.progress.deadlines import NextDeadline, next_deadlines
from campus.progress.models import FollowUp
from campus.progress.queries import Progress
from campus.progress.reasons import RULES, Rule

# Rules that speak of learners who are not here.
SILENT = frozenset({"silent", "never"})


@dataclass(frozen=True)
class Today:
    """The follow-up list now, without those who were put off. counts: learners by rule, in the rules’ order."""

    waiting: list[Concern]
    counts: list[tuple[Rule, int]]
    done: int
    learners: int
    deadlines: list[NextDeadline]

    @property
    def silent(self) -> list[Concern]:
        """Those who are not here: who has been away longest comes first."""
        absent = [concern for concern in self.waiting if any(one.rule.key in SILENT for one in concern.reasons)]
        return sorted(absent, key=lambda concern: concern.line.seen_at or concern.line.enrolled_at)


def today_of(progress: Progress, person: Person) -> Today:
    """From lines that were read for the person by ``progress_seen_by``."""
    waiting = [concern for concern in concerns_in(progress) if not concern.is_quiet]
    counts = Counter(reason.rule.key for concern in waiting for reason in concern.reasons)
    mine = learners_looked_after(person, progress.cohort)
    return Today(
        waiting=waiting,
        counts=[(rule, counts[rule.key]) for rule in RULES],
        done=FollowUp.objects.filter(enrolment__in=mine, done_on=progress.today).count(),
        learners=sum(line.state.takes_part for line in progress.lines),
        deadlines=next_deadlines(progress),
    )
