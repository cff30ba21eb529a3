"""Background work of intake."""

from campus import live
from campus.intake.applications.selection import announce_due
from campus.intake.imports.actions import delete_expired_imports


@live.every(seconds=3600)
def forget_uploads() -> None:
    """Personal data that nobody confirmed are not kept."""
    delete_expired_imports()


@live.every(seconds=15)
def announce_results() -> None:
    """Results come on their date, whoever is at their desk."""
    announce_due()
