"""What a learner does with a deliverable: prepare it as a draft, and hand it in."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables import showing
from campus.deliverables.deadlines import refuse_too_late
from campus.deliverables.files import MOST_FILES, CheckedFile
from campus.deliverables.links import Link, fault_of, typed_links
from campus.deliverables.models import (
    LONGEST_AI_USE,
    LONGEST_TEXT,
    Deliverable,
    DeliverableFile,
    DeliverableLink,
    Draft,
    DraftFile,
)
from campus.deliverables.notices import tell_team
from campus.deliverables.refusals import ChangedElsewhere, FileRefused, Incomplete, KeyReused, TooLong
from campus.deliverables.signals import handed_in
from campus.submissions.models import Owner
from campus.submissions.owners import owner_who_may_hand_in

# Room for whatever somebody types; beyond it somebody is storing something else.
DRAFT_AT_MOST = 10 * LONGEST_TEXT


@dataclass(frozen=True)
class OpenPage:
    """The open page that sends: its own key, and the stamp of the draft when it last heard of it.

    A page may always go on with what it saved itself: on leaving, a browser sends once more before it has heard.
    """

    key: str
    seen: str

    def knows(self, draft: Draft) -> bool:
        return self.seen == draft.stamp or self.key == draft.saved_by_page


@dataclass(frozen=True)
class Sent:
    """What a page sends. files: added, in place of those with the same name; remove: ids of the draft's files."""

    text: str = ""
    ai_use: str = ""
    links: str = ""
    files: Sequence[CheckedFile] = ()
    remove: Sequence[int] = ()
    page: OpenPage | None = None


@dataclass(frozen=True)
class Work:
    """What is handed in."""

    text: str = ""
    ai_use: str = ""
    links: Sequence[Link] = ()
    files: Sequence[CheckedFile | DraftFile] = field(default_factory=list)

    def faults(self) -> dict[str, str]:
        """What is missing or wrong, in words by field; empty where it can be handed in."""
        found = {}
        if not (self.text or self.links or self.files):
            found["text"] = _("Write something, add a file or add a link.")
        if len(self.text) > LONGEST_TEXT:
            words = _("This text is too long: at most %(most)s characters. Add longer texts as a PDF.")
            found["text"] = words % {"most": f"{LONGEST_TEXT:,}"}
        if not self.ai_use:
            found["ai_use"] = _("Please say how you used generative AI. If you used none, say so.")
        elif len(self.ai_use) > LONGEST_AI_USE:
            words = _("Please keep this to %(most)s characters or fewer.")
            found["ai_use"] = words % {"most": f"{LONGEST_AI_USE:,}"}
        if fault := fault_of(self.links):
            found["links"] = fault
        return found


def save(*, step: Step, enrolment: Enrolment, sent: Sent, request_key: uuid.UUID | None = None) -> Draft | None:
    """Keep what was typed, right or wrong, and the files; raises a Refused.

    Nothing where the page with this ``request_key`` has handed in: what it sent on its way out may come after that.
    """
    owner = _owner_now(step, enrolment)
    with live.atomic():
        owner.lock()
        if _earlier(step, enrolment, request_key):
            return None
        return _keep(step, enrolment, owner, sent)


def submit(*, step: Step, enrolment: Enrolment, sent: Sent, request_key: uuid.UUID) -> Deliverable:
    """Keep what was typed and hand it in; what is incomplete stays as the draft, and Incomplete says what is missing.

    The same ``request_key`` gives the deliverable of the first time (whose ``is_new`` is False).
    """
    if earlier := _earlier(step, enrolment, request_key):
        return earlier
    owner = _owner_now(step, enrolment)
    with live.atomic():
        owner.lock()
        if earlier := _earlier(step, enrolment, request_key):
            return earlier
        draft = _keep(step, enrolment, owner, sent)
        work = Work(draft.text.strip(), draft.ai_use.strip(), typed_links(draft.links), list(draft.files.all()))
        faults = work.faults()
        if not faults:
            deliverable = _record(step, enrolment, owner, work, request_key)
            draft.delete()
            return deliverable
    raise Incomplete(faults)  # Outside of the transaction, so that the draft is kept.


def hand_in(*, step: Step, enrolment: Enrolment, work: Work, request_key: uuid.UUID | None = None) -> Deliverable:
    """Hand in what comes from elsewhere than a page; a draft that was begun there stays as it is."""
    if earlier := _earlier(step, enrolment, request_key):
        return earlier
    owner = _owner_now(step, enrolment)
    if faults := work.faults():
        raise Incomplete(faults)
    _refuse_too_many(len(work.files))
    with live.atomic():
        owner.lock()
        return _earlier(step, enrolment, request_key) or _record(step, enrolment, owner, work, request_key)


