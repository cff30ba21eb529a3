"""Invitations: sent in bulk, opened by the right person, used once, sent again, corrected."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.intake.invitations import views
from campus.intake.invitations.actions import invite, renew
from campus.intake.invitations.links import LinkState, path_of, read_link, token_of
from campus.intake.invitations.list import invited_or_not
from campus.intake.models import Invitation, InvitationState
from campus.intake.refusals import AskedTooOften, ChangedMeanwhile
from campus.notices import postage, transports, writing
from campus.notices.models import DeadAddress, Mail, MailState
from campus.people.models import Person
from campus.ui.tries import Tries
from tests.campus.cast import PASSWORD, enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/invitations/"
WELCOME = "/cohorts/spring/welcome/"
NEW_PASSWORD = "another-horse-battery"


@pytest.fixture
def newcomer(cohort: Cohort) -> Enrolment:
    """Somebody who was imported and never signed in."""
    person = Person.objects.create_user("nao@example.org", None, name="新田 直")
    return enrol(person, cohort, state=EnrolmentState.SELECTED)


@pytest.fixture
def invited(newcomer: Enrolment, organiser: Person) -> Invitation:
    return send_to(newcomer, organiser)


def send_to(enrolment: Enrolment, organiser: Person) -> Invitation:
    known = Invitation.objects.filter(enrolment=enrolment).first()
    invite(cohort=enrolment.cohort, seen={enrolment.pk: known.number if known else 0}, actor=organiser)
    return Invitation.objects.select_related("enrolment__person", "enrolment__cohort", "mail").get(enrolment=enrolment)


def state_of(enrolment: Enrolment) -> str:
    return invited_or_not(enrolment.cohort).get(pk=enrolment.pk).invitation_state


def mail_to(address: str) -> Mail:
    return Mail.objects.filter(address=address).latest("pk")


# --- Sending ---


def test_an_invitation_is_a_mail_with_a_link_that_names_nobody(invited: Invitation) -> None:
    mail = mail_to("nao@example.org")
    assert (mail.kind, mail.person, mail.url) == ("intake.invitation", None, path_of(invited))
    assert signing.loads(token_of(invited), salt="campus.intake.invitation") == [invited.pk, 1]
    message = writing.compose(mail).message
    body = message.get_content()
    assert message["Subject"] == "ご招待：開催期 spring"
    assert "/invitations/" in body
    assert "まで有効です" in body


def test_once_the_mail_has_left_the_link_is_in_no_table(
    invited: Invitation, settings: Settings, tmp_path: Path
) -> None:
    settings.MAIL_FOLDER = tmp_path
    for turn in postage.take():
        with transports.open_post() as post:
            postage.send(turn, post)
    mail = mail_to("nao@example.org")
    assert (mail.state, mail.url, mail.context) == (MailState.SENT, "", {})
    (sent,) = tmp_path.iterdir()
    message = email.message_from_bytes(sent.read_bytes(), policy=email.policy.default)
    assert "/invitations/" in message.get_content()
    assert state_of(invited.enrolment) == InvitationState.SENT


def test_who_has_accepted_or_left_gets_no_mail(newcomer: Enrolment, cohort: Cohort, organiser: Person) -> None:
    begun = enrol(make_person("Begun"), cohort)
    left = enrol(make_person("Left"), cohort, state=EnrolmentState.WITHDRAWN)
    seen = {one.pk: 0 for one in (newcomer, begun, left)}
    assert invite(cohort=cohort, seen=seen, actor=organiser) == 1
    assert list(Mail.objects.values_list("address", flat=True)) == ["nao@example.org"]


def test_two_organisers_do_not_invite_twice(invited: Invitation, organiser: Person) -> None:
    with pytest.raises(ChangedMeanwhile):
        invite(cohort=invited.enrolment.cohort, seen={invited.enrolment_id: 0}, actor=organiser)
    assert Mail.objects.count() == 1


def test_people_of_another_cohort_are_not_invited(newcomer: Enrolment, other_cohort: Cohort, organiser: Person) -> None:
    assert invite(cohort=other_cohort, seen={newcomer.pk: 0}, actor=organiser) == 0
    assert not Mail.objects.exists()


def test_two_thousand_are_invited_in_a_few_statements(
    cohort: Cohort, organiser: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@example.org", name=f"P{number}", password="!") for number in range(2000)
    )
    rows = Enrolment.objects.bulk_create(
        Enrolment(person=person, cohort=cohort, state=EnrolmentState.SELECTED) for person in people
    )
    with django_assert_max_num_queries(40):
        assert invite(cohort=cohort, seen={row.pk: 0 for row in rows}, actor=organiser) == 2000
    assert Mail.objects.filter(kind="intake.invitation").count() == 2000


def test_what_became_of_it_is_seen(invited: Invitation, newcomer: Enrolment) -> None:
    assert state_of(newcomer) == InvitationState.QUEUED
    for mail_state, state in (
        (MailState.SENT, InvitationState.SENT),
        (MailState.BOUNCED, InvitationState.BOUNCED),
        (MailState.SENT, InvitationState.SENT),
    ):
        Mail.objects.update(state=mail_state)
        assert state_of(newcomer) == state
    Client().get(path_of(invited))
    assert state_of(newcomer) == InvitationState.OPENED
    Invitation.objects.update(expires_at=timezone.now())
    assert state_of(newcomer) == InvitationState.EXPIRED
    Enrolment.objects.filter(pk=newcomer.pk).update(state=EnrolmentState.ACTIVE)
    assert state_of(newcomer) == InvitationState.ACCEPTED


# --- Opening ---


def test_a_newcomer_sets_a_password_and_comes_to_the_welcome_page(invited: Invitation, settings: Settings) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"sign_up": "closed"})
    client = Client()
    assert "パスワードを決めてください" in client.get(path_of(invited)).text
    sent = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(path_of(invited), sent)["Location"] == WELCOME
    assert client.get(WELCOME).status_code == 200
    person = invited.enrolment.person
    assert person.emailaddress_set.get().verified
    invited.refresh_from_db()
    assert invited.accepted_at is not None
    again = Client()
    credentials = {"login": person.email, "password": NEW_PASSWORD, "next": WELCOME}
    assert again.post("/accounts/login/", credentials)["Location"] == WELCOME


@pytest.mark.parametrize("password", ["short", "nao@example.org", "1234567890123"])
def test_a_weak_password_is_refused_and_the_link_stays_good(password: str, invited: Invitation) -> None:
    client = Client()
    answer = client.post(path_of(invited), {"password1": password, "password2": password})
    assert answer.status_code == 422
    assert "errorlist" in answer.text or "error" in answer.text
    assert client.get(path_of(invited)).status_code == 200


def test_a_link_works_once(invited: Invitation) -> None:
    Client().post(path_of(invited), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    page = Client().get(path_of(invited))
    assert page.status_code == 410
    assert "承諾済み" in page.text
    other = {"password1": "third-horse-battery", "password2": "third-horse-battery"}
    assert Client().post(path_of(invited), other).status_code == 410
    invited.enrolment.person.refresh_from_db()
    assert invited.enrolment.person.check_password(NEW_PASSWORD)


def test_opening_alone_accepts_nothing(invited: Invitation) -> None:
    for _ in range(2):
        assert Client().get(path_of(invited)).status_code == 200
    invited.refresh_from_db()
    assert (invited.accepted_at, invited.opened_at is None) == (None, False)


def test_who_has_an_account_signs_in_and_accepts(cohort: Cohort, organiser: Person) -> None:
    person = make_person("Aoi")
    invitation = send_to(enrol(person, cohort, Role.MENTOR, state=EnrolmentState.SELECTED), organiser)
    path = path_of(invitation)
    client = Client()
    page = client.get(path)
    assert "password1" not in page.text
    assert f"/accounts/login/?next={quote(path)}" in page.text
    sent = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "すでにアカウントをお持ちです" in client.post(path, sent).text
    assert (
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": path})["Location"] == path
    )
    assert "招待を受けて進む" in client.get(path).text
    assert client.post(path)["Location"] == WELCOME
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_is_offered_to_sign_out(invited: Invitation, outsider: Person) -> None:
    client = signed_in(outsider)
    page = client.get(path_of(invited))
    assert "別の人に宛てた" in page.text
    assert "新田" not in page.text
    assert "nao@example.org" not in page.text
    assert "別の人に宛てた" in client.post(path_of(invited)).text
    invited.refresh_from_db()
    assert invited.accepted_at is None
    assert client.post("/accounts/logout/", {"next": path_of(invited)})["Location"] == path_of(invited)
    assert "パスワードを決めてください" in client.get(path_of(invited)).text


def test_an_expired_link_says_so_and_lets_one_have_a_new_one(invited: Invitation) -> None:
    Invitation.objects.update(
        expires_at=timezone.now() - timedelta(days=1), queued_at=timezone.now() - timedelta(days=15)
    )
    old = path_of(invited)
    page = Client().get(old)
    assert page.status_code == 410
    assert "期限が切れました" in page.text
    answer = Client().post(f"{old}renew/", follow=True)
    assert "新しい招待メール" in answer.text
    invited.refresh_from_db()
    assert invited.number == 2
    sent = mail_to("nao@example.org").url
    assert _what(sent) == _what(path_of(invited)) != _what(old)
    assert Client().get(sent).status_code == 200


def _what(link: str) -> str:
    """What a link is for, without the second in which it was signed."""
    return link.partition(":")[0]


def test_a_new_mail_is_not_sent_over_and_over(invited: Invitation) -> None:
    with pytest.raises(AskedTooOften):
        renew(invitation=invited)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(AskedTooOften):
        renew(invitation=invited)
    assert Mail.objects.count() == 1


def test_inviting_again_makes_the_old_link_void(invited: Invitation, newcomer: Enrolment, organiser: Person) -> None:
    old = path_of(invited)
    again = send_to(newcomer, organiser)
    page = Client().get(old)
    assert page.status_code == 410
    assert "いちばん新しいメール" in page.text
    assert Client().get(path_of(again)).status_code == 200


def test_who_withdrew_cannot_come_in_by_an_old_link(invited: Invitation, newcomer: Enrolment) -> None:
    Enrolment.objects.filter(pk=newcomer.pk).update(state=EnrolmentState.WITHDRAWN)
    sent = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert Client().post(path_of(invited), sent).status_code == 410
    invited.enrolment.person.refresh_from_db()
    assert not invited.enrolment.person.has_usable_password()


def test_a_link_that_was_tampered_with_opens_nothing(invited: Invitation) -> None:
    token = token_of(invited)
    forged = signing.dumps([invited.pk, 1], salt="something else")
    for wrong in (token[:-1], f"x{token}", forged, "1", "%00", signing.dumps("x", salt="campus.intake.invitation")):
        assert read_link(wrong).state is LinkState.UNKNOWN
    assert Client().get(f"/invitations/{forged}/").status_code == 404


def test_guessing_is_slowed_down(invited: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "WRONG_LINKS", Tries("invitation", most=3, seconds=300))
    client = Client()
    assert [client.get("/invitations/wrong/").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert client.get(path_of(invited)).status_code == 429
    elsewhere = Client(headers={"X-Forwarded-For": "192.0.2.7"})
    assert elsewhere.get(path_of(invited)).status_code == 200


def test_the_audit_log_tells_who_invited_and_who_came(invited: Invitation, organiser: Person) -> None:
    Client().post(path_of(invited), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    subject = f"enrolment:{invited.enrolment_id}"
    entries = AuditEntry.objects.filter(subject=subject, action__startswith="invitation").order_by("pk")
    assert [(entry.action, entry.actor, entry.details) for entry in entries] == [
        ("invitation.sent", organiser, {}),
        ("invitation.accepted", invited.enrolment.person, {}),
    ]


# --- The desk ---


@pytest.fixture
def client(organiser: Person) -> Client:
    return signed_in(organiser)


def digest(page: str) -> dict[str, str]:
    found = re.search('name="digest" value="([^"]*)"', page)
    assert found
    return {"digest": found[1]}


def test_all_are_invited_after_a_preview_and_a_second_click_sends_nothing(client: Client, newcomer: Enrolment) -> None:
    assert "未招待" in client.get(DESK).text
    sent = {"scope": "all", "query": ""}
    preview = client.post(f"{DESK}send/", sent)
    assert "1件の招待メールを送る" in preview.text
    assert not Mail.objects.exists()
    done = client.post(f"{DESK}send/", sent | digest(preview.text), follow=True)
    assert "1件の招待メールを送ります" in done.text
    assert client.post(f"{DESK}send/", sent | digest(preview.text)).status_code == 409
    assert Mail.objects.count() == 1


def test_those_who_have_not_accepted_are_invited_again(
    client: Client, cohort: Cohort, invited: Invitation, organiser: Person
) -> None:
    other = send_to(enrol(make_person("Aoi"), cohort, state=EnrolmentState.SELECTED), organiser)
    signed_in(other.enrolment.person).post(path_of(other))
    preview = client.post(f"{DESK}send/", {"scope": "all", "query": ""})
    bulk = preview.context["bulk"]
    assert (bulk.first_time, bulk.again, bulk.accepted) == (0, 1, 1)
    client.post(f"{DESK}send/", {"scope": "all", "query": ""} | digest(preview.text))
    assert Mail.objects.filter(address="nao@example.org").count() == 2
    assert Mail.objects.filter(address="aoi@example.org").count() == 1


def test_the_list_narrows_by_state_and_role(client: Client, invited: Invitation, cohort: Cohort) -> None:
    enrol(make_person("Mia"), cohort, Role.MENTOR, state=EnrolmentState.SELECTED)

    def names(query: str) -> list[str]:
        return [row.person.name for row in client.get(f"{DESK}?{query}").context["listing"].page]

    assert names("state=none") == names("role=mentor") == names("search=mia@") == ["Mia"]
    assert names("state=queued") == ["新田 直"]


def test_a_mail_that_came_back_leads_to_a_corrected_address(client: Client, invited: Invitation) -> None:
    Mail.objects.update(state=MailState.BOUNCED, problem="550 5.1.1")
    address = f"{DESK}{invited.enrolment_id}/"
    page = client.get(address)
    assert "550 5.1.1" in page.text
    make_person("Taken")
    assert "別の人のアカウント" in client.post(f"{address}address/", {"address": "TAKEN@example.org"}).text
    assert client.post(f"{address}address/", {"address": "nowhere"}).status_code == 422
    assert client.post(f"{address}address/", {"address": "Nao@Example.com"}).status_code == 302
    assert mail_to("nao@example.com").state == MailState.WAITING
    assert Enrolment.objects.get(pk=invited.enrolment_id).person.email == "nao@example.com"


def test_nobody_is_counted_to_whom_no_mail_can_go(client: Client, invited: Invitation) -> None:
    DeadAddress.objects.create(address=invited.enrolment.person.email.lower(), code="550 5.1.1")
    preview = client.post(f"{DESK}send/", {"scope": "all", "query": ""})
    bulk = preview.context["bulk"]
    assert (bulk.wanted, bulk.again, bulk.came_back, bulk.accepted) == ([], 0, 1, 0)
    assert 'name="digest"' not in preview.text


def test_the_address_of_somebody_who_came_is_theirs(client: Client, cohort: Cohort, organiser: Person) -> None:
    invitation = send_to(enrol(make_person("Aoi"), cohort, state=EnrolmentState.SELECTED), organiser)
    address = f"{DESK}{invitation.enrolment_id}/"
    assert "訂正して招待する" not in client.get(address).text
    assert client.post(f"{address}address/", {"address": "other@example.org"}).status_code == 422
    assert Person.objects.filter(email="aoi@example.org").exists()


@pytest.mark.parametrize("who", ["facilitator", "mentor", "learner", "outsider"])
def test_nobody_else_sees_or_sends_invitations(who: str, invited: Invitation, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    one = f"{DESK}{invited.enrolment_id}/"
    assert [client.get(address).status_code for address in (DESK, one)] == [404, 404]
    assert client.post(f"{DESK}send/", {"scope": "all", "digest": "x"}).status_code == 404
    assert client.post(f"{one}address/", {"address": "evil@example.org"}).status_code == 404
    assert Client().get(DESK)["Location"].startswith("/accounts/login/")
    assert Mail.objects.count() == 1


def test_an_organiser_of_another_cohort_finds_nobody(invited: Invitation, other_cohort: Cohort) -> None:
    other = make_person("Other")
    enrol(other, other_cohort, Role.ORGANISER)
    client = signed_in(other)
    assert client.get(f"/cohorts/autumn/desk/invitations/{invited.enrolment_id}/").status_code == 404
    sent = {"scope": "checked", "query": "", "selected": [invited.enrolment_id]}
    client.post("/cohorts/autumn/desk/invitations/send/", sent)
    assert Mail.objects.count() == 1


def test_pages_ask_the_database_little_whatever_the_size(
    client: Client, cohort: Cohort, organiser: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        send_to(enrol(make_person(f"P{number}"), cohort, state=EnrolmentState.SELECTED), organiser)
    with django_assert_max_num_queries(16):
        client.get(DESK)
