"""What becomes of badges when people leave, cohorts are copied, names change, and frameworks of skills move on."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from campus.badges import actions, signing
from campus.badges.copying import copy_badges, preview_badges
from campus.badges.models import Achievement, Award, Rule
from campus.badges.skills.entering import NotAFramework, enter
from campus.badges.skills.growth import skills_of
from campus.badges.skills.models import Skill
from campus.badges.skills.queries import alignments_of
from campus.badges.verification import check_data
from campus.cohorts.copying import Copying
from campus.cohorts.models import Cohort, Enrolment
from campus.people.erasure import erase
from campus.people.models import Person
from campus.people.personal_data import holdings
from tests.campus.badges.conftest import complete, issue, make
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db


def framework(version: str, codes: str, *, continues: str = "") -> str:
    head = f'key = "f"\nversion = "{version}"\npublished_on = {date(2020 + int(version), 1, 1)}\nname_ja = "枠組み"\n'
    items = [
        f'[[skills]]\ncode = "{code}"\nname_ja = "技能{code}"\ngroup_ja = "区分{code[0]}"\n'
        + (continues if code == "C1" else "")
        for code in codes.split()
    ]
    return head + 'url = "https://skills.example/"\n' + "\n".join(items)


def test_who_leaves_leaves_a_bare_fact_and_a_copy_in_hand_still_holds(public: Award) -> None:
    copy = public.credential.document
    hosted = Client().get(reverse("badges:assertion", args=[public.uid]))
    assert hosted.status_code == 200
    assert [row["badge"] for row in holdings["badges"].rows(public.person)] == ["ケーススタディ修了"]

    erase(person=public.person)

    left = Award.objects.get()
    assert (left.name, left.name_roman, left.salt, left.identity, left.is_public) == ("", "", "", "", False)
    assert not hasattr(left, "credential")
    assert Client().get(public.path).status_code == 410
    for name in ("credential", "jwt", "baked", "assertion"):
        assert Client().get(reverse(f"badges:{name}", args=[public.uid])).status_code == 410
    assert check_data(copy.encode()).is_genuine


def test_a_revoked_badge_of_somebody_who_left_stays_revoked(public: Award, organiser: Person) -> None:
    copy = public.credential.document
    actions.revoke(public, reason="花子さんの辞退", actor=organiser)
    erase(person=public.person)
    assert Award.objects.get().revoke_reason == ""
    assert not check_data(copy.encode()).is_genuine


def test_a_new_cohort_takes_the_badges_over_and_nobodys_awards(award: Award, other_cohort: Cohort) -> None:
    copying = Copying(source=award.achievement.cohort, target=other_cohort, actor=None)
    assert preview_badges(copying) == ["ケーススタディ修了"]
    assert copy_badges(copying) == 1

    copied = Achievement.objects.get(cohort=other_cohort)
    assert (copied.rule, copied.version.number, copied.version.name_en) == (Rule.COMPLETION, 1, "Case study completed")
    assert copied.version.picture.name == award.version.picture.name
    assert not copied.awards.exists()


def test_a_badge_in_english_for_who_reads_english(achievement: Achievement, enrolment: Enrolment) -> None:
    Person.objects.filter(pk=enrolment.person_id).update(language="en")
    complete(enrolment)
    issue(achievement)
    said = json.loads(Award.objects.get().credential.document)["credentialSubject"]["achievement"]
    assert (said["name"], said["inLanguage"]) == ("Case study completed", "en")
    assert said["related"][0]["id"].endswith("/1/ja/")
    page = Client().get(said["id"].removeprefix("https://quest.example.jp"))
    assert "Solved a company" in page.content.decode()


def test_skills_are_told_in_the_latest_version_with_the_badges_that_show_them(
    cohort: Cohort, picture: actions.Picture, enrolment: Enrolment, learner: Person, organiser: Person
) -> None:
    enter(framework("1", "A1 B1"))
    old = Skill.objects.get(code="B1")
    shown = make(cohort, Rule.COMPLETION, picture, alignments=alignments_of([str(old.pk)]))
    complete(enrolment)
    issue(shown)
    enter(framework("2", "A1 C1 C2", continues='continues = ["1:B1"]'))

    (found,) = skills_of(learner)

    assert found.framework.version == "2"
    assert [(item.skill.code, len(item.awards)) for _group, items in found.groups for item in items] == [
        ("A1", 0),
        ("C1", 1),
        ("C2", 0),
    ]
    assert found.figures()["series"][0]["values"] == [0, 1]
    award = Award.objects.with_badge().get()
    alignment = json.loads(award.credential.document)["credentialSubject"]["achievement"]["alignment"][0]
    assert (alignment["targetCode"], alignment["targetFramework"]) == ("B1", "枠組み 1")
    browser = signed_in(learner)
    assert "技能C1" in browser.get(reverse("badges:skills")).content.decode()
    assert browser.get(reverse("badges:skill_figures"), {"framework": "f"}).json()["labels"] == ["区分A", "区分C"]

    actions.revoke(award, reason="x", actor=organiser)
    assert sum(len(item.awards) for _group, items in skills_of(learner)[0].groups for item in items) == 0
    assert signing.class_of(award.version, "ja")["alignment"][0]["targetCode"] == "B1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("key = ", "Invalid value"),
        ('key = "f"', "version"),
        (framework("1", ""), "skills"),
        (framework("1", "A1").replace("2021-01-01", '"soon"'), "published_on in the head"),
        (framework("1", "A1").replace("https://skills.example/", "skills.example"), "url in the head"),
        (framework("1", f"A1 {'B' * 41}"), "code in skill number 2"),
        (framework("1", "A1").partition("[[")[0] + "skills = [1]", "skills"),
    ],
)
def test_a_framework_with_a_fault_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(NotAFramework, match=words):
        enter(text)


def test_a_skill_goes_on_only_from_what_is_entered() -> None:
    with pytest.raises(NotAFramework, match="1:B1"):
        enter(framework("2", "C1", continues='continues = ["1:B1"]'))
