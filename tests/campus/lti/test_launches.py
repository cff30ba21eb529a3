"""From a course in the LMS into a cohort: who is known, who is new, whose account stays shut, where it leads."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.intake.imports.actions import begin_import, carry_out
from campus.lti.models import AdmissionByLaunch, Launch, LmsAccount
from campus.people.erasure import erase
from campus.people.models import Person
from tests.campus.cast import PASSWORD, signed_in
from tests.campus.intake.tables import as_csv
from tests.campus.lti.conftest import HINTS, Launching, begin
from tests.campus.lti.lms import CLAIM, ROLE, TARGET, Lms

pytestmark = pytest.mark.django_db
WELCOME = "/cohorts/spring/welcome/"


def who_is_in(client: Client) -> Person | None:
    user = client.get("/account/").context
    return user["user"] if user else None


def test_we_ask_the_lms_who_it_is(lms: Lms, client: Client) -> None:
    asked = begin(client)
    assert asked | {"state": "", "nonce": ""} == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "campus",
        "redirect_uri": TARGET,
        "login_hint": "7",
        "lti_message_hint": "m-1",
        "state": "",
        "nonce": "",
    }
    kept = Launch.objects.get()
    assert (kept.nonce, asked["state"] in str(kept.__dict__)) == (asked["nonce"], False)


def test_a_newcomer_of_a_trusted_domain_gets_an_account_and_comes_in_as_learner(
    launch: Launching, client: Client, cohort: Cohort, learners_welcome: AdmissionByLaunch
) -> None:
    entered = launch(client)
    assert (entered.status_code, entered.url) == (302, "/cohorts/spring/")
    person = Person.objects.get(email="hanako@uni.example")
    assert (who_is_in(client), person.name, person.has_usable_password()) == (person, "佐藤 花子", False)
    assert EmailAddress.objects.get(user=person).verified
    enrolment = person.enrolments.get()
    assert (enrolment.role, enrolment.state) == (Role.LEARNER, EnrolmentState.SELECTED)
    assert client.get(entered.url).url.startswith(WELCOME)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "details")) == [
        ("lti.account_linked", {"platform": "moodle"}),
        ("lti.joined", {"platform": "moodle", "role": "learner"}),
    ]
    assert not Launch.objects.exists()


def test_the_second_time_the_number_alone_says_who_it_is(
    launch: Launching, client: Client, learners_welcome: AdmissionByLaunch
) -> None:
    launch(client)
    again = Client()
    assert launch(again, email="somebody-else@uni.example", name="別 人").url == "/cohorts/spring/"
    assert who_is_in(again) == Person.objects.get(email="hanako@uni.example")
    assert not Person.objects.filter(email="somebody-else@uni.example").exists()


def test_a_link_leads_to_the_step_that_it_names(launch: Launching, lms: Lms, learner: Person, open_step: Step) -> None:
    LmsAccount.objects.create(platform="moodle", subject="moodle-7", person=learner)
    slug = open_step.cohort_case.slug
    step = f"/cohorts/spring/cases/{slug}/steps/{open_step.key}/"
    custom = {"cohort": "spring", "case": slug, "step": open_step.key}
    assert launch(Client(), **{f"{CLAIM}custom": custom}).url == step
    target = f"{TARGET}?cohort=spring&step={open_step.key}"
    assert launch(Client(), **{f"{CLAIM}custom": None, f"{CLAIM}target_link_uri": target}).url == step
    assert launch(Client(), **{f"{CLAIM}custom": {"cohort": "spring", "step": "none"}}).url == "/cohorts/spring/"
    assert launch(Client(), **{f"{CLAIM}custom": None}).url == "/"


class TestAccountsOfOthers:
    """Nobody's account is opened by what an LMS claims of an address."""

    def test_who_has_an_account_signs_in_once_to_link_it(
        self, launch: Launching, client: Client, learners_welcome: AdmissionByLaunch
    ) -> None:
        professor = Person.objects.create_user("hanako@uni.example", PASSWORD, name="教授")
        EmailAddress.objects.create(user=professor, email=professor.email, verified=True, primary=True)
        link = launch(client).url
        assert (link.startswith("/lti/link/"), who_is_in(client)) == (True, None)
        assert "学び大学 Moodle" in client.get(link).text
        assert client.post(link).status_code == 200  # Without signing in nothing is linked.
        assert not LmsAccount.objects.exists()

        signed = client.post(
            f"/accounts/login/?next={link}", {"login": professor.email, "password": PASSWORD, "next": link}
        )
        assert signed.url == link
        assert "hanako@uni.example" in client.get(link).text
        assert client.post(link).url == "/cohorts/spring/"
        assert LmsAccount.objects.get().person == professor
        assert launch(Client()).url == "/cohorts/spring/"

    @pytest.mark.parametrize("email", ["hanako@example.org", "hanako@sub.uni.example", "", "no address"])
    def test_an_address_that_the_lms_does_not_speak_for_makes_no_account(
        self, email: str, launch: Launching, client: Client, learners_welcome: AdmissionByLaunch
    ) -> None:
        assert launch(client, email=email).url.startswith("/lti/link/")
        assert not Person.objects.filter(email__startswith="hanako").exists()

    def test_whom_an_import_brought_comes_in_and_an_operator_never(
        self, launch: Launching, cohort: Cohort, organiser: Person
    ) -> None:
        rows = as_csv(["佐藤 花子", "hanako@uni.example", "", ""])
        carry_out(
            people_import=begin_import(cohort=cohort, owner=organiser, file_name="a.csv", data=rows), actor=organiser
        )
        operator = Person.objects.create_user("root@uni.example", name="Root", is_staff=True)
        assert launch(Client(), sub="root", email=operator.email).url.startswith("/lti/link/")
        client = Client()
        assert launch(client).url == "/cohorts/spring/"
        assert who_is_in(client) == Person.objects.get(email="hanako@uni.example")
        assert launch(Client(), sub="another").url.startswith("/lti/link/")  # She has come: nobody else is her.

    def test_a_second_factor_is_asked_for_all_the_same(
        self, launch: Launching, learner: Person, client: Client
    ) -> None:
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        LmsAccount.objects.create(platform="moodle", subject="moodle-7", person=learner)
        TOTP.activate(learner, generate_totp_secret())
        assert launch(client).url == "/accounts/2fa/authenticate/"
        assert who_is_in(client) is None

    def test_a_closed_account_stays_closed(self, launch: Launching, learner: Person, client: Client) -> None:
        LmsAccount.objects.create(platform="moodle", subject="moodle-7", person=learner)
        Person.objects.filter(pk=learner.pk).update(is_active=False)
        assert launch(client).url == "/accounts/inactive/"
        assert who_is_in(client) is None

    def test_the_same_number_of_another_lms_is_somebody_else(
        self, launch: Launching, lms: Lms, learner: Person, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        LmsAccount.objects.create(platform="canvas", subject="moodle-7", person=learner)
        both = [lms.registered(), lms.registered(key="canvas", client_id="other", domains=[])]
        monkeypatch.setattr(django_settings.ENVIRONMENT, "lti_platforms", both)
        assert client.get("/lti/login/", HINTS).status_code == 403  # Which of the two?
        away = begin(client, client_id="campus")
        answered = Client().post(
            "/lti/launch/", {"state": away["state"], "id_token": lms.token(nonce=away["nonce"], email="")}
        )
        assert client.get(answered.url).url.startswith("/lti/link/")
        assert who_is_in(client) is None


class TestAdmission:
    """An LMS brings in whom the cohort's organisers allow, in no higher role."""

    def roles(self, launch: Launching, *said: str) -> list[str]:
        launch(Client(), **{f"{CLAIM}roles": list(said)})
        return list(Enrolment.objects.filter(person__email="hanako@uni.example").values_list("role", flat=True))

    def test_without_the_organisers_word_nobody_comes_in(
        self, launch: Launching, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(django_settings.ENVIRONMENT, "sign_up", "closed")
        assert launch(Client()).url.startswith("/lti/link/")
        assert not Person.objects.filter(email="hanako@uni.example").exists()
        monkeypatch.setattr(django_settings.ENVIRONMENT, "sign_up", "open")
        assert launch(Client()).status_code == 403
        assert not Enrolment.objects.exists()

    def test_an_instructor_is_no_facilitator_where_only_learners_are_let_in(
        self, launch: Launching, learners_welcome: AdmissionByLaunch
    ) -> None:
        assert self.roles(launch, f"{ROLE}Instructor") == []

    @pytest.mark.parametrize(
        "said",
        [
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
            f"{ROLE}Administrator",
            f"{ROLE}Organiser",
        ],
    )
    def test_no_other_role_brings_anything(
        self, said: str, launch: Launching, learners_welcome: AdmissionByLaunch
    ) -> None:
        AdmissionByLaunch.objects.update(facilitators=True)
        assert self.roles(launch, said) == []

    def test_an_instructor_becomes_facilitator_where_allowed(
        self, launch: Launching, learners_welcome: AdmissionByLaunch
    ) -> None:
        AdmissionByLaunch.objects.update(facilitators=True)
        assert self.roles(launch, f"{ROLE}Instructor", f"{ROLE}Learner") == [Role.FACILITATOR]

    def test_who_has_a_part_keeps_just_that(
        self, launch: Launching, learner: Person, enrolment: Enrolment, learners_welcome: AdmissionByLaunch
    ) -> None:
        AdmissionByLaunch.objects.update(facilitators=True)
        LmsAccount.objects.create(platform="moodle", subject="moodle-7", person=learner)
        Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
        launch(Client(), **{f"{CLAIM}roles": [f"{ROLE}Instructor"]})
        assert list(learner.enrolments.values_list("role", "state")) == [(Role.LEARNER, EnrolmentState.WITHDRAWN)]

    def test_the_organiser_says_so_on_the_desk(
        self, lms: Lms, organiser: Person, cohort: Cohort, open_step: Step
    ) -> None:
        client = signed_in(organiser)
        page = client.get("/cohorts/spring/desk/lms/").text
        assert "学び大学 Moodle" in page
        assert f"step={open_step.key}" in page
        client.post("/cohorts/spring/desk/lms/", {"platform": "moodle", "moodle-learners": "on"})
        rule = AdmissionByLaunch.objects.get()
        assert (rule.cohort, rule.learners, rule.facilitators) == (cohort, True, False)
        assert AuditEntry.objects.get(action="lti.rule_changed").details["learners"] is True

    @pytest.mark.parametrize("who", ["facilitator", "mentor", "learner", "outsider"])
    def test_nobody_else_does(self, who: str, lms: Lms, cohort: Cohort, request: pytest.FixtureRequest) -> None:
        client = signed_in(request.getfixturevalue(who))
        assert client.get("/cohorts/spring/desk/lms/").status_code == 404
        assert client.post("/cohorts/spring/desk/lms/", {"platform": "moodle"}).status_code == 404
        assert Client().get("/cohorts/spring/desk/lms/").url.startswith("/accounts/login/")
        assert not AdmissionByLaunch.objects.exists()


def test_who_is_erased_is_unknown_to_the_lms(launch: Launching, client: Client, learners_welcome: Any) -> None:
    launch(client)
    erase(person=Person.objects.get(email="hanako@uni.example"))
    assert not LmsAccount.objects.exists()


def test_a_stranger_may_look_at_our_key_and_configuration(client: Client, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"
    (key,) = client.get("/lti/jwks.json").json()["keys"]
    assert set(key) == {"e", "kty", "n", "kid", "alg", "use"}
    told = client.get("/lti/config.json").json()
    assert (told["oidc_initiation_url"], told["redirect_uris"]) == ("http://testserver/lti/login/", [TARGET])
    assert told["public_jwk_url"] == "http://testserver/lti/jwks.json"
