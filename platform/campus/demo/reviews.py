"""A round of peer review in the cohort that is nearly over: reviews given, begun and not begun, one appealed."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.reviews import actions
from campus.reviews.assigning import assign
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, Rating, ReviewRound
from campus.reviews.practice import rubric_of_round, samples_of
from campus.reviews.queries import is_unlocked, reviews_of, work_of
from campus.reviews.results import work_out
from campus.reviews.rounds import round_of

OPEN_SINCE = timedelta(days=2)
PROPOSAL = """# 在庫コストは年間およそ{saving}万円減らせます

緑川社長の「いくら減る？」への答えです。幅は±{spread}万円で、56日間のシミュレーションを{times}回行って確かめました。

## 発注のルール

- 商品ごとに、3日分の需要のばらつきから補充目標を決めます
- 欠品した日の販売数は、そのまま使わずに補正します
- 店長には、毎朝1枚の表を渡します（所要{minutes}分）

## うまくいかないとき

2週続けて費用が増えたら、その店は4.2日分に戻します。
"""
COMMENTS = [
    "数字の根拠が書かれていて、読んで納得できました。前提も1行あるとさらに良いです。",
    "結論が先にあり分かりやすいです。店舗ごとの違いも知りたくなりました。",
    "検証の期間が1つだけなので、もう1つ試した結果があると安心できます。",
    "現場の手順まで考えられています。費用の見積もりを足すと決断しやすくなりそうです。",
    "グラフが1つあると、専門でない人にも伝わると思います。",
]
ADVICE = [
    "全体として、社長の問いに正面から答えている提案だと思います。次は、うまくいかない店舗が出たときの判断の基準を具体的にしてみてください。",
    "発注のルールが具体的で、明日から試せそうです。効果の幅がどこから来るのかを、ひと言添えるとより説得力が出ます。",
    "データの見方が丁寧で参考になりました。冒頭の要約をもう少し短くすると、忙しい方にも読んでもらいやすくなると思います。",
]
ANSWER = "丁寧に読んでいただき、ありがとうございます。期間を2つに増やして確かめてみます。"
APPEAL = (
    "評価Aの「検証の正しさ」について、4つの期間で試した結果を本文に書いています。もう一度ご確認いただけないでしょうか。"
)


def review_each_other(cohort: Cohort, *, now: datetime | None = None) -> None:
    """Open the cohort's peer review two days ago and let people take part, each by chance; once."""
    now = now or timezone.now()
    step = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.REVIEW).first()
    if step is None or ReviewRound.objects.filter(step=step, works__isnull=False).exists():
        return
    step.opens_at = now - OPEN_SINCE
    step.closes_at = max(step.closes_at, now + timedelta(days=5))
    step.save(update_fields=["opens_at", "closes_at"])
    found = round_of(step)
    if found is None:
        return
    learners = list(cohort.enrolments.taking_part().filter(role=Role.LEARNER).select_related("person").order_by("pk"))
    _propose(found.judged, learners, now=now)
    assign(found, now=now - OPEN_SINCE)
    for number, learner in enumerate(learners):
        _take_part(found, learner, willing=number % 4, now=now)
    work_out(found)
    _react(found, learners)


def _propose(step: Step, learners: list[Enrolment], *, now: datetime) -> None:
    """Whoever has handed in nothing yet hands in a text."""
    have = set(Deliverable.objects.filter(step=step).values_list("enrolment", flat=True))
    made = []
    for learner in learners:
        drawn = random.Random(f"{learner.person.email}:proposal")
        figures = {"saving": drawn.randint(90, 180), "spread": drawn.randint(20, 50), "times": drawn.randint(1, 4)}
        text = PROPOSAL.format(**figures, minutes=drawn.randint(5, 20))
        at = now - OPEN_SINCE - timedelta(hours=drawn.uniform(1, 40))
        if learner.pk not in have:
            fields = {"step": step, "enrolment": learner, "number": 1, "handed_in_at": at}
            made.append(Deliverable(**fields, text=text, ai_use="文章の見直しに使いました。"))
    Deliverable.objects.bulk_create(made)


def _take_part(round: ReviewRound, learner: Enrolment, *, willing: int, now: datetime) -> None:
    """willing: 0 has not come yet, 1 has begun one review, 2 has given all but one, 3 all."""
    if not willing:
        return
    drawn = random.Random(f"{learner.person.email}:reviews")
    share = actions.join(round=round, enrolment=learner)
    rubric = rubric_of_round(round)
    for sample in samples_of(round):
        levels = {one.key: [level.points for level in one.levels] for one in rubric}
        marks = {key: drawn.choice([sample.known[key], *levels[key]]) for key in levels}
        actions.practise(share=share, sample=sample.key, marks=marks)
    severity = drawn.choice([-1, 0, 0, 1])
    mine = list(Assignment.objects.with_all().open().filter(share=share).order_by("pk"))
    for one in mine[: {1: 1, 2: len(mine) - 1, 3: len(mine)}[willing]]:
        marks = {c.key: min(c.most, max(c.least, drawn.choice([2, 3, 3, 4]) + severity)) for c in rubric}
        comments = {c.key: drawn.choice(COMMENTS) for c in rubric}
        written = actions.Written(marks, comments, drawn.choice(ADVICE))
        (actions.save_draft if willing == 1 else actions.give)(assignment=one, written=written)
        _at(one, now - timedelta(hours=drawn.uniform(2, 40)))


def _at(assignment: Assignment, moment: datetime) -> None:
    """Not all at this minute."""
    assignment.refresh_from_db()
    assignment.begun_at = assignment.touched_at = moment
    if assignment.stage == Stage.GIVEN:
        assignment.given_at = moment
    assignment.save(update_fields=["begun_at", "touched_at", "given_at"])


def _react(round: ReviewRound, learners: list[Enrolment]) -> None:
    """Authors who are done rate what they got; one answers, one asks for re-evaluation."""
    done = [one for one in learners if is_unlocked(round, one)]
    for number, learner in enumerate(done):
        work = work_of(round, learner)
        for one in reviews_of(work) if work else []:
            actions.rate(review=one.review, rating=[Rating.MUCH, Rating.WELL, Rating.LITTLE][number % 3], by=learner)
            if number == 0:
                actions.answer(review=one.review, text=ANSWER, by=learner)
        if number == 1 and work and work.assignments.counted().exists():
            actions.appeal(work=work, reason=APPEAL, by=learner)
