"""The scene of a browser test: a cohort of its own, with people and a case, in the running site's database.

What is set there is set by `tests/browser/stage/`, a process with the site's settings: a request per line goes in as
JSON, an answer comes out.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from tests.stack import ROOT, RunningSite

PASSWORD = "correct-horse-battery"
ROLES = ("learner", "mate", "facilitator", "mentor", "organiser")


@dataclass(frozen=True)
class Scene:
    """A cohort in which everybody reads one language; `people` are e-mail addresses by part, `outsider` and
    `newcomer` (chosen, has not begun) among them."""

    language: str
    cohort: str
    title: str
    case: str
    case_title: str
    step: str
    step_title: str
    people: dict[str, str]
    names: dict[str, str]
    folder: str
    choice: str = ""  # Once furnished: a cohort in which the outsider chooses a case,
    copy: str = ""  # and a copy of the cohort, where nobody is yet.

    def path(self, page: str = "") -> str:
        """Address of a page of the graded step."""
        return f"/cohorts/{self.cohort}/cases/{self.case}/{self.step}/{page}"


class Stagehand:
    """The process that sets scenes; give it back by `leave()`."""

    def __init__(self, site: RunningSite) -> None:
        self._url = site.url
        self._furnished: dict[str, Scene] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.stage"],
            cwd=ROOT,
            env=site.environment | {"LOG_LEVEL": "ERROR"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def set_scene(self, language: str) -> Scene:
        """Make a cohort whose graded step is open."""
        return Scene(**self._ask(do="set_scene", language=language))

    def close_step(self, scene: Scene) -> None:
        """Let the deadline of the graded step pass."""
        self._ask(do="close_step", cohort=scene.cohort, step=scene.step)

    def open_step(self, scene: Scene, key: str) -> None:
        """Let a step of the case be open for three more days."""
        self._ask(do="open_step", cohort=scene.cohort, step=key)

    def open_all_steps(self, scene: Scene) -> None:
        """Let every step of the case be open for three more days; of each learner one review is asked for."""
        self._ask(do="open_all_steps", cohort=scene.cohort)

    def let_a_minute_pass(self, scene: Scene) -> None:
        """Have completions recorded now, as happens once a minute."""
        self._ask(do="let_a_minute_pass", cohort=scene.cohort)

    def publish_application_form(self, scene: Scene) -> None:
        """Give the cohort a form for applicants with one question."""
        self._ask(do="publish_application_form", cohort=scene.cohort)

    def furnish(self, scene: Scene) -> Scene:
        """Give the cohort an announcement, a study meeting, a form, applicants and a choice of cases; the scene gets
        an `applicant` and an `operator`, and the outsider a choice of cases to make."""
        return Scene(**self._ask(do="furnish", scene=asdict(scene)))

    def furnished(self, language: str) -> Scene:
        """One such scene for each language, for tests that only look at pages."""
        if language not in self._furnished:
            self._furnished[language] = self.furnish(self.set_scene(language))
        return self._furnished[language]

    def session_of(self, email: str) -> dict[str, str]:
        """The cookie of somebody who has signed in."""
        return self._ask(do="session_of", email=email) | {"url": self._url}

    def crawl(self, **wishes: Any) -> dict[str, Any]:
        """What `crawling.crawl` finds."""
        return self._ask(do="crawl", **wishes)

    def let_complete(self, scene: Scene, *, parts: list[str]) -> None:
        """Let these have completed the cohort, which has a badge for that; nobody has it yet."""
        self._ask(do="let_complete", scene=asdict(scene), parts=parts)

    def leave(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
