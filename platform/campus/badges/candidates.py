"""Who would get a badge now, who not, and why: what the organiser looks at before anything is issued."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from campus.badges.models import Achievement, Award
from campus.cohorts.models import Enrolment, EnrolmentState, Role
from campus.people.visibility import profile_of
from campus.progress.completion import completed, standings
from campus.progress.missing import in_brief


class Outcome(models.TextChoices):
    """What issuing does with somebody; the words stand in the preview."""

    GETS = "gets", _("Will get the badge")
    HAS = "has", _("Already has it")
    REVOKED = "revoked", _("Had it, but it was revoked")
    BEING_ISSUED = "being_issued", _("Is being issued")
    NOT_COMPLETE = "not_complete", _("Has not completed the cohort")
    HAS_LEFT = "has_left", _("No longer taking part")
    NAME = "name", _("The name contains characters that can’t be signed")

    @property
    def tone(self) -> str:
        """The kind of its chip."""
        return {Outcome.GETS: "success", Outcome.HAS: "info", Outcome.BEING_ISSUED: "info"}.get(self, "")


@dataclass(frozen=True)
class Candidate:
    """One person of the preview."""

    enrolment: Enrolment
    outcome: Outcome
    why: str = ""

    @property
    def gets(self) -> bool:
        return self.outcome == Outcome.GETS


def is_signable(name: str) -> bool:
    """Whether the name can stand in a signed badge: control characters have no one canonical form."""
    return bool(name.strip()) and not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name)


def candidates_of(achievement: Achievement, *, chosen: Collection[int] | None = None) -> list[Candidate]:
    """Everybody whom the achievement is about, by name, in a fixed number of queries.

    By completion: all learners of the cohort. By hand: the chosen enrolments of the cohort, whatever their role.
    """
    rows = achievement.cohort.enrolments.select_related("person__profile", "study_class").order_by("person__name", "pk")
    rows = rows.taking_part().filter(role=Role.LEARNER) if chosen is None else rows.filter(pk__in=chosen)
    done = set(completed(achievement.cohort).values_list("pk", flat=True)) if achievement.is_by_completion else None
    holders = {award.person_id: award for award in Award.objects.filter(achievement=achievement).defer("evidence")}
    seen: set[int] = set()
    found = []
    for one in rows:
        if one.person_id not in seen:  # Who has two roles is one person.
            seen.add(one.person_id)
            found.append(Candidate(one, _outcome(one, holders.get(one.person_id), done)))
    return _with_reasons(achievement, found) if achievement.is_by_completion else found


def _outcome(enrolment: Enrolment, award: Award | None, done: set[int] | None) -> Outcome:
    if award is not None:
        return Outcome.REVOKED if award.is_revoked else Outcome.HAS if award.issued_at else Outcome.BEING_ISSUED
    if done is not None and enrolment.pk not in done:
        return Outcome.NOT_COMPLETE
    if not enrolment.person.is_active or not EnrolmentState(enrolment.state).takes_part:
        return Outcome.HAS_LEFT
    roman = profile_of(enrolment.person).name_roman
    return Outcome.GETS if is_signable(enrolment.person.name) and is_signable(roman or "-") else Outcome.NAME


def _with_reasons(achievement: Achievement, found: list[Candidate]) -> list[Candidate]:
    """Say what is missing of those who have not completed."""
    lacking = [one.enrolment.pk for one in found if one.outcome == Outcome.NOT_COMPLETE]
    if not lacking:
        return found
    learners = achievement.cohort.enrolments.filter(pk__in=lacking)
    words = {one.enrolment_id: in_brief(one.missing) for one in standings(achievement.cohort, learners)}
    return [
        Candidate(one.enrolment, one.outcome, words.get(one.enrolment.pk, "")) if one.enrolment.pk in words else one
        for one in found
    ]
