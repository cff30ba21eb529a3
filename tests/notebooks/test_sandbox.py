"""What a learner's terminal can see and do on the machine: her home, the cases, the site; nothing else."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.notebooks.kernel import Kernel
from tests.notebooks.machine import PUBLIC_FILE, Machine, Visitor
from tests.stack import wait

# `tried` tells what came of an act: what it got, or by what it failed.
PRELUDE = """
import json, os, pathlib, resource, signal, socket, subprocess, urllib.request
def tried(act):
    try:
        return ["got", repr(act())[:300]]
    except BaseException as error:
        return ["failed", type(error).__name__]
def sh(line):
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout
"""


@pytest.fixture(scope="module")
def kernel(somebodys: Machine) -> Iterator[Kernel]:
    """A kernel of u42, while u43 works too."""
    machine = somebodys
    with Visitor(machine, "u42") as learner, Visitor(machine, "u43") as other:
        other.open_notebook("u43")
        Kernel(other, "u43").run("open('secret.txt', 'w').write('of u43')")
        learner.open_notebook("u42")
        kernel = Kernel(learner, "u42")
        assert kernel.run(PRELUDE) == ""
        yield kernel


def found(kernel: Kernel, **acts: str) -> dict[str, Any]:
    """What came of each act, given as an expression."""
    told = kernel.run(
        "print(json.dumps({%s}))" % ", ".join(f"{name!r}: tried(lambda: {act})" for name, act in acts.items())  # noqa: UP031
    )
    return json.loads(told)


def test_she_works_in_her_home_with_the_data_beside_her(kernel: Kernel) -> None:
    assert kernel.run(f"print(open(os.path.expanduser('~/demand-forecasting/data/{PUBLIC_FILE}')).read())") == (
        "id,sales\n1,10\n\n"
    )
    told = found(
        kernel,
        writes_own="open(os.path.expanduser('~/mine.txt'), 'w').write('x')",
        token="os.environ['MANABIAI_TOKEN']",
        reaches_site="json.load(urllib.request.urlopen(os.environ['MANABIAI_URL'] + '/api/x'))['this is']",
    )

    assert told == {
        "writes_own": ["got", "1"],
        "token": ["got", "'token-of-u42'"],
        "reaches_site": ["got", "'the site'"],
    }


def test_the_data_can_only_be_read(kernel: Kernel) -> None:
    told = found(
        kernel,
        change=f"open('/data/demand-forecasting/{PUBLIC_FILE}', 'a')",
        delete=f"os.remove('/data/demand-forecasting/{PUBLIC_FILE}')",
        add="open('/data/demand-forecasting/more.csv', 'w')",
        make_writable=f"os.chmod('/data/demand-forecasting/{PUBLIC_FILE}', 0o777)",
    )

    assert {came for came, _ in told.values()} == {"failed"}


def test_she_is_nobody(kernel: Kernel) -> None:
    told = json.loads(
        kernel.run(
            "status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)\n"
            "print(json.dumps([os.getresuid(), os.getgroups(), status['CapEff'], status['CapBnd'], status['NoNewPrivs']]))"
        )
    )

    uids, groups, effective, _, no_new = told
    assert len(set(uids)) == 1
    assert uids[0] != 0
    assert 0 not in groups
    assert (effective, no_new) == ("0" * 16, "1")


def test_nothing_of_the_machine_is_there(kernel: Kernel, somebodys: Machine) -> None:
    machine = somebodys
    told = found(
        kernel,
        secrets=f"os.listdir({str(machine.data_dir / 'secrets')!r})",
        data_dir=f"os.listdir({str(machine.data_dir)!r})",
        truth=f"open({str(machine.data_dir / 'cases/demand-1.0.0/build/truth' / PUBLIC_FILE)!r})",
        beside_data="os.listdir('/data/demand-forecasting/../../truth')",
        homes="os.listdir('/home/u43')",
        shadow="open('/etc/shadow')",
        site_code="__import__('campus')",
        cookie_of_hub="os.environ['JPY_COOKIE_SECRET']",
        root="open('/probe', 'w')",
        libraries="open('/usr/lib/probe', 'w')",
        devices="os.listdir('/dev/disk')",
        mounts="sh('mount -t tmpfs none /mnt')",
        other_sockets="[name for name in os.listdir('/run/manabiai') if name not in ('hub.sock', 'site.sock')][0]",
    )

    assert {name: came for name, (came, _) in told.items()} == dict.fromkeys(told, "failed")


def test_nobody_elses_process_is_seen_or_reached(kernel: Kernel) -> None:
    users = kernel.run(
        "print(len({os.stat(f'/proc/{n}').st_uid for n in os.listdir('/proc') if n.isdigit()} - {os.getuid(), 0}))"
    )
    commands = kernel.run(
        "print([open(f'/proc/{n}/cmdline').read() for n in os.listdir('/proc') if n.isdigit() and n != str(os.getpid())])"
    )

    assert users == "0\n"
    assert "gunicorn" not in commands
    assert "jupyterhub --config" not in commands
    assert "u43" not in commands


def test_loopback_is_hers_alone(kernel: Kernel, somebodys: Machine) -> None:
    """Of the machine's open ports only the site answers, by the relay; nothing leaves by the network."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = found(
            kernel,
            other_port=f"socket.create_connection(('127.0.0.1', {other.getsockname()[1]}), 2)",
            site_port=f"socket.create_connection(('127.0.0.1', {somebodys.port}), 2).close()",
            interfaces="sorted(name for _, name in socket.if_nameindex())",
            outside="socket.create_connection(('192.0.2.1', 80), 2)",
            abstract="[line for line in open('/proc/net/unix') if '@' in line][0]",
        )

    assert told["interfaces"] == ["got", "['lo']"]
    assert {name: came for name, (came, _) in told.items()} == {
        "other_port": "failed",
        "site_port": "got",
        "interfaces": "got",
        "outside": "failed",
        "abstract": "failed",
    }


