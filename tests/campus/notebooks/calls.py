"""Calling the site as the Hub does: signing somebody on by OpenID Connect, and the addresses below /internal/."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.test import Client

from campus.notebooks.names import hub_name
from campus.notebooks.sign_on import CLIENT_ID
from campus.people.models import Person

VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def callback() -> str:
    return f"{settings.NOTEBOOK_URL}/hub/oauth_callback"


def authorize_address(**changed: str | None) -> str:
    """Where the Hub sends a browser; a value of None leaves a parameter out."""
    parameters = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": callback(),
        "scope": "openid profile notebooks",
        "state": "xyz",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changed
    kept = {name: value for name, value in parameters.items() if value is not None}
    return f"/identity/o/authorize?{urlencode(kept)}"


def code_for(browser: Client) -> str:
    """The code with which the browser comes back to the Hub."""
    answer = browser.get(authorize_address())
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith(f"{callback()}?"), answer["Location"]
    return parse_qs(urlsplit(answer["Location"]).query)["code"][0]


def exchange(code: str, *, secret: str | None = None, **changed: str) -> Any:
    """What the Hub gets for the code."""
    known = f"{CLIENT_ID}:{settings.HUB_CLIENT_SECRET if secret is None else secret}"
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback(), "code_verifier": VERIFIER}
    headers = {"Authorization": f"Basic {base64.b64encode(known.encode()).decode()}"}
    return Client().post("/identity/o/api/token", form | changed, headers=headers)


def userinfo(access_token: str) -> Any:
    return Client().get("/identity/o/api/userinfo", headers={"Authorization": f"Bearer {access_token}"})


@dataclass(frozen=True)
class SignedOn:
    """What the Hub holds of a person."""

    access_token: str
    claims: dict[str, Any]


def sign_on(browser: Client) -> SignedOn:
    answer = exchange(code_for(browser))
    assert answer.status_code == 200, answer.content.decode()
    access_token = answer.json()["access_token"]
    return SignedOn(access_token, userinfo(access_token).json())


def ask(path: str, body: Any = None, *, secret: str | None = None) -> Any:
    """The Hub's question to an address below /internal/notebooks/."""
    headers = {"Authorization": f"Bearer {settings.HUB_SERVICE_TOKEN if secret is None else secret}"}
    if body is None:
        return Client().get(f"/internal/notebooks/{path}", headers=headers)
    return Client().post(f"/internal/notebooks/{path}", body, content_type="application/json", headers=headers)


def start(person: Person) -> Any:
    return ask("start", {"name": hub_name(person)})
