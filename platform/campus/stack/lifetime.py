"""Processes that must not outlive the one that started them."""

import ctypes


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send `signal_number` to this process when the one that started it ends, however it ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal_number)