def test_a_kernels_ports_are_no_ports(kernel: Kernel) -> None:
    files = kernel.run(
        "print([json.load(open(p))['transport'] for p in pathlib.Path(sh('jupyter --runtime-dir').strip()).glob('kernel-*.json')])"
    )

    assert "tcp" not in files


def test_calls_that_lead_out_of_sandboxes_are_refused(kernel: Kernel) -> None:
    """Namespaces and what passes them by, memory of other processes, programs and queues in the kernel."""
    kernel.run(
        "import ctypes, errno\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def answer(call, *words):\n"
        "    return errno.errorcode[ctypes.get_errno()] if getattr(libc, call)(*words) == -1 else 'done'\n"
    )
    told = json.loads(
        kernel.run(
            "print(json.dumps({'user namespace': answer('unshare', 0x10000000), 'joined': answer('setns', 0, 0),"
            " 'traced': answer('ptrace', 0, 0, 0, 0), 'io_uring': answer('syscall', 425, 1, 0),"
            " 'tree': answer('syscall', 428, -100, b'/', 0), 'of tomorrow': answer('syscall', 500),"
            " 'past the network': answer('socket', socket.AF_VSOCK, 1, 0), 'ciphers': answer('socket', socket.AF_ALG, 5, 0)}))"
        )
    )

    assert told == {
        **dict.fromkeys(("user namespace", "joined", "traced", "io_uring", "tree"), "EPERM"),
        "of tomorrow": "ENOSYS",
        **dict.fromkeys(("past the network", "ciphers"), "EAFNOSUPPORT"),
    }
    pool = "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1]))"
    assert kernel.run(f"import multiprocessing\n{pool}") == "[1]\n", "processes of her own are hers to start"


def test_limits_hold(kernel: Kernel) -> None:
    told = found(
        kernel,
        memory="len(bytearray(8_000_000_000))",
        raised="resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        core="resource.getrlimit(resource.RLIMIT_CORE)",
        processes="resource.getrlimit(resource.RLIMIT_NPROC)",
        shared_memory="open('/dev/shm/big', 'wb').write(bytes(400_000_000))",
        temporary="open('/tmp/big', 'wb').write(bytes(700_000_000))",
    )

    assert told == {
        "memory": ["failed", "MemoryError"],
        "raised": ["failed", "ValueError"],
        "core": ["got", "(0, 0)"],
        "processes": ["got", "(512, 512)"],
        "shared_memory": ["failed", "OSError"],
        "temporary": ["failed", "OSError"],
    }


def test_the_hub_gives_nothing_to_the_servers_token(kernel: Kernel) -> None:
    """What a learner finds in her environment tells the Hub only of her own server."""
    kernel.run(
        "def hub(path, method='GET'):\n"
        "    import http.client\n"
        "    connection = http.client.HTTPConnection('hub')\n"
        "    connection.sock = socket.socket(socket.AF_UNIX)\n"
        "    connection.sock.connect('/run/manabiai/hub.sock')\n"
        "    connection.request(method, '/hub/api' + path, headers={'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']})\n"
        "    return connection.getresponse().status\n"
    )
    told = json.loads(
        kernel.run(
            "print(json.dumps([hub('/users'), hub('/users/u43'), hub('/users/u43/server', 'DELETE'),"
            " hub('/users/u43/tokens', 'POST'), hub('/shutdown', 'POST'), hub('/proxy')]))"
        )
    )

    assert all(status in (403, 404) for status in told), told


def test_a_home_that_grows_too_far_ends_its_server(machine: Machine) -> None:
    with Visitor(machine, "u44") as learner:
        learner.open_notebook("u44")
        Kernel(learner, "u44").run(
            "import os\nfor n in range(6):\n"
            "    open(os.path.expanduser(f'~/big{n}'), 'wb').write(os.urandom(50_000_000))"
        )

        wait(lambda: not machine.keeper({"do": "state", "name": "u44"})["running"], 30, "it was stopped")
        assert machine.keeper({"do": "state", "name": "u44"})["because"] == "home_full"
        wait(lambda: not machine.hub_api("GET", "/users/u44").json()["servers"], 30, "the Hub knows")

        learner.open_notebook("u44")
        kernel = Kernel(learner, "u44")
        assert "容量の上限" in kernel.run("import os; print(os.listdir(os.path.expanduser('~')))")
        assert kernel.run("os.remove(os.path.expanduser('~/big0')); print('tidied')") == "tidied\n"
