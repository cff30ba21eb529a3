"""Files. An answer: ``{"file": "id of the AnswerFile", "name": "cv.pdf"}``; the id is typed, by a hidden field."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from campus.questionnaires.kinds.base import Answer, Kind, help_with
from campus.questionnaires.models import Question
from campus.questionnaires.refusals import FileRefused
from campus.ui.exports import Cell

MEGABYTE = 1024 * 1024
LARGEST_MB = 10
PDF, ZIP, PNG, JPEG = b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# What a file of each kind begins with; texts have no such sign and must be readable instead.
SIGNS = {
    "pdf": PDF,
    "docx": ZIP,
    "xlsx": ZIP,
    "pptx": ZIP,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "txt": b"",
    "csv": b"",
}
ACCEPT = ",".join(f".{ending}" for ending in SIGNS)


class Attachment(Kind):
    """One file of the kinds in SIGNS, up to ``maximum`` megabytes."""

    template = "questionnaires/kinds/file.html"

    def fields(self, question: Question) -> dict[str, forms.Field]:
        size = filesizeformat(largest(question))
        taken = _("PDF, Word, Excel, PowerPoint, PNG, JPEG, text or CSV; up to %(size)s.") % {"size": size}
        field = forms.UUIDField(
            label=question.label,
            help_text=help_with(question, taken),
            required=question.is_required,
            widget=forms.HiddenInput,
            error_messages={"required": _("Please choose a file.")},
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        identity: uuid.UUID | None = cleaned[""]
        if identity is None:
            return None
        files: dict[str, str] = cleaned["files"]
        if str(identity) not in files:
            raise ValidationError({"": _("This file is no longer there. Please choose it again.")})
        return {"file": str(identity), "name": files[str(identity)]}

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer.get("name") if isinstance(answer, dict) else None


def largest(question: Question) -> int:
    """Bytes that a file of this question may have."""
    return int((question.maximum or LARGEST_MB) * MEGABYTE)


def check_file(question: Question, *, name: str, data: bytes) -> None:
    """Raise FileRefused where the file is empty, too large, or not what its name says."""
    if not data:
        raise FileRefused(_("The file is empty."))
    if len(data) > largest(question):
        limit = filesizeformat(largest(question))
        raise FileRefused(_("The file is too large. It can be up to %(size)s.") % {"size": limit})
    ending = name.rpartition(".")[2].lower()
    sign = SIGNS.get(ending)
    if sign is None:
        raise FileRefused(
            _("This kind of file is not accepted. Please use PDF, Word, Excel, PowerPoint, PNG, JPEG, text or CSV.")
        )
    if not data.startswith(sign) or (sign == b"" and b"\0" in data):
        raise FileRefused(
            _("The file’s content does not match its name. Please save it in the right format and choose it again.")
        )
