"""What is forgotten, and what is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campus.notices import pruning
from campus.notices.models import Mail, MailState, Notice
from campus.people.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_old_notices_go_read_or_not(learner: Person) -> None:
    now = timezone.now()
    for age in (366, 367, 364):
        Notice.objects.create(person=learner, kind="any", at=now - age * DAY, read_at=now if age == 367 else None)
    assert pruning.prune(now=now) == 2
    assert [round((now - one.at) / DAY) for one in Notice.objects.all()] == [364]


def test_old_mails_go_once_they_have_ended(learner: Person) -> None:
    now = timezone.now()
    for state in MailState:
        for age in (181, 179):
            Mail.objects.create(person=learner, kind="any", state=state, created_at=now - age * DAY)
    pruning.prune(now=now)
    kept = Mail.objects.filter(created_at__lt=now - 180 * DAY)
    assert {mail.state for mail in kept} == {MailState.WAITING, MailState.SENDING}
    assert Mail.objects.count() == len(MailState) + 2


def test_more_than_one_batch_goes_at_once(learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    long_ago = timezone.now() - 400 * DAY
    Notice.objects.bulk_create(Notice(person=learner, kind="any", at=long_ago) for _ in range(5))
    assert pruning.prune() == 5
    assert not Notice.objects.exists()
