"""A copy of all that the site holds of a person: one zip with JSON, a CSV per kind of rows, and the files."""

import json
import secrets
import shutil
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campus.people.models import DataCopy, Person
from campus.people.personal_data import Row, holdings
from campus.ui.exports import Cell, as_csv

KEPT_FOR = timedelta(days=7)
FOLDER = "personal-data"
BLOCK = 1024 * 1024


@transaction.atomic
def request_copy(*, person: Person) -> DataCopy:
    """Have a copy made by a worker; one that is being made already is not asked for twice."""
    from campus.people.tasks import make_copy

    Person.objects.select_for_update().get(pk=person.pk)
    waiting = person.data_copies.filter(ready_at=None).first()
    if waiting:
        return waiting
    copy = DataCopy.objects.create(person=person)
    make_copy.defer(copy_id=copy.pk)
    return copy


def build_copy(copy: DataCopy) -> None:
    """Collect everything and store it under a name that nobody guesses; called twice it makes it once."""
    if copy.ready_at is not None or copy.person.erased_at is not None:
        return
    with tempfile.TemporaryFile() as target:
        with translation.override(copy.person.language), timezone.override(copy.person.time_zone):
            _write(copy.person, target)
        size = target.tell()
        target.seek(0)
        name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.zip", File(target))
    now = timezone.now()
    made = DataCopy.objects.filter(pk=copy.pk, ready_at=None).update(
        file=name, size=size, ready_at=now, expires_at=now + KEPT_FOR
    )
    if not made:
        default_storage.delete(name)


def _write(person: Person, target: Any) -> None:
    found = {name: list(holding.rows(person)) for name, holding in holdings.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _about(found))
        archive.writestr("data.json", json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        for name, rows in found.items():
            if rows:
                archive.writestr(f"{name}.csv", _table(rows))
        for holding in holdings.values():
            for path, file in holding.files(person):
                with file.open("rb") as source, archive.open(f"files/{path}", "w") as entry:
                    shutil.copyfileobj(source, entry, BLOCK)
    target.seek(0, 2)


def _about(found: dict[str, list[Row]]) -> str:
    lines = [
        _("Everything that this site holds about you, as of %s.") % f"{timezone.localtime():%Y-%m-%d %H:%M %Z}",
        "",
    ]
    lines += [f"{name}.csv  {holdings[name].label} ({len(rows)})" for name, rows in found.items()]
    both = _(
        "data.json has the same in one file. The folder files has what you handed in or attached to posts and forms."
    )
    lines += ["", both, ""]
    return "\r\n".join(lines)


def _table(rows: list[Row]) -> bytes:
    header = list(dict.fromkeys(key for row in rows for key in row))
    return as_csv(header, ([_cell(row.get(key)) for key in header] for row in rows))


def _cell(value: Any) -> Cell:
    if isinstance(value, list | dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return value if value is None or isinstance(value, str | int | float | bool | datetime) else str(value)


def delete_copies(person: Person | None = None) -> None:
    """Delete the copies of a person, or all whose week is over."""
    copies = DataCopy.objects.all()
    old = copies.filter(person=person) if person else copies.filter(expires_at__lt=timezone.now())
    for copy in old:
        if copy.file.name:
            default_storage.delete(copy.file.name)
        copy.delete()
