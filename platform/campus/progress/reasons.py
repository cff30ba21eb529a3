"""Why somebody needs follow-up: rules that anybody can read, each with a sentence of facts.

A rule looks at one learner who is active in the cohort and says why somebody should speak with her, or nothing. The
rules' order is the order of the list: what can still be saved comes first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from campus.cases.models import Step
from campus.discussion.helping import OpenQuestion
from campus.progress.models import Thresholds
from campus.progress.queries import Line
from campus.progress.states import Cell, StepState
from campus.progress.struggles import Struggle
from campus.ui.moments import date_in_words


@dataclass(slots=True)
class Facts:
    """What the rules know of a learner."""

    line: Line
    steps: list[Step]
    now: datetime
    starts_at: datetime
    thresholds: Thresholds
    struggle: Struggle | None = None
    mail_dead_since: datetime | None = None
    review_waits_since: datetime | None = None
    question: OpenQuestion | None = None
    not_handed_in: list[tuple[Step, Cell]] = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.steps, self.line.cells, strict=True)
        self.not_handed_in = [pair for pair in pairs if pair[1].hand_in is None]

    def in_state(self, *states: StepState) -> list[tuple[Step, Cell]]:
        """The steps in which the learner stands so, without having handed anything in."""
        return [pair for pair in self.not_handed_in if pair[1].state in states]

    def days_since(self, moment: datetime) -> int:
        return (self.now - moment) // timedelta(days=1)


class Finding(NamedTuple):
    """What a reason is about (the id of a step, or nothing), since when, and how it is said to a reader."""

    subject: str
    since: datetime
    say: Callable[[], str]


@dataclass(frozen=True)
class Reason:
    """Why one learner needs follow-up. ``key`` tells whether it is the same one as at an earlier follow-up."""

    rule: "Rule"
    finding: Finding

    @property
    def key(self) -> str:
        return f"{self.rule.key}:{self.finding.subject}"

    @property
    def since(self) -> datetime:
        return self.finding.since

    @property
    def sentence(self) -> str:
        """The facts in the language of the page."""
        return self.finding.say()


@dataclass(frozen=True)
class Rule:
    """``tone``: the kind of its chip; ``explanation``: when it speaks, naming thresholds; ``find``: what it says."""

    key: str
    label: Promise
    tone: str
    explanation: Promise
    find: Callable[[Facts], Finding | None]

    def explain(self, thresholds: Thresholds) -> str:
        """When it speaks in the cohort of these thresholds."""
        return str(self.explanation) % vars(thresholds)


def reasons_of(facts: Facts) -> list[Reason]:
    """What the rules say of the learner, the most urgent first."""
    found = ((rule, rule.find(facts)) for rule in RULES)
    return [Reason(rule, finding) for rule, finding in found if finding]


def near(facts: Facts) -> Finding | None:
    """A deadline is close and nothing was handed in."""
    until = facts.now + timedelta(hours=facts.thresholds.near_hours)
    closing = [pair for pair in facts.in_state(StepState.OPEN, StepState.EXTENDED) if pair[1].due_at <= until]
    if not closing:
        return None
    step, cell = min(closing, key=lambda pair: pair[1].due_at)

    def say() -> str:
        hours = (cell.due_at - facts.now) // timedelta(hours=1)
        left = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else _("less than an hour")
        words = _("“%(step)s” closes in %(left)s, and nothing has been handed in yet.")
        return words % {"step": step.title, "left": left}

    return Finding(str(step.pk), cell.due_at, say)


def late(facts: Facts) -> Finding | None:
    """A deadline has passed without hand-in and without extension; what closed before one came doesn't count."""
    missed = [pair for pair in facts.in_state(StepState.MISSED) if pair[1].due_at > facts.line.enrolled_at]
    if not missed:
        return None
    step, cell = max(missed, key=lambda pair: pair[1].due_at)

    def say() -> str:
        words = _("The deadline of “%(step)s” passed on %(day)s, and nothing was handed in.")
        if cell.due_at > step.closes_at:
            words = _("The extended deadline of “%(step)s” passed on %(day)s, and nothing was handed in.")
        sentence = words % {"step": step.title, "day": date_in_words(cell.due_at)}
        if more := len(missed) - 1:
            added = ngettext("%(n)d earlier step is missing too.", "%(n)d earlier steps are missing too.", more)
            sentence = _("%(first)s %(second)s") % {"first": sentence, "second": added % {"n": more}}
        return sentence

    return Finding(str(step.pk), cell.due_at, say)


