"""The case pages: what members read and download, what others don't, and what nobody ever gets."""

import csv
import hashlib
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CaseVersion, CohortCase, Step
from campus.people.models import Person
from tests.campus.cast import reschedule, signed_in

pytestmark = pytest.mark.django_db
CASE = "/cohorts/spring/cases/daily-sales/"
PAGES = ["", "data/", "data.zip", "data/train.csv", "pictures/shop.svg", "steps/forecast/"]


def content(response: object) -> bytes:
    """The body of an answer, streamed or not."""
    return b"".join(response) if getattr(response, "streaming", False) else response.content  # type: ignore[attr-defined, call-overload]


@pytest.fixture
def browser(learner: Person, open_step: Step) -> Client:
    """The learner's, in English."""
    learner.language = "en"
    learner.save()
    return signed_in(learner)


@pytest.mark.parametrize("page", PAGES)
def test_members_of_every_role_may_open(
    page: str, open_step: Step, learner: Person, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    for person in [learner, facilitator, mentor, organiser]:
        assert signed_in(person).get(CASE + page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_outsiders_find_nothing_and_anonymous_people_sign_in_first(
    page: str, open_step: Step, outsider: Person, client: Client
) -> None:
    assert signed_in(outsider).get(CASE + page).status_code == 404
    answer = client.get(CASE + page)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
def test_a_member_of_another_cohort_with_the_same_case_finds_nothing_here(
    page: str, open_step: Step, outsider: Person, case_version: CaseVersion
) -> None:
    CohortCase.objects.create(
        cohort=outsider.enrolments.get().cohort, case_version=case_version, slug=case_version.slug
    )
    assert signed_in(outsider).get(CASE + page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_reading_only(page: str, browser: Client) -> None:
    assert browser.post(CASE + page).status_code == 405


def test_the_brief_tells_story_steps_scoring_and_what_to_submit(browser: Client) -> None:
    text = " ".join(strip_tags(browser.get(CASE).text).split())
    for part in [
        "Sales of a small shop",
        "The shop's worry",
        "Steps and deadlines",
        "Rounded to 2 decimal places for comparison",
        "Lower is better",
        "Decides the rank",
        "Numbers from 0 to 1,000",
        "3 submissions a day",
        "40% of the rows",
        "Mean of the past",
        "Given in yen",
        "Time-series forecasting",
        "CC-BY-4.0",
    ]:
        assert part in text.replace("&#x27;", "'"), part


def test_the_brief_is_japanese_for_who_reads_japanese(learner: Person, open_step: Step) -> None:
    page = signed_in(learner).get(CASE).text
    assert '<html lang="ja"' in page
    assert "店の悩み" in page
    assert "小さいほど良い" in page
    assert "あと" in page


def test_raw_html_of_a_story_is_text(learner: Person, open_step: Step) -> None:
    page = signed_in(learner).get(CASE).text
    assert "&lt;script&gt;alert(" in page
    assert "<script>alert(" not in page


def test_the_story_has_anchors_formulas_tables_and_pictures(browser: Client) -> None:
    page = browser.get(CASE).text
    assert 'href="#s-the-shop-s-worry"' in page
    assert 'id="s-the-shop-s-worry"' in page
    assert "<mfrac>" in page
    assert '<td class="align-right">60</td>' in page
    assert browser.get(CASE + re.search(r'<img src="(pictures/[^"]+)"', page).group(1)).status_code == 200  # type: ignore[union-attr]


def test_a_step_shows_its_text_deadline_and_way_on(browser: Client, open_step: Step) -> None:
    page = browser.get(CASE + "steps/problem/").text
    assert "Describe the <strong>problem</strong> of the shop." in page
    assert 'src="../../pictures/shop.svg"' in page
    assert "Next step: Model" in page
    assert "/submit/" not in page


def test_steps_are_counted_as_they_stand_even_where_one_was_put_before_them(browser: Client, open_step: Step) -> None:
    """As a survey at the start is: positions are an order, not a count."""
    case = open_step.cohort_case
    case.steps.create(
        key="survey", kind="survey", by="person", position=0, opens_at=open_step.opens_at, closes_at=open_step.closes_at
    )
    keys = [step.key for step in case.steps.all()]
    assert keys[0] == "survey"

    for place, key in enumerate(keys):
        page = browser.get(f"/cohorts/spring/cases/{case.slug}/steps/{key}/").text
        assert f"Step {place + 1} of {len(keys)}" in page
        for there, rel in ((place - 1, "prev"), (place + 1, "next")):
            link = f'/steps/{keys[there]}/" rel="{rel}">' if 0 <= there < len(keys) else None
            assert (link in page) if link else (f'rel="{rel}"' not in page)


def test_a_step_judged_by_people_shows_its_rubric(browser: Client) -> None:
    assert "Given in yen" in browser.get(CASE + "steps/proposal/").text
    assert "Given in yen" not in browser.get(CASE + "steps/problem/").text


def test_a_graded_step_leads_to_handing_in_and_board_while_open(browser: Client, open_step: Step) -> None:
    page = browser.get(CASE + "steps/forecast/").text
    assert f'href="{CASE}forecast/submit/"' in page
    assert f'href="{CASE}forecast/board/"' in page
    reschedule(open_step, opens=timedelta(days=1), closes=timedelta(days=2))
    assert f'href="{CASE}forecast/submit/"' not in browser.get(CASE + "steps/forecast/").text


def test_only_learners_are_asked_to_submit(open_step: Step, organiser: Person, mentor: Person) -> None:
    for person in [organiser, mentor]:
        page = signed_in(person).get(CASE + "steps/forecast/").text
        assert f'href="{CASE}forecast/submit/"' not in page
        assert f'href="{CASE}forecast/board/"' in page


def test_deadlines_are_in_the_readers_time_zone(browser: Client, open_step: Step, learner: Person) -> None:
    closes_at = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=2)
    reschedule(open_step, opens=timedelta(days=-2), closes=closes_at - timezone.now())
    assert "00:00 JST" in browser.get(CASE + "steps/forecast/").text
    learner.time_zone = "UTC"
    learner.save()
    assert "15:00 UTC" in browser.get(CASE + "steps/forecast/").text


@pytest.mark.parametrize("page", ["", "data/", "steps/forecast/"])
def test_pages_ask_the_database_little(
    page: str, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(CASE + page)
    with django_assert_max_num_queries(20):
        browser.get(CASE + page)


def test_unknown_cases_steps_files_and_pictures_are_not_found(browser: Client) -> None:
    for page in ["steps/nothing/", "data/nothing.csv", "pictures/nothing.svg", "../nothing/", "pictures/story.ja.md"]:
        assert browser.get(CASE + page).status_code == 404, page


def test_the_data_page_names_columns_rows_and_digests(browser: Client, case_version: CaseVersion) -> None:
    page = browser.get(CASE + "data/").text
    train = (case_version.path / "build/public/train.csv").read_bytes()
    assert hashlib.sha256(train).hexdigest() in page
    assert "Known only afterwards" in page
    assert re.search(r'<td class="number">60</td>', page)


def test_a_file_is_downloaded_as_it_is_with_its_digest_as_etag(browser: Client, case_version: CaseVersion) -> None:
    answer = browser.get(CASE + "data/train.csv")
    body = content(answer)
    assert body == (case_version.path / "build/public/train.csv").read_bytes()
    assert answer["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
    assert answer["Content-Disposition"] == 'attachment; filename="train.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_known_file_is_not_sent_again(browser: Client) -> None:
    etag = browser.get(CASE + "data/train.csv")["ETag"]
    for known in [etag, f"W/{etag}"]:
        answer = browser.get(CASE + "data/train.csv", headers={"If-None-Match": known})
        assert (answer.status_code, content(answer), answer["ETag"]) == (304, b"", etag)


def test_the_zip_holds_every_public_file_and_their_true_digests(browser: Client, case_version: CaseVersion) -> None:
    answer = browser.get(CASE + "data.zip")
    archive = zipfile.ZipFile(io.BytesIO(content(answer)))
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS.txt").decode().splitlines())
    public = case_version.path / "build/public"
    assert answer["Content-Disposition"] == 'attachment; filename="daily-sales-1.0.0.zip"'
    assert sorted(archive.namelist()) == ["SHA256SUMS.txt", "sample_submission.csv", "test.csv", "train.csv"]
    assert sums == {file.name: hashlib.sha256(archive.read(file.name)).hexdigest() for file in public.iterdir()}
    assert all(archive.read(file.name) == file.read_bytes() for file in public.iterdir())


def test_a_picture_can_do_nothing_on_its_own_page(browser: Client) -> None:
    answer = browser.get(CASE + "pictures/shop.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "way",
    [
        "data/truth.csv",
        "data/..%2Ftruth%2Ftruth.csv",
        "data/../truth/truth.csv",
        "data/..%5Ctruth%5Ctruth.csv",
        "data/%2E%2E%2Ftruth%2Ftruth.csv",
        "data/oracle.csv",
        "data/mean.csv",
        "data/build.json",
        "data/files.json",
        "pictures/truth.csv",
        "pictures/..%2F..%2Fbuild%2Ftruth%2Ftruth.csv",
        "pictures/..%2Fgenerate.py",
        "pictures/generate.py",
        "truth/truth.csv",
        "build/truth/truth.csv",
    ],
)
def test_no_address_leads_to_the_truth(way: str, browser: Client) -> None:
    assert browser.get(CASE + way).status_code == 404


def test_no_page_or_download_contains_what_is_only_in_the_truth(browser: Client, case_version: CaseVersion) -> None:
    served = [content(browser.get(CASE + page)) for page in [*PAGES, "data/test.csv", "data/sample_submission.csv"]]
    archive = zipfile.ZipFile(io.BytesIO(served[PAGES.index("data.zip")]))
    served += [archive.read(name) for name in archive.namelist()]
    truth = case_version.path / "build/truth"
    rows = list(csv.reader((truth / "truth.csv").open(encoding="utf-8")))[1:]
    planted = [f"{row_id},{split},{sales}" for row_id, split, sales in rows] + [f"{row[0]},{row[2]}" for row in rows]
    private_scores = [f"{one['private']['mae']:.2f}" for one in case_version.baselines]
    for body in served:
        text = body.decode("utf-8", errors="replace")
        assert not any(value in text for value in planted)
        assert not any(score in strip_tags(text) for score in private_scores)
    assert Path(truth / "truth.csv").exists()
