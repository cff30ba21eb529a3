"""Compiled translations: every app's django.po to django.mo, without gettext's own programs."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(package: Path = PACKAGE) -> int:
    """Compile what is newer than its compiled file and return how many catalogues that were."""
    stale = [po for po in sorted(package.rglob("locale/*/LC_MESSAGES/django*.po")) if _is_stale(po)]
    for po in stale:
        _compile(po)
    return len(stale)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    with open(po, "rb") as file:
        catalogue = read_po(file, locale=po.parts[-3])
    draft = po.with_suffix(".mo.draft")
    with open(draft, "wb") as file:
        write_mo(file, catalogue)
    draft.chmod(0o644)
    draft.replace(po.with_suffix(".mo"))
