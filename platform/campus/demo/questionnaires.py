"""Forms of the demo: a self-rating of skills and an anonymous satisfaction survey, filled in by most learners."""

import random
from typing import Any

from django.db import transaction

from campus.cases.models import CaseVersion
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.demo import people
from campus.people.models import Person
from campus.questionnaires.actions import answer, start, submit
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import Purpose, Question, Questionnaire, Section, Version

# Beyond this many the charts don't change any more.
RESPONDENTS_AT_MOST = 400
WISHES = [
    "需要予測の精度を、仕事で説明できるようになりたいです。",
    "検証のしかたを基礎から身につけたいです。",
    "分析の結果を、経営層に伝わる形でまとめる力を伸ばしたいです。",
    "時系列データの扱いに慣れたいです。",
    "",
    "",
]
GOOD = [
    "実際の店舗のようなデータで、手を動かしながら学べる点が良かったです。",
    "提出するとすぐに点数が出るので、続けるきっかけになりました。",
    "ほかの受講生の考え方を読めるのが勉強になります。",
    "金額で効果が見えるので、何のための分析かを意識できました。",
    "自分の都合のよい時間に進められる点が助かります。",
    "",
    "",
]
BETTER = [
    "最初のデータの読み方について、もう少し説明があるとうれしいです。",
    "仕事が忙しい時期と締切が重なり、少し大変でした。",
    "質問への回答がもう少し早いと助かります。",
    "スマートフォンでも順位表を見やすくしてほしいです。",
    "",
    "",
    "",
]


def make_forms(cohort: Cohort) -> None:
    """Give the cohort its two forms with answers, unless it has them."""
    if cohort.questionnaires.filter(purpose=Purpose.SELF_RATING).exists():
        return
    organiser = Person.objects.filter(enrolments__cohort=cohort, enrolments__role=Role.ORGANISER).first()
    rating, satisfaction = _self_rating(cohort, organiser), _satisfaction(cohort, organiser)
    learners = cohort.enrolments.taking_part().filter(role=Role.LEARNER).select_related("person").order_by("pk")
    for learner in learners[:RESPONDENTS_AT_MOST]:
        drawn = random.Random(learner.person.email)
        if learner.person.email == people.LEARNER.email:
            _begin(rating, learner, drawn)  # So that whoever tries the demo has something to finish.
            continue
        for form, typed, share in ((rating, _rated(rating, drawn), 0.9), (satisfaction, _satisfied(drawn), 0.6)):
            if drawn.random() < share:
                _submit(form, learner, typed)


@transaction.atomic
def _self_rating(cohort: Cohort, organiser: Person | None) -> Questionnaire:
    """The self-rating with the skills of the cohort's case."""
    made = create_questionnaire(
        cohort=cohort, blueprint_key="self-rating", actor=organiser, facilitators_see_results=True
    )
    version = Version.objects.get(questionnaire=made)
    case = CaseVersion.objects.filter(cohort_cases__cohort=cohort).earliest("pk")
    kept = Question.objects.get(section__version=version, key="data")
    Section.objects.filter(version=version, questions__kind=kept.kind).exclude(pk=kept.section_id).delete()
    kept.label_ja = "この教材で使うスキルについて、今の自分に最も近いものを選んでください"
    kept.label_en = "Skills of this case: what describes you best today?"
    kept.rows = [{"key": one["key"], **one["label"]} for one in case.manifest["skills"]]
    kept.save()
    publish(questionnaire=made, actor=organiser)
    return made


@transaction.atomic
def _satisfaction(cohort: Cohort, organiser: Person | None) -> Questionnaire:
    made = create_questionnaire(
        cohort=cohort,
        blueprint_key="satisfaction",
        actor=organiser,
        title_ja="中間アンケート",
        title_en="Survey at half-time",
    )
    publish(questionnaire=made, actor=organiser)
    return made


def _begin(form: Questionnaire, learner: Enrolment, drawn: random.Random) -> None:
    typed = _rated(form, drawn)
    answer(response=start(questionnaire=form, person=learner.person), typed=dict(list(typed.items())[:2]))


def _submit(form: Questionnaire, learner: Enrolment, typed: dict[str, list[str]]) -> None:
    response = start(questionnaire=form, person=learner.person)
    submit(response=answer(response=response, typed=typed))


def _rated(form: Questionnaire, drawn: random.Random) -> dict[str, list[str]]:
    """Ratings around a level of one's own."""
    level = drawn.gauss(1.8, 0.9)
    rows: list[dict[str, Any]] = Question.objects.get(section__version__questionnaire=form, key="data").rows
    typed = {f"data-{row['key']}": [str(_between(drawn.gauss(level, 0.7), 0, 4))] for row in rows}
    return typed | {"wish": [drawn.choice(WISHES)]}


def _satisfied(drawn: random.Random) -> dict[str, list[str]]:
    mood = drawn.gauss(3.9, 0.7)
    aspects = ["case", "level", "pace", "peers", "support", "site"]
    return {
        "overall": [str(_between(mood, 1, 5))],
        **{f"aspects-{one}": [str(_between(drawn.gauss(mood, 0.6), 1, 5))] for one in aspects},
        "hours": [str(max(1, round(drawn.gammavariate(4, 1.4))))],
        "recommend": [str(_between(drawn.gauss(mood * 2, 1.2), 0, 10))],
        "good": [drawn.choice(GOOD)],
        "better": [drawn.choice(BETTER)],
    }


def _between(value: float, low: int, high: int) -> int:
    return min(max(round(value), low), high)
