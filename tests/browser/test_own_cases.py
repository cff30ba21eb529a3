"""An organiser's own case, from a table to its second version, and a learner who works on it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.test_every_page import flaws_of, place_of
from tests.browser.visitor import Visitor
from tests.stack import ROOT

TABLE = ROOT / "docs/examples/bakery.csv"
# A process makes, checks or installs the pack; the machine may be busy.
WORK = 90_000

pytestmark = [pytest.mark.usefixtures("has_axe"), pytest.mark.parametrize("language", ["ja"])]


def test_from_a_table_to_the_second_version(visit: Callable[..., Visitor], scene: Scene) -> None:
    organiser, learner = (visit().signed_in(scene.people[part]) for part in ("organiser", "learner"))
    slug = f"bakery-{scene.cohort.removeprefix('play-')}"
    organiser_begins_with_a_table(organiser, scene, slug)
    organiser_writes(organiser, "3つの店で、毎朝いくつ焼くかを決めます。")
    organiser_previews(organiser, "3つの店で、毎朝いくつ焼くかを決めます。")
    organiser_publishes(organiser, version="1.0.0")
    organiser_adds_it(organiser)
    learner_hands_in_the_sample(learner, scene, slug)

    organiser_writes(organiser, "4つ目の店も開きました。")
    organiser_publishes(organiser, version="1.1.0")
    organiser_moves(organiser, before="3つの店で", after="4つ目の店も開きました。")
    page = learner.open(f"/cohorts/{scene.cohort}/cases/{slug}/")
    expect(page.locator("article.story")).to_contain_text("4つ目の店も開きました。")

    versions = {"versions": f"/cohorts/{scene.cohort}/desk/cases/{slug}/versions/"}
    assert flaws_of(organiser, versions, place_of(scene).behind_own_cases()) == {}


def organiser_begins_with_a_table(organiser: Visitor, scene: Scene, slug: str) -> None:
    page = organiser.open(place_of(scene).organiser_pages()["own-cases"])
    form = page.locator("form", has=page.locator("input[name=table]"))
    form.locator("input[name=table]").set_input_files(TABLE)
    form.locator("summary").click()
    values = {"title_ja": "3つの店のパン", "title_en": "Bread", "slug": slug, "target": "販売数", "horizon": "14d"}
    for name, value in values.items():
        form.locator(f"input[name={name}]").fill(value)
    organiser.button("Create the case").click()
    stays = organiser.stays()
    expect(page.locator("#ladder")).to_be_visible(timeout=WORK)
    stays()
    expect(page.locator("#draft-progress")).to_contain_text("前日の販売数")
    assert organiser.barriers() == []


def organiser_writes(organiser: Visitor, sentence: str) -> None:
    """Fill what was left open, look at the stories, and save."""
    page = organiser.page
    page.locator(".tabs").get_by_role("link", name=organiser.says("Texts and dates"), exact=True).click()
    for language in ("ja", "en"):
        page.locator(f"[name=summary_{language}]").fill(sentence)
        page.locator(f"[name=story_{language}]").fill(f"# Bread\n\n**{sentence}**\n")
    organiser.button("Preview the stories").click()
    expect(page.locator("article.story[lang=ja] strong")).to_have_text(sentence)
    organiser.button("Save and check").click()
    expect(page.locator("section:has(#publish) form")).to_be_visible(timeout=WORK)
    expect(page.locator("#gaps")).to_have_count(0)


def organiser_previews(organiser: Visitor, sentence: str) -> None:
    page = organiser.page
    state = page.url
    page.locator(".tabs").get_by_role("link", name=organiser.says("Preview", context="draft"), exact=True).click()
    expect(page.locator("article.story")).to_contain_text(sentence)
    expect(page.locator("#ladder")).to_have_count(0)
    page.goto(state)


def organiser_publishes(organiser: Visitor, *, version: str) -> None:
    page = organiser.page
    page.locator("section:has(#publish) form input[name=version]").fill(version)
    organiser.button("Publish", context="version").click()
    expect(page.locator("section", has=page.locator("#published"))).to_contain_text(version, timeout=WORK)


def organiser_adds_it(organiser: Visitor) -> None:
    """So that its graded step has opened by now."""
    page = organiser.page
    draft = page.url
    page.locator("input[name=starts_on]").fill(f"{date.today() - timedelta(days=9)}")
    organiser.button("Add the case to this cohort").click()
    expect(page).to_have_url(re.compile(r"/schedule/"))
    page.goto(draft)


def learner_hands_in_the_sample(learner: Visitor, scene: Scene, slug: str) -> None:
    page = learner.open(f"/cohorts/{scene.cohort}/cases/{slug}/")
    expect(page.locator("article.story")).to_contain_text("毎朝いくつ焼くか")
    page.locator(".tabs").get_by_role("link", name=learner.says("Data"), exact=True).click()
    section = page.locator("section.data-file", has=page.get_by_text("sample_submission.csv", exact=True))
    with page.expect_download() as download:
        section.get_by_role("link").click()
    learner.open(f"/cohorts/{scene.cohort}/cases/{slug}/model/submit/")
    learner.hand_in("sample_submission.csv", Path(download.value.path()).read_bytes())
    expect(page.locator("#history tbody tr").first).not_to_have_attribute("data-unfinished", re.compile(".*"))
    expect(page.locator("#history tbody tr").first).to_contain_text("採点済み")


def organiser_moves(organiser: Visitor, *, before: str, after: str) -> None:
    page = organiser.page
    organiser.link("Compare versions and switch the cohort").click()
    expect(page.locator("main")).to_contain_text(before)
    expect(page.locator("main")).to_contain_text(after)
    page.locator("section:has(#move) form").get_by_role("button").click()
    expect(page.locator("main, .messages").first).to_contain_text("1.1.0")
