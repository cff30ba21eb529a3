"""Signing in with an institution's account, against a real OpenID Connect provider in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from campus.environment import Institution
from campus.people import invitations
from campus.people.institutions import is_trusted
from campus.people.models import Person
from campus.settings import apps_of
from tests import stack
from tests.campus.people.cast import browser_of, sign_in, signed_up
from tests.campus.people.university import CLIENT, PASSWORD, SECRET

CALLBACK = "/accounts/oidc/uni/login/callback/"


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the university's provider."""
    port, folder = stack.free_port(), tmp_path_factory.mktemp("university")
    command = [sys.executable, "-m", "tests.campus.people.university", str(port), str(folder)]
    with open(folder / "out", "wb") as out:
        process = subprocess.Popen([*command, f"http://testserver{CALLBACK}"], cwd=stack.ROOT, stdout=out, stderr=out)
    issuer = f"http://127.0.0.1:{port}"
    try:
        stack.wait(lambda: _answers(issuer) or process.poll() is not None, 60, "the university answers")
        assert process.poll() is None, (folder / "out").read_text()
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(issuer: str) -> bool:
    try:
        return requests.get(f"{issuer}/.well-known/openid-configuration", timeout=2).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(autouse=True)
def _configured(university: str, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    institution = Institution(
        key="uni", name="学び大学", issuer=university, client_id=CLIENT, client_secret=SECRET, domains=["uni.example"]
    )
    monkeypatch.setattr(django_settings.ENVIRONMENT, "institutions", [institution])
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps_of([institution])}}


def come_back(client: Client, email: str, *, way: str = "/accounts/oidc/uni/login/") -> object:
    """Follow the link on our page, sign in at the university as a browser would, and come back to us."""
    away = client.get(way)
    assert away.status_code == 302
    university = requests.Session()
    page = university.get(away.url)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    data = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    answer = university.post(page.url, data, allow_redirects=False)
    while not answer.headers["Location"].startswith("http://testserver"):
        answer = university.get(requests.compat.urljoin(answer.url, answer.headers["Location"]), allow_redirects=False)
    return client.get(answer.headers["Location"].removeprefix("http://testserver"))


def test_the_sign_in_page_names_the_institution(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "学び大学のアカウントでログイン" in page
    assert 'href="/accounts/oidc/uni/login/' in page


def test_a_newcomer_of_the_institution_gets_an_account_without_another_mail(client: Client) -> None:
    form = come_back(client, "new@uni.example")
    page = client.get(form.url)
    assert page.context["form"].initial["name"] == "新 入"
    done = client.post(form.url, {"email": "new@uni.example", "name": "新 入", "language": "ja"})
    assert done.url == "/"
    person = Person.objects.get(email="new@uni.example")
    assert (person.name, person.has_usable_password()) == ("新 入", False)
    assert person.emailaddress_set.get().verified
    assert client.get("/account/").status_code == 200
    # And the second time straight in.
    assert come_back(Client(), "new@uni.example").url == "/"


def test_the_own_domain_opens_the_account_that_has_the_address(client: Client) -> None:
    professor = signed_up("prof@uni.example", name="教授 正")
    assert come_back(client, "prof@uni.example").url == "/"
    assert client.get("/account/").context["user"] == professor
    assert SocialAccount.objects.get().user == professor


@pytest.mark.parametrize("email", ["hanako@example.org", "boss@sub.uni.example"])
def test_nobodys_account_is_taken_over_by_an_institution_that_is_not_trusted_with_it(
    client: Client, email: str
) -> None:
    owner = signed_up(email, name="Owner")
    answer = come_back(client, email)
    assert answer.url == "/accounts/3rdparty/signup/"
    client.post(answer.url, {"email": email, "name": "Thief", "language": "ja"})
    assert client.get("/account/").status_code == 302  # nobody is signed in
    assert not SocialAccount.objects.filter(user=owner).exists()
    assert sign_in(Client(), email).url == "/"  # the password still works


def test_an_address_of_others_is_confirmed_by_mail_first(client: Client) -> None:
    form = come_back(client, "hanako@example.org")
    done = client.post(form.url, {"email": "hanako@example.org", "name": "佐藤 花子", "language": "ja"})
    assert done.url == "/accounts/confirm-email/"
    assert not Person.objects.get().emailaddress_set.get().verified
    assert mail.outbox[-1].subject == "メールアドレスの確認をお願いします"


def test_only_the_number_there_is_kept(client: Client) -> None:
    signed_up("prof@uni.example", name="教授 正")
    come_back(client, "prof@uni.example")
    come_back(Client(), "prof@uni.example")
    account = SocialAccount.objects.get()
    assert (account.provider, account.extra_data) == ("uni", {})


def test_a_name_with_a_web_address_is_not_taken_over(client: Client) -> None:
    form = come_back(client, "link@uni.example")
    assert client.get(form.url).context["form"].initial["name"] == ""


def test_one_connects_and_disconnects_the_institution(hanako: Person) -> None:
    browser = browser_of(hanako)
    browser.post("/accounts/reauthenticate/", {"password": "correct-horse-battery"})
    come_back(browser, "prof@uni.example", way="/accounts/oidc/uni/login/?process=connect")
    account = SocialAccount.objects.get()
    assert account.user == hanako
    assert "学び大学" in browser.get("/accounts/3rdparty/").content.decode()
    browser.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_a_forged_or_failed_answer_signs_nobody_in(client: Client, db: None) -> None:
    client.get("/accounts/oidc/uni/login/")
    for answer in ("?code=made-up&state=made-up", "?error=server_error", ""):
        page = client.get(CALLBACK + answer)
        assert page.status_code in {200, 401}
        assert "ログインできませんでした" in page.content.decode()
    assert client.get("/account/").status_code == 302


def test_an_institution_that_is_not_configured_does_not_exist(client: Client, db: None) -> None:
    assert client.get("/accounts/oidc/other/login/").status_code == 404


class TestClosedSignUp:
    @pytest.fixture(autouse=True)
    def _closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(django_settings.ENVIRONMENT, "sign_up", "closed")
        monkeypatch.setattr(invitations, "_checks", [])

    def test_an_institution_opens_no_door(self, client: Client, db: None) -> None:
        assert "新規登録は受け付けていません" in come_back(client, "new@uni.example").content.decode()
        assert not Person.objects.exists()

    def test_who_was_invited_comes_in(self, client: Client, db: None) -> None:
        invitations.invites(lambda email: email.lower() == "new@uni.example")
        form = come_back(client, "new@uni.example")
        assert client.post(form.url, {"email": "new@uni.example", "name": "新 入", "language": "ja"}).url == "/"

    def test_an_invitation_of_somebody_elses_address_is_not_enough(self, client: Client, db: None) -> None:
        """The university says so, but it isn't the university's to say."""
        invitations.invites(bool)
        assert "新規登録は受け付けていません" in come_back(client, "hanako@example.org").content.decode()


def test_only_the_domain_itself_is_trusted() -> None:
    trusted = {email: is_trusted(["uni.example"], email) for email in ("a@uni.example", "a@UNI.example")}
    assert set(trusted.values()) == {True}
    for email in ("a@sub.uni.example", "a@uni.example.org", "a@notuni.example", "uni.example", "a@uni.example@x.org"):
        assert not is_trusted(["uni.example"], email)
