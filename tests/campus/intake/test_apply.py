"""The application page: open to everybody, saved as typed, and each applicant sees only their own state."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.intake.applications.actions import apply, set_admission, withdraw_application
from campus.intake.applications.selection import announce, decide
from campus.intake.models import Admission, Application, Decision
from campus.intake.refusals import AlreadyIn, AskOrganiser, CannotWithdraw, NotOpen
from campus.notices.models import Mail
from campus.people.models import Person
from campus.questionnaires.models import Questionnaire, Response
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.intake.conftest import Apply, close, fill_in

pytestmark = pytest.mark.django_db
PAGE = "/apply/spring/"
ANSWERS = {"motivation": "学びたい", "work": "office", "do": "submit"}


@pytest.fixture
def aoi(db: None) -> Person:
    return make_person("Aoi")


def mails(person: Person) -> list[str]:
    return list(Mail.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_everybody_reads_what_it_is_and_is_led_back_after_signing_in(admission: Admission, client: Client) -> None:
    page = client.get(PAGE)
    assert "データとAIを学び合う2か月です。" in page.text
    assert "/accounts/signup/?next=/apply/spring/" in page.text
    assert "/accounts/login/?next=/apply/spring/" in page.text
    assert client.get("/apply/nowhere/").status_code == 404


def test_signing_in_leads_back_to_the_application_page(admission: Admission, aoi: Person, client: Client) -> None:
    credentials = {"login": aoi.email, "password": "correct-horse-battery", "next": PAGE}
    assert client.post("/accounts/login/", credentials)["Location"] == PAGE


def test_a_cohort_without_a_call_has_no_page(cohort: Cohort, client: Client) -> None:
    assert client.get(PAGE).status_code == 404


def test_submitting_the_form_is_applying(admission: Admission, cohort: Cohort, aoi: Person) -> None:
    client = signed_in(aoi)
    page = client.post(PAGE, ANSWERS, follow=True)
    assert "応募を受け付けました" in page.text
    assert "受付済み" in page.text
    enrolment = aoi.enrolments.get()
    assert (enrolment.cohort, enrolment.role, enrolment.state) == (cohort, Role.LEARNER, EnrolmentState.APPLIED)
    assert mails(aoi) == ["intake.application_received"]


def test_a_second_click_applies_once(admission: Admission, aoi: Person) -> None:
    client = signed_in(aoi)
    for _ in range(2):
        assert client.post(PAGE, ANSWERS).status_code == 302
    assert Application.objects.count() == 1
    assert mails(aoi) == ["intake.application_received"]


def test_what_is_typed_is_kept_without_applying(admission: Admission, aoi: Person) -> None:
    client = signed_in(aoi)
    client.post(PAGE, {"motivation": "途中", "do": "save"})
    page = client.get(PAGE)
    assert "途中" in page.text
    assert not Application.objects.exists()


def test_an_incomplete_form_is_refused_and_nothing_typed_is_lost(admission: Admission, aoi: Person) -> None:
    client = signed_in(aoi)
    answer = client.post(PAGE, {"work": "school", "motivation": "", "do": "submit"})
    assert answer.status_code == 422
    assert 'value="school"' in answer.text
    assert not Application.objects.exists()
    assert Response.objects.get(person=aoi).draft["work"] == ["school"]


def test_a_form_submitted_elsewhere_needs_one_more_click(
    admission: Admission, form: Questionnaire, aoi: Person
) -> None:
    fill_in(form, aoi, motivation="学びたい")
    client = signed_in(aoi)
    assert 'value="apply"' in client.get(PAGE).text
    client.post(PAGE, {"do": "apply"})
    assert Application.objects.get().enrolment.person == aoi


def test_after_the_deadline_nobody_can_apply(admission: Admission, aoi: Person) -> None:
    close(admission)
    client = signed_in(aoi)
    assert "応募は締め切りました" in client.get(PAGE).text
    refused = client.post(PAGE, ANSWERS)
    assert refused.status_code == 409
    assert "現在は応募を受け付けていません" in refused.text
    assert not Application.objects.exists()


def test_before_the_opening_the_page_says_from_when(admission: Admission, aoi: Person) -> None:
    Admission.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert "応募の受付は" in signed_in(aoi).get(PAGE).text
    with pytest.raises(NotOpen):
        apply(admission=Admission.objects.get(), person=aoi)


def test_the_result_is_never_seen_before_it_is_announced(
    admission: Admission, cohort: Cohort, applies: Apply, organiser: Person
) -> None:
    application = applies("Aoi")
    client = signed_in(application.enrolment.person)
    before = client.get(PAGE).content
    decide(application=application, decision=Decision.SELECTED, revision=application.revision, actor=organiser)
    assert without_token(client.get(PAGE).content) == without_token(before)
    assert client.get("/").text.count("選考通過") == 0
    close(admission)
    assert "選考中" in client.get(PAGE).text
    announce(cohort=cohort, actor=organiser)
    assert "選考を通過しました" in client.get(PAGE).text


@pytest.mark.parametrize(("decision", "is_offered"), [(Decision.WAITLISTED, True), (Decision.DECLINED, False)])
def test_only_who_still_hopes_is_offered_to_withdraw(
    admission: Admission, applies: Apply, decision: Decision, is_offered: bool
) -> None:
    application = applies("Aoi")
    close(admission)
    Application.objects.update(decision=decision, announced=decision)
    page = signed_in(application.enrolment.person).get(PAGE).text
    assert (f"{PAGE}withdraw/" in page) is is_offered


def test_the_page_names_the_day_of_the_announcement_until_results_are_out(
    admission: Admission, cohort: Cohort, applies: Apply, organiser: Person
) -> None:
    Admission.objects.filter(pk=admission.pk).update(announces_at=in_zone(2031, 5, 15))
    client = signed_in(applies("Aoi").enrolment.person)
    assert client.get(PAGE).text.count("2031年5月15日") == 2
    announce(cohort=cohort, actor=organiser)
    Admission.objects.filter(pk=admission.pk).update(announced_at=in_zone(2026, 4, 3))
    page = client.get(PAGE).text
    assert ("2031年5月15日" in page, "2026年4月3日" in page) == (False, True)


def in_zone(*day: int) -> datetime:
    return datetime(*day, 12, tzinfo=ZoneInfo("Asia/Tokyo"))  # type: ignore[misc,arg-type]


def without_token(page: bytes) -> list[bytes]:
    """The page without what differs from request to request."""
    own = (b"csrf", b'name="_page"')
    return [line for line in page.splitlines() if not any(word in line.lower() for word in own)]


def test_an_applicant_withdraws_and_may_apply_again_until_the_deadline(
    admission: Admission, applies: Apply, cohort: Cohort
) -> None:
    application = applies("Aoi")
    person = application.enrolment.person
    client = signed_in(person)
    assert "確認のチェック" in client.post(f"{PAGE}withdraw/", follow=True).text
    page = client.post(f"{PAGE}withdraw/", {"sure": "1"}, follow=True)
    assert "応募は取り下げられています" in page.text
    assert person.enrolments.get().state == EnrolmentState.WITHDRAWN

    client.post(PAGE, {"do": "apply"})
    application.refresh_from_db()
    assert (application.withdrawn_at, application.times_submitted) == (None, 2)
    assert person.enrolments.get().state == EnrolmentState.APPLIED
    assert mails(person) == [
        "intake.application_received",
        "intake.application_withdrawn",
        "intake.application_received",
    ]


def test_who_takes_part_already_cannot_withdraw_here(applies: Apply) -> None:
    application = applies("Aoi")
    Enrolment.objects.filter(pk=application.enrolment_id).update(state=EnrolmentState.ACTIVE)
    with pytest.raises(CannotWithdraw):
        withdraw_application(application=application)


@pytest.mark.parametrize(
    ("state", "is_led"),
    [
        (EnrolmentState.SELECTED, False),
        (EnrolmentState.ACTIVE, True),
        (EnrolmentState.PAUSED, True),
        (EnrolmentState.COMPLETED, False),
    ],
)
def test_who_has_begun_is_led_to_where_they_can_leave(
    admission: Admission, applies: Apply, state: EnrolmentState, is_led: bool
) -> None:
    application = applies("Aoi")
    Application.objects.update(decision=Decision.SELECTED, announced=Decision.SELECTED)
    Enrolment.objects.filter(pk=application.enrolment_id).update(state=state)
    client = signed_in(application.enrolment.person)
    assert ("/cohorts/spring/taking-part/" in client.get(PAGE).text) is is_led
    if is_led:
        refused = client.post(f"{PAGE}withdraw/", {"sure": "1"}, follow=True).text
        assert "「開催期への参加状況」" in refused
        assert client.get("/cohorts/spring/taking-part/").status_code == 200


@pytest.mark.parametrize(
    ("state", "refusal", "told"),
    [
        (EnrolmentState.ACTIVE, AlreadyIn, "すでにこの開催期に登録されています"),
        (EnrolmentState.WITHDRAWN, AskOrganiser, "事務局にお問い合わせください"),
    ],
)
def test_learners_and_those_taken_out_do_not_apply(
    state: EnrolmentState, refusal: type[Exception], told: str, admission: Admission, cohort: Cohort, aoi: Person
) -> None:
    enrol(aoi, cohort, state=state)
    with pytest.raises(refusal):
        apply(admission=admission, person=aoi)
    assert told in signed_in(aoi).get(PAGE).text
    assert aoi.enrolments.get().state == state


def test_a_mentor_of_the_cohort_may_apply_as_a_learner(admission: Admission, mentor: Person) -> None:
    signed_in(mentor).post(PAGE, ANSWERS)
    assert set(mentor.enrolments.values_list("role", flat=True)) == {Role.MENTOR, Role.LEARNER}


def test_applicants_see_only_their_own(admission: Admission, applies: Apply, aoi: Person) -> None:
    applies("Beni")
    page = signed_in(aoi).get(PAGE)
    assert "Beni" not in page.text
    assert signed_in(aoi).post(f"{PAGE}withdraw/", {"sure": "1"}).status_code == 404


@pytest.mark.parametrize("address", [f"{PAGE}withdraw/", f"{PAGE}check/"])
def test_anonymous_people_sign_in_first(address: str, admission: Admission, check: Questionnaire) -> None:
    answer = Client().post(address, {"sure": "1"})
    assert answer["Location"].startswith("/accounts/login/")


def test_the_prerequisite_check_is_taken_on_a_page_of_its_own(
    admission: Admission, check: Questionnaire, applies: Apply
) -> None:
    person = applies("Aoi").enrolment.person
    client = signed_in(person)
    assert f"{PAGE}check/" in client.get(PAGE).text
    assert client.post(f"{PAGE}check/", {"median": "two", "do": "submit"})["Location"] == PAGE
    assert check.responses.get(person=person).answer_sets.get().score == 10


def test_the_forms_are_open_as_long_as_the_call(
    admission: Admission, form: Questionnaire, cohort: Cohort, organiser: Person
) -> None:
    later = admission.closes_at + timedelta(days=3)
    set_admission(cohort=cohort, actor=organiser, closes_at=later)
    form.refresh_from_db()
    assert (form.opens_at, form.closes_at) == (admission.opens_at, later)


def test_the_page_asks_the_database_little(
    admission: Admission, applies: Apply, check: Questionnaire, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(applies("Aoi").enrolment.person)
    with django_assert_max_num_queries(22):
        client.get(PAGE)
