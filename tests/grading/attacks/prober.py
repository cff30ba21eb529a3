"""Runs probes under the rules of models: programs in by lines of JSON, outcomes out. A model cannot be asked to attack."""

from __future__ import annotations

import base64
import json
import sys

from grader.runner import selftest
from grader.runner.accounts import server_account
from grader.runner.pool import Lost, Pool
from grader.runner.spawner import Spawner, run_with_server


def serve(spawner: Spawner) -> int:
    """Until the end of standard input."""
    if account := server_account():
        account.become()
    pool = Pool(spawner)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            outcome = selftest.run_probe(asked["program"].encode(), pool, level="model", limits=asked["limits"])
            told = {"end": outcome.end, "signal": outcome.signal, "seconds": outcome.seconds}
            told |= {"log": base64.b64encode(outcome.log).decode(), "answer": outcome.answer.hex()}
        except Lost as error:
            told = {"end": "lost", "log": base64.b64encode(str(error).encode()).decode(), "signal": 0, "answer": ""}
        print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(run_with_server(serve))
