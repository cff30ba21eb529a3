"""The site as the Hub's OpenID provider: its one client, and what the Hub is told about a person."""

import secrets
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2SHA1PasswordHasher

from campus.notebooks.groups import groups_of
from campus.notebooks.names import hub_name
from campus.people.models import Person

CLIENT_ID = "hub"
SCOPES = ("openid", "profile", "notebooks")
# What allauth's provider offers beyond what the Hub needs; notebooks.provider_urls answers 404 there.
UNUSED = ("device_authorization_endpoint", "end_session_endpoint", "revocation_endpoint")


class ProviderAdapter(DefaultOIDCAdapter):
    """allauth's hooks; settings.IDP_OIDC_ADAPTER points here."""

    def get_issuer(self) -> str:
        """The public address, by whichever name the site was asked."""
        return settings.SITE_URL

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        for name in UNUSED:
            del data[name]
        data["scopes_supported"] = list(SCOPES)
        data["grant_types_supported"] = ["authorization_code"]
        data["response_types_supported"] = ["code"]
        data["token_endpoint_auth_methods_supported"] = ["client_secret_basic", "client_secret_post"]

    def get_claims(
        self,
        purpose: str,  # noqa: ARG002 - allauth's hook: id token and userinfo say the same
        user: Person,
        client: Client,
        scopes: Any,
        email: str | None = None,  # noqa: ARG002 - the Hub gets no address
        **_kwargs: Any,
    ) -> dict[str, Any]:
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if "profile" in scopes:
            claims |= {"name": user.get_full_name(), "locale": user.language}
        if "notebooks" in scopes:
            claims |= {"hub_name": hub_name(user), "groups": groups_of(user)}
        return claims


def register_hub() -> Client:
    """Make the Hub known as a client, or bring it to the addresses and the secret in force."""
    client = Client.objects.filter(pk=CLIENT_ID).first() or Client(pk=CLIENT_ID, secret="")
    client.name = "JupyterHub"
    client.type = Client.Type.CONFIDENTIAL
    client.skip_consent = True  # It is a part of this site.
    client.set_scopes(list(SCOPES))
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_redirect_uris([f"{settings.NOTEBOOK_URL}/hub/oauth_callback"])
    if not client.check_secret(settings.HUB_CLIENT_SECRET):
        client.secret = _hashed(settings.HUB_CLIENT_SECRET)
    client.save()
    return client


def _hashed(secret: str) -> str:
    """One round is enough for 384 random bits, and saves each sign-on a quarter of a second of a processor."""
    return PBKDF2SHA1PasswordHasher().encode(secret, secrets.token_hex(16), iterations=1)


def end_sign_ons(person: Person) -> None:
    """Let the Hub's next question about the person fail, so that it sends the browser here again."""
    Token.objects.filter(user=person, client=CLIENT_ID).delete()


def delete_old_sign_ons() -> None:
    """Those that ran out tell only when somebody was at the Hub."""
    Token.objects.expired().delete()
