"""An organiser makes a case: from a table or a zip, mended, previewed, published, brought to the cohort, moved."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.actions import install_case
from campus.cases.authoring import moving
from campus.cases.hand_ins import HandIn
from campus.cases.models import CaseDraft, CaseVersion, Step
from campus.cases.tasks import resume_drafts
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Role
from campus.people.models import Person
from grader.checks import check_pack
from tests.campus.cases.authoring.conftest import OWN, TABLE, at, upload, zip_of
from tests.campus.cast import PACK, enrol, make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
Work = Callable[[CaseDraft], CaseDraft]


def test_an_uploaded_pack_is_checked_by_a_worker(desk: Client, bakery: Path, work: Work, proof: dict[str, Any]) -> None:
    upload(desk, zip_of(bakery))
    assert desk.get(at(CaseDraft.objects.get(), "progress/")).context["draft"].state == "waiting"
    draft = work(CaseDraft.objects.get())
    assert (draft.state, draft.proof, draft.attempt) == ("ready", proof, 1)
    assert work(draft).attempt == 1


@pytest.fixture
def version(desk: Client, draft: CaseDraft, work: Work) -> CaseVersion:
    """The bakery, published."""
    desk.post(at(draft, "publish/"), {"version": "1.0.0"})
    published = work(draft).published
    assert published is not None
    return published


def test_a_table_becomes_a_checked_case(desk: Client, case_root: Path, work: Work) -> None:
    body = {
        "way": "table",
        "table": SimpleUploadedFile("bakery.csv", TABLE.read_bytes()),
        "title_ja": "3つのパン屋",
        "title_en": "Three bakeries",
        "slug": "three-bakeries",
        "target": "販売数",
        "split": "time",
        "column": "日付",
        "horizon": "14d",
        "drop": "予報、売上",
    }
    answer = desk.post(OWN, body)
    draft = CaseDraft.objects.get()
    assert answer["Location"] == at(draft)
    assert "Making the pack from the table" in desk.get(at(draft)).text

    draft = work(draft)

    page = desk.get(at(draft))
    assert draft.state == "ready", draft.problems
    assert [check.problems for check in page.context["checks"]] == [[]] * 9
    assert [rung.is_trivial for rung in page.context["ladder"]] == [True, False]
    roles = {line.name: line.role for line in page.context["guesses"]}
    assert (roles["売上"], roles["前日の販売数"], roles["販売数"]) == ("left out", "known afterwards", "target")
    assert "Table: column “前日の販売数” repeats earlier answers (lag 1)" in page.text
    assert f'<a href="{OWN}" aria-current="page">Your own cases</a>' in page.text
    assert "May not be passed on" in desk.get(at(draft, "preview/")).text
    assert "what kind of company or workplace this is" in page.text
    assert [(entry.action, entry.details["source"]) for entry in AuditEntry.objects.filter(action="draft.begun")] == [
        ("draft.begun", "table")
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "Three Bakeries"}, "lower-case letters, digits and hyphens"),
        ({"split": "group"}, "Enter the column to split by"),
        ({"target": ""}, "This field is required"),
    ],
)
def test_a_form_with_faults_says_so_and_loses_nothing(desk: Client, changes: dict[str, str], said: str) -> None:
    body = {"title_ja": "題", "title_en": "Title kept", "slug": "shop", "target": "販売数", **changes}
    answer = desk.post(OWN, {"way": "table", "table": SimpleUploadedFile("t.csv", b"a,b\n1,2\n"), **body})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Title kept" in answer.text
    assert ('<details class="more" open>' in answer.text) == ("split" in changes), (
        "options are folded unless one is wrong"
    )
    assert not CaseDraft.objects.exists()


def test_a_table_that_makes_no_case_is_told_in_words_and_can_be_tried_again(desk: Client, work: Work) -> None:
    body = {"title_ja": "題", "title_en": "T", "slug": "shop", "target": "売れた数"}
    desk.post(OWN, {"way": "table", "table": SimpleUploadedFile("t.csv", TABLE.read_bytes()), **body})
    draft = work(CaseDraft.objects.get())
    assert draft.state == "broken"
    assert "there is no column “売れた数”" in desk.get(at(draft)).text

    mended = SimpleUploadedFile("t.csv", TABLE.read_bytes() + b"\r\n")
    desk.post(at(draft, "options/"), {"target": "販売数", "horizon": "14d", "table": mended})
    assert (draft.folder / "table.csv").read_bytes() == TABLE.read_bytes() + b"\r\n"
    assert CaseDraft.objects.get().wishes == {"target": "販売数", "horizon": "14d"}
    assert CaseDraft.objects.get().state == "waiting"


def test_a_zip_with_a_program_is_refused_at_once(desk: Client, own_bakery: Path) -> None:
    (own_bakery / "generate.py").write_text("import os")
    answer = upload(desk, zip_of(own_bakery))
    assert answer.status_code == 422
    assert "“generate.py” is a program" in answer.text
    assert not CaseDraft.objects.exists()


def test_a_broken_manifest_is_told_by_field(desk: Client, own_bakery: Path, case_root: Path) -> None:
    manifest = own_bakery / "case.toml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('track = "ai"', 'track = "magic"'), encoding="utf-8"
    )
    assert "case.toml: track doesn’t match" in upload(desk, zip_of(own_bakery)).text
    assert list((case_root / ".drafts").iterdir()) == []


def test_a_name_that_others_have_is_not_taken(
    desk: Client, own_bakery: Path, case_root: Path, other_cohort: Cohort
) -> None:
    manifest = own_bakery / "case.toml"
    install_case(source=PACK, actor=None)
    renamed = manifest.read_text(encoding="utf-8").replace('slug = "bakery"', 'slug = "daily-sales"')
    manifest.write_text(renamed, encoding="utf-8")
    assert "that somebody else looks after" in upload(desk, zip_of(own_bakery)).text


def test_texts_and_days_are_edited_previewed_and_checked_again(desk: Client, draft: CaseDraft) -> None:
    page = desk.get(at(draft, "texts/"))
    body = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    body |= {
        "title_en": "Bread for three shops",
        "story_en": "# Bread\n\n**Fresh** <script>x</script>",
        "step-1-closes": 40,
    }
    looked = desk.post(at(draft, "texts/"), {**body, "look": "1"})
    assert "<strong>Fresh</strong> &lt;script&gt;" in looked.text
    assert "Bread for three shops" not in (draft.pack_folder / "case.toml").read_text(encoding="utf-8")

    desk.post(at(draft, "texts/"), {**body, "save": "1"})
    draft = CaseDraft.objects.get()
    assert (draft.state, draft.task, draft.title_en) == ("waiting", "prove", "Bread for three shops")
    CaseDraft.objects.update(state="ready")
    preview = desk.get(at(draft, "preview/")).text
    assert "<strong>Fresh</strong>" in preview
    assert "Days 7 to 40" in preview


def test_a_day_that_closes_before_it_opens_is_not_saved(desk: Client, draft: CaseDraft) -> None:
    page = desk.get(at(draft, "texts/"))
    body = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    answer = desk.post(at(draft, "texts/"), {**body, "step-1-closes": 3, "save": "1"})
    assert answer.status_code == 422
    assert "must close after it opens" in answer.text


def test_the_preview_shows_no_final_score_and_no_truth(desk: Client, draft: CaseDraft) -> None:
    truth = (draft.pack_folder / "data/truth/truth.csv").read_text(encoding="utf-8").splitlines()
    shown = desk.get(at(draft, "preview/")).text
    assert "Final score" not in shown
    assert not [line for line in truth[1:] if line in shown]


def test_a_published_version_belongs_to_the_cohort_and_is_brought_to_it(
    desk: Client, version: CaseVersion, cohort: Cohort, other_cohort: Cohort, organiser: Person
) -> None:
    assert (version.slug, version.version, version.seed_kind, version.owner) == ("bakery", "1.0.0", "data", cohort)
    stranger = make_person("Sora")
    enrol(stranger, other_cohort, Role.ORGANISER)
    assert list(CaseVersion.objects.offered_to(stranger, other_cohort)) == []
    assert list(CaseVersion.objects.offered_to(organiser, cohort)) == [version]

    draft = CaseDraft.objects.get()
    answer = desk.post(at(draft, "adopt/"), {"starts_on": "2027-04-01"})
    assert answer["Location"] == "/cohorts/spring/desk/schedule/"
    assert [step.key for step in Step.objects.filter(cohort_case__case_version=version)] == [
        "problem",
        "model",
        "proposal",
    ]
    assert AuditEntry.objects.filter(action="case.installed", cohort=cohort, actor=organiser).exists()


def test_the_same_number_is_not_published_twice(desk: Client, version: CaseVersion, work: Work) -> None:
    draft = CaseDraft.objects.get()
    assert desk.get(at(draft)).context["form"].initial == {"version": "1.1.0"}
    story = draft.pack_folder / "story.en.md"
    story.write_text("# Another\n", encoding="utf-8")
    desk.post(at(draft, "publish/"), {"version": "1.0.0"})
    draft = work(draft)
    assert draft.state == "broken"
    assert "has already been published" in desk.get(at(draft)).text


@pytest.fixture
def next_version(desk: Client, version: CaseVersion, work: Work, cohort: Cohort) -> CaseVersion:
    """The bakery in the cohort, and a mended version with other texts and scoring."""
    draft = CaseDraft.objects.get()
    desk.post(at(draft, "adopt/"), {"starts_on": f"{timezone.localdate() - timedelta(days=10)}"})
    manifest = draft.pack_folder / "case.toml"
    text = manifest.read_text(encoding="utf-8").replace("digits = 4", "digits = 3", 1)
    manifest.write_text(text.replace("[TO FILL IN: title of the case]", "Bread"), encoding="utf-8")
    (draft.pack_folder / "story.en.md").write_text("# Bread\n\nMended.\n", encoding="utf-8")
    check_pack(draft.pack_folder, recording=True)
    desk.post(at(draft, "publish/"), {"version": "1.1.0"})
    published = work(draft).published
    assert published is not None
    assert published.version == "1.1.0"
    return published


def test_two_versions_are_compared_and_a_cohort_without_work_moves(
    desk: Client, next_version: CaseVersion, cohort: Cohort
) -> None:
    address = "/cohorts/spring/desk/cases/bakery/versions/"
    page = desk.get(address)
    comparison = page.context["way"].comparison
    assert [(label, same) for label, same in comparison.digests] == [
        ("Data that learners see", True),
        ("Truth", True),
        ("Scoring", False),
        ("All files of the pack", False),
    ]
    assert [one.details for one in comparison.scoring if one.details] == ["digits: 4 → 3"]
    assert {text.name for text in comparison.texts} == {"Title (en)", "Story (en)"}
    assert ("+", "Mended.") in next(text.lines for text in comparison.texts if text.name == "Story (en)")
    before = dict(Step.objects.values_list("key", "closes_at"))

    desk.post(address, {"to": next_version.pk})
    assert cohort.cases.get().case_version == next_version
    assert dict(Step.objects.values_list("key", "closes_at")) == before
    entry = AuditEntry.objects.get(action="case.moved")
    assert (entry.details["before"], entry.details["after"]) == ("1.0.0", "1.1.0")


def test_where_work_was_handed_in_rescoring_has_to_do_it(
    desk: Client, next_version: CaseVersion, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    handed_in = HandIn(Step.objects.get(key="model").pk, 1, None, now.timestamp(), now.timestamp(), 1)
    monkeypatch.setattr(moving, "hand_ins_of", lambda _steps: iter([handed_in]))
    address = "/cohorts/spring/desk/cases/bakery/versions/"
    page = desk.get(address)
    assert "Work has already been handed in" in page.text
    assert "/cohorts/spring/desk/rescorings/" in page.text or "rescoring" in page.text
    desk.post(address, {"to": next_version.pk})
    assert cohort.cases.get().case_version.version == "1.0.0"


def test_work_whose_worker_died_is_taken_up_again_and_given_up_in_words(draft: CaseDraft, desk: Client) -> None:
    for attempt, state in ((1, "waiting"), (2, "broken")):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        CaseDraft.objects.update(state="working", attempt=attempt)
        resume_drafts()
        assert CaseDraft.objects.get().state == state
    assert "Something went wrong on our side" in desk.get(at(draft)).text


def test_what_is_worked_on_can_not_be_changed_meanwhile(desk: Client, draft: CaseDraft) -> None:
    CaseDraft.objects.update(state="working")
    assert "Please wait until that is done" in desk.post(at(draft, "discard/"), follow=True).text
    assert CaseDraft.objects.exists()


def test_a_discarded_draft_leaves_no_files(
    desk: Client, draft: CaseDraft, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    folder = draft.folder
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        desk.post(at(draft, "discard/"))
    assert not folder.exists()
    assert not CaseDraft.objects.exists()


PAGES = ["", "progress/", "texts/", "columns/", "options/", "pack/", "pack.zip", "preview/"]
PAGES += ["publish/", "adopt/", "discard/", "pictures/a.svg", "data/photos.zip/a.png"]


def test_only_organisers_of_the_cohort_find_the_pages(
    draft: CaseDraft,
    facilitator: Person,
    mentor: Person,
    learner: Person,
    outsider: Person,
    other_cohort: Cohort,
    client: Client,
) -> None:
    stranger = make_person("Sora")
    enrol(stranger, other_cohort, Role.ORGANISER)
    addresses = [OWN, "/cohorts/spring/desk/cases/bakery/versions/", *(at(draft, page) for page in PAGES)]
    for person in (facilitator, mentor, learner, outsider, stranger):
        browser = signed_in(person)
        assert {browser.get(address).status_code for address in addresses} <= {404, 405}
        assert {browser.post(address, {"to": "1", "way": "zip"}).status_code for address in addresses} <= {404, 405}
    assert client.get(OWN)["Location"].startswith("/accounts/login/")
    elsewhere = at(draft).replace("spring", "autumn")
    assert signed_in(stranger).get(elsewhere).status_code == 404
    assert CaseDraft.objects.get().state == "ready"


def test_the_list_of_drafts_is_read_in_a_bounded_number_of_queries(
    desk: Client, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    CaseDraft.objects.bulk_create(
        CaseDraft(cohort=cohort, slug=f"case-{number}", title_ja="題", title_en="Title", task="prove", state="ready")
        for number in range(40)
    )
    with django_assert_max_num_queries(14):
        assert desk.get(OWN).status_code == 200


def test_a_person_of_another_cohort_cannot_follow_the_progress(
    draft: CaseDraft, organiser: Person, outsider: Person
) -> None:
    from campus.cases.streams import can_read_draft

    assert can_read_draft(organiser, draft.pk)
    assert not can_read_draft(outsider, draft.pk)
    Enrolment.objects.filter(person=organiser).update(role=Role.MENTOR)
    assert not can_read_draft(organiser, draft.pk)
