"""Twenty people on one noon of May: who is on the follow-up list, in which order, and in which words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase, Extension, Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.discussion.actions import Heading, Writing, start_thread, write_post
from campus.discussion.models import Thread, ThreadKind
from campus.discussion.places import place_of
from campus.notices.models import DeadAddress
from campus.progress.concerns import Concern, concerns_in
from campus.progress.models import FollowUp, FollowUpKind, Thresholds
from campus.progress.queries import progress_of
from campus.submissions.models import Stumble
from tests.campus.progress.work import DAY, HOUR, graded_step, learner_of, place, submit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 20, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
BEGINNING = datetime(2026, 5, 1, tzinfo=ZoneInfo("Asia/Tokyo"))


class Stage:
    """The cohort with its steps: one is over, one closes tomorrow evening, one in a week."""

    def __init__(self, cohort: Cohort, case: CohortCase) -> None:
        Cohort.objects.filter(pk=cohort.pk).update(starts_on=date(2026, 5, 1), ends_on=date(2026, 6, 30))
        cohort.refresh_from_db()
        case.steps.all().delete()
        self.cohort = cohort
        self.over = graded_step(case, "plan", "計画", opens_at=BEGINNING, closes_at=NOON - 5 * DAY)
        self.near = graded_step(case, "draft", "試作", opens_at=NOON - 6 * DAY, closes_at=NOON + 30 * HOUR)
        self.open = graded_step(case, "model", "モデル", opens_at=NOON - 10 * DAY, closes_at=NOON + 7 * DAY)

    def play(self, name: str, *done: Step, seen: float | None = 0.5, **fields: object) -> Enrolment:
        """Somebody last seen that many days ago, who has handed in these steps in time."""
        seen_at = None if seen is None else NOON - seen * DAY
        enrolment = learner_of(self.cohort, name, seen_at=seen_at, **{"enrolled_at": BEGINNING, **fields})
        for step in done:
            self.hand_in(enrolment, step, step.opens_at + DAY)
        return enrolment

    def hand_in(self, enrolment: Enrolment, step: Step, *moments: datetime, best: int = 0) -> None:
        """Submissions at these moments; the one of this number stays the best."""
        submissions = [submit(step, enrolment, at=at) for at in moments]
        place(submissions[best])

    def extend(self, enrolment: Enrolment, step: Step, until: datetime) -> None:
        Extension.objects.create(step=step, enrolment=enrolment, closes_at=until, reason="出張")


@pytest.fixture
def stage(cohort: Cohort, cohort_case: CohortCase) -> Stage:
    return Stage(cohort, cohort_case)


@pytest.fixture
def twenty(stage: Stage) -> Stage:
    every, but_open = (stage.over, stage.near, stage.open), (stage.over, stage.near)
    # Fine, for one reason or another.
    stage.play("順調", *every)
    stage.play("全部提出して休んでいる", *every, seen=12)
    stage.play("6日前に見た", *but_open, seen=6.9)
    late_work = stage.play("遅れて提出", stage.near, stage.open)
    stage.hand_in(late_work, stage.over, NOON - 4 * DAY)
    extended = stage.play("延長中", stage.near, stage.open)
    stage.extend(extended, stage.over, NOON + 2 * DAY + HOUR)
    stage.play("昨日登録", stage.near, seen=None, enrolled_at=NOON - DAY)
    rising = stage.play("伸びている", *but_open)
    stage.hand_in(rising, stage.open, *(NOON - n * DAY for n in (6, 5, 4, 1)), best=3)
    # Excused by their state.
    stage.play("辞退", seen=15, state=EnrolmentState.WITHDRAWN)
    stage.play("休止", seen=15, state=EnrolmentState.PAUSED)
    stage.play("修了", seen=15, state=EnrolmentState.COMPLETED)
    # Those who need somebody.
    silent = stage.play("静か", *but_open, seen=9.2)
    DeadAddress.objects.create(address=silent.person.email, code="550 5.1.1", at=NOON - 10 * DAY)
    stage.play("締切超過", stage.near, stage.open)
    extension_over = stage.play("延長も超過", stage.near, stage.open)
    stage.extend(extension_over, stage.over, NOON - 2 * DAY)
    stage.play("締切間近", stage.over, stage.open)
    stage.play("来ていない", seen=None)
    refused = stage.play("受付エラー", *but_open)
    Stumble.objects.create(step=stage.open, enrolment=refused, count=4, first_at=NOON - 4.5 * DAY, last_at=NOON - HOUR)
    flat = stage.play("伸び悩み", *but_open)
    stage.hand_in(flat, stage.open, *(NOON - n * DAY for n in (6, 4, 3, 2, 1)))
    # Followed up already.
    put_off = stage.play("見合わせ", *but_open, seen=8)
    follow_up(put_off, "silent:", until=date(2026, 5, 23))
    due_again = stage.play("見合わせ期限", *but_open, seen=8)
    follow_up(due_again, "silent:", until=date(2026, 5, 20))
    new_reason = stage.play("新しい理由", stage.over, seen=8)
    follow_up(new_reason, "silent:", until=date(2026, 5, 23))
    return stage


def follow_up(enrolment: Enrolment, *reasons: str, until: date) -> None:
    FollowUp.objects.create(
        enrolment=enrolment,
        kind=FollowUpKind.MESSAGE,
        reasons=list(reasons),
        done_on=date(2026, 5, 19),
        quiet_until=until,
    )


def concerns(stage: Stage) -> list[Concern]:
    return concerns_in(progress_of(stage.cohort, Enrolment.objects.filter(cohort=stage.cohort), now=NOON))


def said(found: list[Concern]) -> list[tuple[str, list[str]]]:
    return [(str(concern), [reason.sentence for reason in concern.reasons]) for concern in found]


def test_the_list_names_whom_to_follow_up_and_why_the_most_urgent_first(twenty: Stage) -> None:
    assert Enrolment.objects.filter(cohort=twenty.cohort).count() == 20
    near = "「試作」の締切まであと30時間ですが、まだ提出がありません。"
    assert said([concern for concern in concerns(twenty) if not concern.is_quiet]) == [
        (
            "来ていない",
            [
                near,
                "「計画」の締切（2026年5月15日(金)）を過ぎましたが、提出がありません。",
                "一度もログインしていません。参加できるようになったのは19日前です。",
            ],
        ),
        ("新しい理由", [near, "最後のアクセスは8日前です。「試作」が未提出のままです。"]),
        ("締切間近", [near]),
        ("締切超過", ["「計画」の締切（2026年5月15日(金)）を過ぎましたが、提出がありません。"]),
        ("延長も超過", ["「計画」の延長した締切（2026年5月18日(月)）を過ぎましたが、提出がありません。"]),
        (
            "伸び悩み",
            ["「モデル」で、直近の4回はスコアが上がっていません。最後に上がったのは6日前です。"],
        ),
        ("受付エラー", ["「モデル」で、ファイルが4回続けて受け付けられていません。最初は4日前でした。"]),
        (
            "静か",
            [
                "2026年5月10日(日)から、メールが届かず戻ってきています。",
                "最後のアクセスは9日前です。「モデル」が未提出のままです。",
            ],
        ),
        ("見合わせ期限", ["最後のアクセスは8日前です。「モデル」が未提出のままです。"]),
    ]


def test_who_was_put_off_is_kept_apart_until_the_day_or_a_new_reason(twenty: Stage) -> None:
    assert [str(concern) for concern in concerns(twenty) if concern.is_quiet] == ["見合わせ"]


def test_the_same_in_english(twenty: Stage) -> None:
    with translation.override("en"):
        sentences = dict(said(concerns(twenty)))
    assert sentences["静か"] == [
        "Emails have been coming back since Sun 10 May 2026. Messages do not arrive.",
        "The last visit was 9 days ago. “Model” is open and has not been handed in.",
    ]
    assert sentences["締切間近"] == ["“Draft” closes in 30 hours, and nothing has been handed in yet."]
    assert sentences["締切超過"] == ["The deadline of “Plan” passed on Fri 15 May 2026, and nothing was handed in."]
    assert sentences["伸び悩み"] == [
        "The last 4 attempts at “Model” did not improve the score. The best one is from 6 days ago."
    ]
    assert sentences["受付エラー"] == ["4 files in a row were not accepted for “Model”. The first was 4 days ago."]


def test_the_cohorts_own_numbers_move_the_rules(twenty: Stage) -> None:
    Thresholds.objects.create(
        cohort=twenty.cohort, near_hours=24, stuck_tries=5, stuck_days=3, never_days=30, silent_days=6
    )
    found = {str(concern): [reason.rule.key for reason in concern.reasons] for concern in concerns(twenty)}
    assert found == {
        "来ていない": ["late"],
        "締切超過": ["late"],
        "延長も超過": ["late"],
        "静か": ["unreachable", "silent"],
        "6日前に見た": ["silent"],
        "見合わせ": ["silent"],
        "見合わせ期限": ["silent"],
        "新しい理由": ["silent"],
    }


def test_a_question_that_nobody_answers_is_a_reason_without_its_words(stage: Stage) -> None:
    every = (stage.over, stage.near, stage.open)
    waiting, answered, fresh = (stage.play(name, *every) for name in ("待っている", "答えをもらった", "昨日聞いた"))
    for enrolment, days in ((waiting, 4.5), (answered, 5), (fresh, 1.5)):
        thread = start_thread(
            place=place_of(stage.cohort),
            author=enrolment.person,
            heading=Heading(title="欠品の扱い", kind=ThreadKind.QUESTION),
            writing=Writing(text="どうしていますか。"),
        )
        Thread.objects.filter(pk=thread.pk).update(created_at=NOON - days * DAY)
        if enrolment is answered:
            write_post(thread=thread, author=waiting.person, writing=Writing(text="除いています。"))
    assert said(concerns(stage)) == [("待っている", ["4日前の質問に、まだ回答がありません。"])]
    Thresholds.objects.create(cohort=stage.cohort, question_days=1)
    assert [str(concern) for concern in concerns(stage)] == ["待っている", "昨日聞いた"]


def test_time_alone_changes_the_list(twenty: Stage) -> None:
    learners = Enrolment.objects.filter(cohort=twenty.cohort)
    later = concerns_in(progress_of(twenty.cohort, learners, now=NOON + 2 * DAY))
    reasons = {str(concern): concern.keys for concern in later}
    assert reasons["締切間近"] == [f"late:{twenty.near.pk}"]
    assert reasons["来ていない"] == [f"late:{twenty.near.pk}", "never:"]
    assert reasons["6日前に見た"] == ["silent:"]
    assert "見合わせ" in reasons


def test_the_list_asks_the_database_little_whatever_the_size(
    twenty: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        concerns(twenty)
