"""Who gets into which server, and who is told."""

import pytest

from tests.notebooks.machine import Machine, Visitor
from tests.stack import wait

LAB = "/hub/user/u42/lab"


def test_the_next_person_on_the_same_browser_gets_her_own(machine: Machine, learner: Visitor) -> None:
    learner.sign_in("u43")
    learner.open_notebook("u43")

    assert learner.get(f"{machine.server_url('u43')}/lab").status_code == 200
    identity = learner.get(f"{machine.server_url('u43')}/api/me").json()["identity"]
    assert identity["username"] == "u43"


def test_a_server_forgets_who_was_signed_out(machine: Machine) -> None:
    with Visitor(machine, "u42") as browser:
        browser.open_notebook("u42")
        left = browser.get(f"{machine.hub_url}/hub/logout", follow_redirects=False)
        assert left.headers["Location"] == f"{machine.site_url}/accounts/logout/", "where the site is signed out of too"
        browser.cookies.delete("campus_session")

        def is_out() -> bool:
            answer = browser.get(f"{machine.server_url('u42')}/api/contents", follow_redirects=False)
            return answer.status_code == 403

        wait(is_out, 60, "the server no longer knows the browser")


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example/", "/hub/\\evil.example"])
def test_entering_leads_nowhere_else(machine: Machine, following: str) -> None:
    with Visitor(machine, "u42") as visitor:
        assert visitor.enter("u42", following).status_code == 400


def test_who_is_not_signed_in_at_the_site_gets_nowhere(machine: Machine) -> None:
    with Visitor(machine) as stranger:
        answer = stranger.enter("u42", LAB)

        assert (answer.status_code, answer.json()) == (403, {"error": "nobody is signed in"})


def test_a_learner_does_not_get_into_anothers_server(somebodys: Machine) -> None:
    with Visitor(somebodys, "u42") as owner, Visitor(somebodys, "u43") as other:
        owner.open_notebook("u42")

        assert other.enter("u43", LAB).status_code in (403, 404)
        assert other.get(f"{somebodys.server_url('u42')}/lab").status_code == 403
        assert other.get(f"{somebodys.server_url('u42')}/api/contents", follow_redirects=False).status_code == 403


def test_a_mentor_gets_in_after_one_click_and_the_site_is_told(machine: Machine) -> None:
    machine.site.groups |= {"u51": ["cohort-spring"], "u7": ["mentors-spring"]}
    machine.site.grants = [{"visitors": "mentors-spring", "owners": "cohort-spring"}]
    with Visitor(machine, "u51") as owner, Visitor(machine, "u7") as mentor:
        owner.open_notebook("u51")
        asked = mentor.enter("u7", "/hub/user/u51/lab")
        assert "受講生のノートブックを開きます" in asked.text
        assert ("visit", {"visitor": "u7", "owner": "u51"}) not in machine.site.told

        opened = confirm(mentor, asked)

        assert (opened.status_code, opened.url.host) == (200, "u51.nb.localhost")
        assert ("visit", {"visitor": "u7", "owner": "u51"}) in machine.site.told


def test_nobody_gets_in_whose_visit_the_site_refuses(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.site.groups |= {"u51": ["cohort-spring"], "u8": ["mentors-spring"]}
    machine.site.grants = [{"visitors": "mentors-spring", "owners": "cohort-spring"}]
    machine.site.refused.add("u8")
    with Visitor(machine, "u51") as owner, Visitor(machine, "u8") as mentor:
        owner.open_notebook("u51")
        asked = mentor.enter("u8", "/hub/user/u51/lab")

        assert confirm(mentor, asked).status_code == 403


def confirm(mentor: Visitor, page: object) -> object:
    """Press the one button of the page."""
    fields = [("_xsrf", value_of(page.text, "_xsrf"))]
    fields += [("scopes", part.split('"')[0]) for part in page.text.split('name="scopes" value="')[1:]]
    return mentor.post(
        page.url,
        content="&".join(f"{k}={v}" for k, v in fields),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": "same-origin",
            "Referer": str(page.url),
        },
    )


def value_of(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_the_site_ends_a_server(somebodys: Machine) -> None:
    with Visitor(somebodys, "u61") as learner:
        learner.open_notebook("u61")
        assert somebodys.keeper({"do": "state", "name": "u61"})["running"]

        assert somebodys.hub_api("DELETE", "/users/u61/server").status_code in (202, 204)

        wait(lambda: not somebodys.keeper({"do": "state", "name": "u61"})["running"], 60, "it has ended")
        wait(lambda: ("stopped", {"name": "u61"}) in somebodys.site.told, 60, "the site is told")


def test_the_hubs_log_names_people_by_number_and_no_addresses(machine: Machine) -> None:
    with Visitor(machine, "u42") as visitor:
        visitor.headers["X-Forwarded-For"] = "203.0.113.77"
        visitor.enter("u42", "/hub/home")
    log = machine.data_dir / "hub.log"
    wait(lambda: "200 GET /hub/home (u42)" in log.read_text(), 20, "the Hub has written what was asked for")

    assert "203.0.113.77" not in log.read_text()
    assert "@127.0.0.1" not in log.read_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_hubs_pages_are_in_the_readers_language(machine: Machine, language: str) -> None:
    machine.site.languages["u72"] = language
    with Visitor(machine, "u72") as learner:
        known = learner.enter("u72", "/hub/home").text
        nowhere = learner.get(f"{machine.hub_url}/hub/nowhere").text

    for page in (known, nowhere):
        assert f'<html lang="{language}" class="only-{language}">' in page


def test_personal_tokens_are_made_at_the_site_alone(machine: Machine) -> None:
    with Visitor(machine, "u42") as learner:
        answer = learner.get(f"{machine.hub_url}/hub/token", follow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{machine.site_url}/account/tokens/")


def test_whoever_may_not_have_one_is_told_in_both_languages(machine: Machine) -> None:
    machine.site.refused.add("u71")
    with Visitor(machine, "u71") as learner:
        answer = learner.enter("u71")

    assert answer.status_code == 503
    assert "現在、ノートブックを使う教材がありません" in answer.text
    assert "You don’t have a case" in answer.text
