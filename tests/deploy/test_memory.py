"""What the web processes' garbage collection leaves alone."""

import subprocess
import sys

PROGRAM = """
import gc, django
django.setup()
from campus.stack import gunicorn
gunicorn.when_ready(None)
import campus.progress.views
assert gc.get_freeze_count() > 100_000, gc.get_freeze_count()
assert not any(one is campus.progress.views.overview for one in gc.get_objects())
assert gc.get_threshold()[0] > 700
class Ring: pass
ring = Ring(); ring.itself = ring
del ring
assert gc.collect() > 0
"""


def test_what_is_loaded_is_frozen_before_the_processes_are_forked_and_the_rest_is_collected() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env={"DJANGO_SETTINGS_MODULE": "campus.settings", "PATH": ""}, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
