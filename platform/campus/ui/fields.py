"""Form fields that pages share: days and moments in the browser's own pickers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

PICKED_DAY, PICKED_MOMENT = "%Y-%m-%d", "%Y-%m-%dT%H:%M"


class DayField(forms.DateField):
    """A day, by the browser's date picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format=PICKED_DAY)
        super().__init__(**{"widget": widget, "input_formats": [PICKED_DAY], **kwargs})


class MomentField(forms.DateTimeField):
    """A moment to the minute, by the browser's picker, in the time zone given, else in the reader's."""

    def __init__(self, *, time_zone: str = "", **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=PICKED_MOMENT)
        super().__init__(**{"widget": widget, **kwargs})
        self.time_zone = time_zone

    @property
    def _zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self._zone or timezone.get_current_timezone()):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self._zone or timezone.get_current_timezone()):
            return super().prepare_value(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """To the minute: the picker doesn't tell seconds."""
        try:
            given = self.to_python(data)
        except forms.ValidationError:
            return True
        at = initial.replace(second=0, microsecond=0) if initial else None
        return given != at


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploaded files, possibly empty. accept: what a browser offers to choose, as in HTML."""

    def __init__(self, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in files]
