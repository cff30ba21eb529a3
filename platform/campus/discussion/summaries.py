"""The summary by mail: what is unread of the threads that somebody follows or is mentioned in, and new finds.

Sent every morning or on Mondays, at seven by the reader's clock. Who gets one is asked once for all people of a time
zone; what it says is read when it is sent, so nothing is told that has been read or taken away meanwhile.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from campus.discussion.models import Level, Mention, Reading, Rhythm, SavedSearch, Summary, Thread
from campus.discussion.notices import SUMMARY
from campus.notices.actions import choose, notify
from campus.notices.models import Preference
from campus.people.models import Person

SENT_AT = time(7)
# A site that was away at seven sends until then; later the next morning is nearer.
LATEST = timedelta(hours=3)
MONDAY = 0


def send_summaries(now: datetime | None = None) -> None:
    """Owe the summaries that are due; each morning and person one, however often this is called."""
    now = now or timezone.now()
    for name in Person.objects.filter(is_active=True).order_by().values_list("time_zone", flat=True).distinct():
        local = now.astimezone(ZoneInfo(name))
        morning = datetime.combine(local.date(), SENT_AT, ZoneInfo(name))
        if morning <= local < morning + LATEST:
            people = Person.objects.filter(is_active=True, time_zone=name)
            _owe(_daily(people), morning, timedelta(days=1))
            if morning.weekday() == MONDAY:
                _owe(people.filter(summary__rhythm=Rhythm.WEEKLY), morning, timedelta(days=7))


def _daily(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.exclude(summary__rhythm=Rhythm.WEEKLY)


def _owe(people: QuerySet[Person], morning: datetime, span: timedelta) -> None:
    since = (morning - span).astimezone(UTC)
    followed = Reading.objects.filter(
        level=Level.FOLLOW, last_read__lt=F("thread__last_number"), thread__last_post_at__gt=since
    )
    mentioned = Mention.objects.filter(post__created_at__gt=since)
    lively = Thread.objects.filter(last_post_at__gt=since).values("place__cohort")
    searching = SavedSearch.objects.filter(in_summary=True, cohort__in=lively)
    waiting = people.filter(
        Q(pk__in=followed.values("person"))
        | Q(pk__in=mentioned.values("person"))
        | Q(pk__in=searching.values("person"))
    )
    notify(
        kind=SUMMARY.name,
        to=waiting,
        context={"since": since.isoformat()},
        url="/unread/",
        page=False,
        key=f"summary:{morning.date().isoformat()}",
        expires_at=morning + timedelta(hours=24),
    )


def rhythm_of(person: Person) -> Rhythm:
    """How often the person gets a summary."""
    if Preference.objects.filter(person=person, group=SUMMARY.group.key, by_mail=False).exists():
        return Rhythm.NEVER
    is_weekly = Summary.objects.filter(person=person, rhythm=Rhythm.WEEKLY).exists()
    return Rhythm.WEEKLY if is_weekly else Rhythm.DAILY


@transaction.atomic
def choose_rhythm(*, person: Person, rhythm: Rhythm) -> None:
    """Keep how often the person wants a summary; “never” only switches these mails off, as their link does.

    So whoever switches them on again, here or among the notices, gets what was chosen before.
    """
    if rhythm != Rhythm.NEVER:
        Summary.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    choose(person=person, group=SUMMARY.group.key, in_page=True, by_mail=rhythm != Rhythm.NEVER)
