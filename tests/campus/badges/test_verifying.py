"""The public page and the verification page: what they say of genuine, changed, revoked, expired and foreign badges."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campus.badges import actions, keys, signing
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.keys import generate_keys
from campus.badges.credentials.proof import sign
from campus.badges.models import Award
from campus.badges.verification import NotOurs, check_data, check_link, published
from campus.people.models import Person
from tests.campus.submissions.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
GENUINE = "This badge is genuine and in force."


def page_of(award: Award) -> str:
    return text_of(Client(headers={"accept-language": "en"}).get(award.path))


def check(**sent: Any) -> str:
    return text_of(Client(headers={"accept-language": "en"}).post(reverse("badges:verify"), sent))


def document_of(award: Award) -> dict[str, Any]:
    return json.loads(award.credential.document)


def test_the_page_of_a_public_badge_says_what_it_is_for_and_that_it_holds(public: Award) -> None:
    page = Client(headers={"accept-language": "en"}).get(public.path)
    text = text_of(page)

    assert GENUINE in text
    for words in ("Case study completed", "SATO Hanako", "Hand in everything in time", "It was not revoked"):
        assert words in text
    html = page.content.decode()
    assert f'<meta property="og:image" content="https://quest.example.jp{public.version.picture_path}">' in html
    assert f'<meta property="og:url" content="https://quest.example.jp{public.path}">' in html


@pytest.mark.parametrize("form", ["link", "json", "jwt", "png", "png-2.0", "svg", "svg-2.0", "assertion"])
def test_every_form_of_a_badge_is_found_genuine(form: str, public: Award) -> None:
    sent: dict[str, Any] = {
        "link": lambda: {"link": f"https://quest.example.jp{public.path}"},
        "json": lambda: {"text": public.credential.document},
        "jwt": lambda: {"text": public.credential.jwt},
        "png": lambda: {"file": SimpleUploadedFile("badge.png", signing.baked_of(public))},
        "png-2.0": lambda: {"file": SimpleUploadedFile("badge.png", signing.baked_2_of(public))},
        "svg": lambda: {"file": SimpleUploadedFile("badge.svg", signing.baked_of(public, as_svg=True))},
        "svg-2.0": lambda: {"file": SimpleUploadedFile("badge.svg", signing.baked_2_of(public, as_svg=True))},
        "assertion": lambda: {"text": json.dumps(signing.assertion_of(public))},
    }[form]()
    assert GENUINE in check(**sent)


def test_a_holder_gives_away_a_file_of_a_badge_that_is_shown_to_nobody(award: Award) -> None:
    text = check(file=SimpleUploadedFile("badge.json", award.credential.document.encode()))
    assert GENUINE in text
    assert "佐藤 花子" in text
    assert "This badge is not shown" in page_of(award)
    assert "isn’t showing this badge to anyone" in check(link=f"https://quest.example.jp{award.path}")


def test_an_employer_finds_out_whose_badge_it_is(public: Award) -> None:
    for sent in ({"link": f"https://quest.example.jp{public.path}"}, {"text": public.credential.jwt}):
        assert "The badge was issued to this email address." in check(**sent, email=public.person.email)
        text = check(**sent, email="somebody@example.org")
        assert GENUINE not in text
        assert "genuine, but it was not issued to this email address" in text
    assert "Enter a link" in check(email="somebody@example.org")


def changed_name(document: dict[str, Any]) -> dict[str, Any]:
    document["credentialSubject"]["achievement"]["name"] = "Doctor"
    return document


def unsigned_addition(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"grade": "excellent"}


def end_set_aside(document: dict[str, Any]) -> dict[str, Any]:
    status = {
        "id": document["id"],
        "type": ["VerifiableCredential"],
        "credentialStatus": document.pop("credentialStatus"),
    }
    return document | {"@included": [status]}


def without_signature(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


@pytest.mark.parametrize("change", [changed_name, unsigned_addition, end_set_aside, without_signature])
def test_a_changed_copy_is_refused_and_its_words_are_not_repeated(change: Any, public: Award) -> None:
    copy = json.dumps(change(document_of(public)))
    assert "This badge can’t be trusted." in check(text=copy)
    verdict = check_data(copy.encode())
    assert (verdict.is_genuine, verdict.name, verdict.holder, verdict.award) == (False, "", "", None)


def test_a_badge_signed_by_somebody_elses_key_in_our_name_is_refused(public: Award) -> None:
    issuer = keys.issuer_of_site()
    own = generate_keys(did=issuer.did, name="key-1")
    forged = sign(credential_of(signing.Facts(issuer).of(public)), own, created=timezone.now())
    verdict = check_data(json.dumps(forged).encode())
    assert (verdict.is_genuine, verdict.headline) == (False, "This badge can’t be trusted.")


def test_a_revoked_badge_says_so_everywhere_at_once(public: Award, organiser: Person) -> None:
    signing.status_document(public.status_list)  # Somebody has read it before.
    actions.revoke(public, reason="hanako cheated", actor=organiser)

    for text in (page_of(public), check(text=public.credential.document), check(text=public.credential.jwt)):
        assert "it was revoked: it is no longer in force" in text
        assert "cheated" not in text
    answer = Client().get(reverse("badges:assertion", args=[public.uid]))
    assert (answer.status_code, answer.json()["revoked"]) == (410, True)
    revoked = Client().get(reverse("badges:revoked")).json()["revokedAssertions"]
    assert revoked[0]["id"].endswith(f"/badges/{public.uid}/assertion.json")
    assert len(revoked) >= 2
    assert "cheated" not in json.dumps(revoked)


def test_a_badge_whose_time_is_over_says_so(
    by_hand: Any, enrolment: Any, organiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campus.badges import issuing
    from tests.campus.badges.conftest import run_jobs

    begun = timezone.now() - timedelta(days=800)
    monkeypatch.setattr(issuing.timezone, "now", lambda: begun)
    issuing.start(by_hand, chosen=[enrolment.pk], actor=organiser)
    run_jobs()
    monkeypatch.undo()
    award = Award.objects.with_badge().get()
    actions.share(award, is_public=True, evidence=[])

    assert "it has expired" in page_of(award)


def test_an_old_copy_after_a_change_of_name_holds_and_is_called_old(public: Award, organiser: Person) -> None:
    old = public.credential.document
    Person.objects.filter(pk=public.person_id).update(name="鈴木 花子")
    Award.objects.filter(pk=public.pk).update(valid_from=timezone.now() - timedelta(days=3))
    document = json.loads(old)
    actions.reissue(public, actor=organiser)
    new = Award.objects.with_badge().get(pk=public.pk)

    assert document_of(new)["id"] == document["id"]
    assert new.name == "鈴木 花子"
    assert (new.revision, new.issued_at) == (2, public.issued_at)
    assert "鈴木 花子" in check(text=new.credential.document)


def test_badges_of_others_are_not_called_false_and_nothing_is_fetched(public: Award, monkeypatch: Any) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    document = document_of(public)
    document["issuer"]["id"] = "did:web:169.254.169.254"
    assert "names another issuer" in check(text=json.dumps(document))
    for link in (
        "http://169.254.169.254/latest/",
        "https://evil.example/badges/" + str(public.uid),
        "file:///etc/passwd",
    ):
        with pytest.raises(NotOurs):
            check_link(link)
        assert published(link) is None


@pytest.mark.parametrize("sent", ["{", "hello", "a.b.c", "[]", '{"a": 1}', "{" * 5000, "\x00\xff"])
def test_what_is_no_badge_is_said_in_words(sent: str, public: Award) -> None:
    text = check(text=sent)
    assert "can’t be read as a badge" in text or "can’t be trusted" in text or "Null characters" in text


def test_an_empty_form_says_what_to_do() -> None:
    answer = Client(headers={"accept-language": "en"}).post(reverse("badges:verify"), {})
    assert answer.status_code == 422
    assert "Enter a link, choose a file, or paste the text of a badge." in text_of(answer)


def test_machines_read_the_keys_the_class_and_the_status_list(public: Award) -> None:
    browser = Client()
    version = public.version
    addresses = {
        "/.well-known/did.json": "application/did+json",
        "/badges/issuer.json": "application/ld+json",
        reverse("badges:class", args=[version.achievement.uid, version.number, "ja"]): "application/ld+json",
        reverse("badges:assertion", args=[public.uid]): "application/ld+json",
        public.status_list.path: "application/vc+ld+json",
        version.picture_path: "image/png",
    }
    for address, kind in addresses.items():
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind), address
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "public, max-age=" in answer["Cache-Control"]
    did = browser.get("/.well-known/did.json").json()
    assert did["id"] == "did:web:quest.example.jp"
    assert "sealed" not in json.dumps(did)
    assert browser.get(reverse("badges:status", args=[99])).status_code == 404


def test_the_hosted_assertion_names_nobody_and_keeps_the_address_it_was_issued_to(public: Award) -> None:
    Person.objects.filter(pk=public.person_id).update(email="other@example.org")
    assertion = Client().get(reverse("badges:assertion", args=[public.uid])).json()
    assert assertion["recipient"]["identity"] == public.identity
    assert "花子" not in json.dumps(assertion, ensure_ascii=False)


def test_old_keys_keep_their_badges_genuine_unless_they_fell_into_wrong_hands(public: Award) -> None:
    issuer = keys.issuer_of_site()
    keys.rotate(issuer, actor=None)
    assert GENUINE in page_of(public)

    first = issuer.keys.get(number=1)
    first.compromised_at = timezone.now() - timedelta(minutes=1)
    first.save()
    assert GENUINE not in page_of(public)
