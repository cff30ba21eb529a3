"""From uploaded bytes to a table; the content decides what kind of file it is, never its name."""

from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import Table
from campus.intake.imports.text_files import read_text_file
from campus.intake.imports.workbooks import ZIP_MAGIC, read_workbook, refuse_old_workbook


def read_table(data: bytes) -> Table:
    """Read an uploaded CSV or xlsx file; raise Unreadable with what to do about it."""
    if not data:
        raise Unreadable(Remark("empty_file"))
    refuse_old_workbook(data)
    return read_workbook(data) if data.startswith(ZIP_MAGIC) else read_text_file(data)
