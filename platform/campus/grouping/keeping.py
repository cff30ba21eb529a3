"""What the members of a team keep in its space: when they meet, files with their versions, the log, milestones."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.cohorts.models import Enrolment
from campus.discussion.files import Uploaded, check_and_store
from campus.grouping.models import FileVersion, LogEntry, Milestone, Space, TeamFile
from campus.teams.models import Team

FOLDER = "teams"
MOST_FILES = 100
MOST_VERSIONS = 50
# All versions of all files of a team together.
MOST_BYTES = 300 * 1024 * 1024
MOST_MILESTONES = 50


def space_of(team: Team) -> Space:
    """What the team says of itself, an empty one (not saved) before it has."""
    return Space.objects.filter(team=team).first() or Space(team=team)


def upload(*, team: Team, file: Uploaded, note: str, by: Enrolment) -> FileVersion:
    """Keep the file as a new version where the team has one of the name, else as a new file. Raises ValidationError."""
    (stored,) = check_and_store([file], folder=FOLDER)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)  # Numbers and limits are counted one after the other.
        shared = TeamFile.objects.filter(team=team, name=stored.name).first()
        _refuse_too_much(team, shared, stored.size)
        if shared is None:
            shared = TeamFile.objects.create(team=team, name=stored.name)
        last = shared.versions.aggregate(last=Max("number"))["last"] or 0
        return FileVersion.objects.create(
            file=shared, number=last + 1, stored=stored.path, size=stored.size, note=note, by=by
        )


def _refuse_too_much(team: Team, shared: TeamFile | None, size: int) -> None:
    if shared is None and team.files.count() >= MOST_FILES:
        raise ValidationError(
            _("A team shares at most %(count)s files. Give a new version the name of an old file."),
            params={"count": MOST_FILES},
        )
    if shared and shared.versions.count() >= MOST_VERSIONS:
        raise ValidationError(
            _("A file has at most %(count)s versions. Go on under another name."), params={"count": MOST_VERSIONS}
        )
    used = FileVersion.objects.filter(file__team=team).aggregate(used=Sum("size"))["used"] or 0
    if used + size > MOST_BYTES:
        raise ValidationError(
            _("The team's files have at most %(size)s MB together. Please ask the organiser."),
            params={"size": MOST_BYTES // (1024 * 1024)},
        )


def files_of(team: Team) -> QuerySet[TeamFile]:
    """The files, what was changed last first, with their versions and who uploaded them."""
    versions = FileVersion.objects.select_related("by__person").order_by("-number")
    latest = Max("versions__uploaded_at")
    files = team.files.annotate(latest=latest).order_by("-latest", "pk")
    return files.prefetch_related(Prefetch("versions", queryset=versions))


def add_milestone(milestone: Milestone) -> None:
    """Keep a milestone of a team. Raises ValidationError where there are too many."""
    if milestone.team.milestones.count() >= MOST_MILESTONES:
        raise ValidationError(
            _("A team has at most %(count)s milestones. Remove one first."), params={"count": MOST_MILESTONES}
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
