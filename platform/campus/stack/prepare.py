"""`campus prepare`: bring the database, the translations, the static files and the demo to this version."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from campus.stack import catalogues


def prepare(*, demo_size: int | None) -> None:
    """Do what has to be done once per version, printing a line per step; `demo_size` None means no demo."""
    _step("translations", catalogues.compile_all)
    _step("site", _set_up)
    from django.core.management import call_command

    _step("migrations", lambda: call_command("migrate", interactive=False, verbosity=0))
    _step("sign-on of notebooks", _register_hub)
    _step("static files", _collect_static)
    if demo_size is not None:
        _step("demo cohort", lambda: call_command("demo", size=demo_size))


def _set_up() -> None:
    import django

    django.setup()


def _register_hub() -> None:
    from campus.notebooks.sign_on import register_hub

    register_hub()


def _collect_static() -> None:
    """Collect and compress them unless they are the same as last time: names, sizes and times tell."""
    from django.conf import settings
    from django.core.management import call_command

    seen = settings.STATIC_ROOT / ".seen"
    now = _fingerprint()
    if not seen.exists() or seen.read_text() != now:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        seen.write_text(now)


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    states = sorted((path, Path(path).stat().st_size, Path(path).stat().st_mtime_ns) for path in files)
    return hashlib.sha256(repr(states).encode()).hexdigest()


def _step(name: str, run: Callable[[], object]) -> None:
    began = time.monotonic()
    run()
    print(f"  {name:<32} {time.monotonic() - began:6.1f} s", flush=True)
