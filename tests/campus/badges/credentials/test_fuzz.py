"""Whatever somebody holds out, and whatever other sites answer, gets a verdict: never an error, never a false yes."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from campus.badges.credentials.ob2 import assertion
from campus.badges.credentials.text import to_base64url
from tests.campus.badges.credentials.site import AWARD, DID, HOSTING, LIST, Published, copied, signed, token

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
ODD = some.sampled_from(
    ["", "_:b0", "@id", {"@id": "x"}, {"@value": 1}, [[]], "https://a b", "\ud800", 10**40, "9" * 9]
)
SIGNED, TOKEN, PUBLISHED = signed(), token(), Published()
DOCUMENTS = PUBLISHED.documents()
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in the document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, item in items for found in paths(item, (*path, name)))]


@some.composite
def mutated(draw: some.DrawFn, document: Any) -> Any:
    """The document with something else at one place, or without it."""
    changed = copied(document)
    *above, last = draw(some.sampled_from([path for path in paths(document) if path]))
    part = changed
    for step in above:
        part = part[step]
    if draw(some.booleans()):
        part[last] = draw(JSON | ODD)
    else:
        del part[last]
    return changed


def is_same(one: Any, other: Any) -> bool:
    """The same statements: a list of one and its only item are one to JSON-LD."""
    return flat(one) == flat(other)


def flat(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: flat(item) for name, item in value.items()}
    if isinstance(value, list):
        return flat(value[0]) if len(value) == 1 else [flat(item) for item in value]
    return value


@SLOW
@given(badge=mutated(SIGNED))
def test_a_badge_changed_anywhere_is_not_genuine(badge: Any) -> None:
    assert is_same(badge, SIGNED) or not PUBLISHED.verdict(badge, email="").is_genuine


@SLOW
@given(data=some.data())
def test_a_token_changed_anywhere_is_not_genuine(data: some.DataObject) -> None:
    parts = TOKEN.split(".")
    place = data.draw(some.integers(0, 1))
    document = json.loads(urlsafe_b64decode(parts[place] + "=="))
    parts[place] = to_base64url(json.dumps(data.draw(mutated(document))).encode("utf-8", "surrogatepass"))

    assert ".".join(parts) == TOKEN or not PUBLISHED.verdict(".".join(parts), email="").is_genuine


@SLOW
@given(badge=mutated(assertion(AWARD, HOSTING)))
def test_an_assertion_changed_anywhere_is_not_genuine(badge: Any) -> None:
    hosted = DOCUMENTS[HOSTING.assertion_url]

    assert badge == hosted or not PUBLISHED.verdict(badge, email="").is_genuine


@SLOW
@given(answer=some.sampled_from([DID, LIST, HOSTING.badge_class_url, HOSTING.issuer_url]), data=some.data())
def test_whatever_an_address_answers_there_is_a_verdict(answer: str, data: some.DataObject) -> None:
    published = Published(others={answer: data.draw(mutated(DOCUMENTS[answer]) | JSON)})

    for form in (SIGNED, TOKEN, DOCUMENTS[HOSTING.assertion_url]):
        assert len(published.verdict(form).checks) == 7


@SLOW
@given(content=some.binary(max_size=60) | some.text(max_size=60) | JSON.map(json.dumps))
def test_whatever_is_pasted_there_is_a_verdict(content: bytes | str) -> None:
    assert not PUBLISHED.verdict(content).is_genuine
