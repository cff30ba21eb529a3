"""Serves requests of `tests.browser.scene.Stagehand`: one per line as JSON, an answer for each."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
django.setup()

from tests.browser.crawling import crawl, session_of  # noqa: E402
from tests.browser.stage import cohort, furniture  # noqa: E402  # Models need the settings.

DONE = (
    cohort.set_scene,
    cohort.close_step,
    cohort.open_step,
    cohort.open_all_steps,
    cohort.let_a_minute_pass,
    cohort.publish_application_form,
    cohort.let_complete,
    furniture.furnish,
    session_of,
    crawl,
)

actions = {one.__name__: one for one in DONE}
for line in sys.stdin:
    request = json.loads(line)
    sys.stdout.write(json.dumps(actions[request.pop("do")](**request)) + "\n")
    sys.stdout.flush()
