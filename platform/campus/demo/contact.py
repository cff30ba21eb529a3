"""What people in the demo are told: announcements and study meetings."""

from datetime import timedelta

from django.utils import timezone

from campus.announcements.actions import Text, schedule, send, write
from campus.cohorts.models import Cohort, Role
from campus.meetings.actions import Plan, change, create, set_policy, sign_up, take_attendance
from campus.meetings.models import Meeting
from campus.people.models import Person

WELCOME_JA = """「モデル開発」のステップが始まりました。

- まずは**サンプルのまま提出**して、流れを確かめましょう。
- 困ったら、[勉強会](/cohorts/demo/meetings/)に参加してください。
"""
WELCOME_EN = """The step “Model” has begun.

- First **hand in the sample** to see how it works.
- If you are stuck, come to a [study meeting](/cohorts/demo/meetings/).
"""


def talk(cohort: Cohort) -> None:
    """Announcements of the organiser and the facilitator, a meeting to come and one that is over."""
    staff = {one.role: one.person for one in cohort.enrolments.exclude(role=Role.LEARNER).select_related("person")}
    learners = [
        one.person
        for one in cohort.enrolments.taking_part()
        .filter(role=Role.LEARNER)
        .select_related("person")
        .order_by("pk")[:12]
    ]
    _announce(cohort, organiser=staff[Role.ORGANISER], facilitator=staff[Role.FACILITATOR])
    _meet(cohort, organiser=staff[Role.ORGANISER], learners=learners)


def _announce(cohort: Cohort, *, organiser: Person, facilitator: Person) -> None:
    begun = Text("モデル開発が始まりました", "The model step has begun", WELCOME_JA, WELCOME_EN, by_mail=False)
    send(write(cohort=cohort, author=organiser, text=begun), actor=organiser)
    hint = Text("質問はお気軽に", "", "今週は毎晩20時からオンラインで質問を受け付けています。", "")
    send(write(cohort=cohort, author=facilitator, text=hint), actor=facilitator)
    reminder = Text("しばらく参加していない方へ", "", "締切が近づいています。", "", criteria={"silent": "7"})
    later = write(cohort=cohort, author=organiser, text=reminder)
    schedule(later, at=timezone.now() + timedelta(days=2), actor=organiser)


def _meet(cohort: Cohort, *, organiser: Person, learners: list[Person]) -> None:
    evening = timezone.localtime().replace(hour=19, minute=30, second=0, microsecond=0)
    about = "**欠品日の需要**をどう扱うかを話し合います。\n\n- 事例の共有\n- 質疑応答"
    room = "https://meet.example/manabiai"
    coming = create(
        cohort=cohort,
        host=organiser,
        plan=Plan("欠品と需要予測の勉強会", about, evening + timedelta(days=3), 90, None, 10, room),
    )
    open_hour = Plan("もくもく会", "", evening + timedelta(days=5), 60, None, None, room)
    create(cohort=cohort, host=organiser, plan=open_hour)
    past = create(
        cohort=cohort,
        host=organiser,
        plan=Plan("はじめての機械学習", about, evening + timedelta(days=1), 60, None, None, room),
    )
    for person in learners:
        for meeting in (coming, past):
            sign_up(meeting, person=person)
    there = list(past.participations.values_list("pk", flat=True)[:8])
    take_attendance(past, participation_ids=there, attended=True, actor=organiser)
    _let_it_be_over(past, organiser=organiser)
    set_policy(cohort=cohort, learners_may_propose=True, actor=organiser)


def _let_it_be_over(meeting: Meeting, *, organiser: Person) -> None:
    """Move it into the past, which no action would, and add its recording."""
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=meeting.starts_at - timedelta(days=4), ends_at=meeting.ends_at - timedelta(days=4)
    )
    meeting.participations.update(signed_up_at=meeting.starts_at - timedelta(days=7))
    meeting.refresh_from_db()
    plan = Plan(meeting.title, meeting.description, meeting.starts_at, 60, None, None, meeting.url)
    change(meeting, plan=plan, recording_url="https://video.example/1", actor=organiser)
