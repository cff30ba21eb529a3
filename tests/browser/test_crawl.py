"""A crawl as each role in both languages: no error, nothing untranslated, few queries, nothing of another cohort."""

import re

import pytest

from tests.browser.scene import Scene, Stagehand

# So many pages at least does each come to: a crawl that ends at its first page would find nothing wrong.
PARTS = {
    "learner": 35,
    "facilitator": 40,
    "mentor": 25,
    "organiser": 90,
    "outsider": 25,
    "applicant": 10,
    "operator": 8,
}


@pytest.mark.parametrize("part", PARTS)
def test_every_page_that_a_link_leads_to(stagehand: Stagehand, part: str, language: str) -> None:
    scene = stagehand.furnished("ja")
    found = stagehand.crawl(email=scene.people[part], language=language, foreign=foreign_to(scene, part))
    assert found["flaws"] == {}
    assert found["pages"] >= PARTS[part]


def foreign_to(scene: Scene, part: str) -> list[str]:
    """Names of cohorts and people of which the part may see nothing."""
    key = re.sub(r"^play-", "", scene.cohort)
    own, elsewhere = f"/cohorts/{scene.cohort}/", f"/cohorts/elsewhere-{key}/"
    if part == "outsider":
        return [own, scene.names["learner"]]
    if part in {"applicant", "operator"}:
        return [own, elsewhere] if part == "operator" else [elsewhere]
    copy = [] if part == "organiser" else [f"/cohorts/{scene.copy}/"]
    return [elsewhere, scene.names["outsider"], *copy]
