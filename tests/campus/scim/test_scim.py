"""SCIM as an institution's system speaks it: its own people and no others, no rights, and closed means closed."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Enrolment
from campus.environment import Institution
from campus.people.erasure import erase
from campus.people.models import Person
from campus.people.tokens import authenticate_token, create_token
from campus.scim import views
from campus.scim.models import ScimToken, ScimUser
from campus.scim.tokens import make_token, revoke_token
from tests.campus.cast import make_person, signed_in

pytestmark = pytest.mark.django_db
USERS = "/scim/v2/Users"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SATO = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "sato@uni.example",
    "externalId": "8f1",
    "name": {"familyName": "佐藤", "givenName": "花子"},
    "emails": [{"value": "sato@uni.example", "primary": True}],
    "active": True,
}


class System:
    """An institution's system: calls with its token."""

    def __init__(self, raw: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {raw}"}, enforce_csrf_checks=True)

    def __call__(self, method: str, path: str = USERS, body: Any = None, **query: str) -> Any:
        options = {"data": json.dumps(body), "content_type": "application/scim+json"} if body is not None else {}
        return self.client.generic(method, path, query_params=query, **options)

    def patch(self, pk: str, *operations: dict[str, Any]) -> Any:
        return self("PATCH", f"{USERS}/{pk}", {"schemas": [PATCH], "Operations": list(operations)})

    def listed(self, **query: str) -> list[str]:
        return [one["userName"] for one in self("GET", **query).json()["Resources"]]


def institution(key: str, domain: str) -> Institution:
    return Institution(
        key=key, name=key, issuer=f"https://id.{domain}", client_id="c", client_secret="s", domains=[domain]
    )


@pytest.fixture(autouse=True)
def _institutions(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    cache.clear()
    known = [institution("uni", "uni.example"), institution("other", "other.example")]
    monkeypatch.setattr(django_settings.ENVIRONMENT, "institutions", known)


@pytest.fixture
def uni() -> System:
    return System(make_token(institution="uni", life=timedelta(days=1))[1])


@pytest.fixture
def other() -> System:
    return System(make_token(institution="other", life=timedelta(days=1))[1])


@pytest.fixture
def sato(uni: System) -> dict[str, Any]:
    return uni("POST", body=SATO).json()


def person_of(told: dict[str, Any]) -> Person:
    return ScimUser.objects.get(pk=told["id"]).person


def test_an_account_is_made_read_and_found(uni: System) -> None:
    made = uni("POST", body=SATO)
    told = made.json()
    assert (made.status_code, made["Content-Type"]) == (201, "application/scim+json")
    assert made["Location"] == told["meta"]["location"]
    shown = {key: told[key] for key in ("userName", "externalId", "displayName", "active")}
    assert shown == {"userName": "sato@uni.example", "externalId": "8f1", "displayName": "佐藤 花子", "active": True}
    assert uni("GET", f"{USERS}/{told['id']}").json() == told
    person = person_of(told)
    assert (person.email, person.has_usable_password(), person.enrolments.exists()) == (
        "sato@uni.example",
        False,
        False,
    )
    for text in (
        'userName eq "SATO@uni.example"',
        'externalId eq "8f1"',
        'emails[type eq "work"].value eq "sato@uni.example"',
    ):
        assert uni.listed(filter=text) == ["sato@uni.example"]
    assert uni.listed(filter='userName eq "nobody@uni.example"') == []
    entry = AuditEntry.objects.get(action="scim.person_made")
    assert (entry.subject, entry.actor, entry.details) == (f"person:{person.pk}", None, {"institution": "uni"})


def test_lists_are_paged(uni: System, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        uni("POST", body={"userName": f"p{number}@uni.example"})
    with django_assert_max_num_queries(12):
        page = uni("GET", startIndex="2", count="2").json()
    assert [one["userName"] for one in page["Resources"]] == ["p1@uni.example", "p2@uni.example"]
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert uni("GET", startIndex="-3", count="0").json() | {"schemas": 0} == {
        "schemas": 0, "totalResults": 5, "startIndex": 1, "itemsPerPage": 0, "Resources": []
    }  # fmt: skip
    assert uni("GET", count="many").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", USERS, {"userName": ""}, 400, "invalidValue"),
        ("POST", USERS, {"userName": "no address"}, 400, "invalidValue"),
        ("POST", USERS, {"userName": "boss@example.org"}, 400, "invalidValue"),
        ("POST", USERS, {"userName": "boss@sub.uni.example"}, 400, "invalidValue"),
        ("POST", USERS, {"userName": f"{'x' * 300}@uni.example"}, 400, "invalidValue"),
        ("POST", USERS, {**SATO, "active": "perhaps"}, 400, "invalidValue"),
        ("POST", USERS, {**SATO, "externalId": "a\0b"}, 400, "invalidSyntax"),
        ("POST", USERS, ["list"], 400, "invalidSyntax"),
        ("POST", USERS, SATO, 409, "uniqueness"),
        ("POST", USERS, {"userName": "x@uni.example", "externalId": "8f1"}, 409, "uniqueness"),
        ("PATCH", USERS, {}, 405, ""),
        ("GET", f"{USERS}?filter=userName+sw+%22a%22", None, 400, "invalidFilter"),
        ("GET", f"{USERS}/00000000-0000-0000-0000-000000000000", None, 404, ""),
    ],
)
def test_what_is_wrong_is_told_as_the_standard_says(
    method: str, path: str, body: Any, status: int, kind: str, uni: System, sato: dict[str, Any]
) -> None:
    people = Person.objects.count()
    answer = uni(method, path, body)
    told = answer.json()
    assert (answer.status_code, told["status"], told.get("scimType", "")) == (status, str(status), kind)
    assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert Person.objects.count() == people


def test_a_newcomers_name_and_address_follow_the_institution(uni: System, sato: dict[str, Any]) -> None:
    told = uni("PUT", f"{USERS}/{sato['id']}", {**SATO, "userName": "tanaka@uni.example", "displayName": "田中 花子"})
    assert told.status_code == 200
    person = person_of(sato)
    assert (person.email, person.name) == ("tanaka@uni.example", "田中 花子")
    uni.patch(sato["id"], {"op": "Replace", "path": "name.familyName", "value": "佐藤"})
    assert person_of(sato).name == "田中 花子"  # Half a name is none.
    both = [
        {"op": "add", "path": f"name.{part}", "value": text}
        for part, text in (("familyName", "佐藤"), ("givenName", "華"))
    ]
    assert uni.patch(sato["id"], *both).json()["displayName"] == "佐藤 華"
    assert uni("PUT", f"{USERS}/{sato['id']}", {**SATO, "userName": "boss@example.org"}).status_code == 400
    assert AuditEntry.objects.filter(action="scim.person_changed").first().details["fields"] == ["name"]


def test_who_has_come_keeps_name_and_address(uni: System, sato: dict[str, Any]) -> None:
    Person.objects.filter(pk=person_of(sato).pk).update(last_login=timezone.now())
    told = uni("PUT", f"{USERS}/{sato['id']}", {**SATO, "userName": "tanaka@uni.example", "displayName": "田中"}).json()
    assert (told["userName"], told["displayName"]) == ("tanaka@uni.example", "佐藤 花子")
    assert person_of(sato).email == "sato@uni.example"


def test_no_right_comes_by_it(uni: System, sato: dict[str, Any]) -> None:
    raising = {
        "roles": [{"value": "organiser"}],
        "groups": [{"value": "operators"}],
        "is_staff": True,
        "password": "x" * 20,
    }
    uni("PUT", f"{USERS}/{sato['id']}", SATO | raising)
    uni.patch(sato["id"], {"op": "add", "value": raising}, {"op": "add", "path": "is_superuser", "value": True})
    person = person_of(sato)
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)
    assert not Enrolment.objects.filter(person=person).exists()
    assert uni.patch(sato["id"], {"op": "replace", "path": "id", "value": "x"}).status_code == 400


