"""Places within a deliverable to which a link or a comment can point: ids in the page of ``deliverables/content.html``.

``p-3`` is the third paragraph of the text, ``page-3`` the third page of the first file that has pages, ``cell-3`` the
third cell of the first notebook; of further files of those kinds ``file2-page-3``, with the file's position.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from campus.deliverables.models import File, FileKind

_ANCHOR = re.compile(r"(?:file(?P<file>[1-9]\d?)-)?(?P<kind>p|page|cell)-(?P<number>[1-9]\d{0,3})")


def prefixes(files: Iterable[File]) -> dict[int, str]:
    """What the anchors within each file begin with, by the file's position; nothing for tables."""
    found: dict[int, str] = {}
    for file in files:
        stem = "page-" if file.has_pages else "cell-" if file.kind == FileKind.NOTEBOOK else ""
        if stem:
            found[file.position] = f"file{file.position}-{stem}" if stem in found.values() else stem
    return found


def is_anchor(text: str) -> bool:
    """Whether it has the form of an anchor; which of them exist only the content knows."""
    found = _ANCHOR.fullmatch(text)
    return found is not None and not (found["kind"] == "p" and found["file"])


def words_for(anchor: str) -> str:
    """The place in words: “Page 3”, “File 2, cell 5”."""
    found = _ANCHOR.fullmatch(anchor)
    if found is None:
        return anchor
    words = {"p": _("Paragraph %(number)s"), "page": _("Page %(number)s"), "cell": _("Cell %(number)s")}
    place = words[found["kind"]] % {"number": found["number"]}
    return _("File %(file)s: %(place)s") % {"file": found["file"], "place": place} if found["file"] else place
