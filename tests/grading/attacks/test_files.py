"""What lies on the machine: the truth, other people's work, secrets, the system. None of it can be seen or changed."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_files_of_the_machine_are_not_there(attacker, sandbox):
    truth = sandbox.build.path / "truth" / "truth.csv"
    wanted = [
        truth, sandbox.build.path / "public" / "test.csv", sandbox.socket, sandbox.pack.path / "case.toml",
        ROOT / "pyproject.toml", ROOT / "platform", ROOT / ".git/config", ROOT / "var", "/etc/passwd", "/etc/shadow",
        "/etc/hostname", "/root", "/root/.ssh", "/home", "/var", "/tmp", "/run", "/sys", "/sys/kernel", "/boot", "/dev/shm",
        "/dev/mem", "/dev/kmsg", "/dev/ptmx", "/dev/tty", "/dev/fuse", "/dev/kvm", "/dev/vda", "/proc/1/environ",
        "/proc/self/mem", "/proc/self/maps", "/proc/self/fd", "/proc/kcore", "/proc/sys/kernel", "/proc/cpuinfo",
    ]  # fmt: skip
    assert truth.exists()

    finding = attacker.attack(f"""
def look(path):
    return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(10)
def attack(data):
    return {{path: tried(lambda: look(path)) for path in {[str(path) for path in wanted]!r}}}
""")

    assert finding.got == {}


def test_a_way_around_by_dots_links_and_handles_leads_nowhere(attacker, sandbox):
    truth = str(sandbox.build.path / "truth" / "truth.csv")

    finding = attacker.attack(f"""
def by(link, target):
    os.symlink(target, link)
    return open(link).read(10)
def attack(data):
    up = "../" * 20
    return dict(
        dots=tried(lambda: open(up + {truth!r}).read()), passwd=tried(lambda: open(up + "etc/passwd").read()),
        link=tried(lambda: by("a", {truth!r})), root=tried(lambda: by("b", "/proc/1/root/etc/passwd")),
        hard=tried(lambda: os.link("/usr/bin/id", "c")), handle=tried(lambda: os.open("/proc/self/fd/5", os.O_RDWR)),
        opath=tried(lambda: os.open("/", os.O_PATH | os.O_DIRECTORY) and os.open({truth!r}, os.O_PATH)),
    )
""")

    assert finding.got == {}


def test_a_model_sees_no_files_at_all(model_attacker):
    finding = model_attacker.attack("""
def attack(data):
    return {path: tried(lambda: os.listdir(path)) for path in ("/", ".", "/usr", "/box", "/data", sys.prefix)} | {
        "open": tried(lambda: open(os.__file__)), "write": tried(lambda: open("x", "w")), "mkdir": tried(lambda: os.mkdir("x")),
    }
""")

    assert finding.got == {}


def test_code_writes_nowhere_but_in_its_own_box(coder):
    finding = coder.attack("""
def attack(data):
    places = ["/", "/usr", "/usr/lib", "/data", "/dev", "/etc", "/proc", sys.prefix, sys.base_prefix, "data", os.path.dirname(json.__file__)]
    found = {place: tried(lambda: open(place + "/x", "w")) for place in places}
    found["change data"] = tried(lambda: open("data/test.csv", "a"))
    found["truncate data"] = tried(lambda: os.truncate("data/test.csv", 0))
    found["remove data"] = tried(lambda: os.unlink("data/test.csv"))
    found["rename data"] = tried(lambda: os.rename("data", "d"))
    found["chmod"] = tried(lambda: os.chmod("data/test.csv", 0o777))
    found["device"] = tried(lambda: os.mknod("null", 0o020666, 0x103))
    found["suid"] = tried(lambda: os.chown("data", 0, 0))
    return found
""")

    assert finding.got == {}


def test_what_code_writes_cannot_be_executed_or_loaded(coder):
    finding = coder.attack("""
import mmap, shutil
def run():
    shutil.copyfile("/usr/bin/id", "id"); os.chmod("id", 0o755)
    os.execv("./id", ["id"])
def load():
    shutil.copyfile(ctypes.util.find_library("c") or __import__("_ctypes").__file__, "evil.so")
    return ctypes.CDLL("./evil.so")
def attack(data):
    import ctypes.util, _ctypes
    shutil.copyfile(_ctypes.__file__, "evil.so")
    return dict(run=tried(run), load=tried(lambda: ctypes.CDLL("./evil.so")))
""")

    assert finding.got == {}


def test_no_descriptor_is_inherited_but_its_own(attacker):
    finding = attacker.attack("""
import stat
def attack(data):
    found = {}
    for number in range(2000):
        try:
            found[number] = stat.S_IFMT(os.fstat(number).st_mode)
        except OSError:
            pass
    return {"open": sorted(found), "sockets": [n for n, kind in found.items() if kind == stat.S_IFSOCK]}
""")

    # Standard streams, the answer's pipe, the submission and the features; a program may map the features once more.
    assert set(finding.found["open"]) <= set(range(8))
    assert finding.found["sockets"] == []


def test_features_and_submission_are_sealed(attacker):
    finding = attacker.attack("""
import mmap
def attack(data):
    found = {}
    for number in (4, 5):
        found[f"write {number}"] = tried(lambda: os.pwrite(number, b"x", 0))
        found[f"truncate {number}"] = tried(lambda: os.ftruncate(number, 0))
        found[f"map {number}"] = tried(lambda: mmap.mmap(number, 0, prot=mmap.PROT_READ | mmap.PROT_WRITE))
    return found
""")

    assert finding.got == {}


def test_environment_and_arguments_hold_no_secrets(attacker):
    finding = attacker.attack("def attack(data): return {'environment': dict(os.environ), 'arguments': sys.argv}")

    assert set(finding.found["environment"]) <= {
        "HOME", "TMPDIR", "PATH", "LANG", "TZ", "PWD", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
        "NUMEXPR_MAX_THREADS", "ORT_DISABLE_TELEMETRY", "JOBLIB_MULTIPROCESSING", "MPLBACKEND", "MPLCONFIGDIR",
        "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUTF8", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK",
    }  # fmt: skip
    assert not any("truth" in word or str(ROOT / "var") in word for word in finding.found["arguments"])


def test_nothing_of_site_or_truth_is_in_memory(coder):
    finding = coder.attack("""
def attack(data):
    loaded = sorted(name for name in sys.modules if name.split(".")[0] in ("django", "campus", "psycopg", "manabiai_site"))
    found = {name: tried(lambda: __import__(name)) for name in ("django", "campus", "psycopg")}
    found["loaded"] = ["got", repr(loaded)] if loaded else ["failed", ""]
    import gc
    texts = [thing for thing in gc.get_objects() if isinstance(thing, str) and "truth.csv" in thing]
    found["texts"] = ["got", repr(texts[:3])] if texts else ["failed", ""]
    return found
""")

    assert finding.got == {}
