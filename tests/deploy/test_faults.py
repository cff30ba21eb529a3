"""What was accepted is graded, once, whatever is killed meanwhile."""

import json
import os
import signal
import uuid
from collections import Counter
from dataclasses import dataclass

import httpx
import pytest

from tests import stack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]
EACH = 2


@dataclass(frozen=True)
class Learners:
    """Eight learners who hand in by the API of a running site."""

    site: stack.RunningSite
    place: str
    tokens: list[str]
    file: str

    def hand_in(self, token: str, *, number: int) -> None:
        """Send a file until the site has it; the key makes the tries one."""
        key = str(uuid.uuid4())
        stack.wait(lambda: self._send(token, key=key, number=number), 90, "the site takes a file again")

    def _send(self, token: str, *, key: str, number: int) -> bool:
        try:
            answer = httpx.post(
                f"{self.site.url}{self.place}",
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
                files={"file": (f"{number}.csv", self.file, "text/csv")},
                timeout=20,
            )
        except httpx.TransportError:
            return False
        assert answer.status_code < 300 or answer.status_code >= 500, answer.text
        return answer.status_code < 300

    def states(self) -> Counter[str]:
        """How many submissions of all learners stand in each state."""
        found: Counter[str] = Counter()
        for token in self.tokens:
            answer = httpx.get(f"{self.site.url}{self.place}", headers={"Authorization": f"Bearer {token}"}, timeout=20)
            if answer.status_code == 200:
                found.update(item["state"] for item in answer.json()["items"])
        return found


@pytest.fixture(scope="module")
def learners(own_site: stack.RunningSite) -> Learners:
    stack.wait(lambda: own_site.health()[0] == 200, 60, "everything is up")
    made = own_site.campus("shell", "-v0", "-c", "import tests.deploy.class_of_eight")
    return Learners(site=own_site, **json.loads(made.splitlines()[-1]))


def test_accepted_work_is_graded_once_though_database_and_workers_are_killed(learners: Learners) -> None:
    site = learners.site
    for number, token in enumerate(learners.tokens * EACH):
        if number % 5 == 1:
            victims = [site.processes().get(part) for part in ("postgres", "worker-1", "worker-2")]
            os.kill(next(pid for pid in victims[number % 3 :] + victims if pid), signal.SIGKILL)
        learners.hand_in(token, number=number)

    total = len(learners.tokens) * EACH
    stack.wait(lambda: learners.states() == {"scored": total}, 90, "everything is scored, nothing twice")
