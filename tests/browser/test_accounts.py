"""Accounts in the browser: sign-up with a verified address, password reset, language, personal tokens."""

import email
import email.policy
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor
from tests.stack import RunningSite, wait

NEW_PASSWORD = "another-horse-battery"


def mails_to(site: RunningSite, address: str) -> list[str]:
    """Texts of the mails that the site wrote to an address, the oldest first."""
    return [text for to, text in _mails(site.data_dir / "mail") if to == address]


def _mails(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        yield message["To"].addresses[0].addr_spec, f"{message['Subject']}\n{body.get_content() if body else ''}"


def link_in_mail(site: RunningSite, address: str, *, number: int = 1) -> str:
    """The link in the latest mail, once that many have come."""
    wait(lambda: len(mails_to(site, address)) >= number, 20, f"{number} mails came to {address}")
    found = re.search(rf"{re.escape(site.url)}/\S+", mails_to(site, address)[-1])
    assert found, mails_to(site, address)[-1]
    return found.group()


def test_sign_up_needs_the_link_in_the_mail(visitor: Visitor, site: RunningSite) -> None:
    address = f"new-{secrets.token_hex(4)}@example.org"
    page = visitor.open("/")
    visitor.link("Create an account").click()
    page.locator("input[name=name]").fill("新田 学")
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    visitor.button("Create the account").click()
    expect(visitor.heading("Please check your mailbox")).to_be_visible()

    visitor.sign_in(address, NEW_PASSWORD)
    expect(visitor.heading("Please check your mailbox")).to_be_visible()

    visitor.open(link_in_mail(site, address))
    visitor.button("Confirm").click()
    visitor.signed_in(address, NEW_PASSWORD)
    expect(page.get_by_text(visitor.says("You are not in a cohort yet"))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", visitor.language)


def test_a_wrong_password_is_told_and_keeps_the_address(visitor: Visitor, scene: Scene) -> None:
    visitor.sign_in(scene.people["learner"], "not-this-one")
    expect(visitor.page.locator(".error-summary")).to_be_visible()
    expect(visitor.page.locator("input[name=login]")).to_have_value(scene.people["learner"])
    expect(visitor.page).to_have_url(re.compile(r"/accounts/login/"))


def test_a_forgotten_password_is_set_anew_by_mail(visitor: Visitor, scene: Scene, site: RunningSite) -> None:
    address = scene.people["learner"]
    page = visitor.open("/accounts/password/reset/")
    page.locator("input[name=email]").fill(address)
    visitor.button("Send the link").click()
    expect(visitor.heading("Please check your mailbox")).to_be_visible()
    visitor.open(link_in_mail(site, address))
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    page.locator("input[name=password2]").fill(NEW_PASSWORD)
    visitor.button("Set the password").click()
    expect(visitor.heading("Your password was changed")).to_be_visible()
    visitor.signed_in(address, NEW_PASSWORD)


@pytest.mark.parametrize("language", ["ja"])
def test_the_language_switch_holds_for_the_person(
    visit: Callable[..., Visitor], learner: Visitor, scene: Scene
) -> None:
    learner.open(scene.path("board/"))
    learner.page.locator(".language-switch button").click()
    expect(learner.page.locator("html")).to_have_attribute("lang", "en")
    expect(learner.page).to_have_url(re.compile(re.escape(scene.path("board/"))))

    elsewhere = visit()
    elsewhere.open("/accounts/login/")
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "ja")
    elsewhere.sign_in(scene.people["learner"])
    expect(elsewhere.page.locator("html")).to_have_attribute("lang", "en")


def test_a_token_is_shown_once_works_and_is_revoked(learner: Visitor, site: RunningSite) -> None:
    page = learner.open("/account/tokens/")
    page.locator("input[name=name]").fill("ノートブック")
    learner.button("Create the token").click()
    token = page.locator("#token").inner_text()
    assert token.startswith("mnb_")
    asked = learner.context.request
    assert asked.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status == 200

    learner.open("/account/tokens/")
    expect(page.locator("main")).to_contain_text("ノートブック")
    assert token not in page.content()

    page.locator("table").get_by_role("button").click()
    expect(page.locator("table")).to_have_count(0)
    anybody = learner.page.context.browser.new_context(base_url=site.url)
    assert anybody.request.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status == 401
    anybody.close()
