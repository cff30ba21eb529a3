"""Begin a draft, change it, let it be checked and published, or discard it. What takes long is left to a job."""

import secrets
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from campus import live
from campus.cases.authoring.archives import ArchiveRefused, complete, unpack
from campus.cases.authoring.names import why_taken
from campus.cases.authoring.picture_folders import zip_pictures
from campus.cases.authoring.words import TABLE_FILE, reader_language
from campus.cases.models import CaseDraft, DraftState, DraftTask
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.people.models import Person
from grader.new.toml import to_toml
from grader.pack import Pack, PackError, load_pack


class DraftRefused(Exception):
    """Why something can't be done with a draft, in words for the reader: ``reasons``."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


class DraftBusy(DraftRefused):
    def __init__(self) -> None:
        super().__init__(_("This case is being processed. Please wait until that is done."))


def begin_from_table(
    *, cohort: Cohort, slug: str, titles: tuple[str, str], data: bytes, wishes: dict[str, Any], actor: Person
) -> CaseDraft:
    """Keep the table and queue the making of a pack of it. Raises DraftRefused."""
    if reason := why_taken(slug, cohort=cohort, person=actor):
        raise DraftRefused(reason)
    with live.atomic():
        draft = CaseDraft.objects.create(
            cohort=cohort,
            slug=slug,
            title_ja=titles[0],
            title_en=titles[1],
            wishes=wishes,
            task=DraftTask.MAKE,
        )
        _folder_of(draft)
        (draft.folder / TABLE_FILE).write_bytes(data)
        _queue(draft, DraftTask.MAKE, actor)
        _audit("draft.begun", draft, actor, source="table")
    return draft


def begin_from_archive(*, cohort: Cohort, data: bytes, actor: Person) -> CaseDraft:
    """Unpack a pack and queue its check. Raises DraftRefused, with every reason against the zip or the manifest."""
    root = Path(settings.CASE_ROOT) / ".drafts"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    work = root / f"new-{secrets.token_hex(8)}"
    try:
        pack = _unpacked(data, work / "pack")
        if reason := why_taken(pack.slug, cohort=cohort, person=actor):
            raise DraftRefused(reason)
        with live.atomic():
            draft = CaseDraft.objects.create(
                cohort=cohort,
                slug=pack.slug,
                title_ja=pack.title.ja[:200],
                title_en=pack.title.en[:200],
                task=DraftTask.PROVE,
            )
            _folder_of(draft)
            (work / "pack").rename(draft.pack_folder)
            _queue(draft, DraftTask.PROVE, actor)
            _audit("draft.begun", draft, actor, source="zip")
        return draft
    finally:
        shutil.rmtree(work, ignore_errors=True)


def replace_by_archive(draft: CaseDraft, *, data: bytes, actor: Person) -> None:
    """Put another pack of the same name into the draft's place, with the truth that never left. Raises DraftRefused."""
    work = draft.folder / f"new-{secrets.token_hex(8)}"
    try:
        pack = _unpacked(data, work / "pack")
        if pack.slug != draft.slug:
            raise DraftRefused(
                _("This pack is named “%(found)s”, but the draft is named “%(expected)s”. Start a new draft with it.")
                % {"found": pack.slug, "expected": draft.slug}
            )
        with live.atomic():
            draft = locked(draft)
            complete(work / "pack", former=draft.pack_folder)
            shutil.rmtree(draft.pack_folder, ignore_errors=True)
            (work / "pack").rename(draft.pack_folder)
            draft.title_ja, draft.title_en = pack.title.ja[:200], pack.title.en[:200]
            draft.wishes = draft.report = None
            (draft.folder / TABLE_FILE).unlink(missing_ok=True)
            _queue(draft, DraftTask.PROVE, actor)
            _audit("draft.changed", draft, actor, what="pack")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpacked(data: bytes, folder: Path) -> Pack:
    folder.mkdir(parents=True, mode=0o700)
    try:
        unpack(data, folder)
        zip_pictures(folder)
        pack = load_pack(folder)
    except ArchiveRefused as refused:
        raise DraftRefused(*refused.reasons) from None
    except PackError as error:
        raise DraftRefused(*(problem.text(reader_language()) for problem in error.problems)) from None
    if pack.data is None:
        raise DraftRefused(
            _(
                "This pack creates its data with a program. Packs from organisers have to include the data itself: "
                "see [data]."
            )
        )
    return pack


