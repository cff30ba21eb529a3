"""Issues an achievement anew to its holders, after its keys fell into wrong hands or its picture or texts changed.

Link, number and first date of a badge stay; copies of the earlier issue are revoked, because each badge takes a new
place in the status list and leaves the old one set. ``issuing`` calls what is here, chunk by chunk.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus import live
from campus.badges.actions import publish_status
from campus.badges.candidates import is_signable
from campus.badges.keys import issuer_of_site, signing_keys
from campus.badges.models import (
    Achievement,
    AchievementVersion,
    Award,
    AwardQuerySet,
    IssueRun,
    OldPlace,
    RunState,
    StatusList,
)
from campus.badges.notices import REPLACED
from campus.badges.places import draw_places
from campus.badges.recording import record
from campus.badges.refusals import NothingToReplace, StillRunning
from campus.badges.signing import sign_all
from campus.cohorts.actions import record_audit
from campus.notices.actions import notify
from campus.people.models import Person

_PARTS: list[tuple[str | Promise, tuple[str, ...]]] = [
    (_("Name"), ("name_ja", "name_en")),
    (pgettext_lazy("badge", "Description"), ("description_ja", "description_en")),
    (_("How it was earned"), ("criteria_ja", "criteria_en")),
    (_("Skills it shows"), ("alignments",)),
    (_("Picture"), ("picture",)),
]


@dataclass(frozen=True)
class Earlier:
    """Badges in force of an earlier version, and what of them changes."""

    version: AchievementVersion
    count: int
    changes: list[str | Promise]


@dataclass(frozen=True)
class Preview:
    """What replacing would do now. ``unsafe``: signed with keys that fell into wrong hands; ``renamed``: get another
    name; ``nameless``: stay as they are, because the name can't be signed."""

    in_force: int
    replaced: int
    unsafe: int
    renamed: int
    nameless: int
    earlier: list[Earlier]


def in_need(achievement: Achievement) -> AwardQuerySet:
    """Awards in force that say something else than they would now, or whose keys are not trusted any more."""
    is_unsafe = Q(credential__key__compromised_at__isnull=False)
    return Award.objects.in_force().filter(is_unsafe | ~Q(version=achievement.version), achievement=achievement)


def preview_of(achievement: Achievement) -> Preview:
    """In a fixed number of queries."""
    rows = list(in_need(achievement).select_related("person__profile", "credential__key", "version"))
    signable = [one for one in rows if _is_signable(one)]
    return Preview(
        in_force=achievement.awards.in_force().count(),
        replaced=len(signable),
        unsafe=sum(one.credential.key.compromised_at is not None for one in signable),
        renamed=sum(one.person.name != one.name for one in signable),
        nameless=len(rows) - len(signable),
        earlier=_earlier(achievement.version, signable),
    )


def _is_signable(award: Award) -> bool:
    profile = getattr(award.person, "profile", None)
    return is_signable(award.person.name) and is_signable(getattr(profile, "name_roman", "") or "-")


def _earlier(now: AchievementVersion, awards: list[Award]) -> list[Earlier]:
    versions = {one.version_id: one.version for one in awards if one.version_id != now.pk}
    counts = {pk: sum(one.version_id == pk for one in awards) for pk in versions}
    ordered = sorted(versions.values(), key=lambda one: one.number)
    return [Earlier(one, counts[one.pk], _changes(one, now)) for one in ordered]


def _changes(before: AchievementVersion, now: AchievementVersion) -> list[str | Promise]:
    return [label for label, names in _PARTS if any(getattr(before, name) != getattr(now, name) for name in names)]


def start(achievement: Achievement, *, actor: Person | None) -> IssueRun:
    """Have every award in need replaced; raises BadgeRefused."""
    from campus.badges.tasks import defer_run

    signing_keys(issuer_of_site())  # Fail here, in front of the organiser, where the keys can't be opened.
    with live.atomic():
        row = Achievement.objects.select_for_update(of=("self",)).select_related("current", "cohort")
        held = row.get(pk=achievement.pk)
        if held.runs.filter(state=RunState.RUNNING).exists():
            raise StillRunning
        rows = in_need(held).select_related("person__profile")
        chosen = [one.pk for one in rows if _is_signable(one)]
        if not chosen:
            raise NothingToReplace
        run = IssueRun.objects.create(achievement=held, started_by=actor, is_anew=True, total=len(chosen))
        Award.objects.filter(pk__in=chosen).update(anew_run=run)
        defer_run(run.pk)
        record_audit(
            action="badge.replacing_begun",
            subject=f"achievement:{held.pk}",
            actor=actor,
            cohort=held.cohort,
            run=run.pk,
            count=run.total,
        )
    return run


def replace_next(run: IssueRun, count: int) -> list[Award]:
    """Sign so many of the run anew, within the caller's transaction; returns them."""
    rows = run.owed.select_related("person__profile", "status_list").order_by("pk")
    awards = list(rows.select_for_update(of=("self",))[:count])
    if not awards:
        return awards
    left = _move(awards)
    version = run.achievement.version
    for award in awards:
        award.version, award.anew_run, award.revision = version, None, award.revision + 1
    record(awards, sign_all(awards, at=timezone.now()))
    for status_list in left:
        publish_status(status_list)
    _tell(run, awards)
    return awards


def _move(awards: list[Award]) -> list[StatusList]:
    """Give each a new place; the old ones are revoked from now on. Returns the lists that lost one."""
    now = timezone.now()
    OldPlace.objects.bulk_create(
        OldPlace(award=one, status_list=one.status_list, status_index=one.status_index, replaced_at=now)
        for one in awards
    )
    left = {one.status_list_id: one.status_list for one in awards}
    status_list, places = draw_places(issuer_of_site(), len(awards))
    for award, place in zip(awards, places, strict=True):
        award.status_list, award.status_index = status_list, place
    return list(left.values())


def _tell(run: IssueRun, awards: list[Award]) -> None:
    """In the page at once, as a notice, and by mail; once for each run."""
    version = run.achievement.version
    for award in awards:
        live.publish(f"person:{award.person_id}", "badge", {"what": "replaced", "award": str(award.uid)})
    notify(
        kind=REPLACED.name,
        to=[award.person for award in awards],
        context={"badge": {"ja": version.name_ja, "en": version.name_en}},
        url=reverse("badges:wallet"),
        key=f"badge-replaced:{run.pk}",
    )
