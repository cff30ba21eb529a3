"""The first steps of each role: a few points with the pages they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import Cohort, Role


@dataclass(frozen=True)
class Point:
    """``url_name`` takes the cohort's slug."""

    title: str | Promise
    text: str | Promise
    url_name: str


@dataclass(frozen=True)
class Stop:
    """A point as it leads into one cohort."""

    point: Point
    address: str


@dataclass(frozen=True)
class Tour:
    """The first steps of a role, in the cohort where the person has it."""

    role: Role
    cohort: Cohort
    is_put_away: bool

    @property
    def stops(self) -> list[Stop]:
        return [Stop(one, reverse(one.url_name, args=[self.cohort.slug])) for one in POINTS[self.role]]


POINTS: dict[Role, list[Point]] = {
    Role.LEARNER: [
        Point(
            _("Begin with your next step"),
            _(
                "The home page names it first, with its deadline, and leads to the case, its data and the hand-in. "
                "Hand in early: you can do it again until the deadline."
            ),
            "cohorts:cohort",
        ),
        Point(
            _("Find people to learn with"),
            _("A study group meets each week. You can look for one, or start one yourself."),
            "grouping:own",
        ),
        Point(
            _("Ask where you are stuck"),
            _("A question stands beside the step it is about, and others in the cohort answer it."),
            "discussion:list",
        ),
        Point(
            _("See what completion takes"),
            _("Hand-ins by their deadlines, reviews and surveys count. Score and rank do not."),
            "progress:way",
        ),
    ],
    Role.FACILITATOR: [
        Point(
            _("See whom to speak with today"),
            _("The overview names learners who are silent, stuck or late, each with the reason."),
            "progress:overview",
        ),
        Point(
            _("Record what you did"),
            _("A follow-up keeps a learner off the list until the day you choose, or until something new comes up."),
            "progress:follow_up",
        ),
        Point(
            _("Look after open questions"),
            _("Questions that nobody has answered for long are listed, the longest waiting first."),
            "discussion:unanswered",
        ),
        Point(
            _("Write to those it concerns"),
            _("Choose by class or by reason; you see who will get it before it is sent."),
            "announcements:write",
        ),
    ],
    Role.MENTOR: [
        Point(
            _("Take the first work of the queue"),
            _("What waits longest, what peers are unsure about and what is at risk comes first, with the reasons."),
            "mentoring:queue",
        ),
        Point(
            _("Comment where it belongs"),
            _(
                "Write beside a page, a cell or a paragraph, with your own bank of phrases at hand. "
                "Nobody sees it until you release the review."
            ),
            "mentoring:phrases",
        ),
        Point(
            _("Know the case"),
            _("You read the same story, data and steps as the learners."),
            "cohorts:cohort",
        ),
    ],
    Role.ORGANISER: [
        Point(
            _("See how the cohort stands"),
            _("The home page shows how far everybody is and who needs follow-up; the overview has the whole list."),
            "progress:overview",
        ),
        Point(
            _("Check dates and deadlines"),
            _("The schedule holds every step. Single learners and teams can get more time."),
            "cases:schedule",
        ),
        Point(
            _("Say what completes the cohort"),
            _("Try a rule or moved deadlines out first: you see how many would complete."),
            "progress:completion",
        ),
        Point(
            _("Write to those it concerns"),
            _("Choose by class or by reason; you see who will get it before it is sent."),
            "announcements:write",
        ),
        Point(
            _("Know that everything runs"),
            _("Grading, mails and the parts of the site: the status page says whether something is in trouble."),
            "cohort_status",
        ),
    ],
}


def tours_of(roles: Iterable[tuple[Cohort, Iterable[Role]]], *, put_away: Iterable[str]) -> list[Tour]:
    """One for each role that has points, in the first cohort where the person has the role."""
    gone, found = set(put_away), {}
    for cohort, of_cohort in roles:
        for role in of_cohort:
            if role in POINTS and role not in found:
                found[role] = Tour(role, cohort, role in gone)
    return list(found.values())
