"""Who somebody is for the Hub: the site says so, at sign-in and again every minute."""

import time
from typing import Any
from urllib.parse import quote

from jupyterhub.apihandlers.auth import OAuthAuthorizeHandler
from jupyterhub.handlers.login import LogoutHandler
from oauthenticator.generic import GenericOAuthenticator
from tornado import web
from tornado.httpclient import HTTPClientError
from traitlets import Dict, Instance, Unicode

from campus.stack.notebooks.hooks import Site

# What a mentor or facilitator may do with the servers of those she cares for.
_VISITORS_SCOPES = ("list:users", "read:users:name", "read:servers", "access:servers")
_GRANTS_SECONDS = 60
_ASKED_AGAIN_SECONDS = 2


class SiteSignIn(GenericOAuthenticator):
    """Sign-in through the site's OpenID provider; roles come from the groups that the site puts a person in."""

    site = Instance(Site).tag(config=True)
    tokens_url = Unicode(help="The site's page of personal tokens; the Hub's own would only be a second one.").tag(
        config=True
    )
    languages = Dict(
        help="In which language somebody reads, by name: the site says so at sign-in and when asked again."
    )
    _grants: tuple[float, list[dict[str, str]]] = (0.0, [])

    async def update_auth_model(self, auth_model: dict[str, Any]) -> dict[str, Any]:
        """Give the roles of the person's groups; what the site no longer says is taken away."""
        self.languages[auth_model["name"]] = auth_model["auth_state"]["oauth_user"].get("locale", "")
        groups = set(await self.get_user_groups(auth_model["auth_state"]))
        auth_model["roles"] = [{"name": "user", "scopes": ["self"]}, *map(_role, await self._granted(groups))]
        return auth_model

    async def _granted(self, groups: set[str]) -> list[dict[str, str]]:
        if not groups:
            return []
        read_at, grants = self._grants
        known = {name for grant in grants for name in (grant["visitors"], grant["owners"])}
        # A cohort that was made a moment ago has groups that nothing is known of yet.
        if time.monotonic() - read_at > (_GRANTS_SECONDS if groups <= known else _ASKED_AGAIN_SECONDS):
            _, answer = await self.site.ask("cohorts")
            if "grants" in answer:
                grants = answer["grants"]
                self._grants = (time.monotonic(), grants)
        return [grant for grant in grants if grant["visitors"] in groups]

    async def refresh_user(self, user: Any, handler: Any = None, **options: Any) -> Any:
        """Ask the site again who this is. A site that doesn't answer right now signs nobody out."""
        try:
            return await super().refresh_user(user, handler, **options)
        except (HTTPClientError, OSError) as error:
            self.log.warning("The site could not be asked about %s: %s", user.name, error)
            return True

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:
        """Add the address by which the site's people come in; and nobody opens another's server unnoticed."""
        own = [
            (r"/enter", EnterHandler),
            (r"/api/oauth2/authorize", VisitHandler),
            (r"/token", web.RedirectHandler, {"url": self.tokens_url, "permanent": False}),
        ]
        return [*super().get_handlers(app), *own]


def language_of(user: Any) -> str:
    """The language of the Hub's pages for the reader; empty, for both, where nobody knows it."""
    return str(user.authenticator.languages.get(user.name, "")) if user else ""


def _role(grant: dict[str, str]) -> dict[str, Any]:
    """The role of visitors, e.g. the mentors of a cohort, over the servers of its learners."""
    scopes = [f"{scope}!group={grant['owners']}" for scope in _VISITORS_SCOPES]
    return {"name": grant["visitors"], "description": "visits learners' servers", "scopes": scopes}


class EnterHandler(LogoutHandler):
    """Where the site sends somebody who opens a notebook: `?name=u42&next=/hub/…`.

    Another person's session in this browser is ended first, and she signs in anew by the site, which is silent.
    `name` is only compared: who she is, the site's own session says.
    """

    async def get(self) -> None:
        """Go on to `next`, as the person who is signed in at the site."""
        following = self.get_argument("next", "/hub/")
        if not following.startswith("/hub/") or "\\" in following:
            raise web.HTTPError(400, "next must be an address of the Hub")
        user = self.current_user
        if user is not None and user.name == self.get_argument("name", ""):
            self.redirect(following)
            return
        await self.default_handle_logout()
        self.redirect(f"{self.hub.base_url}oauth_login?next={quote(following, safe='')}")


class VisitHandler(OAuthAuthorizeHandler):
    """The Hub's "authorize" page, by which a browser gets into a server: visits to another's are told to the site."""

    def needs_oauth_confirm(self, user: Any, oauth_client: Any, requested_scopes: Any) -> bool:
        """Ask each time before another's server is opened."""
        spawner = oauth_client.spawner
        if spawner is not None and spawner.user is not user.orm_user:
            return True
        return bool(super().needs_oauth_confirm(user, oauth_client, requested_scopes))

    @web.authenticated
    async def post(self) -> None:
        """Let the visitor in, once the site has written it down."""
        owner = self._owner()
        visitor = self.current_user.name
        if owner != visitor and not await self.authenticator.site.visited(visitor=visitor, owner=owner):
            raise web.HTTPError(403)
        super().post()

    def _owner(self) -> str:
        client = self.oauth_provider.fetch_by_client_id(self.get_argument("client_id"))
        if client is None or client.spawner is None:
            raise web.HTTPError(404)
        return str(client.spawner.user.name)
