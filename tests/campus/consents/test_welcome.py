"""The welcome page: who is led there, what it asks, where it leads; nobody else has one."""

import pytest

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.consents.models import ConsentAnswer, ConsentVersion, Kind
from campus.people.models import Person, Profile
from tests.campus.cast import make_person, signed_in
from tests.campus.consents.forms import REQUIRED, answered, published

pytestmark = pytest.mark.django_db
WELCOME, COHORT = "/cohorts/spring/welcome/", "/cohorts/spring/"
FILLED = {"name_roman": "Chosen", "industry": "E", "occupation": "it", "prefecture": "13", "age_band": "20"}


def ticked(version: ConsentVersion, *keys: str) -> dict[str, object]:
    return {"version": version.pk, **dict.fromkeys(keys, "on")}


def test_who_was_chosen_is_led_to_welcome_agrees_tells_about_themselves_and_begins(
    chosen: Enrolment, version: ConsentVersion
) -> None:
    browser = signed_in(chosen.person)
    assert browser.get(COHORT).url == f"{WELCOME}?next=%2Fcohorts%2Fspring%2F"
    page = browser.get(WELCOME).content.decode()
    assert "参加が決まりました" in page
    assert page.count('type="checkbox"') == 4

    answer = browser.post(f"{WELCOME}?next={COHORT}", ticked(version, *REQUIRED))
    assert answer.url.startswith("/cohorts/spring/welcome/profile/?next=")
    asked = browser.get(answer.url).context["form"]
    assert list(asked.fields) == ["name_roman", "industry", "occupation", "prefecture", "age_band"]
    assert browser.post(answer.url, FILLED).url == COHORT
    assert browser.get(COHORT).status_code == 200
    assert Profile.objects.get().industry == "E"


def test_whose_profile_is_whole_goes_straight_on(chosen: Enrolment, version: ConsentVersion) -> None:
    Profile.objects.create(person=chosen.person, **FILLED)
    assert signed_in(chosen.person).post(WELCOME, ticked(version, *REQUIRED)).url == COHORT


def test_the_profile_can_wait(chosen: Enrolment, version: ConsentVersion) -> None:
    browser = signed_in(chosen.person)
    browser.post(WELCOME, ticked(version, *REQUIRED))
    assert browser.get(COHORT).status_code == 200


def test_a_missing_tick_says_where_and_keeps_the_others(chosen: Enrolment, version: ConsentVersion) -> None:
    answer = signed_in(chosen.person).post(WELCOME, ticked(version, Kind.TERMS, Kind.PUBLICATION))
    form = answer.context["form"]
    assert list(form.errors) == [Kind.PRIVACY, Kind.FOLLOW_UP]
    assert (form[Kind.TERMS].value(), form[Kind.PUBLICATION].value()) == (True, True)
    chosen.refresh_from_db()
    assert chosen.state == EnrolmentState.SELECTED


def test_a_text_that_was_replaced_meanwhile_is_shown_and_not_answered(
    chosen: Enrolment, version: ConsentVersion, cohort: Cohort, organiser: Person
) -> None:
    published(cohort, organiser)
    answer = signed_in(chosen.person).post(WELCOME, ticked(version, *REQUIRED))
    assert "内容が更新されました" in answer.content.decode()
    assert not ConsentAnswer.objects.exists()
    # The box for the version names the new text now.
    assert answer.context["form"]["version"].value() == answer.context["version"].pk


def test_the_answer_keeps_the_language_it_was_read_in(chosen: Enrolment, version: ConsentVersion) -> None:
    Person.objects.filter(pk=chosen.person_id).update(language="en")
    browser = signed_in(chosen.person)
    assert "Terms of participation" in browser.get(WELCOME).content.decode()
    browser.post(WELCOME, ticked(version, *REQUIRED))
    assert ConsentAnswer.objects.get().language == "en"


def test_members_are_led_to_a_newer_version_and_back_to_where_they_were(
    learner: Person, enrolment: Enrolment, version: ConsentVersion, cohort: Cohort, organiser: Person
) -> None:
    answered(enrolment, version, also=[Kind.PUBLICATION])
    browser = signed_in(learner)
    assert browser.get(COHORT).status_code == 200
    newer = published(cohort, organiser)
    led = browser.get("/cohorts/spring/board-name/?a=b")
    assert led.url == f"{WELCOME}?next=%2Fcohorts%2Fspring%2Fboard-name%2F%3Fa%3Db"
    form = browser.get(led.url).context["form"]
    # What is required is read anew; an optional yes is not asked for twice.
    assert (form[Kind.TERMS].value(), form[Kind.PUBLICATION].value()) == (False, True)
    Profile.objects.create(person=learner, **FILLED)
    assert "の同意書</h1>" in browser.get(led.url).content.decode()
    assert browser.post(led.url, ticked(newer, *REQUIRED)).url == "/cohorts/spring/board-name/?a=b"


