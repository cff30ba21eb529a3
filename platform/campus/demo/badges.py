"""Badges of the demo: for who completed the cohort that is over, for two things that were done well in the running one.

The skills that they show are of a framework that is made up, and says so: names of real ones are their publishers'.
"""

from pathlib import Path
from typing import Any

from campus.badges import actions, issuing
from campus.badges.models import Achievement, Award, Evidence, Rule
from campus.badges.pictures import Colour, Design, Shape, Symbol
from campus.badges.skills.entering import enter
from campus.badges.skills.queries import alignments_of
from campus.cohorts.models import Cohort
from campus.demo.people import LEARNER, ORGANISER, OUTSIDER
from campus.people.models import Person
from campus.progress.completing import record_completions

_COMPLETED: dict[str, Any] = {
    "name_ja": "ケーススタディ修了",
    "name_en": "Case study completed",
    "description_ja": "架空企業の課題をデータとAIで解くケーススタディに取り組み、最後までやり遂げたことを示します。",
    "description_en": "Worked on a fictional company's problem with data and AI, and carried it through to the end.",
    "criteria_ja": "・必須の提出物をすべて期限までに提出する\n・開催期ごとに定められた修了の条件をすべて満たす",
    "criteria_en": "- Hand in everything that is required in time\n- Meet all that completing the cohort asks for",
    "valid_months": None,
}
_HELPED: dict[str, Any] = {
    "name_ja": "学び合い賞",
    "name_en": "Learning from each other",
    "description_ja": "仲間の質問に答え、学び合いに大きく貢献したことを示します。",
    "description_en": "Answered the questions of others and did much for learning from each other.",
    "criteria_ja": "・質問を解決する投稿や、多くのありがとうを受けた投稿をする\n・事務局の推薦を受ける",
    "criteria_en": "- Write posts that solve questions or are thanked for often\n- Be proposed by the organisers",
    "valid_months": None,
}
_EXPLORED: dict[str, Any] = {
    "name_ja": "データ探究賞",
    "name_en": "Data explorer",
    "description_ja": "データの欠けや偏りを見つけ、仲間が使える形で示したことを表します。",
    "description_en": "Found gaps and bias in the data, and showed them so that others could use it.",
    "criteria_ja": "・データの調べ方を発表し、仲間の成果物に生かされる\n・事務局の推薦を受ける",
    "criteria_en": "- Present how the data were examined, so that others build on it\n- Be proposed by the organisers",
    "valid_months": None,
}
FRAMEWORK = Path(__file__).with_name("skills.toml")
COMPLETED = Design(Shape.HEXAGON, Colour.BLUE, Symbol.CHART, "ケーススタディ修了", "学び合い Manabiai")
EXPLORED = Design(Shape.SHIELD, Colour.PURPLE, Symbol.STAR, "データ探究賞", "学び合い Manabiai")
HELPED = Design(Shape.MEDAL, Colour.GREEN, Symbol.PEOPLE, "学び合い賞", "学び合い Manabiai")


def make_badges(*, running: Cohort, over: Cohort) -> None:
    """Make what is missing; a second call changes nothing."""
    if Achievement.objects.filter(cohort=over).exists():
        return
    organiser = Person.objects.get(email=ORGANISER.email)
    record_completions(over)
    issue(make_for_completing(over, organiser), organiser, chosen=None)
    make_for_completing(running, organiser)
    learner = running.enrolments.get(person__email=LEARNER.email)
    for_helping = _make(running, Rule.BY_HAND, _HELPED, HELPED, organiser, skills="T1 L1 L2 L3")
    for_exploring = _make(running, Rule.BY_HAND, _EXPLORED, EXPLORED, organiser, skills="Q2 D1 D2 D3 M2 T1")
    for badge in (for_helping, for_exploring):
        issue(badge, organiser, chosen=[learner.pk])
    for award in Award.objects.filter(person__email=OUTSIDER.email):
        actions.share(award, is_public=True, evidence=[Evidence.SUBMISSIONS])


def make_for_completing(cohort: Cohort, organiser: Person) -> Achievement:
    """The badge of those who have completed the cohort; nobody has it yet."""
    return _make(cohort, Rule.COMPLETION, _COMPLETED, COMPLETED, organiser, skills="Q1 Q2 D1 D2 M1 T1 T3")


def _make(
    cohort: Cohort, rule: Rule, texts: dict[str, Any], design: Design, organiser: Person, *, skills: str
) -> Achievement:
    chosen = enter(FRAMEWORK.read_text()).skills.filter(code__in=skills.split())
    shown = alignments_of([str(one.pk) for one in chosen])
    return actions.create(
        cohort=cohort,
        rule=rule,
        texts=texts | {"alignments": shown},
        picture=actions.drawn(design),
        actor=organiser,
    )


def issue(achievement: Achievement, organiser: Person, *, chosen: list[int] | None) -> None:
    """To the end, without waiting for a worker."""
    run = issuing.start(achievement, chosen=chosen, actor=organiser)
    while issuing.issue_some(run.pk):
        pass
