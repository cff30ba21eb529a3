"""Memory, disk, output and time: whoever takes too much ends alone, and the next run is as good as ever."""

from __future__ import annotations

import pytest

GOOD = "def attack(data): return 'fine'"


@pytest.fixture(autouse=True)
def _the_next_run_is_fine(coder):
    yield
    assert coder.attack(GOOD).found == "fine"


def test_ten_gigabytes_are_not_to_be_had(attacker):
    finding = attacker.attack("""
def attack(data):
    kept = []
    try:
        while len(kept) < 200:
            kept.append(bytearray(50_000_000))
    except MemoryError:
        pass
    return len(kept) * 50
""", memory_mb=400)  # fmt: skip

    assert finding.found is None or finding.found <= 450


def test_the_disk_is_small_and_so_is_the_number_of_files(coder):
    finding = coder.attack("""
def fill():
    written = 0
    try:
        with open("large", "wb") as file:
            while True:
                written += file.write(bytes(1_000_000)); file.flush()
    except OSError as error:
        return written, errno.errorcode[error.errno]
def flood(make):
    for number in range(100_000):
        try:
            make(number)
        except OSError as error:
            return number, errno.errorcode[error.errno]
def sparse():
    try:
        with open("sparse", "wb") as file:
            file.truncate(10**12)
    except OSError as error:
        return errno.errorcode[error.errno]
def attack(data):
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    filled = fill(); os.unlink("large")
    return dict(disk=filled, sparse=sparse(), files=flood(lambda n: open(f"f{n}", "w").close()),
                folders=flood(lambda n: os.mkdir(f"d{n}")), links=flood(lambda n: os.symlink("x", f"l{n}")))
""")

    found = finding.found
    assert found["disk"][0] <= 6_000_000
    assert found["disk"][1] in ("ENOSPC", "EFBIG")
    assert found["sparse"] == "EFBIG"
    assert found["files"][0] <= 60
    assert found["folders"][0] <= 60
    assert found["links"][0] <= 60


def test_descriptors_run_out_soon(attacker):
    finding = attacker.attack("""
def attack(data):
    count = 0
    try:
        for count in range(10_000):
            os.dup(1)
    except OSError:
        pass
    return count
""")

    assert finding.found <= 128


def test_endless_output_ends_the_run(attacker):
    for write in ("os.write(1, b'x' * 65536)", "os.write(2, b'\\n')"):
        finding = attacker.attack(f"def attack(data):\n    while True: {write}", output_bytes=100_000)
        assert finding.end in ("run_output", "output")
        assert len(finding.log) <= 100_000


def test_endless_loops_end_in_time(attacker):
    finding = attacker.attack("def attack(data):\n    while True: pass", seconds=0.7)

    assert finding.end in ("run_timeout", "timeout")
    assert finding.seconds < 3


def test_processor_time_of_all_threads_is_bounded(coder):
    finding = coder.attack("""
import hashlib, threading
def burn():
    while True: hashlib.sha256(bytes(10_000_000)).digest()
def attack(data):
    for _ in range(3): threading.Thread(target=burn, daemon=True).start()
    burn()
""", seconds=1.0)  # fmt: skip

    assert finding.end in ("run_timeout", "run_crashed")
    assert finding.seconds < 5


def test_limits_cannot_be_raised(attacker):
    finding = attacker.attack("""
import resource
def attack(data):
    names = [name for name in dir(resource) if name.startswith("RLIMIT_") and name not in ("RLIMIT_NICE", "RLIMIT_RTPRIO")]
    found = {}
    for name in names:
        if name in ("RLIMIT_STACK", "RLIMIT_DATA", "RLIMIT_RSS", "RLIMIT_RTTIME"): continue
        found[name] = tried(lambda: resource.setrlimit(getattr(resource, name), (2**40, 2**40)))
    return found
""")  # fmt: skip

    assert finding.got.keys() <= {"RLIMIT_LOCKS", "RLIMIT_OFILE"} - {"RLIMIT_OFILE"}


def test_a_huge_error_is_cut(coder):
    finding = coder.attack("def attack(data): raise ValueError('x' * 50_000_000)", output_bytes=100_000)

    assert finding.end in ("run_error_at", "run_output", "run_memory")
    assert len(finding.log) <= 100_000


def test_deep_recursion_and_large_numbers_end_alone(coder):
    deep = coder.attack("""
sys.setrecursionlimit(10**9)
def dive(): return dive()
def attack(data): return dive()
""", seconds=2.0)  # fmt: skip
    slow = coder.attack("def attack(data): return str(9 ** 9 ** 9)[:3]", seconds=1.0)

    assert deep.found is None
    assert deep.end in ("run_crashed", "run_error_at", "run_memory", "run_timeout")
    assert slow.end == "run_timeout"
