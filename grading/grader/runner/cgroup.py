"""A limit on all sandboxes together, where the runner was given a cgroup v2 of its own (systemd: Delegate=yes).

Beyond the limits of each child: should they fail, the machine stays. The child goes first, by its oom_score_adj.
"""

from __future__ import annotations

import os
from pathlib import Path

WANTED = ("memory", "pids")
PROCESSES = 512
SHARE_OF_MEMORY = 0.8
_ROOT = Path("/sys/fs/cgroup")


class Cgroup:
    """The runner's own cgroup; processes stand in leaves below it, as cgroup v2 wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sandboxes = folder / "sandboxes"

    @classmethod
    def own(cls, *, root: Path = _ROOT, membership: Path = Path("/proc/self/cgroup")) -> Cgroup | None:
        """The cgroup that this process is in; None where it is not the process's to divide."""
        try:
            lines = membership.read_text(encoding="ascii").splitlines()
            path = next(line.removeprefix("0::/") for line in lines if line.startswith("0::/"))
            folder = root / path
            controllers = (folder / "cgroup.controllers").read_text(encoding="ascii").split()
        except (OSError, StopIteration):
            return None
        is_whole_machine = path == ""
        if is_whole_machine or not set(WANTED) <= set(controllers) or not os.access(folder, os.W_OK):
            return None
        return cls(folder)

    def divide(self, *, memory: int | None = None, processes: int = PROCESSES) -> None:
        """Move what runs here to a leaf and limit the one for sandboxes. Raises OSError."""
        runner = self.folder / "runner"
        for leaf in (runner, self.sandboxes):
            leaf.mkdir(exist_ok=True)
        for process in (self.folder / "cgroup.procs").read_text(encoding="ascii").split():
            (runner / "cgroup.procs").write_text(process, encoding="ascii")
        wanted = " ".join(f"+{name}" for name in WANTED)
        (self.folder / "cgroup.subtree_control").write_text(wanted, encoding="ascii")
        bytes_ = memory or int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") * SHARE_OF_MEMORY)
        (self.sandboxes / "memory.max").write_text(str(bytes_), encoding="ascii")
        (self.sandboxes / "pids.max").write_text(str(processes), encoding="ascii")

    def take(self, process: int) -> None:
        """Put a sandbox, and whatever it will start, under the limit. Raises OSError."""
        (self.sandboxes / "cgroup.procs").write_text(str(process), encoding="ascii")

    def take_apart(self, process: int, name: str, *, memory: int, processes: int) -> None:
        """The same, with limits of this sandbox's own below the common one. Raises OSError."""
        wanted = " ".join(f"+{controller}" for controller in WANTED)
        (self.sandboxes / "cgroup.subtree_control").write_text(wanted, encoding="ascii")
        own = self.sandboxes / name
        own.mkdir(exist_ok=True)
        (own / "memory.max").write_text(str(memory), encoding="ascii")
        (own / "pids.max").write_text(str(processes), encoding="ascii")
        (own / "cgroup.procs").write_text(str(process), encoding="ascii")
