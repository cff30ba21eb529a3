"""A passkey from adding it to signing in with it, held by Chromium's virtual authenticator.

On a site of its own at localhost: browsers bind passkeys to a host name, which an address of numbers is none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import stack
from tests.browser.launching import SIZES
from tests.browser.scene import PASSWORD, Scene, Stagehand
from tests.browser.visitor import Visitor
from tests.stack import RunningSite

HOME = re.compile(r"localhost:\d+/$")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[RunningSite]:
    port = stack.free_port()
    settings = {"PORT": str(port), "SITE_URL": f"http://localhost:{port}", "NOTEBOOKS": "off", "RUNNER": "off"}
    data_dir = stack.begin_migrated(tmp_path_factory.mktemp("passkeys") / "var", folder=run_folder)
    with stack.running(data_dir, "--without-demo", **settings) as running:
        running.campus("case", "install", str(stack.ROOT / "exercises/demand-forecasting"))
        yield replace(running, url=settings["SITE_URL"])


@pytest.fixture(scope="module")
def stagehand(site: RunningSite) -> Iterator[Stagehand]:
    stagehand = Stagehand(site)
    yield stagehand
    stagehand.leave()


@pytest.fixture
def owner(visit: Callable[..., Visitor], scene: Scene) -> Visitor:
    """A learner, signed in by password, before a computer that can keep passkeys."""
    visitor = visit()
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return visitor.signed_in(scene.people["learner"])


def test_a_passkey_lets_its_owner_in_until_it_is_removed(owner: Visitor, scene: Scene) -> None:
    page = add_a_passkey(owner, name="Laptop")
    expect(page.get_by_role("main")).to_contain_text("Laptop")
    assert_no_flaws(owner)

    sign_out(owner)
    sign_in_by_passkey(owner)
    expect(page).to_have_url(HOME)
    expect(page.locator(".account-menu")).to_contain_text(scene.names["learner"])

    remove_the_passkey(owner)
    sign_out(owner)
    sign_in_by_passkey(owner)
    expect(page.locator(".banner.error")).to_be_visible()
    assert_no_flaws(owner)


def test_with_a_passkey_the_password_alone_opens_nothing(owner: Visitor, scene: Scene) -> None:
    page = add_a_passkey(owner, name="Phone")
    sign_out(owner)
    owner.sign_in(scene.people["learner"])
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
    assert_no_flaws(owner)
    owner.open("/account/")
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))


def test_at_an_address_of_numbers_the_page_says_why_there_are_none(
    visit: Callable[..., Visitor], site: RunningSite
) -> None:
    visitor = visit()
    visitor.open(site.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    visitor.button("Sign in with a passkey").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("127.0.0.1")
    assert_no_flaws(visitor)


def add_a_passkey(owner: Visitor, *, name: str) -> Page:
    page = owner.open("/accounts/2fa/webauthn/add/")
    confirm_the_password(page, then="add/")
    assert_no_flaws(owner)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=passwordless]").check()
    owner.button("Add", context="passkey").click()
    expect(page).not_to_have_url(re.compile("/add/"))
    return owner.open("/accounts/2fa/webauthn/")


def confirm_the_password(page: Page, *, then: str) -> None:
    """Before a change of how one signs in, the site asks for the password once more in each session."""
    expect(page).to_have_url(re.compile("/accounts/reauthenticate/"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page).to_have_url(re.compile(f"/accounts/2fa/webauthn/.*{then}"))


def remove_the_passkey(owner: Visitor) -> None:
    page = owner.open("/accounts/2fa/webauthn/")
    page.locator("tbody a[href*='/remove/']").click()
    confirm_the_password(page, then="remove/")
    assert_no_flaws(owner)
    owner.button("Remove", context="passkey").click()
    expect(page).not_to_have_url(re.compile("/remove/"))


def sign_out(owner: Visitor) -> None:
    owner.open("/accounts/logout/")
    owner.button("Sign out").click()
    expect(owner.page).to_have_url(re.compile("/accounts/login/"))


def sign_in_by_passkey(owner: Visitor) -> None:
    owner.open("/accounts/login/")
    owner.button("Sign in with a passkey").click()


def assert_no_flaws(visitor: Visitor) -> None:
    for viewport in SIZES.values():
        visitor.page.set_viewport_size(viewport)
        visitor.page.wait_for_load_state("networkidle")
        assert visitor.flaws() == []
