"""The organisers' pages about applications, and that nobody else finds them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort, Role
from campus.intake.applications.selection import decide
from campus.intake.models import Admission, Application, Decision
from campus.people.codes import Occupation
from campus.people.models import Person, Profile
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.intake.conftest import Apply, close

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/"
LIST, BULK = f"{DESK}applicants/", f"{DESK}applicants/decide/"


@pytest.fixture
def client(organiser: Person) -> Client:
    return signed_in(organiser)


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{LIST}?{query}")
    return [row.enrolment.person.name for row in page.context["listing"].page]


def digest(page: str) -> dict[str, str]:
    """What the preview's form sends besides the choice."""
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("digest", "shown_at")}


def test_the_page_of_an_applicant_says_whose_answers_these_are(client: Client, applies: Apply) -> None:
    page = client.get(f"{LIST}{applies('Aoi').pk}/").text
    assert "Aoi wants to learn" in page
    assert "Aoiさんの回答" in page


def test_a_call_is_set_up_on_the_desk(client: Client, cohort: Cohort) -> None:
    assert "応募ページができます" in client.get(f"{DESK}admission/").text
    assert client.get(LIST)["Location"] == f"{DESK}admission/"
    sent = {
        "description_ja": "2か月です。",
        "opens_at": "2031-04-01T10:00",
        "closes_at": "2031-04-30T17:00",
        "announces_at": "2031-05-15T12:00",
        "capacity": "100",
    }
    assert client.post(f"{DESK}admission/", sent).status_code == 302
    admission = cohort.admission
    assert admission.opens_at.isoformat() == "2031-04-01T01:00:00+00:00"
    assert (admission.capacity, admission.state) == (100, "planned")
    assert "2031-04-30T17:00" in client.get(f"{DESK}admission/").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"closes_at": "2031-03-01T17:00"}, "受付開始より後"),
        ({"announces_at": "2031-04-02T17:00"}, "締切より後"),
        ({"description_ja": ""}, "入力"),
        ({"capacity": "-3"}, "0"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_nothing_is_lost(
    wrong: dict[str, str], words: str, client: Client, cohort: Cohort
) -> None:
    sent = {"description_ja": "2か月です。", "opens_at": "2031-04-01T10:00", "closes_at": "2031-04-30T17:00"} | wrong
    page = client.post(f"{DESK}admission/", sent)
    assert page.status_code == 422
    assert words in page.text
    assert "2031-04-01T10:00" in page.text
    assert not Admission.objects.exists()


def test_the_list_narrows_by_answer_profile_score_and_decision(
    client: Client, applies: Apply, organiser: Person
) -> None:
    aoi = applies("Aoi", work="office", median="two")
    applies("Beni", work="school", median="three")
    chika = applies("Chika", work="office")
    Profile.objects.create(person=chika.enrolment.person, occupation=Occupation.SALES)
    decide(application=aoi, decision=Decision.SELECTED, revision=aoi.revision, actor=organiser)
    assert names(client) == ["Aoi", "Beni", "Chika"]
    assert names(client, "answer-work=office") == ["Aoi", "Chika"]
    assert names(client, "answer-work=office&occupation=sales") == ["Chika"]
    assert names(client, "score_from=1") == ["Aoi"]
    assert names(client, "score_to=0") == ["Beni"]
    assert names(client, "decision=selected") == names(client, "decision=untold") == ["Aoi"]
    assert names(client, "decision=undecided&search=chika@") == ["Chika"]
    assert names(client, "sort=score") == ["Beni", "Aoi", "Chika"]


def test_the_file_holds_answers_and_profile(client: Client, applies: Apply) -> None:
    applies("Aoi")
    header, row = client.get(f"{LIST}?export=csv").content.decode("utf-8-sig").splitlines()
    assert "応募の動機" in header
    assert "メールアドレス" in header
    assert "Aoi wants to learn" in row
    assert "aoi@example.org" in row


def test_the_audit_log_says_decisions_and_changed_fields_in_words(client: Client, applies: Apply) -> None:
    aoi = applies("Aoi")
    client.post(f"{LIST}{aoi.pk}/decide/", {"decision": "waitlisted", "revision": aoi.revision})
    text = client.get("/cohorts/spring/desk/audit/").text
    assert "補欠" in text
    assert "waitlisted" not in text


def test_one_applicant_with_answers_note_and_decision(client: Client, applies: Apply) -> None:
    aoi = applies("Aoi", median="two")
    page = client.get(f"{LIST}{aoi.pk}/")
    assert "Aoi wants to learn" in page.text
    assert "10 / 10" in page.text
    assert "メモを保存しました" in client.post(f"{LIST}{aoi.pk}/note/", {"note": "SQL"}, follow=True).text
    sent = {"decision": "selected", "revision": aoi.revision}
    assert "選考結果を保存しました" in client.post(f"{LIST}{aoi.pk}/decide/", sent, follow=True).text
    aoi.refresh_from_db()
    assert (aoi.note, aoi.decision) == ("SQL", Decision.SELECTED)


def test_who_decides_second_sees_what_the_first_decided(client: Client, applies: Apply, cohort: Cohort) -> None:
    aoi = applies("Aoi")
    other = make_person("Otsubo")
    enrol(other, cohort, Role.ORGANISER)
    sent = {"revision": aoi.revision, "decision": "declined"}
    signed_in(other).post(f"{LIST}{aoi.pk}/decide/", sent)
    page = client.post(f"{LIST}{aoi.pk}/decide/", sent | {"decision": "selected"})
    assert page.status_code == 409
    assert "現在：見送り（Otsubo" in page.text
    aoi.refresh_from_db()
    assert aoi.decision == Decision.DECLINED


def test_several_are_decided_about_after_a_preview(client: Client, applies: Apply) -> None:
    aoi, _, chika = applies("Aoi"), applies("Beni"), applies("Chika")
    sent = {"decision": "selected", "scope": "checked", "query": "", "selected": [aoi.pk, chika.pk]}
    preview = client.post(BULK, sent)
    assert "2人が「選考通過」になります" in preview.text
    assert not Application.objects.filter(decision=Decision.SELECTED).exists()
    done = client.post(BULK, sent | digest(preview.text), follow=True)
    assert "2件の選考結果を保存しました" in done.text
    assert set(Application.objects.filter(decision=Decision.SELECTED)) == {aoi, chika}


def test_the_preview_warns_of_more_people_than_places(client: Client, applies: Apply) -> None:
    people = [applies(name) for name in ("Aoi", "Beni", "Chika")]  # for two places
    sent = {"decision": "selected", "scope": "checked", "query": ""}
    warning = "定員2人に対して3人です"
    assert warning not in client.post(BULK, sent | {"selected": [one.pk for one in people[:2]]}).text
    assert warning in client.post(BULK, sent | {"selected": [one.pk for one in people]}).text
    assert warning not in client.post(BULK, sent | {"decision": "declined", "selected": [people[0].pk]}).text


def test_all_that_the_filters_leave_are_decided_about(client: Client, applies: Apply) -> None:
    for number in range(60):
        applies(f"P{number}", work="office" if number % 2 else "school")
    sent = {"decision": "declined", "scope": "all", "query": "answer-work=school"}
    preview = client.post(BULK, sent)
    assert "30人が「見送り」になります" in preview.text
    client.post(BULK, sent | digest(preview.text))
    assert Application.objects.filter(decision=Decision.DECLINED).count() == 30


def test_what_changed_since_the_preview_is_said_and_nothing_is_done(
    client: Client, applies: Apply, cohort: Cohort
) -> None:
    aoi, beni = applies("Aoi"), applies("Beni")
    other = make_person("Otsubo")
    sent = {"decision": "selected", "scope": "checked", "query": "", "selected": [aoi.pk, beni.pk]}
    preview = client.post(BULK, sent)
    decide(application=aoi, decision=Decision.WAITLISTED, revision=aoi.revision, actor=other)
    again = client.post(BULK, sent | digest(preview.text))
    assert again.status_code == 409
    assert "Aoi：補欠（Otsubo" in again.text
    assert not Application.objects.filter(decision=Decision.SELECTED).exists()
    client.post(BULK, sent | digest(again.text))
    assert Application.objects.filter(decision=Decision.SELECTED).count() == 2


def test_choosing_nobody_is_told(client: Client, applies: Apply) -> None:
    applies("Aoi")
    page = client.post(BULK, {"decision": "selected", "scope": "checked", "query": ""}, follow=True)
    assert "対象者が選ばれていません" in page.text


def test_announcing_and_moving_up(client: Client, applies: Apply, admission: Admission) -> None:
    applications = [applies(name) for name in ("Aoi", "Beni")]
    for one, decision in zip(applications, ("selected", "waitlisted"), strict=True):
        client.post(f"{LIST}{one.pk}/decide/", {"decision": decision, "revision": one.revision})
    close(admission)
    assert "未発表の結果が2人分あります" in client.get(LIST).text
    assert "2人に結果を知らせます" in client.get(f"{LIST}announcement/").text
    assert "2人に結果を知らせました" in client.post(f"{LIST}announcement/", follow=True).text
    assert "発表するものはありません" in client.get(f"{LIST}announcement/").text
    assert "Beni" in client.get(f"{LIST}waitlist/").text
    assert "1人が繰り上がりました" in client.post(f"{LIST}waitlist/", {"count": 1}, follow=True).text
    assert client.post(f"{LIST}waitlist/", {"count": 5}).status_code == 409


def test_the_waitlist_keeps_everybodys_place_when_it_is_narrowed_and_is_a_file(
    client: Client, applies: Apply, organiser: Person
) -> None:
    for name in ("Aoi", "Beni", "Chika"):
        one = applies(name)
        decide(application=one, decision=Decision.WAITLISTED, revision=one.revision, actor=organiser)
    file = client.get(f"{LIST}waitlist/?words=beni&export=csv").content.decode("utf-8-sig")
    heading, *rows = [line.split(",") for line in file.splitlines()]
    assert heading[:2] == ["氏名", "順番"]
    assert [row[:2] for row in rows] == [["Beni", "2"]]
    assert len(client.get(f"{LIST}waitlist/").context["listing"].page) == 3


ADDRESSES = ["admission/", "applicants/", "applicants/announcement/", "applicants/waitlist/", "applicants/{pk}/"]
SENT = ["admission/", "applicants/decide/", "applicants/announcement/", "applicants/waitlist/"]


@pytest.mark.parametrize("who", ["facilitator", "mentor", "learner", "outsider"])
def test_nobody_else_sees_or_decides(who: str, applies: Apply, request: pytest.FixtureRequest) -> None:
    aoi = applies("Aoi")
    client = signed_in(request.getfixturevalue(who))
    for address in ADDRESSES:
        assert client.get(DESK + address.format(pk=aoi.pk)).status_code == 404
    for address in [*SENT, f"applicants/{aoi.pk}/decide/", f"applicants/{aoi.pk}/note/"]:
        assert client.post(DESK + address, {"decision": "selected", "revision": 1, "note": "x"}).status_code == 404
    aoi.refresh_from_db()
    assert (aoi.decision, aoi.note) == (Decision.UNDECIDED, "")


def test_an_applicant_sees_none_of_it(applies: Apply) -> None:
    aoi = applies("Aoi")
    client = signed_in(aoi.enrolment.person)
    for address in ADDRESSES:
        assert client.get(DESK + address.format(pk=aoi.pk)).status_code == 404


def test_an_organiser_of_another_cohort_finds_no_applicant(applies: Apply, other_cohort: Cohort) -> None:
    aoi = applies("Aoi")
    other = make_person("Other")
    enrol(other, other_cohort, Role.ORGANISER)
    now = timezone.now()
    Admission.objects.create(cohort=other_cohort, description_ja="x", opens_at=now, closes_at=now + timedelta(days=1))
    client = signed_in(other)
    assert client.get(f"/cohorts/autumn/desk/applicants/{aoi.pk}/").status_code == 404
    sent = {"decision": "selected", "scope": "checked", "query": "", "selected": [aoi.pk]}
    assert "対象者が選ばれていません" in client.post("/cohorts/autumn/desk/applicants/decide/", sent, follow=True).text


def test_anonymous_people_are_asked_to_sign_in(applies: Apply) -> None:
    aoi = applies("Aoi")
    for address in ADDRESSES:
        assert Client().get(DESK + address.format(pk=aoi.pk))["Location"].startswith("/accounts/login/")


def test_pages_ask_the_database_little_whatever_the_size(
    client: Client, applies: Apply, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        applies(f"P{number}", median="two")
    sent = {"decision": "selected", "scope": "all", "query": ""}
    with django_assert_max_num_queries(25):
        client.get(LIST)
    with django_assert_max_num_queries(25):
        preview = client.post(BULK, sent)
    with django_assert_max_num_queries(30):
        client.post(BULK, sent | digest(preview.text))
    with django_assert_max_num_queries(30):
        client.post(f"{LIST}announcement/")
