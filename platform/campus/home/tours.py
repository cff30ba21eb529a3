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
                "The home page shows it first, with its deadline, and takes you to the case, its data and the hand-in. "
                "Hand in early: you can hand in again until the deadline."
            ),
            "cohorts:cohort",
        ),
        Point(
            _("Find people to learn with"),
            _("A study group meets each week. You can look for one, or start one yourself."),
            "grouping:own",
        ),
        Point(
            _("Ask when you are stuck"),
            _("Your question appears beside the step it is about, and others in the cohort can answer it."),
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
            _("See who to talk to today"),
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
            _("Questions that have gone unanswered for long are listed, longest wait first."),
            "discussion:unanswered",
        ),
        Point(
            _("Write to those it concerns"),
            _("Choose by class or by reason. You see who will get it before it is sent."),
            "announcements:write",
        ),
    ],
    Role.MENTOR: [
        Point(
            _("Take the first work in the queue"),
            _("Work that has waited longest, that peers disagree on or that is at risk comes first, with the reasons."),
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
            _("Get to know the case"),
            _("You read the same story, data and steps as the learners."),
            "cohorts:cohort",
        ),
    ],
    Role.ORGANISER: [
        Point(
            _("See how the cohort is doing"),
            _(
                "The home page shows how far everybody has come and who needs follow-up. The overview has the whole "
                "list."
            ),
            "progress:overview",
        ),
        Point(
            _("Check dates and deadlines"),
            _("The schedule shows every step. You can give individual learners and teams more time."),
            "cases:schedule",
        ),
        Point(
            _("Decide what completion takes"),
            _("Try out rules and deadlines first, and see how many learners would complete."),
            "progress:completion",
        ),
        Point(
            _("Write to those it concerns"),
            _("Choose by class or by reason. You see who will get it before it is sent."),
            "announcements:write",
        ),
        Point(
            _("Check that everything is running"),
            _("The status page shows whether grading, emails and all parts of the site are working."),
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
