"""The Hub's sign-on: the code flow as the Hub walks it, what it is told, and who doesn't get through."""

import pytest
from allauth.idp.oidc.models import Client as OidcClient
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.notebooks.groups import groups_of
from campus.notebooks.names import hub_name, person_id_of
from campus.notebooks.sign_on import delete_old_sign_ons, register_hub
from campus.people.models import Person
from tests.campus.cast import PASSWORD, enrol, make_person, signed_in
from tests.campus.notebooks.calls import authorize_address, code_for, exchange, sign_on, userinfo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registered(_notebooks_are_on: None) -> None:
    register_hub()


class TestClient:
    def test_it_is_made_once_and_follows_a_changed_address_and_secret(self, settings: Settings) -> None:
        before = OidcClient.objects.get()
        register_hub()
        assert OidcClient.objects.get().secret == before.secret  # nothing changed, so nothing is hashed anew
        settings.NOTEBOOK_URL, settings.HUB_CLIENT_SECRET = "https://nb.example", "another"
        register_hub()
        client = OidcClient.objects.get()
        assert client.get_redirect_uris() == ["https://nb.example/hub/oauth_callback"]
        assert client.check_secret("another")
        assert (client.get_grant_types(), client.skip_consent) == (["authorization_code"], True)

    def test_the_database_holds_no_secret(self) -> None:
        assert settings.HUB_CLIENT_SECRET not in str(OidcClient.objects.values().get())


class TestDescription:
    def test_it_names_what_there_is_and_the_public_address(self) -> None:
        told = Client().get("/.well-known/openid-configuration", headers={"Host": "127.0.0.1:1"}).json()
        assert told["issuer"] == settings.SITE_URL
        assert told["scopes_supported"] == ["openid", "profile", "notebooks"]
        assert not [name for name in told if name.startswith(("device", "end_session", "revocation", "registration"))]
        keys = Client().get("/.well-known/jwks.json").json()["keys"]
        assert [key["kty"] for key in keys] == ["RSA"]
        assert "d" not in keys[0]  # the public half alone

    @pytest.mark.parametrize("path", ["device", "logout", "api/device/code", "api/revoke", "api/clients", "x"])
    def test_what_the_hub_does_not_need_does_not_exist(self, path: str, learner: Person) -> None:
        for browser in (Client(), signed_in(learner)):
            assert browser.get(f"/identity/o/{path}").status_code == 404
            assert browser.post(f"/identity/o/{path}").status_code == 404


class TestFlow:
    def test_a_learner_is_known_by_number_name_and_groups(self, learner: Person, study_class: StudyClass) -> None:
        claims = sign_on(signed_in(learner)).claims
        assert claims == {
            "sub": str(learner.pk),
            "name": "Hanako",
            "locale": "ja",
            "hub_name": f"u{learner.pk}",
            "groups": [f"class-{study_class.pk}", "cohort-spring"],
        }

    def test_a_code_works_once(self, learner: Person) -> None:
        code = code_for(signed_in(learner))
        assert exchange(code).status_code == 200
        assert exchange(code).status_code == 400

    def test_a_stranger_signs_in_first_and_goes_on_by_a_page(self, learner: Person) -> None:
        browser = Client()
        led = browser.get(authorize_address())
        assert led.url.startswith("/accounts/login/?next=")
        page = browser.post(led.url, {"login": learner.email, "password": PASSWORD}, follow=True)
        assert page.templates[0].name == "notebooks/onward.html"
        address = page.context["address"]
        assert address == authorize_address()
        assert browser.get(address)["Location"].startswith(f"{settings.NOTEBOOK_URL}/hub/oauth_callback?code=")

    def test_who_owes_a_second_factor_is_not_through(self, learner: Person) -> None:
        Authenticator.objects.create(user=learner, type=Authenticator.Type.TOTP, data={"secret": ""})
        browser = Client()
        led = browser.get(authorize_address())
        assert (
            browser.post(led.url, {"login": learner.email, "password": PASSWORD}).url == "/accounts/2fa/authenticate/"
        )
        assert browser.get(authorize_address()).url.startswith("/accounts/login/")

    def test_the_session_remembers_that_the_hub_knows_this_browser(self, learner: Person) -> None:
        browser = signed_in(learner)
        sign_on(browser)
        assert browser.session["known_at_hub"]


