"""What happens in the running cohort besides graded work: visits, a survey, extensions, refused files, follow-ups."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from campus.cases.extending import grant_extensions
from campus.cases.models import Step, StepKind
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.demo.cohorts import graded_step
from campus.demo.deliverables import hand_in_texts
from campus.demo.ways import Way, way_of
from campus.notices.models import DeadAddress
from campus.people.models import Person
from campus.progress.actions import record_follow_up
from campus.progress.models import CompletionRule, Demand, FollowUpKind, key_of
from campus.questionnaires.building import create_questionnaire, publish, save_question
from campus.questionnaires.models import AnswerSet, Question, QuestionKind, Questionnaire, Response
from campus.submissions.models import Stumble, Submission

SURVEY_DAYS = 7
HOPES = [
    "データを根拠に、上司に改善案を提案できるようになりたいです。",
    "Pythonで予測モデルを一から作れるようになりたいです。",
    "現場の課題を数字で説明する力をつけたいです。",
    "同じ立場の人の考え方を知りたいです。",
    "生成AIを仕事で使いこなせるようになりたいです。",
]
NOTES = {
    FollowUpKind.CALL: "電話で話しました。繁忙期で時間が取れないとのこと。週末に再開する予定です。",
    FollowUpKind.MESSAGE: "メッセージを送りました。返事を待っています。",
}


def live_in(cohort: Cohort, *, facilitator: Person, now: datetime) -> None:
    """Let the learners of a cohort that has begun come along, each in the own way."""
    learners = list(
        cohort.enrolments.taking_part().filter(role=Role.LEARNER).select_related("person", "cohort").order_by("pk")
    )
    starts_at = Step.objects.filter(cohort_case__cohort=cohort).earliest("opens_at").opens_at
    Enrolment.objects.filter(pk__in=[one.pk for one in learners]).update(enrolled_at=starts_at - timedelta(days=7))
    survey = _survey(cohort, starts_at)
    _answer(survey, learners)
    hand_in_texts(cohort, learners, now=now)
    _visit(learners, now=now)
    _stumble(graded_step(cohort), _going(learners, Way.REFUSED), now=now)
    grant_extensions(
        step=survey,
        enrolments=_going(learners, Way.EXTENDED),
        closes_at=(timezone.localtime(now) + timedelta(days=4)).replace(hour=23, minute=59, second=0, microsecond=0),
        reason="出張のため",
        actor=facilitator,
    )
    for way, state in ((Way.PAUSED, EnrolmentState.PAUSED), (Way.WITHDRAWN, EnrolmentState.WITHDRAWN)):
        _leave(_going(learners, way), state)
    for one in _going(learners, Way.SILENT)[2:3]:
        DeadAddress.objects.get_or_create(address=one.person.email, code="550 5.1.1")
    _follow_up(_going(learners, Way.SILENT), facilitator=facilitator, now=now)


def _leave(learners: list[Enrolment], state: EnrolmentState) -> None:
    """By themselves, with the entry in the audit log; nobody of the demo is told by mail."""
    Enrolment.objects.filter(pk__in=[one.pk for one in learners]).leave(state)
    for one in learners:
        record_audit(
            action="enrolment.state_changed",
            subject=f"enrolment:{one.pk}",
            actor=one.person,
            cohort=one.cohort,
            before=EnrolmentState.ACTIVE.value,
            state=state.value,
        )


def _going(learners: Iterable[Enrolment], way: Way) -> list[Enrolment]:
    return [one for one in learners if way_of(one.person.email) == way]


def _survey(cohort: Cohort, starts_at: datetime) -> Step:
    """A survey of the first week, as a step before the others."""
    form = create_questionnaire(
        cohort=cohort,
        blueprint_key="empty",
        actor=None,
        title_ja="開始時アンケート",
        title_en="Opening survey",
    )
    section = form.versions.get().sections.get()
    confidence = Question(
        section=section,
        key="confidence",
        kind=QuestionKind.SCALE,
        label_ja="データを使った課題解決に、いまどのくらい自信がありますか",
        label_en="How confident are you now that you can solve problems with data?",
        is_required=True,
        minimum=1,
        maximum=5,
        low_ja="まったくない",
        low_en="Not at all",
        high_ja="とてもある",
        high_en="Very",
    )
    hope = Question(
        section=section,
        key="hope",
        kind=QuestionKind.LONG_TEXT,
        label_ja="このプログラムで身につけたいことを書いてください",
        label_en="What would you like to learn here?",
        maximum=1000,
    )
    for question in (confidence, hope):
        save_question(question=question, actor=None)
    publish(questionnaire=form, actor=None)
    step = Step.objects.create(
        cohort_case=cohort.cases.earliest("position"),
        key="opening-survey",
        position=0,
        title_ja=form.title_ja,
        title_en=form.title_en,
        kind=StepKind.SURVEY,
        questionnaire=form,
        opens_at=starts_at,
        closes_at=starts_at + timedelta(days=SURVEY_DAYS, minutes=-1),
    )
    return Step.objects.with_case().get(pk=step.pk)


def _answer(survey: Step, learners: list[Enrolment]) -> None:
    """Most answer in time, some a little late."""
    form: Questionnaire = survey.questionnaire  # type: ignore[assignment]
    version = form.versions.get()
    responses = []
    for one in learners:
        way, drawn = way_of(one.person.email), random.Random(f"{one.person.email}:survey")
        at = survey.opens_at + (survey.closes_at - survey.opens_at) * drawn.uniform(0.1, 1)
        if way == Way.TARDY:
            at = survey.closes_at + timedelta(days=drawn.uniform(0.2, 3))
        elif not way.answers_in_time:
            continue
        moments = {"saved_at": at, "submitted_at": at, "last_submitted_at": at}
        responses.append(Response(questionnaire=form, person=one.person, version=version, **moments))
    answers = [
        AnswerSet(version=version, response=one, submitted_at=one.submitted_at, answers=_answers(one.person.email))
        for one in Response.objects.bulk_create(responses)
    ]
    AnswerSet.objects.bulk_create(answers)


def _answers(email: str) -> dict[str, object]:
    drawn = random.Random(f"{email}:answers")
    return {"confidence": drawn.choice([1, 2, 2, 3, 3, 4, 5]), "hope": drawn.choice([*HOPES, ""])}


def _visit(learners: list[Enrolment], *, now: datetime) -> None:
    for one in learners:
        if span := way_of(one.person.email).days_unseen:
            days = random.Random(f"{one.person.email}:visit").uniform(*span)
            one.person.seen_at = now - timedelta(days=days)
    Person.objects.bulk_update([one.person for one in learners], ["seen_at"], batch_size=500)


def _stumble(step: Step, learners: list[Enrolment], *, now: datetime) -> None:
    """Files that were not accepted, for days."""
    Stumble.objects.bulk_create(
        Stumble(
            step=step,
            enrolment=one,
            count=3 + number % 4,
            first_at=now - timedelta(days=4 + number % 2, hours=5),
            last_at=now - timedelta(hours=9 + number),
        )
        for number, one in enumerate(learners)
    )


def _follow_up(learners: list[Enrolment], *, facilitator: Person, now: datetime) -> None:
    """One was called yesterday and is put off, another was written to and has not answered."""
    yesterday = timezone.localtime(now).date() - timedelta(days=1)
    until = {FollowUpKind.CALL: yesterday + timedelta(days=4), FollowUpKind.MESSAGE: None}
    for one, kind in zip(learners, until, strict=False):
        record_follow_up(
            cohort=one.cohort,
            learners={one: ["silent:"]},
            kind=kind,
            note=NOTES[kind],
            done_on=yesterday,
            quiet_until=until[kind],
            actor=facilitator,
        )


def note_work_as_visits(cohort: Cohort) -> None:
    """Whoever handed something in was here then."""
    latest = Submission.objects.filter(enrolment__person=OuterRef("pk"), step__cohort_case__cohort=cohort)
    at = Subquery(latest.order_by().values("enrolment__person").annotate(at=Max("created_at")).values("at"))
    Person.objects.filter(enrolments__submissions__step__cohort_case__cohort=cohort).update(
        seen_at=Greatest("seen_at", at)
    )


def complete(cohort: Cohort) -> None:
    """In the cohort that is over, whoever handed in has completed it: what still goes on there is not asked for."""
    on_the_way = Step.objects.with_case().filter(
        cohort_case__cohort=cohort, kind__in=[StepKind.REVIEW, StepKind.SURVEY]
    )
    demands = {key_of(step): Demand.NOT_NEEDED.value for step in on_the_way}
    CompletionRule.objects.get_or_create(cohort=cohort, number=1, defaults={"demands": demands})
    done = Submission.objects.filter(step__cohort_case__cohort=cohort).values("enrolment")
    cohort.enrolments.filter(role=Role.LEARNER, pk__in=done).update(state=EnrolmentState.COMPLETED)
