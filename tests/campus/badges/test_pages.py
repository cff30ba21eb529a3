"""The pages of organisers and holders: who may open them, what they do, and what they send away."""

import csv
import io
import json
import logging

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from campus.badges.models import Achievement, AchievementVersion, Award, IssueRun, Rule
from campus.cohorts.models import AuditEntry, Cohort, Enrolment
from campus.live.rights import can_read
from campus.notices.models import Mail
from campus.people.models import Person
from tests.campus.badges.conftest import DESIGN, TEXTS, complete, run_jobs
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.submissions.pages import text_of

pytestmark = pytest.mark.django_db
CHOICES = {"rule": "completion", **DESIGN.kept()}


def address(name: str, cohort: Cohort, *rest: object) -> str:
    return reverse(f"badges:{name}", args=[cohort.slug, *rest])


@pytest.fixture
def browser(organiser: Person) -> Client:
    return signed_in(organiser)


def sent(**changes: object) -> dict[str, object]:
    return {name: value for name, value in {**TEXTS, **CHOICES, **changes}.items() if value not in (None, [])}


def desk_pages(award: Award) -> list[str]:
    achievement, cohort = award.achievement, award.achievement.cohort
    run = IssueRun.objects.get()
    return [
        address("achievements", cohort),
        address("new", cohort),
        address("achievement", cohort, achievement.pk),
        address("edit", cohort, achievement.pk),
        address("preview", cohort, achievement.pk),
        address("replace", cohort, achievement.pk),
        address("run", cohort, achievement.pk, run.pk),
        address("progress", cohort, achievement.pk, run.pk),
        address("award", cohort, award.pk),
        f"{address('sample', cohort)}?text=A",
    ]


def own_pages(award: Award) -> list[str]:
    names = ("own", "credential", "jwt", "baked", "baked_2", "baked_svg", "baked_2_svg")
    certificates = [reverse("badges:certificate", args=[award.uid, language]) for language in ("ja", "en")]
    return [reverse(f"badges:{name}", args=[award.uid]) for name in names] + certificates