def stuck(facts: Facts) -> Finding | None:
    """Tries in a row don't get further."""
    if facts.struggle is None:
        return None
    attempt, tries = facts.struggle.attempt, facts.struggle.tries

    def say() -> str:
        if attempt.better_at:
            words = _(
                "The last %(tries)d attempts at “%(step)s” did not improve the score. The best one is from %(ago)s."
            )
        elif attempt.hand_in:
            words = _("%(tries)d attempts at “%(step)s” have brought no score yet. The first was %(ago)s.")
        else:
            words = _("%(tries)d files in a row were not accepted for “%(step)s”. The first was %(ago)s.")
        return words % {"step": attempt.step.title, "tries": tries, "ago": _ago(facts.days_since(attempt.since))}

    return Finding(str(attempt.step.pk), attempt.since, say)


def unanswered(facts: Facts) -> Finding | None:
    """A question to the others stays without an answer."""
    question = facts.question
    if question is None or (days := facts.days_since(question.asked_at)) < facts.thresholds.question_days:
        return None

    def say() -> str:
        return _("A question asked %(ago)s has no answer yet.") % {"ago": _ago(days)}

    return Finding(str(question.thread), question.asked_at, say)


def reviews(facts: Facts) -> Finding | None:
    """A review that an author waits for was not begun for days."""
    since = facts.review_waits_since
    if since is None or (days := facts.days_since(since)) < facts.thresholds.review_days:
        return None

    def say() -> str:
        words = _("A review assigned %(ago)s has not been begun. The author is waiting for it.")
        return words % {"ago": _ago(days)}

    return Finding("", since, say)


def never(facts: Facts) -> Finding | None:
    """Has not signed in since the cohort began."""
    since = max(facts.line.enrolled_at, facts.starts_at)
    days = facts.days_since(since)
    if facts.line.seen_at is not None or days < facts.thresholds.never_days:
        return None

    def say() -> str:
        return _("Has never signed in. The cohort was opened to this learner %(ago)s.") % {"ago": _ago(days)}

    return Finding("", since, say)


def unreachable(facts: Facts) -> Finding | None:
    """Mails come back, so whatever is written does not arrive."""
    since = facts.mail_dead_since
    if since is None:
        return None

    def say() -> str:
        return _("Emails have been coming back since %(day)s. Messages do not arrive.") % {"day": date_in_words(since)}

    return Finding("", since, say)


def silent(facts: Facts) -> Finding | None:
    """Was not here for days although a step waits; with an extension one may take one's time."""
    seen_at = facts.line.seen_at
    if seen_at is None or (days := facts.days_since(seen_at)) < facts.thresholds.silent_days:
        return None
    waiting = facts.in_state(StepState.OPEN)
    if not waiting:
        return None

    def say() -> str:
        words = _("The last visit was %(ago)s. “%(step)s” is open and has not been handed in.")
        return words % {"ago": _ago(days), "step": waiting[0][0].title}

    return Finding("", seen_at, say)


def _ago(days: int) -> str:
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days} if days else _("today")


RULES = (
    Rule(
        "near",
        pgettext_lazy("follow-up", "Deadline near"),
        "warning",
        gettext_lazy("An open step closes in less than %(near_hours)d hours, and nothing has been handed in."),
        near,
    ),
    Rule(
        "late",
        pgettext_lazy("follow-up", "Deadline missed"),
        "error",
        gettext_lazy("The deadline has passed, nothing was handed in, and there is no extension."),
        late,
    ),
    Rule(
        "stuck",
        pgettext_lazy("follow-up", "Stuck"),
        "warning",
        gettext_lazy(
            "%(stuck_tries)d or more attempts in a row at an open step were refused or did not improve the score, for "
            "%(stuck_days)d days or more."
        ),
        stuck,
    ),
    Rule(
        "unanswered",
        pgettext_lazy("follow-up", "Question without answer"),
        "warning",
        gettext_lazy("Asked a question %(question_days)d days ago or more, and nobody has answered it."),
        unanswered,
    ),
    Rule(
        "reviews",
        pgettext_lazy("follow-up", "Review not begun"),
        "warning",
        gettext_lazy("A review was assigned %(review_days)d days ago or more and has not been begun."),
        reviews,
    ),
    Rule(
        "never",
        pgettext_lazy("follow-up", "Never signed in"),
        "error",
        gettext_lazy("Has not signed in although the cohort has been open for %(never_days)d days or more."),
        never,
    ),
    Rule(
        "unreachable",
        pgettext_lazy("follow-up", "Email comes back"),
        "error",
        gettext_lazy("Emails to the learner’s address come back, so no more are sent to it."),
        unreachable,
    ),
    Rule(
        "silent",
        pgettext_lazy("follow-up", "Silent"),
        "info",
        gettext_lazy("Has not visited for %(silent_days)d days or more while a step is open and not handed in."),
        silent,
    ),
)
RULE_BY_KEY = {rule.key: rule for rule in RULES}
