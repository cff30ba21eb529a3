"""The import's pages: upload, preview, confirmation; for organisers only, and each upload for its owner only."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort, Role
from campus.intake.imports import forms
from campus.intake.models import PeopleImport
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.intake.tables import as_csv, as_xlsx

pytestmark = pytest.mark.django_db
PAGE = "/cohorts/spring/desk/import/"
ROW = ["佐藤 花子", "sato@example.org", "", ""]


@pytest.fixture
def client(organiser: Person) -> Client:
    return signed_in(organiser)


@pytest.fixture
def preview(client: Client) -> Callable[..., str]:
    """Upload rows and return the address of their preview."""

    def upload(*rows: list[str], data: bytes | None = None) -> str:
        answer = client.post(PAGE, {"file": file_of(data or as_csv(*rows)), "default_role": "learner"})
        assert answer.status_code == 302, answer.text
        return answer["Location"]

    return upload


def file_of(data: bytes, name: str = "名簿.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_upload_preview_confirm(client: Client, preview: Callable[..., str]) -> None:
    address = preview(ROW)
    page = client.get(address)
    assert "名簿.csv" in page.text
    assert "sato@example.org" in page.text
    assert [(figure.label, figure.count) for figure in page.context["figures"]] == [("新しい人", 1)]
    assert not Person.objects.filter(email="sato@example.org").exists()

    done = client.post(f"{address}confirm/", follow=True)
    assert "取り込みました" in done.text
    assert Person.objects.filter(email="sato@example.org").exists()


def test_a_second_click_does_no_harm(client: Client, preview: Callable[..., str]) -> None:
    address = preview(ROW)
    for _ in range(2):
        done = client.post(f"{address}confirm/", follow=True)
        assert "取り込みました" in done.text
    assert Person.objects.filter(email="sato@example.org").count() == 1


def test_faults_stand_first_with_column_and_reason_and_there_is_no_way_on(
    client: Client, preview: Callable[..., str]
) -> None:
    address = preview(ROW, ["太郎", "taro@", "", ""])
    page = client.get(address)
    assert [row.number for row in page.context["listing"].page] == [3, 2]
    assert "<strong>メールアドレス</strong> 「taro@」はメールアドレスの形式になっていません。" in page.text
    assert "confirm/" not in page.text
    refused = client.post(f"{address}confirm/", follow=True)
    assert "訂正が必要な行があります" in refused.text


def test_the_preview_narrows_and_downloads_as_a_file(client: Client, preview: Callable[..., str]) -> None:
    address = preview(ROW, ["太郎", "taro@", "", ""])
    assert [row.number for row in client.get(f"{address}?outcome=new").context["listing"].page] == [2]
    assert [row.number for row in client.get(f"{address}?search=太郎").context["listing"].page] == [3]
    file = client.get(f"{address}?outcome=refused&export=csv").content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("3,")
    assert "メールアドレス: 「taro@」" in file


def test_what_each_column_means_is_shown(client: Client, preview: Callable[..., str]) -> None:
    data = as_csv(["佐藤 花子", "sato@example.org", "x"], headings=["お名前", "Eメール", "備考"])
    assert client.get(preview(data=data)).context["columns"] == [
        ("お名前", "氏名"),
        ("Eメール", "メールアドレス"),
        ("備考", ""),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ファイルが空です"),
        (as_csv(["x"], headings=["会員番号"]), "「メールアドレス」の列がありません"),
        (as_xlsx(ROW, ROW, merge="A2:A3"), "A2:A3"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_on_the_page(data: bytes, words: str, client: Client) -> None:
    answer = client.post(PAGE, {"file": file_of(data), "default_role": "learner"})
    assert answer.status_code == 422
    assert words in answer.text
    assert not PeopleImport.objects.exists()


def test_a_file_beyond_the_limit_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST_FILE", 10)
    answer = client.post(PAGE, {"file": file_of(b"x" * 11), "default_role": "learner"})
    assert answer.status_code == 422
    assert "ファイルが大きすぎます" in answer.text


def test_an_upload_waits_until_it_is_confirmed_or_discarded(client: Client, preview: Callable[..., str]) -> None:
    address = preview(ROW)
    assert address in client.get(PAGE).text
    assert "破棄しました" in client.post(f"{address}discard/", follow=True).text
    assert client.get(address).status_code == 404
    assert address not in client.get(PAGE).text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_a_file_that_can_be_imported(form: str, client: Client, preview: Callable[..., str]) -> None:
    template = client.get(f"{PAGE}template.{form}").content
    page = client.get(preview(data=template))
    assert [figure.label for figure in page.context["figures"]] == ["新しい人"]
    assert all(label for _, label in page.context["columns"])


def test_an_upload_is_for_the_eyes_of_its_owner(preview: Callable[..., str], cohort: Cohort) -> None:
    address = preview(ROW)
    other = make_person("Other")
    enrol(other, cohort, Role.ORGANISER)
    client = signed_in(other)
    assert client.get(address).status_code == 404
    assert [client.post(f"{address}{word}/").status_code for word in ("confirm", "discard")] == [404, 404]
    assert address not in client.get(PAGE).text


@pytest.mark.parametrize("who", ["facilitator", "mentor", "learner", "outsider"])
def test_nobody_else_can_import(who: str, preview: Callable[..., str], request: pytest.FixtureRequest) -> None:
    address = preview(ROW)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"file": file_of(as_csv(ROW)), "default_role": "organiser"}).status_code == 404
    assert client.get(f"{PAGE}template.csv").status_code == 404
    assert client.get(address).status_code == 404
    assert client.post(f"{address}confirm/").status_code == 404
    assert not Person.objects.filter(email="sato@example.org").exists()


def test_an_organiser_of_another_cohort_cannot(preview: Callable[..., str], other_cohort: Cohort) -> None:
    address = preview(ROW)
    other = make_person("Other")
    enrol(other, other_cohort, Role.ORGANISER)
    assert signed_in(other).get(address).status_code == 404
    own = address.replace("spring", "autumn")
    assert signed_in(other).post(f"{own}confirm/").status_code == 404


def test_anonymous_people_are_asked_to_sign_in(cohort: Cohort) -> None:
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_the_preview_asks_the_database_little_whatever_the_size(
    client: Client, preview: Callable[..., str], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = preview(*[["太郎", f"t{number}@example.org", "", ""] for number in range(200)])
    with django_assert_max_num_queries(12):
        client.get(address)
