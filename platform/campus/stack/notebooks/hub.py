"""How the Hub is started: its command, and the variables that deploy/hub/jupyterhub_config.py reads."""

import hashlib
import os
import sys

from campus.environment import ROOT, Environment
from campus.stack.account import CannotRun
from campus.stack.notebooks import sandbox
from campus.stack.notebooks.places import as_url, hub_socket, keeper_socket, make_hub_folder
from campus.stack.secrets import secret
from campus.stack.sockets import make_socket_folder, socket_folder
from grader.runner import bubblewrap

CONFIGURATION = ROOT / "deploy/hub/jupyterhub_config.py"
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "LOG_LEVEL")


def missing() -> str:
    """Say what this installation lacks for notebooks; empty if nothing."""
    if not (sandbox.ENVIRONMENT / "bin/python").exists():
        return f"{sandbox.ENVIRONMENT} is missing (`make envs`)"
    try:
        bubblewrap.program("bwrap")
    except bubblewrap.Missing:
        return "bubblewrap is not installed (apt-get install bubblewrap)"
    return ""


def command() -> list[str]:
    """Return the command of the Hub."""
    if not CONFIGURATION.exists():
        raise CannotRun(f"{CONFIGURATION} is missing.")
    return [sys.executable, "-m", "jupyterhub", "--config", str(CONFIGURATION)]


def variables(environment: Environment) -> dict[str, str]:
    """Return the Hub's environment, and make the folders and secrets that it names."""
    data_dir = environment.data_dir
    folder = data_dir / "hub"
    folder.mkdir(mode=0o700, exist_ok=True)
    make_hub_folder(data_dir)
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "SITE_URL": environment.public_url(),
        "SITE_FROM_HUB": _site_from_here(environment),
        "SITE_FROM_NOTEBOOKS": f"http://127.0.0.1:{environment.port}",
        "NOTEBOOK_URL": environment.public_notebook_url(),
        "NOTEBOOK_SPAWNER": environment.notebook_spawner,
        "NOTEBOOK_SERVERS": str(environment.notebook_servers),
        "NOTEBOOK_MEMORY_MB": str(environment.notebook_memory_mb),
        "NOTEBOOK_IDLE_MINUTES": str(environment.notebook_idle_minutes),
        "NOTEBOOK_SOCKET": str(keeper_socket(environment)),
        "NOTEBOOK_SOCKETS": str(make_socket_folder(data_dir, "notebooks")),
        "HUB_SOCKET_URL": as_url(hub_socket(data_dir)),
        "HUB_DATABASE_URL": environment.hub_database_url or f"sqlite:///{folder / 'jupyterhub.sqlite'}",
        "PROXY_API_URL": as_url(socket_folder(data_dir, "proxy") / "api.sock"),
        **_secrets(environment),
    }


def _site_from_here(environment: Environment) -> str:
    host = "127.0.0.1" if environment.bind == "0.0.0.0" else environment.bind  # noqa: S104 -- compared, not bound
    return f"http://{host}:{environment.port}"


def _secrets(environment: Environment) -> dict[str, str]:
    def own(name: str) -> str:
        return secret(environment.data_dir, name)

    return {
        "HUB_CLIENT_SECRET": environment.hub_client_secret or own("hub-client-secret"),
        "HUB_SERVICE_TOKEN": environment.hub_service_token or own("hub-service-token"),
        "HUB_API_TOKEN": environment.hub_api_token or own("hub-api-token"),
        "CONFIGPROXY_AUTH_TOKEN": own("proxy-token"),
        "JUPYTERHUB_CRYPT_KEY": _as_key(own("hub-crypt-key")),
        "JPY_COOKIE_SECRET": _as_key(own("hub-cookie-secret")),
    }


def _as_key(secret: str) -> str:
    """32 bytes in hexadecimal, as JupyterHub wants its keys."""
    return hashlib.sha256(secret.encode()).hexdigest()
