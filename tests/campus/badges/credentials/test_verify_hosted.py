"""Open Badges 2.0: what counts is the document at its address."""

import json
from typing import Any

from campus.badges.credentials.baking import OB2, bake_png, bake_svg
from campus.badges.credentials.ob2 import revoked_assertion
from campus.badges.credentials.sample import picture
from tests.campus.badges.credentials.site import NOW, SITE, SVG, Published, copied, failed


def held_out() -> Any:
    return copied(Published().documents()[f"{SITE}/ob2/assertions/1.json"])


def test_the_hosted_assertion_is_genuine_in_every_form() -> None:
    held = held_out()
    forms: list[Any] = [held, held["id"], bake_png(picture(8), json.dumps(held), OB2)]
    forms += [bake_png(picture(8), held["id"], OB2), bake_svg(SVG, json.dumps(held), OB2)]

    assert [Published().verdict(form).is_genuine for form in forms] == [True] * 5


def test_another_content_than_the_hosted_one_is_refused() -> None:
    held = held_out() | {"issuedOn": "2020-01-01T00:00:00Z"}

    assert failed(Published().verdict(held)) == {"proof": "hosted.different"}


def test_one_that_is_hosted_nowhere_is_refused() -> None:
    held = held_out()
    verdict = Published(others={held["id"]: None}).verdict(held)

    assert failed(verdict) == {"proof": "hosted.missing"}


def test_a_revoked_one_is_refused() -> None:
    held = held_out()
    published = Published(others={held["id"]: revoked_assertion(held["id"], "By mistake")})

    assert failed(published.verdict(held)) == {"status": "status.revoked"}


def test_an_expired_one_is_refused() -> None:
    assert failed(Published().verdict(held_out(), now=NOW.replace(year=2030))) == {"time": "time.expired"}


def test_a_class_of_an_issuer_elsewhere_is_refused() -> None:
    elsewhere = "https://evil.example/issuer.json"
    documents = Published().documents()
    badge_class = documents[f"{SITE}/ob2/classes/1.json"] | {"issuer": elsewhere}
    issuer = documents[f"{SITE}/ob2/issuer.json"] | {"id": elsewhere}
    published = Published(others={badge_class["id"]: badge_class, elsewhere: issuer})

    assert failed(published.verdict(held_out())) == {"issuer": "issuer.other"}


def test_another_persons_is_refused() -> None:
    assert failed(Published().verdict(held_out(), email="ren@learners.example")) == {"recipient": "recipient.other"}
