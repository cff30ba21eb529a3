"""The process manager: supervisord's configuration, and talking to it over its private socket."""

import os
import shlex
import signal
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from campus.environment import Environment
from campus.stack.account import CannotRun
from campus.stack.lifetime import die_with_parent
from campus.stack.sockets import make_socket_folder


@dataclass(frozen=True)
class Process:
    """One process that supervisord keeps alive: a `campus` command."""

    name: str
    command: tuple[str, ...]
    stop_signal: str = "TERM"
    stop_seconds: int = 30


def processes(environment: Environment) -> list[Process]:
    """Return what runs in this installation, in the order of starting."""
    embedded = [Process("postgres", ("postgres",), "INT")] if not environment.database_url else []
    workers = [Process(f"worker-{number}", ("worker",)) for number in range(1, environment.grading_workers + 1)]
    runner = [Process("runner", ("runner",))] if environment.runner == "on" else []
    notebooks = [Process(part, (part,)) for part in ("notebooks", "hub")] if environment.notebooks == "on" else []
    site = [Process("web", ("web",)), Process("live", ("live",)), *runner, *workers, Process("proxy", ("proxy",))]
    return [*embedded, *site, *notebooks]


class Supervisor:
    """A running supervisord; it lives in a session of its own, so that Ctrl-C reaches it only in good order."""

    def __init__(self, environment: Environment) -> None:
        self._run = environment.data_dir / "run"
        self._logs = environment.data_dir / "logs"
        self._socket = make_socket_folder(environment.data_dir, "supervisor") / "supervisor.sock"
        self._processes = processes(environment)
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://localhost", transport).supervisor

    def begin(self) -> None:
        """Write the configuration and start supervisord; no process runs yet."""
        self._logs.mkdir(mode=0o700, exist_ok=True)
        configuration = self._run / "supervisord.conf"
        configuration.write_text(self._configuration())
        with open(self._logs / "supervisord.log", "ab") as log:
            self._daemon = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "-c", str(configuration)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGTERM),
            )
        self._wait_for_socket()

    def start(self, names: Iterable[str]) -> None:
        """Start processes by name without waiting for them."""
        for name in names:
            self._rpc.startProcess(name if name == "postgres" else f"site:{name}", False)

    def states(self) -> dict[str, tuple[str, int]]:
        """Return the state and process id of each process."""
        return {info["name"]: (info["statename"], info["pid"]) for info in self._rpc.getAllProcessInfo()}

    def alive(self) -> bool:
        """Say whether supervisord itself runs."""
        return self._daemon is not None and self._daemon.poll() is None

    def end(self) -> None:
        """Stop every process in reverse order of starting, then supervisord; return when all are gone."""
        if self._daemon is None:
            return
        if self.alive():
            self._daemon.terminate()
        self._daemon.wait()

    def _wait_for_socket(self) -> None:
        deadline = time.monotonic() + 15
        while True:
            try:
                self._rpc.getState()
            except (OSError, xmlrpc.client.Error):
                if not self.alive() or time.monotonic() > deadline:
                    raise CannotRun(f"The process manager did not start; see {self._logs}/supervisord.log.") from None
                time.sleep(0.05)
            else:
                return

    def _configuration(self) -> str:
        sections: dict[str, dict[str, Any]] = {
            "supervisord": {
                "pidfile": self._run / "supervisord.pid",
                "logfile": "/dev/null",
                "logfile_maxbytes": 0,
                "childlogdir": self._logs,
                "umask": "077",
                **({"user": "root"} if os.geteuid() == 0 else {}),
            },
            "unix_http_server": {"file": self._socket, "chmod": "0700"},
            "supervisorctl": {"serverurl": f"unix://{self._socket}"},
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
        }
        for process in self._processes:
            sections[f"program:{process.name}"] = self._program(process)
        # Groups stop one after the other, the database last; within a group all stop at once.
        site = ",".join(process.name for process in self._processes if process.name != "postgres")
        sections["group:site"] = {"programs": site, "priority": 100}
        return "\n".join(_section(name, values) for name, values in sections.items())

    def _program(self, process: Process) -> dict[str, Any]:
        command = [sys.executable, "-m", "campus.command", *process.command]
        return {
            "command": shlex.join(command),
            "priority": 1,
            "autostart": "false",
            "autorestart": "true",
            # A process that dies at once is tried again after 1, 2, 3 … seconds.
            "startsecs": 2,
            "startretries": 100,
            "stopsignal": process.stop_signal,
            "stopwaitsecs": process.stop_seconds,
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": self._logs / f"{process.name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": 3,
        }


def _section(name: str, values: dict[str, Any]) -> str:
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])
