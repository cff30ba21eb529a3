"""Asks the validator of Open Badges 2.0, offline; run with the Python of .venvs/verifiers.

In: {documents, pictures, cases: [{name, input, email, documents}]} as JSON; documents are what an address answers.
Out: {name: {valid, messages}}.
"""

import collections
import collections.abc
import json
import sys

# The validator is of 2020, when these names stood here.
for name in collections.abc.__all__:
    setattr(collections, name, getattr(collections.abc, name))

import requests  # noqa: E402
from openbadges.verifier import utils, verify  # noqa: E402
from openbadges.verifier.openbadges_context import OPENBADGES_CONTEXT_V2_DICT, OPENBADGES_CONTEXT_V2_URI  # noqa: E402

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000000005"
    "0001a5f645400000000049454e44ae426082"
)
web: dict[str, object] = {}


class Answer:
    """What an address answers."""

    from_cache = False

    def __init__(self, url: str) -> None:
        found = web.get(url)
        if found is None:
            raise requests.ConnectionError(f"{url} is not there")
        self.content = PIXEL if found == "picture" else json.dumps(found).encode()
        self.text = self.content.decode("latin-1" if found == "picture" else "utf-8")
        self.headers = {"Content-Type": "image/png" if found == "picture" else "application/json"}
        self.headers["content-type"] = self.headers["Content-Type"]


class Session:
    """Instead of the network."""

    def get(self, url: str, headers: object = None) -> Answer:
        return Answer(url)


def load(_self: object, url: str, _options: object = None) -> dict[str, object]:
    return {"contextUrl": None, "documentUrl": url, "document": json.loads(Answer(url).text)}


def main() -> None:
    requests.Session = Session
    utils.CachableDocumentLoader.__call__ = load
    asked = json.load(sys.stdin)
    answers = {}
    for case in asked["cases"]:
        web.clear()
        web.update({OPENBADGES_CONTEXT_V2_URI: OPENBADGES_CONTEXT_V2_DICT})
        web.update(dict.fromkeys(asked["pictures"], "picture"))
        web.update(asked["documents"] | case.get("documents", {}))
        profile = {"email": case["email"]} if case.get("email") else None
        report = verify(case["input"], profile, use_cache=False, cache_backend=None)["report"]
        answers[case["name"]] = {
            "valid": report["valid"],
            "messages": [message["result"] for message in report["messages"]],
        }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
