"""From the application page to the first step of the cohort, as applicant and organiser go through it."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene, Stagehand
from tests.browser.test_accounts import NEW_PASSWORD, link_in_mail, mails_to
from tests.browser.visitor import Visitor
from tests.stack import RunningSite, wait

pytestmark = pytest.mark.parametrize("language", ["ja"])
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def organiser(visit: Callable[..., Visitor], scene: Scene) -> Visitor:
    return visit().signed_in(scene.people["organiser"])


def test_apply_select_invite_consent_class_first_step(
    visit: Callable[..., Visitor], organiser: Visitor, scene: Scene, stagehand: Stagehand, site: RunningSite
) -> None:
    stagehand.publish_application_form(scene)
    desk = f"/cohorts/{scene.cohort}/desk/"
    call_for_applications(organiser, desk)
    applicant, address = visit(), f"applicant-{secrets.token_hex(4)}@example.org"

    sign_up(applicant, address, scene, site)
    apply(applicant, scene)
    select_and_announce(organiser, desk)
    applicant.open(f"/apply/{scene.cohort}/")
    expect(applicant.page.get_by_role("main")).to_contain_text(applicant.says("You have been selected"))
    assert applicant.flaws() == []

    invite(organiser, desk, address)
    accept_and_agree(applicant, address, site)
    deal_into_classes(organiser, desk)
    open_the_first_step(applicant, scene)


def moment(days: int) -> str:
    return f"{datetime.now(TOKYO) + timedelta(days=days):%Y-%m-%dT%H:%M}"


def call_for_applications(organiser: Visitor, desk: str) -> None:
    page = organiser.open(f"{desk}admission/")
    page.locator("[name=description_ja]").fill("データとAIを学び合う2か月です。")
    page.locator("[name=opens_at]").fill(moment(-1))
    page.locator("[name=closes_at]").fill(moment(5))
    page.locator("[name=capacity]").fill("1")
    organiser.button("Save", context="admission").click()
    expect(page.get_by_text(organiser.says("The call for applications was saved."))).to_be_visible()
    assert organiser.flaws() == []


def sign_up(applicant: Visitor, address: str, scene: Scene, site: RunningSite) -> None:
    """Somebody new: from the application page to an account with a confirmed address, and back to the page."""
    page = applicant.open(f"/apply/{scene.cohort}/")
    assert applicant.flaws() == []
    applicant.link("Create an account and apply").click()
    page.locator("input[name=name]").fill("新田 学")
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    applicant.button("Create the account").click()
    expect(applicant.heading("Please check your mailbox")).to_be_visible()
    applicant.open(link_in_mail(site, address))
    applicant.button("Confirm").click()
    expect(page).not_to_have_url(re.compile("confirm-email"))
    applicant.open(f"/apply/{scene.cohort}/")
    if applicant.link("Sign in and apply").count():
        applicant.link("Sign in and apply").click()
        page.locator("input[name=login]").fill(address)
        page.locator("input[name=password]").fill(NEW_PASSWORD)
        applicant.button("Sign in").click()
    expect(page).to_have_url(re.compile(rf"/apply/{scene.cohort}/$"))


def apply(applicant: Visitor, scene: Scene) -> None:
    page = applicant.page
    field = page.locator("textarea[name=motivation]")
    field.fill("在庫の予測を自分の手でやってみたい。")
    expect(page.locator("#saved")).to_contain_text(applicant.says("Not submitted yet."))
    assert applicant.flaws() == []
    page.reload()
    expect(field).to_have_value("在庫の予測を自分の手でやってみたい。")
    applicant.button("Apply").click()
    expect(page.get_by_role("main")).to_contain_text(applicant.says("We have received your application"))
    expect(page.locator("main .chip").first).to_have_text(applicant.says("Received", context="application"))
    assert applicant.flaws() == []


def select_and_announce(organiser: Visitor, desk: str) -> None:
    page = organiser.open(f"{desk}applicants/")
    assert organiser.flaws() == []
    page.locator("tbody input[name=selected]").check()
    page.locator("select[name=decision]").last.select_option("selected")
    organiser.button("Show what changes").click()
    assert organiser.flaws() == []
    organiser.button("Save the decisions").click()
    page.locator("tbody th a").first.click()
    assert organiser.flaws() == []
    organiser.open(f"{desk}applicants/announcement/")
    assert organiser.flaws() == []
    organiser.button("Announce now").click()
    expect(page.locator("tbody")).to_contain_text("新田 学")


def invite(organiser: Visitor, desk: str, address: str) -> None:
    page = organiser.open(f"{desk}invitations/?search={address}")
    assert organiser.flaws() == []
    page.locator("select[name=scope]").select_option("all")
    organiser.button("Show how many").click()
    assert organiser.flaws() == []
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile(r"/desk/invitations/$"))


def accept_and_agree(applicant: Visitor, address: str, site: RunningSite) -> None:
    """Open the invitation's link, accept it, and agree to what is required."""
    wait(lambda: any("/invitations/" in text for text in mails_to(site, address)), 30, "the invitation came")
    (text,) = [text for text in mails_to(site, address) if "/invitations/" in text]
    page = applicant.open(re.findall(rf"{re.escape(site.url)}/invitations/\S+", text)[0])
    assert applicant.flaws() == []
    applicant.button("Accept the invitation and continue").click()
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    applicant.button("Take part").click()
    expect(page.get_by_text(applicant.says("Welcome! You are now taking part."))).to_be_visible()


def deal_into_classes(organiser: Visitor, desk: str) -> None:
    organiser.open(f"{desk}classes/deal/")
    organiser.button("Show the outcome").click()
    organiser.button("Assign them like this").click()
    organiser.page.wait_for_load_state()


def open_the_first_step(applicant: Visitor, scene: Scene) -> None:
    page = applicant.open(f"/cohorts/{scene.cohort}/")
    expect(page.locator("dl.facts")).to_contain_text(applicant.says("Your class"))
    applicant.open(f"/cohorts/{scene.cohort}/cases/{scene.case}/steps/{scene.step}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(scene.step_title)


def test_an_import_shows_its_preview_and_a_newcomer_sets_a_password(
    visit: Callable[..., Visitor], organiser: Visitor, scene: Scene, site: RunningSite
) -> None:
    desk = f"/cohorts/{scene.cohort}/desk/"
    address = f"nao-{secrets.token_hex(4)}@example.org"
    table = f"氏名,メールアドレス,役割,クラス\r\n新田　　直,{address.upper()},受講生,A\r\n".encode("cp932")
    page = organiser.open(f"{desk}import/")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "名簿.csv", "mimeType": "text/csv", "buffer": table}]
    )
    organiser.button("Show the preview").click()
    expect(page.locator("tbody").last).to_contain_text("新田 直")
    assert organiser.flaws() == []
    organiser.button("Import these people").click()
    expect(organiser.heading("Import done")).to_be_visible()
    invite(organiser, desk, address)

    newcomer = visit(size="narrow")
    page = newcomer.open(link_in_mail(site, address))
    assert newcomer.flaws() == []
    page.locator("input[name=password1]").fill(NEW_PASSWORD)
    page.locator("input[name=password2]").fill(NEW_PASSWORD)
    newcomer.button("Set the password and continue").click()
    expect(page).to_have_url(re.compile(rf"/cohorts/{scene.cohort}/welcome/"))
