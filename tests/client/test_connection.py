"""Lost connections: tried again, never handed in twice, and in words when it stays lost."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from campus.cases.models import Step
from campus.people.models import Person
from campus.submissions.models import Submission
from manabiai import ApiError, ConnectionFailed, DownloadFailed, Site
from tests.campus.api.calls import token_of

TOKEN = "mnb_any"


class LossyProxy(ThreadingHTTPServer):
    """Hands requests on to a server, but loses or spoils the first answers to POST."""

    def __init__(self, target: str, *, losses: int, status: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target, self.losses, self.status = target, losses, status
        self.posts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: LossyProxy

    def do_GET(self) -> None:
        self._pass(httpx.get(self.server.target + self.path, headers=self._sent()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = httpx.post(self.server.target + self.path, headers=self._sent(), content=body)
        self.server.posts += 1
        if self.server.posts > self.server.losses:
            self._pass(answer)
        elif self.server.status:
            self.send_error(self.server.status)
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def _sent(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}

    def _pass(self, answer: httpx.Response) -> None:
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def lossy(live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[LossyProxy]:
    losses, status = request.param
    proxy = LossyProxy(live_server.url, losses=losses, status=status)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    yield proxy
    proxy.shutdown()
    proxy.server_close()


@pytest.mark.parametrize("lossy", [(1, None), (4, None), (2, 502)], indirect=True)
def test_a_lost_answer_hands_in_once(lossy: LossyProxy, learner: Person, open_step: Step, good_file: Path) -> None:
    waits: list[float] = []
    submission = Site(lossy.url, token_of(learner), sleep=waits.append).submit(good_file, wait=False)
    assert list(Submission.objects.values_list("pk", flat=True)) == [submission.id]
    assert len(waits) == lossy.losses
    assert waits == sorted(waits)


class _Away(BaseHTTPRequestHandler):
    """A site that cannot do it now, and says so itself."""

    def do_GET(self) -> None:
        body = b'{"status": 503, "code": "runner_away", "detail": "Please try again in a few minutes."}'
        self.send_response(503)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def test_what_the_site_itself_refuses_with_503_is_told_at_once() -> None:
    waits: list[float] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Away) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ApiError, match="again in a few minutes") as refused:
            Site(f"http://127.0.0.1:{server.server_address[1]}", TOKEN, sleep=waits.append).me()
        server.shutdown()
    assert (refused.value.status, refused.value.code, waits) == (503, "runner_away", [])


@pytest.mark.parametrize("lossy", [(9, None)], indirect=True)
def test_a_connection_that_stays_lost_is_told(
    lossy: LossyProxy, learner: Person, open_step: Step, good_file: Path
) -> None:
    with pytest.raises(ConnectionFailed, match="can’t be reached"):
        Site(lossy.url, token_of(learner), sleep=lambda _seconds: None).submit(good_file)
    assert lossy.posts == 5
    assert Submission.objects.count() == 1


def test_nobody_listening_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ConnectionFailed, match=address):
            Site(address, TOKEN, sleep=lambda _seconds: None).me()


def test_another_site_is_told(live_server: LiveServer) -> None:
    with pytest.raises(ConnectionFailed, match="doesn’t respond like a Manabiai site"):
        Site(f"{live_server.url}/static", TOKEN).me()


class _Elsewhere(_Away):
    """Leads on, as http:// does to https://; breaks off in the middle of a download."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self.send_response(302)
            self.send_header("Location", f"https://quest.example{self.path}")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"a beginning")


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", TOKEN)
        server.shutdown()


def test_an_address_that_leads_on_is_told_with_the_right_one(elsewhere: Site) -> None:
    with pytest.raises(ConnectionFailed, match=r"redirects to https://quest\.example\."):
        elsewhere.me()


def test_a_download_that_breaks_off_is_told_and_leaves_nothing(elsewhere: Site, tmp_path: Path) -> None:
    told = {"name": "sales.csv", "url": "/data/sales.csv", "sha256": "x"}
    with pytest.raises(ConnectionFailed, match="can’t be reached"):
        elsewhere._downloads.fetch(told, tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(elsewhere: Site, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    told = {"name": "sales.csv", "url": "/data/sales.csv", "sha256": "x"}
    with pytest.raises(DownloadFailed, match="can’t be written"):
        elsewhere._downloads.fetch(told, tmp_path / "data")
