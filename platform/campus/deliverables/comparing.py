"""What ``deliverables/changes.html`` shows: how a version differs from the one before it, named or blind."""

from collections.abc import Sequence
from dataclasses import dataclass

from campus.deliverables.changes import Kind, Paragraph, changes
from campus.deliverables.content import blind_title
from campus.deliverables.models import Deliverable, DeliverableFile
from campus.deliverables.queries import versions_of


@dataclass(frozen=True)
class Passage:
    """Paragraphs that stayed, which a page folds up, or one that did not."""

    is_same: bool
    paragraphs: Sequence[Paragraph]


@dataclass(frozen=True)
class Comparison:
    """The version before, and what differs from it; empty parts are the same in both."""

    before: Deliverable
    text: Sequence[Passage]
    ai_use: Sequence[Passage]
    files_added: Sequence[str]
    files_removed: Sequence[str]
    links_added: Sequence[str]
    links_removed: Sequence[str]

    @property
    def is_empty(self) -> bool:
        parts = (self.text, self.ai_use, self.files_added, self.files_removed, self.links_added, self.links_removed)
        return not any(parts)


def compared_with_before(deliverable: Deliverable, *, blind: bool) -> Comparison | None:
    """How the version differs from the one before it; None for the first. blind: without names of files.

    Read the deliverable ``with_content()``; asks three queries.
    """
    if deliverable.number < 2:
        return None
    before = versions_of(deliverable).with_content().filter(number=deliverable.number - 1).first()
    if before is None:
        return None
    old, new = ({file.digest: file for file in one.files.all()} for one in (before, deliverable))
    was, now = ({link.url for link in one.links.all()} for one in (before, deliverable))
    return Comparison(
        before=before,
        text=passages(before.text, deliverable.text),
        ai_use=passages(before.ai_use, deliverable.ai_use),
        files_added=[_title(file, blind=blind) for digest, file in new.items() if digest not in old],
        files_removed=[_title(file, blind=blind) for digest, file in old.items() if digest not in new],
        links_added=sorted(now - was),
        links_removed=sorted(was - now),
    )


def passages(before: str, after: str) -> list[Passage]:
    """The paragraphs, those that stayed together; nothing where all of them did."""
    found: list[Passage] = []
    for paragraph in changes(before, after):
        is_same = paragraph.kind == Kind.SAME
        if is_same and found and found[-1].is_same:
            found[-1] = Passage(is_same, [*found[-1].paragraphs, paragraph])
        else:
            found.append(Passage(is_same, [paragraph]))
    return [] if all(one.is_same for one in found) else found


def _title(file: DeliverableFile, *, blind: bool) -> str:
    return blind_title(file) if blind else file.name
