"""Quiet hours: by the reader's clock, also past midnight; nothing urgent waits."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campus.notices.actions import keep_quiet, notify
from campus.notices.models import Mail, QuietHours
from campus.people.models import Person
from tests.campus.cast import signed_in

TOKYO = ZoneInfo("Asia/Tokyo")
PAGE = "/notices/settings/"


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("begins", "ends", "at", "until"),
    [
        (time(22), time(7), tokyo(10, 23), tokyo(11, 7)),
        (time(22), time(7), tokyo(11, 3), tokyo(11, 7)),
        (time(22), time(7), tokyo(10, 22), tokyo(11, 7)),
        (time(22), time(7), tokyo(11, 7), None),
        (time(22), time(7), tokyo(10, 12), None),
        (time(12), time(13), tokyo(10, 12, 30), tokyo(10, 13)),
        (time(12), time(13), tokyo(10, 13), None),
    ],
)
def test_quiet_ends_by_the_readers_clock(begins: time, ends: time, at: datetime, until: datetime | None) -> None:
    assert QuietHours(begins=begins, ends=ends).end_after(at.astimezone(UTC), TOKYO) == until


@pytest.mark.django_db
class TestMails:
    def around_now(self, person: Person) -> datetime:
        """Quiet hours of the person that reign now; gives their end."""
        local = timezone.now().astimezone(ZoneInfo(person.time_zone))
        begins, ends = local - timedelta(hours=1), local + timedelta(hours=2)
        keep_quiet(person=person, begins=begins.time(), ends=ends.time())
        return ends

    def test_a_mail_waits_until_the_quiet_is_over_and_others_come_at_once(self, learner: Person, mate: Person) -> None:
        ends = self.around_now(learner)
        notify(kind="test.invited", to=[learner, mate])
        assert abs(learner.mails.get().due_at - ends) < timedelta(seconds=1)
        assert mate.mails.get().due_at <= timezone.now()
        assert learner.notices.count() == 1

    def test_what_is_urgent_or_would_be_too_late_does_not_wait(self, learner: Person) -> None:
        self.around_now(learner)
        notify(kind="test.invited", to=[learner], expires_at=timezone.now() + timedelta(hours=1))
        notify(kind="test.code", to=[learner])
        assert [mail.due_at <= timezone.now() for mail in Mail.objects.all()] == [True, True]

    def test_they_are_chosen_on_the_page_and_given_up_there(self, learner: Person) -> None:
        client = signed_in(learner)
        client.post(PAGE, {"begins": "22:00", "ends": "07:00"})
        kept = QuietHours.objects.get(person=learner)
        assert (kept.begins, kept.ends) == (time(22), time(7))
        assert 'value="22:00"' in client.get(PAGE).content.decode()
        client.post(PAGE, {"begins": "", "ends": ""})
        assert not QuietHours.objects.exists()

    @pytest.mark.parametrize(
        ("begins", "ends", "words"),
        [
            ("22:00", "", "両方の時刻を入力するか、両方とも空欄にしてください。"),
            ("08:00", "08:00", "開始と終了が同じ時刻です。"),
            ("25:00", "07:00", "時刻"),
        ],
    )
    def test_half_a_choice_is_refused_in_words(self, learner: Person, begins: str, ends: str, words: str) -> None:
        shown = signed_in(learner).post(PAGE, {"begins": begins, "ends": ends}).content.decode()
        assert words in shown
        assert not QuietHours.objects.exists()
