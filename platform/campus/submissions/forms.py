"""The form by which a file is handed in."""

import hashlib
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from campus.submissions.actions import Upload
from campus.submissions.models import Submission
from campus.submissions.uploads import largest_file, suffixes
from grader.pack import Pack


class HandInForm(forms.Form):
    """File, note, and a key that makes a second click harmless."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # an empty file is explained by the reader of predictions, like every other fault
        error_messages={"required": _("Choose the file to hand in.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=Submission._meta.get_field("note").max_length,
        help_text=_("For yourself and your team: what is new in this attempt? Optional."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file, bytes_limit = self.fields["file"], largest_file(pack)
        file.widget.attrs["accept"] = ",".join(suffixes(pack))
        file.help_text = _("Up to %(size)s.") % {"size": filesizeformat(bytes_limit)}
        file.widget.attrs["data-limit"] = str(bytes_limit)

    def upload(self) -> Upload:
        """The file as ``hand_in`` takes it."""
        file: UploadedFile = self.cleaned_data["file"]
        return Upload(name=file.name or "", data=file.read())

    def key_for(self, upload: Upload) -> uuid.UUID:
        """The request's key: the same page and the same bytes are one request, another file is another one."""
        return uuid.uuid5(self.cleaned_data["request_key"], hashlib.sha256(upload.data).hexdigest())
