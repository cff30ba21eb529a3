"""What the site issues and publishes, from its database, in other people's verifiers and the official schema."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campus.badges import actions, keys
from campus.badges.credentials import contexts
from campus.badges.learner_record import signed_record
from campus.badges.models import Award
from campus.people.models import Person
from tests.campus.badges.credentials.test_build import schema
from tests.campus.badges.credentials.test_readers import ROOT, answers

pytestmark = pytest.mark.django_db


def published(award: Award) -> dict[str, Any]:
    """What its addresses answer, as a machine reads them."""
    base, version = "https://quest.example.jp", award.version
    paths = [
        award.status_list.path,
        reverse("badges:assertion", args=[award.uid]),
        reverse("badges:class", args=[version.achievement.uid, version.number, award.language]),
        reverse("badges:issuer"),
        reverse("badges:revoked"),
    ]
    read = {base + path: Client().get(path).json() for path in paths}
    return read | {keys.issuer_of_site().did: Client().get("/.well-known/did.json").json()}


def test_a_badge_of_the_site_passes_the_official_schema(public: Award) -> None:
    document = Client().get(reverse("badges:credential", args=[public.uid])).json()

    assert [error.message for error in schema("achievementcredential").iter_errors(document)] == []


def test_a_badge_and_a_record_of_the_site_verify_elsewhere_until_it_is_revoked(
    public: Award, organiser: Person
) -> None:
    held = signed_record(public.person, at=timezone.now())
    badge = json.loads(public.credential.document)
    before = published(public)
    actions.revoke(public, reason="x", actor=organiser)
    list_url = badge["credentialStatus"]["statusListCredential"]
    now = (timezone.now() + timedelta(minutes=1)).isoformat()
    cases = [
        {"name": "badge", "credential": badge, "now": now},
        {"name": "record", "credential": held, "now": now},
        {"name": "revoked", "credential": badge, "now": now, "documents": {list_url: published(public)[list_url]}},
    ]
    documents = before | {contexts.CLR: contexts.context_of(contexts.CLR)}

    said = answers([str(ROOT / ".venv/bin/node"), "verify.mjs"], {"documents": documents, "cases": cases})

    assert said["badge"] == said["record"] == {"verified": True, "revoked": False, "error": ""}
    assert said["revoked"]["revoked"] is True


def test_the_hosted_badge_of_the_site_is_valid_for_the_validator_of_version_2(public: Award) -> None:
    documents = published(public)
    url = f"https://quest.example.jp{reverse('badges:assertion', args=[public.uid])}"
    pictures = [documents[documents[url]["badge"]]["image"]]
    cases = [
        {"name": "held", "input": url, "email": public.person.email},
        {"name": "other", "input": url, "email": "somebody@example.org"},
    ]
    hosted = {name: document for name, document in documents.items() if name.startswith("https://")}
    program = [str(ROOT / ".venvs/verifiers/bin/python"), "openbadges2.py"]

    said = answers(program, {"documents": hosted, "pictures": pictures, "cases": cases})

    assert said["held"] == {"valid": True, "messages": []}
    assert said["other"]["valid"] is False
