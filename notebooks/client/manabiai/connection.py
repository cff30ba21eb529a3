"""Requests to the site's API: tried again when the connection breaks, refused in words."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from manabiai.errors import ApiError, ConnectionFailed
from manabiai.settings import Settings
from manabiai.words import Language, say

TRIES = 5
FIRST_WAIT = 0.4
# A proxy in front of a restarting site answers with these. The site itself sends a problem document with them.
PASSING_STATUSES = {502, 503, 504}
PROBLEM = "application/problem+json"
TIMEOUT = httpx.Timeout(30, connect=10)


class Connection:
    """One site, one person. ``sleep`` waits between tries."""

    def __init__(self, settings: Settings, *, language: Language, sleep: Callable[[float], None] = time.sleep) -> None:
        self.settings = settings
        self.language = language
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {settings.token}", "Accept-Language": language}
        self._client = httpx.Client(base_url=settings.url, headers=headers, timeout=TIMEOUT)

    def get(self, path: str, **params: object) -> Any:
        """The JSON at the path below /api/v1/."""
        return self._json(self._answer("GET", f"/api/v1/{path}", params=params))

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every item of a paged list."""
        page = pages = 1
        while page <= pages:
            told = self.get(path, page=page, per_page=100)
            yield from told["items"]
            page, pages = page + 1, told["pages"]

    def post(self, path: str, *, key: str, data: dict[str, str], files: dict[str, Any]) -> Any:
        """Send a form. The key makes it safe to send it again when the answer got lost."""
        headers = {"Idempotency-Key": key}
        return self._json(self._answer("POST", f"/api/v1/{path}", data=data, files=files, headers=headers))

    @contextmanager
    def download(self, path: str) -> Iterator[httpx.Response]:
        """The open response to a GET of a path of the site. Raises ConnectionFailed, also when it breaks off within."""
        request = self._client.build_request("GET", path)
        response = self._patiently(lambda: self._client.send(request, stream=True))
        try:
            if response.is_error:
                response.read()
                self._refuse(response)
            yield response
        except httpx.TransportError as error:
            raise self._lost(error) from error
        finally:
            response.close()

    def close(self) -> None:
        self._client.close()

    def _answer(self, method: str, path: str, **content: Any) -> httpx.Response:
        response = self._patiently(lambda: self._client.request(method, path, **content))
        if not response.is_success:
            self._refuse(response)
        return response

    def _patiently(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Try up to TRIES times, waiting longer each time; only lost connections are worth another try."""
        for remaining in reversed(range(TRIES)):
            try:
                response = send()
            except httpx.TransportError as error:
                if not remaining:
                    raise self._lost(error) from error
            else:
                if not _is_passing(response) or not remaining:
                    return response
                response.close()
            self._sleep(FIRST_WAIT * 2 ** (TRIES - 1 - remaining) * random.uniform(0.8, 1.2))  # noqa: S311
        raise AssertionError("the last try answers or raises")

    def _lost(self, error: httpx.TransportError) -> ConnectionFailed:
        detail = str(error) or type(error).__name__
        return ConnectionFailed(say("unreachable", self.language, url=self.settings.url, detail=detail))

    def _refuse(self, response: httpx.Response) -> None:
        if _is_problem(response):
            raise ApiError(response.json())
        if response.next_request is not None:
            url, to = self.settings.url, response.next_request.url
            raise ConnectionFailed(say("moved", self.language, url=url, location=f"{to.scheme}://{to.netloc.decode()}"))
        raise ConnectionFailed(say("not_a_site", self.language, url=self.settings.url, status=response.status_code))

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError:
            self._refuse(response)


def _is_problem(response: httpx.Response) -> bool:
    return response.headers.get("Content-Type", "").startswith(PROBLEM)


def _is_passing(response: httpx.Response) -> bool:
    return response.status_code in PASSING_STATUSES and not _is_problem(response)
