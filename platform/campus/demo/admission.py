"""A third cohort of the demo, which takes applications: people who applied, and what was decided about some so far."""

import random
from datetime import timedelta

from django.utils import timezone

from campus.cases.actions import adopt_case
from campus.cases.models import CaseVersion
from campus.cohorts.models import Cohort
from campus.cohorts.running import create_cohort
from campus.demo.cohorts import programme
from campus.intake.applications.actions import apply, set_admission, withdraw_application
from campus.intake.applications.selection import decide_many, save_note
from campus.intake.models import Admission, Application, Decision
from campus.people.models import Person
from campus.questionnaires.actions import answer, start, submit
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import Questionnaire

SLUG = "demo-next"
ABOUT_JA = """データとAIを使って企業の課題を解決する力を、仲間と学び合いながら身につける2か月のプログラムです。

・講師はいません。実際のデータに近い教材に取り組み、互いに教え合います。
・すべてオンラインで、生成AIも自由に使えます。
・修了した方にはオープンバッジを発行します。
"""
ABOUT_EN = """Two months in which you learn to solve a company's problem with data and AI, together with others.

Without lecturers: you work on cases with realistic data and teach each other.
All online, and generative AI may be used freely.
Who completes gets an open badge.
"""
MOTIVES = [
    "勤務先の小売店で在庫の過不足が続いており、勘に頼った発注を見直したいと考えています。データに基づいて根拠を示し、店長を説得できるようになることが目標です。",
    "事務職として毎月の集計に長い時間をかけています。分析まで自分でできるようになり、業務の改善を提案したいと思い応募しました。同じ悩みを持つ方と学びたいです。",
    "大学で統計を学びましたが、実際の課題に使った経験がありません。企業の課題に近い教材で、最初から最後まで通して取り組んでみたいと思い、応募しました。",
    "製造業で品質管理を担当しています。検査データがたまる一方で活用できていないため、予測モデルの考え方を身につけて、現場の改善につなげたいです。",
]
GOALS = [
    "需要予測の結果を金額で説明できるようになりたいです。",
    "小さな改善を自分で企画し、データで効果を示せるようになりたいです。",
    "チームで分析を進める経験を積みたいです。",
]
NOTE = "業務での活用場面が具体的。学習時間も十分に見込める。"


def call_for_applications(*, version: CaseVersion, organiser: Person, applicants: list[Person]) -> Cohort:
    """A cohort that begins in a month, with an open call, its applicants, and decisions that nobody was told yet."""
    today = timezone.localdate()
    dates = {"starts_on": today + timedelta(days=30), "ends_on": today + timedelta(days=90), "time_zone": "Asia/Tokyo"}
    titles = {"title_ja": "デモ開催期（募集中）", "title_en": "Demo cohort (call for applications)"}
    cohort = create_cohort(
        programme=programme(), values={"slug": SLUG, **titles, **dates}, organisers=[organiser], actor=organiser
    )
    starts_at = timezone.now() + timedelta(days=30)
    adopt_case(cohort=cohort, case_version=version, starts_at=starts_at, actor=organiser)
    forms = [make_form(cohort, key, organiser) for key in ("application", "prerequisite")]
    admission = open_call(cohort, organiser=organiser, places=len(applicants) // 3)
    for person in applicants:
        let_apply(admission, person, *forms)
    withdraw_application(application=Application.objects.get(enrolment__person=applicants[-1]))
    _decide(cohort, organiser=organiser)
    return cohort


def make_form(cohort: Cohort, key: str, organiser: Person) -> Questionnaire:
    """One of the forms that applicants fill in, published."""
    form = create_questionnaire(cohort=cohort, blueprint_key=key, actor=organiser)
    publish(questionnaire=form, actor=organiser)
    return form


def open_call(cohort: Cohort, *, organiser: Person, places: int) -> Admission:
    """Open since two weeks, for five more days."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return set_admission(
        cohort=cohort,
        actor=organiser,
        description_ja=ABOUT_JA,
        description_en=ABOUT_EN,
        opens_at=midnight - timedelta(days=14),
        closes_at=midnight + timedelta(days=6, minutes=-1),
        announces_at=midnight + timedelta(days=9, hours=12),
        capacity=places,
    )


def let_apply(admission: Admission, person: Person, form: Questionnaire, check: Questionnaire) -> None:
    """Fill in both forms and apply, some time in the last two weeks."""
    drawn = random.Random(person.email)
    for questionnaire, typed in ((form, _typed(drawn)), (check, _solved(check, drawn))):
        submit(response=answer(response=start(questionnaire=questionnaire, person=person), typed=typed))
    application = apply(admission=admission, person=person)
    Application.objects.filter(pk=application.pk).update(
        submitted_at=timezone.now() - timedelta(days=drawn.uniform(0, 13))
    )


def _typed(drawn: random.Random) -> dict[str, list[str]]:
    experience = drawn.choice([["spreadsheet"], ["spreadsheet", "sql"], ["statistics"], ["none"]])
    return {
        "motivation": [drawn.choice(MOTIVES)],
        "goal": [drawn.choice(GOALS)],
        "work": [drawn.choice(["employed", "employed", "self-employed", "student", "seeking"])],
        "experience": experience,
        "hours": [drawn.choice(["3-5", "5-10", "over-10"])],
    }


def _solved(check: Questionnaire, drawn: random.Random) -> dict[str, list[str]]:
    """Most know most of it."""
    version = check.versions.get()
    chosen = {}
    for question in version.all_questions:
        right, keys = question.correct_choices(), [choice["key"] for choice in question.choices]
        chosen[question.key] = sorted(right) if drawn.random() < 0.75 else [drawn.choice(keys)]
    return chosen


def _decide(cohort: Cohort, *, organiser: Person) -> None:
    """A third selected, some on the waitlist, a few declined; the others are still to be read."""
    applications = list(Application.objects.standing().filter(enrolment__cohort=cohort).order_by("pk"))
    third = len(applications) // 3
    for decision, some in (
        (Decision.SELECTED, applications[:third]),
        (Decision.WAITLISTED, applications[third : third + third // 2]),
        (Decision.DECLINED, applications[third + third // 2 : third + third // 2 + 2]),
    ):
        seen = {one.pk: one.revision for one in some}
        decide_many(cohort=cohort, decision=decision, seen=seen, actor=organiser)
    save_note(application=applications[0], note=NOTE, actor=organiser)
