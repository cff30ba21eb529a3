"""Writing at the desk, and reading what one got."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from campus.announcements.actions import send, write
from campus.announcements.models import Announcement, State
from campus.announcements.preview import in_language
from campus.announcements.queries import people_met
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.notices import postage
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from tests.campus.announcements.conftest import text
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/announcements/"
FILLED: dict[str, Any] = {
    "title_ja": "勉強会について",
    "body_ja": "来週です。",
    "roles": ["learner"],
    "by_mail": "on",
}


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_organiser_writes_checks_and_sends(cohort: Cohort, organiser: Person, learner: Person, mate: Person) -> None:
    client = signed_in(organiser)
    answer = client.post(f"{DESK}new/", FILLED)
    announcement = Announcement.objects.get()
    assert answer["Location"] == f"{DESK}{announcement.pk}/"
    review = page(client, answer["Location"])
    assert "今送ると2人に届きます" in review
    assert "英語の文面がありません" in review
    assert "Hanako" in page(client, f"{DESK}{announcement.pk}/audience/")

    client.post(f"{DESK}{announcement.pk}/send/")
    assert Mail.objects.count() == 2
    assert "送信待ち" in page(client, f"{DESK}{announcement.pk}/recipients/")
    assert "勉強会について" in page(client, DESK)


def test_a_mistake_is_named_and_nothing_typed_is_lost(cohort: Cohort, organiser: Person) -> None:
    answer = signed_in(organiser).post(f"{DESK}new/", FILLED | {"title_ja": ""})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "来週です。" in body
    assert "error-summary" in body
    assert not Announcement.objects.exists()


def test_it_is_scheduled_in_the_authors_time_and_never_for_the_past(
    announcement: Announcement, organiser: Person
) -> None:
    client, path = signed_in(organiser), f"{DESK}{announcement.pk}/schedule/"
    assert "この時刻は過ぎています" in client.post(path, {"send_at": "2020-01-01T09:00"}).content.decode()

    tomorrow = timezone.localtime() + timedelta(days=1)
    client.post(path, {"send_at": f"{tomorrow:%Y-%m-%d}T09:00"})
    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED
    assert announcement.send_at is not None
    assert announcement.send_at.astimezone(tomorrow.tzinfo).hour == 9


def test_what_has_been_sent_says_so_instead_of_changing(announcement: Announcement, organiser: Person) -> None:
    client = signed_in(organiser)
    send(announcement, actor=organiser)
    for action in ("send/", "cancel/", "edit/"):
        answer = client.post(f"{DESK}{announcement.pk}/{action}", FILLED, follow=True)
        assert "変更できません" in answer.content.decode()
    assert Mail.objects.count() == 2


def test_a_facilitator_chooses_among_her_own_classes_only(
    cohort: Cohort, facilitator: Person, study_class: StudyClass, other_class: StudyClass, learner: Person
) -> None:
    client = signed_in(facilitator)
    form = page(client, f"{DESK}new/")
    assert f'name="classes" value="{study_class.pk}"' in form
    assert f'name="classes" value="{other_class.pk}"' not in form
    assert 'name="roles"' not in form
    assert 'name="is_important"' not in form

    assert client.post(f"{DESK}new/", FILLED | {"classes": [other_class.pk]}).status_code == 200
    client.post(f"{DESK}new/", FILLED | {"roles": ["organiser"], "is_important": "on"})
    written = Announcement.objects.get()
    assert (written.roles, written.is_important) == ([Role.LEARNER], False)


WRITE_TO = "/cohorts/spring/desk/people/write/"


def test_those_ticked_in_a_list_get_it_and_nobody_else(
    cohort: Cohort, organiser: Person, enrolment: Enrolment, mate: Person, mentor: Person
) -> None:
    paused = enrol(make_person("Shiro"), cohort, state=EnrolmentState.PAUSED)
    client = signed_in(organiser)
    form = client.post(WRITE_TO, {"selected": [enrolment.pk, paused.pk]})
    chosen = f"{enrolment.pk},{paused.pk}"
    assert f'<option value="{chosen}" selected>一覧で選んだ2人</option>' in form.text
    client.post(f"{DESK}new/", FILLED | {"criterion_chosen": chosen})
    announcement = Announcement.objects.get()
    assert [one.name for one in people_met(announcement)] == ["Hanako", "Shiro"]
    assert "一覧で選んだ2人" in page(client, f"{DESK}{announcement.pk}/")


def test_all_that_a_filter_leaves_can_be_written_to(
    organiser: Person, learner: Person, mate: Person, mentor: Person
) -> None:
    sent = {"everybody": "1", "filter": "role=mentor"}
    form = signed_in(organiser).post(WRITE_TO, sent).context["form"]
    assert form.initial["roles"] == ["mentor"]
    assert "1人" in signed_in(organiser).post(WRITE_TO, sent).text


def test_a_facilitator_can_not_choose_a_learner_of_another_class(
    cohort: Cohort, facilitator: Person, enrolment: Enrolment, stranger: Enrolment
) -> None:
    client = signed_in(facilitator)
    form = client.get(WRITE_TO, {"selected": [enrolment.pk, stranger.pk]}).context["form"]
    assert form.initial["criterion_chosen"] == str(enrolment.pk)
    client.post(f"{DESK}new/", FILLED | {"criterion_chosen": f"{enrolment.pk},{stranger.pk}"})
    assert [one.name for one in people_met(Announcement.objects.get())] == ["Hanako"]


def test_who_may_not_write_can_not_choose_either(
    learner: Person, mentor: Person, outsider: Person, enrolment: Enrolment
) -> None:
    for person in (learner, mentor, outsider):
        assert signed_in(person).post(WRITE_TO, {"selected": [enrolment.pk]}).status_code == 404


@pytest.mark.parametrize("who", ["mentor", "learner", "outsider"])
def test_the_desk_does_not_exist_for_others(
    request: pytest.FixtureRequest, announcement: Announcement, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for path in ("", "new/", *(f"{announcement.pk}/{end}" for end in ("", "edit/", "audience/", "recipients/"))):
        assert client.get(f"{DESK}{path}").status_code == 404, path
    for path in ("send/", "cancel/", "schedule/", "mails/"):
        assert client.post(f"{DESK}{announcement.pk}/{path}").status_code == 404, path
    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT


def test_a_facilitator_does_not_see_what_others_wrote(announcement: Announcement, facilitator: Person) -> None:
    client = signed_in(facilitator)
    assert "締切のお知らせ" not in page(client, DESK)
    assert client.get(f"{DESK}{announcement.pk}/recipients/").status_code == 404
    assert client.post(f"{DESK}{announcement.pk}/send/").status_code == 404


def test_an_organiser_of_another_cohort_sees_nothing(announcement: Announcement, other_cohort: Cohort) -> None:
    person = make_person("Elsewhere")
    enrol(person, other_cohort, Role.ORGANISER)
    client = signed_in(person)
    assert client.get(f"{DESK}{announcement.pk}/").status_code == 404
    assert client.get(f"/cohorts/autumn/desk/announcements/{announcement.pk}/").status_code == 404


def test_strangers_are_sent_to_sign_in(announcement: Announcement) -> None:
    for path in (DESK, f"{DESK}{announcement.pk}/", f"/cohorts/spring/announcements/{announcement.pk}/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_learners_find_it_at_home_on_the_cohorts_page_and_read_it(
    announcement: Announcement, organiser: Person, learner: Person
) -> None:
    client, path = signed_in(learner), f"/cohorts/spring/announcements/{announcement.pk}/"
    assert client.get(path).status_code == 404  # Not sent yet.
    send(announcement, actor=organiser)

    for place in ("/", "/cohorts/spring/", "/cohorts/spring/announcements/"):
        assert f'<a href="{path}">締切のお知らせ</a>' in page(client, place)
    assert "<strong>金曜日</strong>が締切です。" in page(client, path)
    assert not Notice.objects.unread().filter(person=learner).exists()


def test_whoever_did_not_get_it_can_not_read_it(
    from_facilitator: Announcement, facilitator: Person, stranger: Enrolment, outsider: Person, mentor: Person
) -> None:
    send(from_facilitator, actor=facilitator)
    for person in (stranger.person, outsider, mentor):
        client = signed_in(person)
        assert client.get(f"/cohorts/spring/announcements/{from_facilitator.pk}/").status_code == 404
        assert "締切のお知らせ" not in client.get("/").content.decode()


def test_without_english_readers_of_english_get_the_japanese_and_are_told_so(
    cohort: Cohort, organiser: Person, learner: Person
) -> None:
    learner.language = "en"
    learner.save()
    announcement = write(cohort=cohort, author=organiser, text=text(title_en="", body_en=""))
    send(announcement, actor=organiser)
    body = page(signed_in(learner), f"/cohorts/spring/announcements/{announcement.pk}/")
    assert "There is no English text" in body
    assert "締切のお知らせ" in body


def test_the_mail_says_the_same_in_text_and_html(
    announcement: Announcement, organiser: Person, settings: Any, tmp_path: Any
) -> None:
    settings.MAIL_FOLDER = tmp_path
    send(announcement, actor=organiser)
    postage.deliver()
    assert {mail.state for mail in Mail.objects.all()} == {"sent"}

    japanese, english = in_language(announcement, "ja"), in_language(announcement, "en")
    assert (japanese.subject, english.subject) == ("締切のお知らせ", "About the deadline")
    assert f"金曜日が締切です。教材 ({settings.SITE_URL}/cohorts/spring/)" in japanese.mail
    assert "on Friday." in english.mail
    assert english.mail.startswith("Dear Osamu,")


def test_markup_in_a_text_stays_text(cohort: Cohort, organiser: Person, learner: Person) -> None:
    evil = text(title_ja="<script>1</script>", body_ja="<img src=x onerror=1>")
    announcement = write(cohort=cohort, author=organiser, text=evil)
    send(announcement, actor=organiser)
    for path in (f"{DESK}{announcement.pk}/", f"/cohorts/spring/announcements/{announcement.pk}/", "/notices/"):
        body = page(signed_in(organiser if "desk" in path else learner), path)
        assert "<script>1" not in body
        assert "<img" not in body


def test_recipients_can_be_filtered_and_downloaded(
    announcement: Announcement, organiser: Person, learner: Person
) -> None:
    send(announcement, actor=organiser)
    Mail.objects.filter(person=learner).update(state="bounced", problem="550 5.1.1")
    client, path = signed_in(organiser), f"{DESK}{announcement.pk}/recipients/"
    bounced = page(client, f"{path}?mail=bounced")
    assert "Hanako" in bounced
    assert "Taro" not in bounced

    answer = client.get(f"{path}?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[:4] for row in rows[1:]] == [
        ("Hanako", "サイト内とメール", "不達", "550 5.1.1"),
        ("Taro", "サイト内とメール", "送信待ち", None),
    ]


@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/audience/", "{pk}/recipients/"])
def test_pages_ask_the_database_little(
    announcement: Announcement, organiser: Person, cohort: Cohort, django_assert_max_num_queries: Any, path: str
) -> None:
    for number in range(60):
        enrol(make_person(f"P{number}"), cohort)
    send(announcement, actor=organiser)
    client = signed_in(organiser)
    with django_assert_max_num_queries(24):
        client.get(DESK + path.format(pk=announcement.pk))
