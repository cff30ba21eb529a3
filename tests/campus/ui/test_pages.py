"""What holds for every page: security headers, no inline script or style, error pages in words."""

import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.views.defaults import bad_request, permission_denied, server_error

pytestmark = pytest.mark.django_db


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(client):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/"])
def test_no_page_has_inline_script_style_or_handler(client, page):
    html = client.get(page).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*(\bsrc=|application/json))", html)


@pytest.mark.parametrize(("wish", "words"), [("ja", "ページが見つかりません"), ("en", "Page not found")])
def test_a_page_that_is_not_there_says_so_in_the_readers_language(client, wish, words):
    answer = client.get("/nothing/", HTTP_ACCEPT_LANGUAGE=wish)
    assert (answer.status_code, words in answer.content.decode()) == (404, True)


def test_a_form_without_its_token_is_refused_in_words():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "a@example.org"})
    assert (answer.status_code, "もう一度送信してください" in answer.content.decode()) == (403, True)


def test_the_pages_for_broken_requests_and_servers_need_nothing_and_speak_both_languages():
    broken, failed = bad_request(HttpRequest(), BadRequest()), server_error(HttpRequest())
    assert (broken.status_code, failed.status_code) == (400, 500)
    for page, ja, en in (
        (broken, "リクエストを処理できませんでした", "We couldn’t read this request"),
        (failed, "エラーが発生しました", "Something went wrong"),
    ):
        assert ja in page.content.decode()
        assert en in page.content.decode()


def test_a_forbidden_page_says_whom_to_ask(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    answer = permission_denied(request, PermissionDenied())
    assert (answer.status_code, "事務局にお問い合わせください" in answer.content.decode()) == (403, True)


def test_the_living_page_is_not_there_in_production(client):
    assert client.get("/ui/").status_code == 404


def test_the_living_page_draws_every_component(rf):
    from django.contrib.auth.models import AnonymousUser

    from campus.ui.views import components

    request = rf.get("/ui/")
    request.user = AnonymousUser()
    html = components(request).content.decode()
    parts = ["banner", "button", "chip", "field", "table-box", "pagination", "step", "card", "facts", "empty-state"]
    assert [part for part in parts if f'class="{part}' not in html] == []


def test_the_page_of_too_many_attempts_says_how_long_to_wait(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    assert "5分待ってから" in render_to_string("429.html", request=request)
