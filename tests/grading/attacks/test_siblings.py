"""Two submissions at a time: neither sees, disturbs or inherits anything of the other, and cases are kept apart."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

from grader.contract import Kind, Plane
from grader.kinds import KINDS
from grader.runner import client

VICTIM = """
import os, time
def predict(data):
    open("secret.txt", "w").write("the victim's own model")
    os.environ["SECRET"] = "the victim's own key"
    time.sleep(2.0)
    assert open("secret.txt").read() == "the victim's own model"
    return [[5, 5]] * 40
"""


def test_a_sibling_is_neither_seen_nor_disturbed(coder, sandbox):
    victims = []
    thread = threading.Thread(target=lambda: victims.append(sandbox.code(VICTIM, on=Plane.HIDDEN)))
    thread.start()

    finding = coder.attack("""
import glob, time
def attack(data):
    time.sleep(0.5)
    found = {path: tried(lambda: open(path).read()) for path in
             ("/box/work/secret.txt", "secret.txt", "../secret.txt", "/tmp/secret.txt", "/proc/2/environ", "/proc/3/root/box/work/secret.txt")}
    found["files"] = ["got", repr(glob.glob("/**/secret.txt", recursive=True))] if glob.glob("/box/**/secret.txt", recursive=True) else ["failed", ""]
    found["environment"] = tried(lambda: os.environ["SECRET"])
    for pid in range(2, 200):
        if tried(lambda: os.kill(pid, 0))[0] == "got": found[f"kill {pid}"] = ["got", ""]
    for name in ("ptrace", "process_vm_readv", "pidfd_open"):
        found[name] = tried(lambda: call(name, 2, 0, 0, 0, 0, 0))
    return found
""")
    thread.join()

    assert finding.got == {}
    assert victims[0].values.tolist() == [[5.0, 5.0]] * 40


def test_nothing_is_left_for_the_next_one(coder):
    coder.attack("""
import builtins, numpy, pandas
def attack(data):
    open("left.txt", "w").write("x"); open("/box/tmp/left.txt", "w").write("x")
    os.environ["LEFT"] = "x"; builtins.left = "x"; numpy.left = "x"; pandas.read_csv = None
    sys.modules["left"] = sys; sys.path.insert(0, "/box/work")
""")

    finding = coder.attack("""
import builtins, numpy, pandas
def attack(data):
    return dict(
        file=tried(lambda: open("left.txt")), tmp=tried(lambda: open("/box/tmp/left.txt")), env=tried(lambda: os.environ["LEFT"]),
        builtin=tried(lambda: builtins.left), numpy=tried(lambda: numpy.left), module=tried(lambda: __import__("left")),
        pandas=["failed", ""] if callable(pandas.read_csv) else ["got", ""],
    )
""")

    assert finding.got == {}


def test_other_cases_files_are_not_there(coder, sandbox):
    """The sample of the same case is unpacked in the same warm process under another name."""
    assert sandbox.code("def predict(data): return [[1, 1]] * 40", on=Plane.HIDDEN).problems == ()

    finding = coder.attack("""
def attack(data):
    return dict(
        list=tried(lambda: os.listdir("/data")[0]), up=tried(lambda: os.listdir("data/../../../data")[0]),
        rows=["got", ""] if len(data["test"]) > 10 else ["failed", ""],
    )
""")

    assert finding.got == {}


def test_a_name_of_a_file_in_a_case_cannot_lead_out_of_its_folder(sandbox):
    """The manifest's schema forbids it; should that fail, the run does, not the machine."""
    files = tuple(
        replace(file, name="../../x.csv") if file.name == "sales.csv" else file for file in sandbox.pack.files
    )
    build = replace(sandbox.build, public_files={**sandbox.build.public_files, "../../x.csv": "0" * 64})
    pack = replace(sandbox.pack, files=files, digest="another")

    with suppress(client.RunnerUnavailable, OSError):
        client.run(
            kind=KINDS[Kind.CODE],
            data=b"def predict(data): return 1",
            pack=pack,
            build=build,
            on=Plane.HIDDEN,
            socket=sandbox.socket,
        )

    assert sandbox.code("def predict(data): return [[1, 1]] * 10").problems == ()
