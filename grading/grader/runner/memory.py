"""Bytes as sealed shared memory: whoever is handed it can read them, and nobody can change them any more."""

from __future__ import annotations

import fcntl
import os

_SEALED = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def sealed(data: bytes, name: str) -> int:
    """A descriptor of the memory, at its start; the caller closes it."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.lseek(descriptor, 0, os.SEEK_SET)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALED)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
