"""Groups of the demo: study groups by the solver, a draft of project teams, the learner's team with its space."""

import random
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.demo.people import LEARNER
from campus.grouping import forming, keeping
from campus.grouping.gathering import problem_of, unplaced
from campus.grouping.models import (
    Availability,
    Criterion,
    Evaluation,
    Interest,
    Judgement,
    LogEntry,
    LogKind,
    Milestone,
    Policy,
    Space,
    Wish,
)
from campus.grouping.slots import Day, Part, as_bits, slot_of
from campus.grouping.solver import solve
from campus.people.models import Person
from campus.teams.actions import form_teams
from campus.teams.models import Membership, Team, TeamKind

# Of more learners the solver would keep whoever tries the demo waiting.
PLACED = 200
ALONE = 4
EVENINGS = [slot_of(day, Part.EVENING) for day in list(Day)[:5]]
WEEKEND = [slot_of(day, part) for day in (Day.SATURDAY, Day.SUNDAY) for part in (1, 2, 3)]
TOPICS = ["平日の夜に、手を動かしながら進めたいです。", "在庫の課題に興味があります。初心者も歓迎です。"]
LOG = [
    (6, LogKind.NOTE, "初回の打ち合わせ。自己紹介と、各自の得意分野を共有した。"),
    (4, LogKind.DECISION, "予測は店舗・商品・週の単位で行う。日次は欠品の影響が大きいため見送る。"),
    (1, LogKind.NOTE, "検証方法を話し合った。直近4週間を検証用に残す。"),
]
MILESTONES = [(-3, "データの確認と前処理", True), (3, "最初のモデルの提出", False), (10, "提案資料のたたき台", False)]
DRAFTS = [
    "# 提案のたたき台\n\n- 課題：欠品と過剰在庫\n",
    "# 提案のたたき台\n\n- 課題：欠品と過剰在庫\n- 指標：欠品率と在庫日数\n",
]


def form_groups(cohort: Cohort) -> None:
    """Let the learners say when they have time, and form their groups; nothing where there are groups already."""
    if cohort.teams.filter(kind=TeamKind.STUDY_GROUP).exists():
        return
    learners = list(cohort.enrolments.taking_part().filter(role=Role.LEARNER).order_by("pk"))
    _say(learners, drawn=random.Random(cohort.slug))
    _open(cohort, learners)
    _study_groups(cohort, learners)
    organiser = Person.objects.filter(enrolments__cohort=cohort, enrolments__role=Role.ORGANISER).first()
    _draft_of_project_teams(cohort, organiser)
    membership = Membership.objects.current().filter(kind=TeamKind.PROJECT, enrolment__person__email=LEARNER.email)
    if team := Team.objects.filter(memberships__in=membership).first():
        _fill_space(team, now=timezone.now())


def _say(learners: list[Enrolment], *, drawn: random.Random) -> None:
    """Most say when they have time, some with whom they would like to be."""
    said = [
        Availability(enrolment=one, slots=as_bits([*drawn.sample(EVENINGS, 2), *drawn.sample(WEEKEND, 2)]))
        for one in learners
        if drawn.random() < 0.9
    ]
    Availability.objects.bulk_create(said)
    pairs = [(one, drawn.choice(learners)) for one in learners if drawn.random() < 0.15]
    Wish.objects.bulk_create(Wish(enrolment=one, wanted=other) for one, other in pairs if one.pk != other.pk)


def _open(cohort: Cohort, learners: list[Enrolment]) -> None:
    """Study groups can also be formed by learners for two weeks; some signal that they look for one."""
    until = timezone.localdate() + timedelta(days=14)
    Policy.objects.create(
        cohort=cohort, kind=TeamKind.STUDY_GROUP, smallest=3, preferred=5, largest=8, self_forming_until=until
    )
    for one, topic in zip(learners[-ALONE:], TOPICS, strict=False):
        Interest.objects.create(enrolment=one, kind=TeamKind.STUDY_GROUP, topic=topic)


def _study_groups(cohort: Cohort, learners: list[Enrolment]) -> None:
    """All but the last are in a group; one group has become too small."""
    people = [one.pk for one in learners[:-ALONE][:PLACED]]
    plan = {"same_class": True}
    problem = problem_of(cohort=cohort, kind=TeamKind.STUDY_GROUP, people=people, plan=plan)
    named = {f"学習グループ{number:02d}": group for number, group in enumerate(solve(problem), start=1)}
    teams = form_teams(cohort=cohort, kind=TeamKind.STUDY_GROUP, groups=named, actor=None)
    last = Membership.objects.filter(team=teams[-1]).order_by("pk")
    last.filter(pk__in=list(last.values_list("pk", flat=True)[2:])).update(left_at=timezone.now())
    for team in teams[::2]:
        Space.objects.create(team=team, slot=EVENINGS[team.pk % len(EVENINGS)], meets_at=time(20))


def _draft_of_project_teams(cohort: Cohort, organiser: Person | None) -> None:
    """For those who are in no project team yet."""
    if unplaced(cohort, TeamKind.PROJECT).count() < 3:
        return
    plan = {"smallest": 2, "preferred": 4, "largest": 6, "word": "プロジェクトチーム"}
    formation = forming.begin(cohort=cohort, kind=TeamKind.PROJECT, plan=plan, seed=1, actor=organiser)
    forming.work_out(formation.pk)


def _fill_space(team: Team, *, now: datetime) -> None:
    """The team has met, decided, shared a file in two versions, and says how the work was shared."""
    members = [one.enrolment for one in team.memberships.current().select_related("enrolment").order_by("pk")]
    about = "欠品を減らす需要予測を、現場で使える形にまとめます。"
    Space.objects.create(team=team, slot=EVENINGS[1], meets_at=time(20), about=about, room="https://meet.example/team")
    today = timezone.localdate()
    for number, (days, kind, text) in enumerate(LOG):
        at = now - timedelta(days=days)
        by = members[number % len(members)]
        LogEntry.objects.create(team=team, on=today - timedelta(days=days), kind=kind, text=text, by=by, written_at=at)
    for number, (days, title, is_done) in enumerate(MILESTONES):
        by = members[number % len(members)]
        milestone = Milestone.objects.create(team=team, title=title, due_on=today + timedelta(days=days))
        if is_done:
            keeping.tick(milestone, by=by, is_done=True)
    for number, text in enumerate(DRAFTS):
        file = ContentFile(text.encode(), name="proposal.md")
        note = "指標を追加" if number else ""
        keeping.upload(team=team, file=file, note=note, by=members[number % len(members)])
    _evaluate(team, members, closes_at=now + timedelta(days=5))


def _evaluate(team: Team, members: list[Enrolment], *, closes_at: datetime) -> None:
    """All but the first have answered."""
    evaluation, drawn = Evaluation.objects.create(team=team, closes_at=closes_at), random.Random(team.name)
    Judgement.objects.bulk_create(
        Judgement(evaluation=evaluation, by=by, about=about, criterion=criterion, level=drawn.choice([2, 3, 3, 4]))
        for by in members[1:]
        for about in members
        if by.pk != about.pk
        for criterion in Criterion
    )