def _owner_now(step: Step, enrolment: Enrolment) -> Owner:
    owner = owner_who_may_hand_in(step=step, enrolment=enrolment)
    refuse_too_late(step, owner, at=timezone.now())
    return owner


def _earlier(step: Step, enrolment: Enrolment, key: uuid.UUID | None) -> Deliverable | None:
    """What this key gave the first time; raises KeyReused when that was another step."""
    if key is None:
        return None
    found = Deliverable.objects.filter(enrolment=enrolment, request_key=key).first()
    if found and found.step_id != step.pk:
        raise KeyReused
    return found


# --- The draft ---


def _keep(step: Step, enrolment: Enrolment, owner: Owner, sent: Sent) -> Draft:
    if len(sent.text) + len(sent.ai_use) + len(sent.links) > DRAFT_AT_MOST:
        raise TooLong
    draft, is_new = Draft.objects.select_for_update().get_or_create(step=step, enrolment=enrolment)
    if is_new:
        _begin_with_current(draft, owner)
    elif sent.page and not sent.page.knows(draft):
        raise ChangedElsewhere
    draft.text, draft.ai_use, draft.links = sent.text, sent.ai_use, sent.links
    draft.saved_at, draft.saved_by_page = timezone.now(), sent.page.key if sent.page else ""
    draft.save()
    _change_files(draft, sent)
    return draft


def _begin_with_current(draft: Draft, owner: Owner) -> None:
    """A new version starts with the files of the one before it; its text the page has shown already."""
    current = Deliverable.objects.current().filter(owner.filter, step=draft.step_id).prefetch_related("files").first()
    files = current.files.all() if current else []
    DraftFile.objects.bulk_create(DraftFile(draft=draft, **_copied(one, one.position)) for one in files)


def _copied(file: CheckedFile | DraftFile | DeliverableFile, position: int) -> dict[str, object]:
    return {"position": position, "name": file.name, "kind": file.kind, "digest": file.digest, "size": file.size}


def _change_files(draft: Draft, sent: Sent) -> None:
    if sent.remove:
        draft.files.filter(pk__in=sent.remove).delete()
    if not sent.files:
        return
    added = {file.name: file for file in sent.files}  # Of files with one name the last one counts.
    draft.files.filter(name__in=added).delete()
    _refuse_too_many(draft.files.count() + len(added))
    last = draft.files.aggregate(last=Max("position"))["last"] or 0
    files = enumerate(added.values(), start=last + 1)
    DraftFile.objects.bulk_create(DraftFile(draft=draft, **_copied(file, position)) for position, file in files)


def _refuse_too_many(count: int) -> None:
    if count > MOST_FILES:
        words = _("You can hand in at most %(most)s files together. Combine several into one PDF, or leave some out.")
        raise FileRefused(words % {"most": MOST_FILES})


# --- Handing in ---


def _record(step: Step, enrolment: Enrolment, owner: Owner, work: Work, request_key: uuid.UUID | None) -> Deliverable:
    """Write the version with its files and links; the one before it stays, but is no longer the current one."""
    now = timezone.now()
    refuse_too_late(step, owner, at=now)
    theirs = Deliverable.objects.filter(step=step).of_owner(owner)
    number = (theirs.aggregate(last=Max("number"))["last"] or 0) + 1
    theirs.current().update(is_current=False)
    deliverable = Deliverable.objects.create(
        step=step,
        enrolment=enrolment,
        team=owner.team,
        number=number,
        text=work.text,
        ai_use=work.ai_use,
        handed_in_at=now,
        is_late=now >= owner.deadline(step),
        request_key=request_key,
    )
    deliverable.is_new = True
    _add_content(deliverable, work)
    handed_in.send(sender=Deliverable, deliverable=deliverable)
    tell_team(deliverable)
    return deliverable


def _add_content(deliverable: Deliverable, work: Work) -> None:
    files = [
        DeliverableFile(deliverable=deliverable, **_copied(file, position))
        for position, file in enumerate(work.files, start=1)
    ]
    DeliverableFile.objects.bulk_create(files)
    DeliverableLink.objects.bulk_create(_links(deliverable, work.links))
    showing.prepare(files)


def _links(deliverable: Deliverable, links: Iterable[Link]) -> Iterable[DeliverableLink]:
    for position, link in enumerate(links, start=1):
        yield DeliverableLink(deliverable=deliverable, position=position, url=link.url, label=link.label)
