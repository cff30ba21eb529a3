"""A 50,000-row CSV from upload to visible score, through the whole site, beside the bare read and metric."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.site import headline, in_ms, whole_site

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from campus.cases.models import Step
    from campus.cohorts.models import Enrolment
    from campus.people.models import Person

# Each of the two web and two worker processes reads the case once; rounds after that are what learners meet.
ROWS, COLD, ROUNDS = 50_000, 10, 60


def main() -> None:
    headline(f"{ROWS:,} rows, {ROUNDS} rounds, one after the other")
    with whole_site() as address, tempfile.TemporaryDirectory() as folder:
        from tests.benchmarks.big_case import make_big_case
        from tests.benchmarks.school import enrol, open_graded_step, random_file

        step = open_graded_step(source=make_big_case(Path(folder), rows=ROWS))
        enrolment = enrol(step, learners=1)[0]
        files = [random_file(step.case_version, seed=seed) for seed in range(COLD + ROUNDS)]
        print(f"file of {len(files[0]) / 1e6:.2f} MB")
        bare(step, files)
        asyncio.run(front_door(address, step, enrolment, files))


def bare(step: Step, files: list[bytes]) -> None:
    """Read, check and score in this process: the limit."""
    from grader.csvfile import read_predictions
    from grader.scoring import load_truth, score

    pack, build = step.case_version.pack(), step.case_version.build()
    truth = load_truth(build, pack)
    seconds = []
    for file in files:
        began = time.perf_counter()
        score(pack=pack, truth=truth, predictions=read_predictions(file, pack=pack, ids=build.ids))
        seconds.append(time.perf_counter() - began)
    print(f"bare read, check, metrics in process    {in_ms(seconds)}")


async def front_door(address: str, step: Step, enrolment: Enrolment, files: list[bytes]) -> None:
    """Upload by the API, wait for the socket's word, then read the score: what a learner waits for."""
    import httpx
    import websockets

    token, cookie = await asyncio.to_thread(_credentials, enrolment.person)
    place = f"{address}/api/v1/cohorts/{step.cohort.slug}/cases/{step.cohort_case.slug}/steps/{step.key}/submissions"
    stream = f"enrolment:{enrolment.pk}"
    socket = websockets.connect(
        address.replace("http", "ws") + "/ws/", additional_headers={"Cookie": cookie}, origin=address
    )
    answered, visible = [], []
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http, socket as ws:
        await ws.send(json.dumps({"subscribe": {stream: 0}}))
        for number, file in enumerate(files):
            began = time.perf_counter()
            response = await http.post(place, files={"file": (f"{number}.csv", file, "text/csv")}, timeout=30)
            response.raise_for_status()
            answered.append(time.perf_counter() - began)
            submission = response.json()["id"]
            await _told(ws, submission)
            shown = await http.get(f"{address}/api/v1/submissions/{submission}")
            if shown.json()["state"] != "scored":
                raise RuntimeError(shown.text)
            visible.append(time.perf_counter() - began)
    print(f"upload answered (stored, checked)       {in_ms(answered[COLD:])}")
    print(f"upload to score visible to the learner  {in_ms(visible[COLD:])}")
    print(f"the slowest of the first {COLD} after a start  {max(visible[:COLD]) * 1000:.0f} ms")


async def _told(ws: ClientConnection, submission: int) -> None:
    """Wait until the learner's stream says that the submission is scored."""
    async with asyncio.timeout(30):
        async for message in ws:
            payload = json.loads(message).get("payload") or {}
            if payload.get("submission") == submission and payload.get("state") == "scored":
                return


def _credentials(person: Person) -> tuple[str, str]:
    """A personal token, and the cookie of a session."""
    from datetime import timedelta

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from campus.people.tokens import create_token

    _, token = create_token(
        person=person, name="bench", scopes=["read", "submit"], expires_at=timezone.now() + timedelta(days=1)
    )
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return token, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
