"""The whole way: two learners from the requirements to completion, reviewed by each other and by a mentor."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campus.demo.slides import Slide, slides_as_pdf
from tests.browser import answers
from tests.browser.scene import Scene, Stagehand
from tests.browser.test_forms import assert_no_flaws
from tests.browser.test_main_job import score_comes_without_reloading
from tests.browser.visitor import Visitor

TEXT = "廃棄は月に60万円です。\n\n発注のルールを変えると、年に170万円減らせます。"
ADVICE = "数字から始まっていて、社長に届く提案です。次は前提の幅を書き添えてください。"
COMMENT, ANSWER = "この棒グラフは、どの店舗の数字ですか。", "本店の直近3か月の数字です。"


@pytest.mark.parametrize("language", ["ja"])
def test_from_the_requirements_to_completion(
    visit: Callable[..., Visitor], scene: Scene, stagehand: Stagehand, has_axe: None
) -> None:
    stagehand.open_all_steps(scene)
    organiser, mentor, learner, mate = (
        visit().signed_in(scene.people[part]) for part in ("organiser", "mentor", "learner", "mate")
    )
    organiser_puts_every_proposal_before_mentors(organiser, scene)

    for one, predictions, cost in (
        (learner, answers.good(scene), answers.GOOD_COST),
        (mate, answers.fair(scene), answers.FAIR_COST),
    ):
        for step in ("problem", "poc"):
            hands_in_words(one, scene, step)
        one.open(scene.path("submit/"))
        score_comes_without_reloading(one, predictions, cost)
    hands_in_slides(learner, scene)
    hands_in_words(mate, scene, "proposal")

    for one in (learner, mate):
        practises(one, scene)
        reviews_what_came(one, scene)
    reads_and_rates_what_the_peer_wrote(learner, scene)

    mentor_comments_and_releases(mentor, scene)
    learner_answers(learner, scene)
    mentor.page.reload()
    expect(mentor.page.locator(".thread .answers")).to_contain_text(ANSWER)

    for one in (learner, mate):
        expect(one.open(way(scene)).locator("main .banner.info")).to_be_visible()
        answers_the_survey(one, scene)
        expect(one.open(way(scene)).locator("main .banner.success")).to_be_visible()
    stagehand.let_a_minute_pass(scene)
    page = organiser.open(f"/cohorts/{scene.cohort}/desk/progress/?completion=completed")
    expect(page.locator("tbody tr")).to_have_count(2)


def way(scene: Scene) -> str:
    return f"/cohorts/{scene.cohort}/completion/"


def step_page(scene: Scene, step: str) -> str:
    return f"/cohorts/{scene.cohort}/cases/{scene.case}/steps/{step}/"


def reviews_page(scene: Scene) -> str:
    return f"/cohorts/{scene.cohort}/cases/{scene.case}/peer-review/reviews/"


def organiser_puts_every_proposal_before_mentors(organiser: Visitor, scene: Scene) -> None:
    page = organiser.open(f"/cohorts/{scene.cohort}/desk/mentoring/overview/limits/")
    percents = page.locator("input[name^=percent-]").all()
    for field in percents[:-1]:
        field.fill("0")
    percents[-1].fill("100")
    organiser.button("Save").click()
    expect(page).to_have_url(re.compile("/overview/$"))


# --- Learners ---


def hands_in_words(learner: Visitor, scene: Scene, step: str) -> None:
    page = learner.open(step_page(scene, step))
    page.locator("#id_text").fill(TEXT)
    page.locator("#id_ai_use").fill("使っていません。")
    hands_it_in(learner)


def hands_it_in(learner: Visitor) -> None:
    learner.button("Hand in", context="button").click()
    expect(learner.page.locator("#hand-in .card")).to_be_visible()
    # Leaving the page ends a save that is under way; the form itself holds what it would have saved.
    learner.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")


def hands_in_slides(learner: Visitor, scene: Scene) -> None:
    """Type, add a PDF, come back to it, miss something, hand it in, and see the slides drawn."""
    page = learner.open(step_page(scene, "proposal"))
    page.locator("#id_text").fill(TEXT)
    expect(page.locator("#saved time")).to_be_visible()
    pdf = slides_as_pdf([Slide("提案", ["廃棄を3割減らす"]), Slide("根拠", bars=[("いま", 1.0), ("提案", 0.7)])])
    file = {"name": "提案資料.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.locator("#draft-files input[type=file]").set_input_files(files=[file])
    expect(page.locator(".file-list")).to_contain_text("提案資料.pdf")
    assert_no_flaws(learner)

    page.reload()
    expect(page.locator("#id_text")).to_have_value(TEXT)
    learner.expect_status(422)
    learner.button("Hand in", context="button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_no_flaws(learner)
    page.locator("#id_ai_use").fill("使っていません。")
    hands_it_in(learner)

    page.locator("#hand-in .card a").first.click()
    page.locator("#page-2 img").scroll_into_view_if_needed(timeout=60_000)
    drawn = page.locator("#page-2 img:not([src=''])")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("async (picture) => (await picture.decode(), picture.naturalWidth)") > 0
    assert_no_flaws(learner)


def practises(learner: Visitor, scene: Scene) -> None:
    """The work is there by itself; it leads to the samples first, one after the other."""
    page = learner.open(reviews_page(scene))
    expect(page.locator("#reviews-todo h3 a")).to_have_count(1)
    samples = page.locator("[aria-labelledby=practice-title] li").count()
    page.locator("#reviews-todo h3 a").click()
    for _ in range(samples):
        expect(page).to_have_url(re.compile("/practice/"))
        chooses_levels(page)
        learner.button("Compare", context="practice").click()
        with page.expect_navigation():
            page.locator("aside .actions a").click()
    expect(page).to_have_url(re.compile("/reviews/$"))


def chooses_levels(page: Page) -> None:
    page.locator("section.criterion").first.wait_for()
    for criterion in page.locator("section.criterion").all():
        criterion.locator("input[type=radio]").nth(2).check()


def reviews_what_came(learner: Visitor, scene: Scene) -> None:
    page = learner.page
    page.locator("#reviews-todo h3 a").first.click()
    work = page.locator("article.deliverable")
    expect(work).to_contain_text("170万円")
    for name in scene.names.values():
        expect(page.locator("main")).not_to_contain_text(name)
    chooses_levels(page)
    for comment in page.locator("section.criterion textarea").all():
        comment.fill("根拠となる数字が示されています。")
    page.locator("#id_advice").fill(ADVICE)
    learner.button("Hand in the review").click()
    expect(page).to_have_url(re.compile("/reviews/$"))
    learner.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")


def reads_and_rates_what_the_peer_wrote(learner: Visitor, scene: Scene) -> None:
    page = learner.open(reviews_page(scene))
    learner.link("Read the reviews of your work").click()
    review = page.locator("section[id^=review-]")
    expect(review).to_contain_text(ADVICE)
    expect(page.locator("main")).not_to_contain_text(scene.names["mate"])
    learner.button("Helped a lot", context="rating").click()
    expect(review.locator("button[aria-pressed=true]")).to_have_text(learner.says("Helped a lot", context="rating"))


def learner_answers(learner: Visitor, scene: Scene) -> None:
    """From the page of the step to what the mentor wrote, and an answer to the comment."""
    page = learner.open(step_page(scene, "proposal"))
    page.locator("#hand-in .card a").first.click()
    learner.link("Read the review and reply").click()
    expect(page.locator("aside")).to_contain_text(ADVICE)
    thread = page.locator(".thread", has_text=COMMENT)
    expect(thread.locator("a[href='#page-2']")).to_be_visible()
    thread.locator("summary").click()
    thread.locator("textarea").fill(ANSWER)
    learner.button("Send the reply", context="mentoring").click()
    expect(thread.locator(".answers")).to_contain_text(ANSWER)
    assert_no_flaws(learner)


def answers_the_survey(learner: Visitor, scene: Scene) -> None:
    page = learner.open(step_page(scene, "reflection"))
    page.locator("input[type=radio][value='4']").check()
    page.locator("input[value=never]").check()
    for area in page.locator("textarea:visible").all():
        area.fill("予測の誤差を金額で考えることを学びました。")
    learner.button("Submit", context="form").click()
    expect(page.locator(".banner.success")).to_be_visible()
    learner.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")


# --- The mentor ---


def mentor_comments_and_releases(mentor: Visitor, scene: Scene) -> None:
    """The learner's proposal stands in the queue; the mentor comments a slide and releases her review."""
    page = mentor.open(f"/cohorts/{scene.cohort}/desk/mentoring/")
    page.locator("tbody th a", has_text=scene.names["learner"]).click()
    page.locator("#page-2 button.comment-here").click()
    expect(page.locator("#id_anchor")).to_have_value("page-2")
    page.locator("textarea[name=text]").fill(COMMENT)
    mentor.button("Add the comment").click()
    expect(page.locator(".thread")).to_contain_text(COMMENT)
    chooses_levels(page)
    page.locator("#id_advice").fill(ADVICE)
    mentor.button("Release to the authors").click()
    expect(page.locator("main .chip.success").first).to_have_text(mentor.says("Released", context="mentoring"))
    mentor.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")
