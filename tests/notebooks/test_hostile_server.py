"""A learner who turns her own server against its visitors: what it sees of them, and what it can do with that."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.notebooks.kernel import Kernel
from tests.notebooks.machine import Machine, Visitor
from tests.notebooks.stand_in import SESSION
from tests.notebooks.test_people import confirm
from tests.stack import wait

# In ~/.jupyter/jupyter_server_config.py: writes down each request's headers and every token of a visitor.
SPY = """
import json, os
import jupyterhub.services.auth as auth
from tornado.web import Application
def note(**seen):
    with open(os.path.expanduser('~/seen.jsonl'), 'a') as file:
        file.write(json.dumps(seen) + chr(10))
handler, check = Application.find_handler, auth.HubAuth._check_hub_authorization
def find_handler(self, request, **more):
    note(cookies=request.headers.get('Cookie', ''), path=request.path)
    return handler(self, request, **more)
async def check_hub_authorization(self, url, api_token, *more, **others):
    note(token=api_token)
    return await check(self, url, api_token, *more, **others)
Application.find_handler = find_handler
auth.HubAuth._check_hub_authorization = check_hub_authorization
"""


@dataclass(frozen=True)
class Visit:
    """What the hostile server of u81 saw of the mentor u9, who had been to her own server and to u51's before."""

    machine: Machine
    mentor: Visitor
    seen: list[dict[str, Any]]

    @property
    def tokens(self) -> set[str]:
        return {one["token"] for one in self.seen if "token" in one}


@pytest.fixture(scope="module")
def visit(somebodys: Machine) -> Iterator[Visit]:
    somebodys.site.groups |= {name: ["cohort-spring"] for name in ("u81", "u51")} | {"u9": ["mentors-spring"]}
    somebodys.site.grants = [{"visitors": "mentors-spring", "owners": "cohort-spring"}]
    with Visitor(somebodys, "u81") as hostile, Visitor(somebodys, "u51") as victim, Visitor(somebodys, "u9") as mentor:
        _turn(somebodys, hostile)
        victim.open_notebook("u51")
        mentor.open_notebook("u9")
        confirm(mentor, mentor.enter("u9", "/hub/user/u51/lab"))
        assert confirm(mentor, mentor.enter("u9", "/hub/user/u81/lab")).url.host == "u81.nb.localhost"
        lines = Kernel(hostile, "u81").run("print(open('/home/learner/seen.jsonl').read())").splitlines()
        yield Visit(somebodys, mentor, [json.loads(line) for line in lines if line])


def _turn(machine: Machine, hostile: Visitor) -> None:
    hostile.open_notebook("u81")
    place = "/home/learner/.jupyter"
    turn = f"import os; os.makedirs({place!r}); open({place + '/jupyter_server_config.py'!r}, 'w').write({SPY!r})"
    Kernel(hostile, "u81").run(turn)
    machine.hub_api("DELETE", "/users/u81/server")
    wait(lambda: not machine.hub_api("GET", "/users/u81").json()["servers"], 30, "it has stopped")
    hostile.open_notebook("u81")


def test_it_sees_no_cookie_of_the_site_the_hub_or_other_servers(visit: Visit) -> None:
    cookies = {pair.split("=")[0].strip() for one in visit.seen for pair in one.get("cookies", "").split(";")} - {""}

    assert any(one.get("path", "").startswith("/user/u81/") for one in visit.seen), "it did write down requests"
    assert SESSION not in cookies
    assert cookies <= {"jupyterhub-user-u81", "jupyterhub-user-u81-oauth-state", "_xsrf", "jupyterhub-session-id"} | {
        name for name in cookies if name.startswith("jupyterhub-user-u81-oauth-state")
    }


def test_with_a_visitors_token_it_learns_her_number_and_can_do_nothing(visit: Visit) -> None:
    machine = visit.machine
    known = {token: machine.hub_api("GET", "/user", token=token) for token in visit.tokens}
    of_mentor = next(token for token, answer in known.items() if answer.json().get("name") == "u9")

    tried = {
        "people": machine.hub_api("GET", "/users", token=of_mentor),
        "another": machine.hub_api("GET", "/users/u51", token=of_mentor),
        "stop another": machine.hub_api("DELETE", "/users/u51/server", token=of_mentor),
        "stop hers": machine.hub_api("DELETE", "/users/u9/server", token=of_mentor),
        "token": machine.hub_api("POST", "/users/u9/tokens", token=of_mentor),
    }
    with Visitor(machine) as nobody:
        for name in ("u9", "u51"):
            url = f"{machine.server_url(name)}/api/contents"
            tried[f"files of {name}"] = nobody.get(url, headers={"Authorization": f"token {of_mentor}"})

    assert {name: answer.status_code for name, answer in tried.items() if answer.status_code not in (403, 404)} == {}


def test_its_page_cannot_read_or_write_elsewhere(visit: Visit) -> None:
    """What a browser would send from its pages: another origin, so cookies alone open nothing."""
    machine, foreign = visit.machine, {"Origin": f"http://u81.nb.localhost:{visit.machine.port}"}
    foreign |= {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}
    hub = visit.mentor.post(f"{machine.hub_url}/hub/api/users/u9/tokens", headers=foreign, json={})
    own = visit.mentor.post(f"{machine.server_url('u9')}/api/kernels", headers=foreign, json={})
    other = visit.mentor.put(f"{machine.server_url('u51')}/api/contents/x.txt", headers=foreign, json={})

    assert [answer.status_code for answer in (hub, own, other)] == [403, 403, 403]
