"""What ``deliverables/content.html`` shows of a deliverable: read once for a page, named or blind."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.deliverables import showing
from campus.deliverables.anchors import prefixes
from campus.deliverables.models import Deliverable, DeliverableFile, DeliverableLink, FileKind
from campus.deliverables.pages.kept import Drawing, drawing_of
from campus.deliverables.table import Table, table_of
from campus.deliverables.text import paragraphs_of
from campus.submissions.readable import kept_rendering
from campus.submissions.rendering import Rendering


@dataclass(frozen=True)
class ShownFile:
    """A file as a page shows it; of drawing, rendering and table the one that fits its kind.

    anchors: what the ids of its pages or cells begin with. is_pending: a worker still makes what is to be seen.
    download: where the file itself is, empty for those who must not know whose it is.
    """

    file: DeliverableFile
    title: str
    anchors: str
    address: str
    download: str
    drawing: Drawing | None = None
    rendering: Rendering | None = None
    table: Table | None = None

    @property
    def is_pending(self) -> bool:
        return self.drawing is None and self.rendering is None and self.table is None

    @property
    def pages(self) -> list[tuple[str, str, object]]:
        """Anchor, address of the picture, and page."""
        drawn = self.drawing.pages if self.drawing else []
        return [(f"{self.anchors}{n}", f"{self.address}pages/{n}/", page) for n, page in enumerate(drawn, start=1)]


@dataclass(frozen=True)
class ShownLink:
    url: str
    label: str
    host: str


@dataclass(frozen=True)
class Content:
    paragraphs: Sequence[str]
    files: list[ShownFile]
    links: list[ShownLink]
    ai_use: str


def content_of(deliverable: Deliverable, *, blind: bool) -> Content:
    """Everything of it; read the deliverable ``with_step().with_content()``. blind: without names of files."""
    return Content(
        paragraphs=paragraphs_of(deliverable.text),
        files=[shown_file(deliverable, file, blind=blind) for file in deliverable.files.all()],
        links=[_shown_link(link, blind=blind) for link in deliverable.links.all()],
        ai_use=deliverable.ai_use,
    )


def shown_file(deliverable: Deliverable, file: DeliverableFile, *, blind: bool) -> ShownFile:
    """One of its files."""
    address = reverse("deliverables:file", args=[deliverable.step.cohort.slug, deliverable.pk, file.position])
    shown = ShownFile(
        file=file,
        title=blind_title(file) if blind else file.name,
        anchors=prefixes(deliverable.files.all()).get(file.position, ""),
        address=address,
        download="" if blind else address,
        drawing=drawing_of(file.digest) if file.has_pages else None,
        rendering=kept_rendering(file.digest) if file.kind == FileKind.NOTEBOOK else None,
        table=table_of(file) if file.kind == FileKind.CSV else None,
    )
    if shown.is_pending:
        showing.prepare([file])
    return shown


def blind_title(file: DeliverableFile) -> str:
    """What a file is called where its name could tell whose it is."""
    names = {
        FileKind.PDF: _("Slides or report (PDF)"),
        FileKind.NOTEBOOK: pgettext("file of a deliverable", "Notebook"),
        FileKind.CSV: _("Table (CSV)"),
        FileKind.PICTURE: pgettext("file of a deliverable", "Picture"),
    }
    return _("File %(number)s: %(kind)s") % {"number": file.position, "kind": names[FileKind(file.kind)]}


def _shown_link(link: DeliverableLink, *, blind: bool) -> ShownLink:
    host = urlsplit(link.url).hostname or ""
    return ShownLink(url=link.url, label=host if blind or not link.label else link.label, host=host)
