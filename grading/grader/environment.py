"""What executed a submission, as a digest to keep beside its score."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import distributions, version
from pathlib import Path

GRADER_VERSION = version("manabiai-grader")


def digest(lockfile: Path) -> str:
    """SHA-256 over the lock's requirements (comments and blank lines aside) and the Python and machine that run it."""
    lines = (line.strip() for line in lockfile.read_text(encoding="utf-8").splitlines())
    kept = [line for line in lines if line and not line.startswith("#")]
    facts = [platform.python_implementation(), platform.python_version(), platform.machine(), *kept]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def installed_digest() -> str:
    """SHA-256 over what is installed beside this interpreter: what did execute, whatever a lock says."""
    found = sorted(f"{package.name}=={package.version}" for package in distributions())
    facts = [platform.python_implementation(), platform.python_version(), platform.machine(), *found]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
