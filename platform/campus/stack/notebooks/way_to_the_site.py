"""Sandboxes have no network; what they ask the site for comes by a Unix socket that they see, and goes on to the proxy.

It is the same way in as the public port, with the same checks: who asks brings a token.
"""

import socket
import threading
from collections import Counter
from contextlib import suppress

from campus.environment import Environment
from campus.stack.notebooks.places import make_hub_folder, site_socket
from campus.stack.sockets import peer

_CHUNK = 64 * 1024
# Of one user at a time. As root each learner's sandbox has a user of its own, else all share ours.
_MOST_AT_ONCE = 64


def open_for_notebooks(environment: Environment) -> None:
    """Listen from now on, in threads that end with this process."""
    path = site_socket(environment.data_dir)
    make_hub_folder(environment.data_dir)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen(128)
    host = "127.0.0.1" if environment.bind == "0.0.0.0" else environment.bind  # noqa: S104 -- compared, not bound
    threading.Thread(target=_listen, args=(listener, (host, environment.port)), daemon=True).start()


def _listen(listener: socket.socket, proxy: tuple[str, int]) -> None:
    open_of: Counter[int] = Counter()
    while True:
        near, _ = listener.accept()
        user = peer(near)
        if open_of[user] >= _MOST_AT_ONCE:
            near.close()
            continue
        open_of[user] += 1
        threading.Thread(target=_pass_on, args=(near, proxy, user, open_of), daemon=True).start()


def _pass_on(near: socket.socket, proxy: tuple[str, int], user: int, open_of: Counter[int]) -> None:
    try:
        with near, socket.create_connection(proxy, timeout=10) as far:
            far.settimeout(None)
            there = threading.Thread(target=_copy, args=(near, far), daemon=True)
            there.start()
            _copy(far, near)
            there.join()
    except OSError:
        pass  # The proxy starts again; whoever asks sees a closed connection and tries again.
    finally:
        open_of[user] -= 1


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