@pytest.mark.parametrize("who", ["learner", "mate", "facilitator", "mentor", "outsider"])
def test_only_organisers_of_the_cohort_make_issue_and_revoke(
    who: str, award: Award, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    stranger, achievement = signed_in(person), award.achievement
    assert {stranger.get(page).status_code for page in desk_pages(award)} == {404}
    posts = [
        address("new", achievement.cohort),
        address("remove", achievement.cohort, achievement.pk),
        address("preview", achievement.cohort, achievement.pk),
        address("replace", achievement.cohort, achievement.pk),
        address("give", achievement.cohort),
        address("revoke", achievement.cohort, award.pk),
        address("reissue", achievement.cohort, award.pk),
    ]
    assert {stranger.post(page, {"reason": "x"}).status_code for page in posts} == {404}
    assert can_read(person, IssueRun.objects.get().stream) is False
    award.refresh_from_db()
    assert (award.revoked_at, award.revision) == (None, 1)


def test_the_organiser_of_another_cohort_finds_nothing(award: Award, other_cohort: Cohort) -> None:
    other = make_person("Betsu")
    enrol(other, other_cohort, "organiser")
    assert {signed_in(other).get(page).status_code for page in desk_pages(award)} == {404}
    assert signed_in(other).get(address("award", other_cohort, award.pk)).status_code == 404


def test_strangers_are_sent_to_sign_in_or_find_nothing(award: Award, client: Client) -> None:
    assert {client.get(page).status_code for page in desk_pages(award)} == {302}
    assert client.get(reverse("badges:wallet")).status_code == 302
    assert {client.get(page).status_code for page in own_pages(award)} == {302, 404}


@pytest.mark.parametrize("who", ["mate", "facilitator", "mentor", "outsider"])
def test_a_badge_that_is_not_shown_is_its_holders_alone(who: str, award: Award, request: pytest.FixtureRequest) -> None:
    stranger = signed_in(request.getfixturevalue(who))
    assert {stranger.get(page).status_code for page in [award.path, *own_pages(award)]} == {404}
    assert stranger.post(reverse("badges:share", args=[award.uid]), {"is_public": "1"}).status_code == 404
    award.refresh_from_db()
    assert award.is_public is False


def test_of_a_public_badge_strangers_get_the_files_and_neither_wallet_page_nor_certificate(public: Award) -> None:
    stranger = Client()
    names = ("credential", "jwt", "baked", "baked_2", "baked_svg", "baked_2_svg")
    files = [reverse(f"badges:{name}", args=[public.uid]) for name in names]
    assert {stranger.get(page).status_code for page in files} == {200}
    assert stranger.get(files[0])["Content-Type"] == "application/vc+ld+json"
    assert stranger.get(files[-1])["Content-Disposition"].startswith("attachment")  # No page of this site.
    assert stranger.get(reverse("badges:certificate", args=[public.uid, "ja"])).status_code == 302


def test_from_the_form_to_the_issue_and_the_learners_wallet(
    browser: Client, cohort: Cohort, enrolment: Enrolment, mate_enrolment: Enrolment, learner: Person
) -> None:
    answer = browser.post(address("new", cohort), sent())
    made = Achievement.objects.get()
    assert answer["Location"] == address("achievement", cohort, made.pk)
    assert browser.get(answer["Location"]).status_code == 200
    assert Image.open(made.version.picture.open()).size == (600, 600)

    complete(enrolment)
    preview = browser.get(address("preview", cohort, made.pk))
    assert ("Hanako" in text_of(preview), "Taro" in text_of(preview)) == (True, True)
    answer = browser.post(address("preview", cohort, made.pk))
    run = IssueRun.objects.get()
    assert answer["Location"] == address("run", cohort, made.pk, run.pk)
    assert 'max="1"' in browser.get(answer["Location"]).content.decode()
    run_jobs()

    wallet = signed_in(learner).get(reverse("badges:wallet"))
    assert "ケーススタディ修了" in text_of(wallet)


def test_the_organiser_reads_what_it_says_before_issuing_it(browser: Client, achievement: Achievement) -> None:
    page = browser.get(address("achievement", achievement.cohort, achievement.pk)).content.decode()
    assert "相互評価を3件行う" in page
    assert all(f'href="{achievement.version.path(language)}"' in page for language in ("ja", "en"))


def test_a_site_that_moved_says_so_before_anything_is_issued(
    browser: Client, achievement: Achievement, settings: LazySettings
) -> None:
    badges, words = address("achievements", achievement.cohort), "https://moved.example.jp"
    assert words not in text_of(browser.get(badges))
    settings.SITE_URL = words
    assert words in text_of(browser.get(badges))


def test_given_by_hand_from_the_list_of_people(
    browser: Client, cohort: Cohort, by_hand: Achievement, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    chosen = {"selected": [enrolment.pk]}
    assert "学び合い賞" in text_of(browser.post(address("give", cohort), chosen))
    looked = browser.post(address("give", cohort), chosen | {"achievement": by_hand.pk})
    assert 'name="save"' in looked.content.decode()
    assert not Award.objects.exists()

    browser.post(address("give", cohort), chosen | {"achievement": by_hand.pk, "save": "1"})
    run_jobs()

    assert [award.person_id for award in Award.objects.issued()] == [enrolment.person_id]


def test_what_somebody_holds_stays_and_a_change_is_a_new_version(browser: Client, award: Award) -> None:
    achievement = award.achievement
    browser.post(address("edit", achievement.cohort, achievement.pk), sent(name_ja="新しい名前"))

    versions = AchievementVersion.objects.order_by("number").values_list("number", "name_ja")
    assert list(versions) == [(1, "ケーススタディ修了"), (2, "新しい名前")]
    award.refresh_from_db()
    assert award.version.number == 1
    achievement.refresh_from_db()
    assert achievement.version.number == 2


def test_before_anybody_holds_it_a_change_is_no_new_version_and_it_can_be_deleted(
    browser: Client, achievement: Achievement
) -> None:
    cohort = achievement.cohort
    browser.post(address("edit", cohort, achievement.pk), sent(name_ja="新しい名前", rule="by_hand"))
    assert list(AchievementVersion.objects.values_list("number", "name_ja")) == [(1, "新しい名前")]
    assert Achievement.objects.get().rule == Rule.BY_HAND

    browser.post(address("remove", cohort, achievement.pk))
    assert not Achievement.objects.exists()


def test_what_somebody_holds_can_not_be_deleted(browser: Client, award: Award) -> None:
    browser.post(address("remove", award.achievement.cohort, award.achievement_id))
    assert Achievement.objects.exists()


def test_an_uploaded_picture_is_drawn_anew_as_a_square(browser: Client, cohort: Cohort) -> None:
    photo = io.BytesIO()
    taken = Image.new("RGB", (900, 300), "red")
    exif = Image.Exif()
    exif[0x010E] = "at home"
    taken.save(photo, "JPEG", exif=exif)
    upload = SimpleUploadedFile("me.jpg", photo.getvalue() + b"<script>")
    browser.post(address("new", cohort), sent(upload=upload, text=""))

    with Achievement.objects.get().version.picture.open() as file:
        data = file.read()
    assert Image.open(io.BytesIO(data)).size == (600, 600)
    assert b"at home" not in data
    assert b"<script>" not in data


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"upload": SimpleUploadedFile("a.png", b"no picture")}, "PNG"),
        ({"upload": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}, "PNG"),
        ({"valid_months": "0"}, "120"),
        ({"name_ja": "a\x07b"}, "見えない文字"),
        ({"text": ""}, "画像"),
    ],
)
def test_what_can_not_be_is_told_and_nothing_typed_is_lost(
    wrong: dict[str, object], words: str, browser: Client, cohort: Cohort
) -> None:
    for value in wrong.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    answer = browser.post(address("new", cohort), sent(**wrong))
    assert (answer.status_code, Achievement.objects.count()) == (422, 0)
    assert words in text_of(answer)
    assert "Case study completed" in answer.content.decode()