@pytest.mark.parametrize("value", [False, "False"])
def test_deactivating_ends_everything_at_once(
    value: Any, uni: System, sato: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, person = [], person_of(sato)
    monkeypatch.setattr("campus.notebooks.tasks.take_away.defer", lambda person_id: taken.append(person_id))
    monkeypatch.setattr(django_settings.ENVIRONMENT, "notebooks", "on")
    browser = signed_in(person)
    raw = create_token(person=person, name="laptop", scopes=["read"], expires_at=timezone.now() + timedelta(days=9))[1]
    assert browser.get("/account/").status_code == 200

    told = uni.patch(sato["id"], {"op": "Replace", "path": "active", "value": value})
    assert (told.status_code, told.json()["active"]) == (200, False)
    assert browser.get("/account/").status_code == 302
    assert (authenticate_token(raw), taken) == (None, [person.pk])

    assert uni.patch(sato["id"], {"op": "replace", "value": {"active": True}}).json()["active"] is True
    assert browser.get("/account/").status_code == 302  # Neither session nor token comes back.
    assert authenticate_token(raw) is None
    actions = (
        AuditEntry.objects.filter(action__startswith="scim.person_").order_by("pk").values_list("action", flat=True)
    )
    assert list(actions) == ["scim.person_made", "scim.person_closed", "scim.person_opened"]


def test_what_the_operator_closed_no_institution_opens(uni: System, sato: dict[str, Any]) -> None:
    Person.objects.filter(pk=person_of(sato).pk).update(is_active=False)
    assert uni.patch(sato["id"], {"op": "replace", "path": "active", "value": True}).status_code == 403
    assert not person_of(sato).is_active


def test_who_is_let_go_can_be_taken_up_again(uni: System, sato: dict[str, Any]) -> None:
    person = person_of(sato)
    assert uni("DELETE", f"{USERS}/{sato['id']}").status_code == 204
    person.refresh_from_db()
    assert (person.is_active, uni("GET", f"{USERS}/{sato['id']}").status_code, uni.listed()) == (False, 404, [])
    again = uni("POST", body=SATO)
    person.refresh_from_db()
    assert (again.status_code, person_of(again.json()), person.is_active) == (201, person, True)


class TestPeopleOfOthers:
    def test_another_institution_neither_sees_nor_touches_them(self, other: System, sato: dict[str, Any]) -> None:
        address = f"{USERS}/{sato['id']}"
        assert (other.listed(), other.listed(filter='userName eq "sato@uni.example"')) == ([], [])
        calls = [other("GET", address), other("PUT", address, SATO), other("DELETE", address)]
        assert [one.status_code for one in calls] == [404, 404, 404]
        assert other.patch(sato["id"], {"op": "replace", "path": "active", "value": False}).status_code == 404
        assert other("POST", body=SATO).status_code == 400
        assert person_of(sato).is_active

    def test_an_account_of_the_own_domain_is_taken_into_care_as_it_is(self, uni: System) -> None:
        professor = Person.objects.create_user("prof@uni.example", "secret-of-mine", name="教授 正")
        told = uni("POST", body={"userName": "Prof@uni.example", "displayName": "Somebody Else"}).json()
        assert (person_of(told), told["displayName"]) == (professor, "教授 正")
        assert AuditEntry.objects.filter(action="scim.person_linked").exists()

    def test_operators_are_not_kept_by_institutions(self, uni: System, sato: dict[str, Any]) -> None:
        operator = Person.objects.create_user("root@uni.example", name="Root", is_staff=True)
        assert uni("POST", body={"userName": operator.email, "active": False}).status_code == 403
        Person.objects.filter(pk=person_of(sato).pk).update(is_staff=True)
        assert uni.patch(sato["id"], {"op": "replace", "path": "active", "value": False}).status_code == 403
        assert uni("DELETE", f"{USERS}/{sato['id']}").status_code == 403
        assert Person.objects.filter(is_staff=True, is_active=True).count() == 2

    def test_somebodys_second_address_makes_no_account(self, uni: System) -> None:
        EmailAddress.objects.create(user=make_person("Aoi"), email="aoi@uni.example", verified=True)
        assert uni("POST", body={"userName": "aoi@uni.example"}).status_code == 409


class TestTokens:
    @pytest.mark.parametrize("raw", ["", "mns_wrong", "mnb_wrong"])
    def test_without_the_right_token_there_is_nothing(self, raw: str) -> None:
        answer = System(raw)("GET")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="scim"')
        assert Client().get(USERS).status_code == 401

    def test_a_browsers_session_is_no_token(self, organiser: Person) -> None:
        assert signed_in(organiser).get(USERS).status_code == 401

    def test_the_operator_makes_lists_and_revokes_them(self) -> None:
        out = StringIO()
        call_command("scim", "make", "uni", stdout=out)
        raw = out.getvalue().split()[-1]
        token = ScimToken.objects.get()
        assert raw not in str(token.__dict__)
        assert System(raw)("GET").status_code == 200
        call_command("scim", "list", stdout=out)
        assert f"{raw[:10]}…" in out.getvalue()
        call_command("scim", "revoke", str(token.pk), stdout=out)
        assert System(raw)("GET").status_code == 401
        assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
            "scim.token_made",
            "scim.token_revoked",
        ]
        for wrong in (["make", "nobody"], ["make", "uni", "--days", "0"], ["revoke", "999"]):
            with pytest.raises(CommandError):
                call_command("scim", *wrong, stdout=out)

    def test_an_old_one_and_one_of_an_institution_that_is_gone_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        token, raw = make_token(institution="uni", life=timedelta(days=1))
        monkeypatch.setattr(django_settings.ENVIRONMENT, "institutions", [])
        assert System(raw)("GET").status_code == 401
        monkeypatch.undo()
        ScimToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
        assert System(raw)("GET").status_code == 401
        revoke_token(token=token)

    def test_calls_and_wrong_tokens_are_limited(self, uni: System, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views, "CALLS", "2/m")
        monkeypatch.setattr(views, "WRONG_TOKENS", "2/m")
        assert [uni("GET").status_code for _ in range(3)] == [200, 200, 429]
        assert [System("mns_x")("GET").status_code for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize("page", ["ServiceProviderConfig", "ResourceTypes", "Schemas"])
def test_what_the_service_can_is_told(page: str, uni: System) -> None:
    answer = uni("GET", f"/scim/v2/{page}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/scim+json")


def test_who_is_erased_is_in_nobodys_care(uni: System, sato: dict[str, Any]) -> None:
    erase(person=person_of(sato))
    assert (ScimUser.objects.exists(), uni.listed()) == (False, [])