def test_a_fragment_leads_the_whole_page(learner: Person, version: ConsentVersion) -> None:
    answer = signed_in(learner).get(COHORT, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == WELCOME


def test_what_was_being_sent_still_arrives(learner: Person, version: ConsentVersion) -> None:
    answer = signed_in(learner).post("/cohorts/spring/board-name/", {"shown": "alias"})
    assert answer.url == COHORT
    learner.enrolments.get(uses_alias=True)


def test_the_api_goes_on(learner: Person, version: ConsentVersion) -> None:
    assert signed_in(learner).get("/api/v1/cohorts/spring").status_code == 200


@pytest.mark.parametrize("who", ["organiser", "facilitator", "mentor"])
def test_who_runs_the_cohort_is_not_held_up(who: str, version: ConsentVersion, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get(COHORT).status_code == 200


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(chosen: Enrolment, version: ConsentVersion, next_: str) -> None:
    Profile.objects.create(person=chosen.person, **FILLED)
    answer = signed_in(chosen.person).post(f"{WELCOME}?next={next_}", ticked(version, *REQUIRED))
    assert answer.url == COHORT


def test_nobody_else_has_a_welcome_page(outsider: Person, version: ConsentVersion, client) -> None:
    assert client.get(WELCOME).url == f"/accounts/login/?next={WELCOME}"
    browser = signed_in(outsider)
    assert browser.get(WELCOME, follow=True).status_code == 404
    assert browser.post(WELCOME, ticked(version, *REQUIRED), follow=True).status_code == 404
    assert signed_in(make_person("Nobody")).get("/cohorts/nowhere/welcome/").status_code == 404


def test_who_only_applied_does_not_let_themselves_in(chosen: Enrolment, version: ConsentVersion) -> None:
    Enrolment.objects.filter(pk=chosen.pk).update(state=EnrolmentState.APPLIED)
    browser = signed_in(chosen.person)
    assert browser.post(WELCOME, ticked(version, *REQUIRED), follow=True).status_code == 404
    chosen.refresh_from_db()
    assert chosen.state == EnrolmentState.APPLIED


def test_the_hook_costs_one_query(learner: Person, cohort: Cohort, django_assert_num_queries) -> None:
    from campus.cohorts.rules import roles_of
    from campus.consents.entry import answer_first

    roles_of(learner, cohort)
    with django_assert_num_queries(1):
        assert answer_first(learner, cohort) is None


class TestOwnConsents:
    def test_one_takes_an_optional_consent_back(self, chosen: Enrolment, version: ConsentVersion) -> None:
        answered(chosen, version, also=[Kind.PUBLICATION])
        browser = signed_in(chosen.person)
        page = browser.get("/account/consents/").content.decode()
        assert page.count("同意を取り消す") == 1
        answer, optional = ConsentAnswer.objects.get(), version.items.get(kind=Kind.PUBLICATION)
        browser.post(f"/account/consents/{answer.pk}/{optional.pk}/", {"wish": "withdraw"})
        assert "に取り消し" in browser.get("/account/consents/").content.decode()

    def test_nobody_changes_anothers(self, chosen: Enrolment, version: ConsentVersion, outsider: Person) -> None:
        answered(chosen, version, also=[Kind.PUBLICATION])
        answer, optional = ConsentAnswer.objects.get(), version.items.get(kind=Kind.PUBLICATION)
        address = f"/account/consents/{answer.pk}/{optional.pk}/"
        assert signed_in(outsider).post(address, {"wish": "withdraw"}).status_code == 404
        assert answer.consents.in_force().filter(item=optional).exists()
        assert "参加規約" not in signed_in(outsider).get("/account/consents/").content.decode()

    @pytest.mark.parametrize(
        ("state", "is_led"),
        [
            (EnrolmentState.ACTIVE, True),
            (EnrolmentState.PAUSED, True),
            (EnrolmentState.COMPLETED, False),
            (EnrolmentState.WITHDRAWN, False),
        ],
    )
    def test_who_can_leave_is_led_to_where_required_consents_end(
        self, chosen: Enrolment, version: ConsentVersion, state: EnrolmentState, is_led: bool
    ) -> None:
        answered(chosen, version)
        Enrolment.objects.filter(pk=chosen.pk).update(state=state)
        page = signed_in(chosen.person).get("/account/consents/").text
        assert ("/cohorts/spring/taking-part/" in page) is is_led
        assert ("事務局に" in page) is (state == EnrolmentState.COMPLETED)