def test_the_organiser_revokes_with_a_reason_and_the_holder_is_told(
    browser: Client, award: Award, learner: Person
) -> None:
    page = address("revoke", award.achievement.cohort, award.pk)
    assert browser.post(page, {"reason": ""}).status_code == 422
    browser.post(page, {"reason": "提出物が本人のものではありませんでした。"})

    award.refresh_from_db()
    assert award.is_revoked
    assert Mail.objects.filter(person=learner, kind="badges.revoked").count() == 1
    assert "本人のものではありません" in text_of(signed_in(learner).get(reverse("badges:own", args=[award.uid])))
    entry = AuditEntry.objects.get(action="award.revoked")
    assert "本人" not in json.dumps(entry.details, ensure_ascii=False)
    browser.post(address("reissue", award.achievement.cohort, award.pk))
    award.refresh_from_db()
    assert award.revision == 1


def test_the_list_of_badges_narrows_and_downloads(browser: Client, award: Award) -> None:
    page, name = address("achievements", award.achievement.cohort), award.achievement.name
    assert [browser.get(page, {"words": word}).context["listing"].total for word in (name, "ない")] == [1, 0]
    _header, line = browser.get(page, {"export": "csv"}).text.splitlines()
    assert line == f"{name},{award.achievement.get_rule_display()},1,0"


def test_the_list_of_holders_as_a_file(browser: Client, award: Award) -> None:
    file = browser.get(address("achievement", award.achievement.cohort, award.achievement_id), {"export": "csv"})
    content = b"".join(file) if file.streaming else file.content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][:3] == ["佐藤 花子", "佐藤 花子", "SATO Hanako"]


def test_the_holder_shares_and_shows_evidence_by_consent(award: Award, learner: Person, cohort: Cohort) -> None:
    holder, stranger = signed_in(learner), Client()
    assert stranger.get(award.path).status_code == 404
    holder.post(reverse("badges:share", args=[award.uid]), {"is_public": "1", "evidence": ["contribution"]})

    award.refresh_from_db()
    assert (award.is_public, award.evidence) == (True, ["contribution"])
    assert stranger.get(award.path).status_code == 200
    page = holder.get(reverse("badges:own", args=[award.uid])).content.decode()
    assert f"certUrl=https%3A%2F%2Fquest.example.jp%2Fbadges%2F{award.uid}%2F" in page

    holder.post(reverse("badges:share", args=[award.uid]), {"is_public": ""})
    assert stranger.get(award.path).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_certificate_is_a_pdf_with_its_letters_in_it(language: str, award: Award, learner: Person) -> None:
    answer = signed_in(learner).get(reverse("badges:certificate", args=[award.uid, language]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/FontFile2" in answer.content
    assert len(answer.content) < 500_000
    # What writes it would log each letter, and so the holder's name.
    assert logging.getLogger("fontTools.subset").getEffectiveLevel() >= logging.WARNING


def test_there_is_no_certificate_of_a_revoked_badge(browser: Client, award: Award, learner: Person) -> None:
    browser.post(address("revoke", award.achievement.cohort, award.pk), {"reason": "x"})
    assert signed_in(learner).get(reverse("badges:certificate", args=[award.uid, "ja"])).status_code == 404


def test_an_expired_badge_says_so_to_its_holder_and_to_the_organiser(
    browser: Client, award: Award, learner: Person
) -> None:
    desk, own = address("award", award.achievement.cohort, award.pk), reverse("badges:own", args=[award.uid])
    words, holder = "このバッジは有効期限が切れています", signed_in(learner)
    assert (words in text_of(browser.get(desk)), words in text_of(holder.get(own))) == (False, False)
    Award.objects.filter(pk=award.pk).update(expires_at=timezone.now())
    assert (words in text_of(browser.get(desk)), words in text_of(holder.get(own))) == (True, True)


def test_pages_cost_few_queries(browser: Client, award: Award, learner: Person, django_assert_max_num_queries) -> None:
    for page in desk_pages(award):
        with django_assert_max_num_queries(45):
            assert browser.get(page).status_code == 200
    holder = signed_in(learner)
    for page in [reverse("badges:wallet"), award.path, *own_pages(award)]:
        with django_assert_max_num_queries(30):
            assert holder.get(page).status_code == 200
