"""What happens around a server's life: the site is asked for a token and cases, and told when a server ended."""

import json
from typing import Any

from jupyterhub.spawner import SpawnException
from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPRequest

# What a refused start says; the Hub's page shows both languages.
_WORDS = {
    "cannot_isolate": (
        "このサーバーではノートブックを安全に実行できないため、起動できません。事務局にご連絡ください。",
        "Notebooks can’t be started because this machine can’t run them safely. Please tell the organiser.",
    ),
    "no_case": (
        "現在、ノートブックを使う教材がありません。開催期の教材ページをご確認ください。",
        "You don’t have a case to work on in a notebook at the moment. Please check your cohort’s page.",
    ),
    "home_full": (
        "ホームのファイルの合計が上限の2倍を超えているため、起動できません。事務局にご連絡ください。",
        "Your notebook can’t be started: your files take up more than twice the limit. Please tell the organiser.",
    ),
    "ended_at_once": (
        "ノートブックを起動できませんでした。もう一度お試しください。それでも起動できない場合は、事務局にご連絡ください。",
        "Your notebook couldn’t be started. Please try again. If it happens again, tell the organiser.",
    ),
    "site_away": (
        "サイトに接続できませんでした。しばらくしてから、もう一度お試しください。",
        "The site didn’t respond. Please try again in a moment.",
    ),
}
_TIMEOUT_SECONDS = 20
_OK, _NOTED, _FORBIDDEN, _AWAY = 200, 204, 403, 503


class CannotStart(SpawnException):
    """A server that is not started, with the reason in both languages."""

    def __init__(self, code: str) -> None:
        japanese, english = _WORDS[code]
        in_both = f'<span lang="ja">{japanese}</span><br><span lang="en">{english}</span>'
        super().__init__(f"{japanese} {english}", message_html=in_both, log_message=code, reason=code, status_code=503)


class Site:
    """The site's addresses for the Hub (`/internal/notebooks/`), asked with the Hub's own token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    async def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Return status and answer; 503 where nothing answers."""
        request = HTTPRequest(
            f"{self._url}/internal/notebooks/{path}",
            method="GET" if body is None else "POST",
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            request_timeout=_TIMEOUT_SECONDS,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except (OSError, HTTPError):
            return _AWAY, {}
        return answer.code, json.loads(answer.body) if answer.code == _OK else {}

    async def before_start(self, spawner: Any) -> None:
        """Ask for a fresh token and the person's cases, and put them into the server's environment."""
        status, granted = await self.ask("start", {"name": spawner.user.name})
        if status != _OK:
            raise CannotStart("no_case" if status == _FORBIDDEN else "site_away")
        spawner.cases = granted["cases"]
        spawner.environment = {**spawner.environment, **_variables(granted)}

    async def after_stop(self, spawner: Any) -> None:
        """Have the token revoked; the site does so itself before long where it can't be told now."""
        await self.ask("stopped", {"name": spawner.user.name})

    async def visited(self, *, visitor: str, owner: str) -> bool:
        """Tell that somebody opens another's server. False where she may not, and where it can't be written down."""
        status, _ = await self.ask("visit", {"visitor": visitor, "owner": owner})
        return status == _NOTED


def _variables(granted: dict[str, Any]) -> dict[str, str]:
    return {
        "MANABIAI_TOKEN": granted["token"],
        "MANABIAI_LANGUAGE": granted["language"],
        "TZ": granted["time_zone"],
    }
