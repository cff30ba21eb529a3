"""Background work of intake."""

from campus import live
from campus.intake.imports.actions import delete_expired_imports


@live.every(seconds=3600)
def forget_uploads() -> None:
    """Personal data that nobody confirmed are not kept."""
    delete_expired_imports()