class TestWhoMayNot:
    @pytest.mark.parametrize("changed", [{"code_challenge": None}, {"code_challenge_method": "plain"}])
    def test_without_pkce_there_is_no_code(self, learner: Person, changed: dict[str, str | None]) -> None:
        assert signed_in(learner).get(authorize_address(**changed)).status_code == 400

    @pytest.mark.parametrize(
        "changed",
        [
            {"redirect_uri": "http://evil.example/hub/oauth_callback"},
            {"redirect_uri": "http://u7.nb.localhost/hub/oauth_callback"},
            {"client_id": "other"},
        ],
    )
    def test_another_address_or_client_gets_an_error_page(self, learner: Person, changed: dict[str, str]) -> None:
        answer = signed_in(learner).get(authorize_address(**changed))
        assert answer.status_code == 200
        assert answer.templates[0].name == "idp/oidc/error.html"

    def test_no_address_or_all_scopes_for_the_hub(self, learner: Person) -> None:
        answer = signed_in(learner).get(authorize_address(scope="openid email"))
        assert "error=invalid_scope" in answer["Location"]

    def test_nothing_is_refreshed(self, learner: Person) -> None:
        told = exchange(code_for(signed_in(learner))).json()
        again = exchange("", grant_type="refresh_token", refresh_token=told["refresh_token"])
        assert again.json()["error"] == "unauthorized_client"
        assert userinfo(told["refresh_token"]).status_code == 401

    def test_a_wrong_verifier_or_secret_gets_nothing(self, learner: Person) -> None:
        assert exchange(code_for(signed_in(learner)), code_verifier="x" * 50).status_code == 400
        assert exchange(code_for(signed_in(learner)), secret="guess").status_code == 401

    def test_guesses_are_counted_and_the_right_secret_goes_on_working(self, learner: Person) -> None:
        answers = [exchange("nothing", secret="guess").status_code for _ in range(61)]
        assert (answers[0], answers[-1]) == (401, 429)
        assert exchange(code_for(signed_in(learner))).status_code == 200

    def test_a_deactivated_person_is_nobody(self, learner: Person) -> None:
        browser = signed_in(learner)
        held, code = sign_on(browser), code_for(browser)
        Person.objects.filter(pk=learner.pk).update(is_active=False)
        assert userinfo(held.access_token).status_code == 401
        assert exchange(code).status_code == 400
        assert browser.get(authorize_address()).url.startswith("/accounts/login/")

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/identity/o/authorize?x", "/account/"])
    def test_onward_leads_to_the_sign_on_alone(self, learner: Person, address: str) -> None:
        assert signed_in(learner).get("/notebooks/onward/", {"to": address}).status_code == 404

    def test_where_notebooks_are_off_there_is_no_sign_on(self, learner: Person, notebooks_are_off: None) -> None:
        assert signed_in(learner).get(authorize_address()).status_code == 404
        assert exchange("x").status_code == 404
        assert userinfo("x").status_code == 404


class TestGroups:
    """Whose server may be opened, and by whom."""

    def test_each_role(
        self, facilitator: Person, study_class: StudyClass, mentor: Person, organiser: Person, learner: Person
    ) -> None:
        assert groups_of(facilitator) == [f"facilitators-{study_class.pk}"]
        assert groups_of(mentor) == ["mentors-spring"]
        assert groups_of(organiser) == ["mentors-spring", "organisers"]
        operator = make_person("Ops", is_staff=True)
        enrol(operator, learner.enrolments.get().cohort)
        assert groups_of(operator) == ["operators"]  # acting as an operator is for nobody

    def test_staff_of_any_cohort_is_visited_by_nobody(self, mentor: Person, other_cohort: Cohort) -> None:
        enrol(mentor, other_cohort, Role.LEARNER)
        assert groups_of(mentor) == ["mentors-spring"]

    def test_who_left_is_in_no_group(self, learner: Person, organiser: Person) -> None:
        Enrolment.objects.update(state=EnrolmentState.WITHDRAWN)
        assert (groups_of(learner), groups_of(organiser)) == ([], [])

    def test_an_organiser_who_needs_a_second_factor_is_none_yet(self, organiser: Person, settings: Settings) -> None:
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"second_factor": "organisers"})
        assert groups_of(organiser) == []


def test_names_tell_a_number_and_nothing_else(learner: Person) -> None:
    assert person_id_of(hub_name(learner)) == learner.pk
    for name in ("", "u", "u0", "u01", "42", "U42", "u42 ", "u4２", "u" + "9" * 30, "admin"):
        assert person_id_of(name) is None


def test_sign_ons_that_ran_out_are_deleted(learner: Person) -> None:
    sign_on(signed_in(learner))
    delete_old_sign_ons()
    assert Token.objects.exists()
    Token.objects.update(expires_at="2020-01-01T00:00Z")
    delete_old_sign_ons()
    assert not Token.objects.exists()