def _folder_of(draft: CaseDraft) -> None:
    draft.folder.mkdir(parents=True, mode=0o700, exist_ok=True)


@live.atomic
def make_again(draft: CaseDraft, *, wishes: dict[str, Any], table: bytes | None, actor: Person) -> None:
    """Make the pack once more, by other options or of another table; texts that were written are lost.

    Raises DraftRefused.
    """
    draft = locked(draft)
    if draft.wishes is None:
        raise DraftRefused(_("This case wasn’t made from a table."))
    draft.wishes = wishes
    if table:
        (draft.folder / TABLE_FILE).write_bytes(table)
    _queue(draft, DraftTask.MAKE, actor)
    _audit("draft.changed", draft, actor, what="table")


@live.atomic
def write_texts(draft: CaseDraft, *, manifest: dict[str, Any], stories: Mapping[str, str], actor: Person) -> None:
    """Write stories and manifest into the pack, and let it be checked again. Raises DraftRefused."""
    draft = locked(draft)
    pack = draft.pack_folder
    for language, text in stories.items():
        _replace(pack / manifest["story"][language], text)
    _replace(pack / "case.toml", to_toml(manifest))
    draft.title_ja, draft.title_en = manifest["title"]["ja"][:200], manifest["title"]["en"][:200]
    _queue(draft, DraftTask.PROVE, actor)
    _audit("draft.changed", draft, actor, what="texts")


def _replace(path: Path, text: str) -> None:
    """Write the file as a whole or not at all."""
    work = path.with_name(f".{path.name}.new")
    work.write_text(text.replace("\r\n", "\n").rstrip() + "\n", encoding="utf-8")
    work.replace(path)


@live.atomic
def publish(draft: CaseDraft, *, version: str, actor: Person) -> None:
    """Queue the installation of the pack under this version. Raises DraftRefused."""
    draft = locked(draft)
    if draft.state != DraftState.READY or not draft.has_pack:
        raise DraftRefused(_("A case can be published only after all its checks have passed."))
    manifest = manifest_of(draft)
    if manifest["version"] != version:
        _replace(draft.pack_folder / "case.toml", to_toml(manifest | {"version": version}))
    _queue(draft, DraftTask.PUBLISH, actor)
    _audit("draft.published", draft, actor, version=version)


@live.atomic
def discard(draft: CaseDraft, *, actor: Person) -> None:
    """Delete the draft and its files; versions that were published stay. Raises DraftRefused."""
    draft = locked(draft)
    folder = draft.folder
    _audit("draft.discarded", draft, actor)
    draft.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def locked(draft: CaseDraft) -> CaseDraft:
    """The draft's row, held until the transaction ends. Raises DraftBusy while a job works on it."""
    row = CaseDraft.objects.select_for_update().select_related("cohort").filter(pk=draft.pk).first()
    if row is None or row.is_busy:
        raise DraftBusy
    return row


def manifest_of(draft: CaseDraft) -> dict[str, Any]:
    """The pack's manifest as it stands."""
    return tomllib.loads((draft.pack_folder / "case.toml").read_text(encoding="utf-8"))


def _queue(draft: CaseDraft, task: DraftTask, actor: Person) -> None:
    from campus.cases.tasks import defer_draft

    draft.state, draft.task, draft.attempt, draft.problems = DraftState.WAITING, task, 0, []
    draft.asked_by = actor
    draft.save()
    defer_draft(draft.pk)
    live.touch(draft.stream, "progress")


def _audit(action: str, draft: CaseDraft, actor: Person, **details: str) -> None:
    record_audit(
        action=action, subject=f"case_draft:{draft.pk}", actor=actor, cohort=draft.cohort, case=draft.slug, **details
    )
