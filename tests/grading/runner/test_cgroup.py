"""The limit by cgroup v2, on a folder that looks like one."""

from __future__ import annotations

import pytest

from grader.runner.cgroup import Cgroup


@pytest.fixture
def tree(tmp_path):
    """A delegated cgroup of a unit, with two processes, and this process's membership."""
    own = tmp_path / "cgroup" / "system.slice" / "runner.service"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("cpu memory pids\n")
    (own / "cgroup.procs").write_text("11\n12\n")
    for leaf in ("runner", "sandboxes"):
        (own / leaf).mkdir()
    (tmp_path / "membership").write_text("1:name=systemd:/x\n0::/system.slice/runner.service\n")
    return tmp_path


def own(tree) -> Cgroup | None:
    return Cgroup.own(root=tree / "cgroup", membership=tree / "membership")


def test_sandboxes_get_a_limited_leaf_of_their_own(tree):
    cgroup = own(tree)

    cgroup.divide(memory=1000)
    cgroup.take(13)

    folder = tree / "cgroup/system.slice/runner.service"
    assert (folder / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert (folder / "runner/cgroup.procs").read_text() == "12"  # each one written by itself
    assert {name: (folder / "sandboxes" / name).read_text() for name in ("memory.max", "pids.max", "cgroup.procs")} == {
        "memory.max": "1000",
        "pids.max": "512",
        "cgroup.procs": "13",
    }


@pytest.mark.parametrize(
    ("membership", "controllers"),
    [("0::/\n", "memory pids"), ("5:memory:/a\n", "memory pids"), ("0::/system.slice/runner.service\n", "cpu hugetlb")],
)
def test_a_cgroup_that_is_not_ours_to_divide_is_left_alone(tree, membership, controllers):
    (tree / "membership").write_text(membership)
    for folder in (tree / "cgroup", tree / "cgroup/system.slice/runner.service"):
        (folder / "cgroup.controllers").write_text(controllers)

    assert own(tree) is None


def test_this_machine_is_asked_without_harm():
    assert Cgroup.own() is None or Cgroup.own().folder.is_dir()
