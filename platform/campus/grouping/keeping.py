"""What the members of a team keep in its space: when they meet, files with their versions, the log, milestones."""

from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.cohorts.models import Enrolment
from campus.discussion.files import LONGEST_NAME, Uploaded, check_and_store
from campus.grouping.models import Availability, FileVersion, LogEntry, Milestone, Space, TeamFile
from campus.grouping.slots import from_bits, name_of_slot
from campus.teams.models import Membership, Team
from campus.ui.file_kinds import plain_name
from campus.ui.packing import Packed

FOLDER = "teams"
MEGABYTE = 1024 * 1024
# Slides with pictures and tables of a case; what is handed in may be as large (deliverables/files.py).
LARGEST_FILE = 20 * MEGABYTE
MOST_FILES = 100
MOST_VERSIONS = 50
# All versions of all files of a team together.
MOST_BYTES = 300 * MEGABYTE
MOST_MILESTONES = 50


def space_of(team: Team) -> Space:
    """What the team says of itself, an empty one (not saved) before it has."""
    return Space.objects.filter(team=team).first() or Space(team=team)


def common_slots(team: Team) -> list[str]:
    """The weekly slots in which all present members have time who have said when; none before two have."""
    said = Availability.objects.filter(enrolment__memberships__in=team.memberships.current())
    bits = list(said.values_list("slots", flat=True))
    return [name_of_slot(slot) for slot in from_bits(reduce(and_, bits))] if len(bits) > 1 else []


class Overtaken(ValidationError):
    """Somebody has shared a later version than the one that an upload goes on from."""


def upload(*, team: Team, file: Uploaded, note: str, by: Enrolment, after: int | None = None) -> FileVersion:
    """Keep the file as a new version where the team has one of the name, else as a new file. Raises ValidationError.

    The same bytes as the newest version's are no new one. ``after``: raise Overtaken where there is a later one.
    """
    name = plain_name(file.name or "", longest=LONGEST_NAME)
    with transaction.atomic():
        _hold(team)
        shared = TeamFile.objects.filter(team=team, name=name).first()
        _refuse_too_much(team, shared, file.size or 0)
        # While the team is held: nobody deletes the same bytes before a row names them.
        (stored,) = check_and_store([file], folder=f"{FOLDER}/{team.pk}", largest=LARGEST_FILE)
        newest = shared.versions.order_by("-number").first() if shared else None
        if newest and newest.stored.name == stored.path:
            return newest
        number = newest.number if newest else 0
        if after is not None and number > after:
            raise Overtaken(_("Somebody has shared a later version of “%(name)s”."), params={"name": name})
        if shared is None:
            shared = TeamFile.objects.create(team=team, name=name)
        return FileVersion.objects.create(
            file=shared, number=number + 1, stored=stored.path, size=stored.size, note=note, by=by
        )


def _hold(team: Team) -> None:
    """Numbers and limits are counted, and bytes kept and deleted, by one after the other."""
    Team.objects.select_for_update().get(pk=team.pk)


def _refuse_too_much(team: Team, shared: TeamFile | None, size: int) -> None:
    if shared is None and team.files.count() >= MOST_FILES:
        raise ValidationError(
            _(
                "A team can share at most %(count)s files. Upload it under the name of an existing file, or remove "
                "one first."
            ),
            params={"count": MOST_FILES},
        )
    if shared and shared.versions.count() >= MOST_VERSIONS:
        raise ValidationError(
            _("A file can have at most %(count)s versions. Continue under another name, or remove old versions."),
            params={"count": MOST_VERSIONS},
        )
    used = FileVersion.objects.filter(file__team=team).aggregate(used=Sum("size"))["used"] or 0
    if used + size > MOST_BYTES:
        raise ValidationError(
            _("The team’s files can take up at most %(size)s MB in total. Remove versions that nobody needs first."),
            params={"size": MOST_BYTES // MEGABYTE},
        )


def files_of(team: Team) -> QuerySet[TeamFile]:
    """The files, what was changed last first, with their versions and who uploaded them."""
    versions = FileVersion.objects.select_related("by__person").order_by("-number")
    latest = Max("versions__uploaded_at")
    files = team.files.annotate(latest=latest).order_by("-latest", "pk")
    return files.prefetch_related(Prefetch("versions", queryset=versions))


@dataclass(frozen=True)
class Usage:
    """How much a team shares: files, and bytes of all their versions."""

    files: int
    size: int
    most: int = MOST_BYTES


def usage_of(team: Team) -> Usage:
    counted = FileVersion.objects.filter(file__team=team).aggregate(
        files=Count("file", distinct=True), size=Sum("size", default=0)
    )
    return Usage(counted["files"], counted["size"])


def newest_of(team: Team) -> QuerySet[FileVersion]:
    """The newest version of each file, by name."""
    rows = FileVersion.objects.filter(file__team=team).select_related("file", "by__person")
    return rows.order_by("file__name", "-number").distinct("file__name")


def packed(team: Team) -> list[Packed]:
    """The same for one archive."""
    return [Packed(one.file.name, timezone.localtime(one.uploaded_at), one.stored) for one in newest_of(team)]


def removable(team: Team, *, by: Enrolment) -> QuerySet[FileVersion]:
    """What the member may remove: her own uploads, and those of who is no longer in the team."""
    present = Membership.objects.current().filter(team=team).values("enrolment")
    rows = FileVersion.objects.filter(file__team=team)
    return rows.filter(Q(by=by) | Q(by=None) | ~Q(by__in=present))


def remove_version(version: FileVersion) -> None:
    """Delete an upload, its bytes where nothing else is made of them, and the file with its last version."""
    team, path = version.file.team, str(version.stored.name)
    with transaction.atomic():
        _hold(team)
        FileVersion.objects.filter(pk=version.pk).delete()
        TeamFile.objects.filter(team=team, pk=version.file_id, versions=None).delete()
    with transaction.atomic():
        _hold(team)  # Once more: bytes go only when it is certain that no row names them.
        if not FileVersion.objects.filter(stored=path).exists():
            default_storage.delete(path)


def add_milestone(milestone: Milestone) -> None:
    """Keep a milestone of a team. Raises ValidationError where there are too many."""
    if milestone.team.milestones.count() >= MOST_MILESTONES:
        raise ValidationError(
            _("A team can have at most %(count)s milestones. Remove one first."), params={"count": MOST_MILESTONES}
        )
    milestone.save()


def tick(milestone: Milestone, *, by: Enrolment, is_done: bool) -> None:
    """Say that a milestone is reached, or not yet after all."""
    milestone.done_at, milestone.done_by = (timezone.now(), by) if is_done else (None, None)
    milestone.save(update_fields=["done_at", "done_by"])


def log_of(team: Team) -> QuerySet[LogEntry]:
    """The log, the latest day first, with who wrote it."""
    return team.log.select_related("by__person")


def milestones_of(team: Team) -> QuerySet[Milestone]:
    return team.milestones.select_related("done_by__person")
