"""The organiser writes, previews and publishes versions and sees who has agreed; nobody else does."""

import csv
import io

import pytest

from campus.cohorts.models import Cohort, Enrolment
from campus.consents.models import ConsentVersion, Kind
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.consents.forms import answered

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/consents/"


def as_typed(version: ConsentVersion, **changes: str) -> dict[str, str]:
    """What the browser sends for the draft as it is, with one empty form behind it."""
    items = list(version.items.all())
    data = {"intro_ja": version.intro_ja, "intro_en": version.intro_en, "then": "read"}
    data |= {"form-TOTAL_FORMS": str(len(items) + 1), "form-INITIAL_FORMS": str(len(items))}
    for number, item in enumerate(items):
        for name in ("key", "kind", "title_ja", "title_en", "text_ja", "text_en"):
            data[f"form-{number}-{name}"] = getattr(item, name)
        if item.is_required:
            data[f"form-{number}-is_required"] = "on"
    data[f"form-{len(items)}-kind"] = Kind.OTHER
    return data | changes


@pytest.fixture
def draft(cohort: Cohort, organiser: Person) -> ConsentVersion:
    signed_in(organiser).post(f"{DESK}start/")
    return ConsentVersion.objects.get()


def test_an_organiser_writes_previews_and_publishes(draft: ConsentVersion, organiser: Person) -> None:
    browser = signed_in(organiser)
    typed = as_typed(draft, **{"form-0-title_ja": "規約", "form-3-DELETE": "on"})
    assert browser.post(f"{DESK}draft/", typed).url == f"{DESK}1/"
    assert list(draft.items.values_list("title_ja", flat=True)) == ["規約", "個人情報の取扱い", "修了後のアンケート"]
    assert "公開前の確認画面です" in browser.get(f"{DESK}1/").content.decode()
    assert browser.post(f"{DESK}1/publish/").url == DESK
    draft.refresh_from_db()
    assert (draft.published_by, draft.number) == (organiser, 1)
    assert browser.get(f"{DESK}draft/").status_code == 404


def test_an_item_is_added(draft: ConsentVersion, organiser: Person) -> None:
    more = {"form-4-title_ja": "撮影", "form-4-text_ja": "本文", "then": "write"}
    assert signed_in(organiser).post(f"{DESK}draft/", as_typed(draft, **more)).url == f"{DESK}draft/"
    assert draft.items.count() == 5
    # It lacks its English: told on the preview, and not published.
    browser = signed_in(organiser)
    assert "まだ公開できません" in browser.get(f"{DESK}1/").content.decode()
    browser.post(f"{DESK}1/publish/")
    assert not ConsentVersion.objects.published().exists()


def test_two_items_of_a_kind_are_refused_and_nothing_typed_is_lost(draft: ConsentVersion, organiser: Person) -> None:
    typed = as_typed(draft, **{"form-4-kind": Kind.TERMS, "form-4-title_ja": "もうひとつ"})
    page = signed_in(organiser).post(f"{DESK}draft/", typed).content.decode()
    assert "同じ種類の項目は1つだけです" in page
    assert "もうひとつ" in page
    assert draft.items.count() == 4


def test_it_tells_who_has_agreed_and_what_to(
    organiser: Person, version: ConsentVersion, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    answered(enrolment, version, also=[Kind.PUBLICATION])
    browser = signed_in(organiser)
    context = browser.get(DESK).context
    assert (context["asked"], context["answered"]) == (2, 1)
    rows = {row.person.name: row.agreed for row in browser.get(f"{DESK}?answer=no").context["listing"].page}
    assert rows == {"Taro": []}
    data = browser.get(f"{DESK}?export=csv").content.decode("utf-8-sig")
    told = {row["氏名"]: row["上位の解法の公開"] for row in csv.DictReader(io.StringIO(data))}
    assert told == {"Hanako": "同意済み", "Taro": ""}


def test_the_list_costs_no_query_per_learner(
    organiser: Person, version: ConsentVersion, cohort: Cohort, django_assert_max_num_queries
) -> None:
    for number in range(30):
        answered(enrol(make_person(f"Learner{number}"), cohort), version)
    browser = signed_in(organiser)
    with django_assert_max_num_queries(15):
        assert browser.get(DESK).status_code == 200


@pytest.mark.parametrize("who", ["facilitator", "mentor", "learner", "outsider"])
def test_for_all_others_these_pages_do_not_exist(
    who: str, draft: ConsentVersion, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    reads = [browser.get(f"{DESK}{page}") for page in ("", "draft/", "1/", "?export=csv")]
    writes = [browser.post(f"{DESK}{page}", as_typed(draft)) for page in ("start/", "draft/", "1/publish/")]
    assert {answer.status_code for answer in reads + writes} == {404}
    draft.refresh_from_db()
    assert draft.published_at is None


def test_strangers_are_sent_to_sign_in(client, draft: ConsentVersion) -> None:
    assert client.get(DESK).url == f"/accounts/login/?next={DESK}"
    assert client.post(f"{DESK}1/publish/").url.startswith("/accounts/login/")
