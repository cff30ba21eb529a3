"""`campus prepare`: bring the database, the translations, the static files and the demo to this version."""

import time
from collections.abc import Callable

from campus.stack import catalogues


def prepare(*, demo_size: int | None) -> None:
    """Do what has to be done once per version, printing a line per step; `demo_size` None means no demo."""
    _step("translations", catalogues.compile_all)
    _step("site", _set_up)
    from django.core.management import call_command, get_commands

    _step("migrations", lambda: call_command("migrate", interactive=False, verbosity=0))
    _step("static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
    if demo_size is not None and "demo" in get_commands():
        _step("demo cohort", lambda: call_command("demo", size=demo_size))


def _set_up() -> None:
    import django

    django.setup()


def _step(name: str, run: Callable[[], object]) -> None:
    began = time.monotonic()
    run()
    print(f"  {name:<32} {time.monotonic() - began:6.1f} s", flush=True)
