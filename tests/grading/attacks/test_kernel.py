"""Calls of the kernel that lead out of a sandbox: none is answered."""

from __future__ import annotations

import platform

import pytest

# One line each: the call, and the words that would make it work for whoever may.
CALLS = {
    "ptrace": "0, 0, 0, 0",
    "process_vm_readv": "1, 0, 0, 0, 0, 0",
    "process_vm_writev": "1, 0, 0, 0, 0, 0",
    "pidfd_open": "1, 0",
    "pidfd_getfd": "3, 0, 0",
    "unshare": "0x10000000",
    "setns": "3, 0",
    "mount": "b'none', b'/', b'tmpfs', 0, 0",
    "umount2": "b'/', 2",
    "pivot_root": "b'.', b'.'",
    "chroot": "b'/'",
    "open_tree": "-100, b'/', 1",
    "fsopen": "b'tmpfs', 0",
    "clone": "17, 0, 0, 0, 0",
    "execve": "b'/usr/bin/id', 0, 0",
    "execveat": "3, b'', 0, 0, 0x1000",
    "socket": "2, 1, 0",
    "socketpair": "1, 1, 0, ctypes.create_string_buffer(8)",
    "connect": "3, ctypes.create_string_buffer(16), 16",
    "bind": "3, ctypes.create_string_buffer(16), 16",
    "sendmsg": "3, ctypes.create_string_buffer(64), 0",
    "kill": "1, 0",
    "tkill": "2, 9",
    "setuid": "0",
    "setgid": "0",
    "setresuid": "0, 0, 0",
    "setgroups": "0, 0",
    "capset": "ctypes.create_string_buffer(b'\\x22\\x05\\x08\\x20' + bytes(4)), ctypes.create_string_buffer(b'\\xff' * 24)",
    "keyctl": "0, -3, 0, 0, 0",
    "add_key": "b'user', b'k', b'v', 1, -3",
    "request_key": "b'user', b'k', 0, -3",
    "bpf": "0, ctypes.create_string_buffer(128), 128",
    "userfaultfd": "1",
    "perf_event_open": "ctypes.create_string_buffer(128), 0, -1, -1, 0",
    "io_uring_setup": "1, ctypes.create_string_buffer(120)",
    "memfd_create": "b'x', 0",
    "memfd_secret": "0",
    "open_by_handle_at": "3, ctypes.create_string_buffer(32), 0",
    "personality": "0x0400000",
    "shmget": "0, 4096, 0o1600",
    "msgget": "0, 0o1600",
    "semget": "0, 1, 0o1600",
    "mq_open": "b'x', 0o102, 0o600, 0",
    "mknod": "b'/box/tmp/null', 0o020666, 0x103",
    "init_module": "0, 0, b''",
    "kexec_load": "0, 0, 0, 0",
    "reboot": "0xfee1dead, 672274793, 0x89abcdef, 0",
    "sethostname": "b'x', 1",
    "settimeofday": "ctypes.create_string_buffer(16), 0",
    "syslog": "3, ctypes.create_string_buffer(64), 64",
    "iopl": "3",
    "seccomp": "1, 0, 0",
    "move_mount": "-100, b'/', -100, b'/', 0",
    "mount_setattr": "-100, b'/', 0, ctypes.create_string_buffer(32), 32",
    "fanotify_init": "0, 0",
    "inotify_init1": "0",
    "splice": "4, 0, 3, 0, 10, 0",
    "vmsplice": "3, 0, 0, 0",
    "setpriority": "0, 0, -20",
    "sched_setscheduler": "0, 1, ctypes.create_string_buffer(b'\\x01\\0\\0\\0')",
    "kcmp": "1, 1, 0, 0, 0",
    "listmount": "ctypes.create_string_buffer(32), ctypes.create_string_buffer(80), 10, 0",
}


def test_no_call_that_leads_outside_is_answered(attacker):
    lines = "".join(
        f"    if {name!r} in CALLS: found[{name!r}] = tried(lambda: call({name!r}, {words}))\n"
        for name, words in CALLS.items()
    )

    finding = attacker.attack(f"def attack(data):\n    found = {{}}\n{lines}    return found\n")

    assert finding.got == {}
    assert len(finding.found) > 30


def test_clone_with_any_namespace_is_refused_even_for_threads(attacker):
    finding = attacker.attack("""
def attack(data):
    thread = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000
    spaces = dict(time=0x80, ns=0x20000, cgroup=0x2000000, uts=0x4000000, ipc=0x8000000, user=0x10000000, pid=0x20000000, net=0x40000000)
    return {name: tried(lambda: call("clone", thread | flag, 0, 0, 0, 0)) for name, flag in spaces.items()}
""")

    assert finding.got == {}


def test_clone3_hides_its_flags_and_is_not_there(attacker):
    finding = attacker.attack("""
def attack(data):
    result = libc.syscall(435, ctypes.create_string_buffer(88), 88)
    return {"errno": [str(result), errno.errorcode[ctypes.get_errno()]]}
""")

    assert finding.found["errno"][1] in ("ENOSYS", "EPERM")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86_64 has older sets of calls")
def test_older_sets_of_calls_end_the_process(coder):
    x32 = coder.attack("def attack(data):\n    libc.syscall(0x40000000 | 39)\n    return 'alive'")
    i386 = coder.attack("""
import mmap
def attack(data):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
""")

    assert (x32.end, x32.found) == ("run_crashed", None)
    assert (i386.end, i386.found) == ("run_crashed", None)


def test_a_model_gets_no_executable_memory(model_attacker):
    finding = model_attacker.attack("""
def attack(data):
    libc.mmap.restype = ctypes.c_void_p
    page = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
    return {
        "mmap": tried(lambda: call("mmap", 0, 4096, 7, 0x22, -1, 0)) if "mmap" in CALLS else tried(lambda: 1 / 0),
        "mprotect": ["got", "0"] if libc.mprotect(ctypes.c_void_p(page), 4096, 5) == 0 else ["failed", ""],
    }
""")

    assert finding.got == {}


def test_terminals_and_devices_cannot_be_driven(attacker):
    finding = attacker.attack("""
def attack(data):
    def ioctl(number):
        if libc.ioctl(0, ctypes.c_ulong(number), ctypes.create_string_buffer(64)) < 0:
            raise OSError(ctypes.get_errno(), "")
    requests = dict(TIOCSTI=0x5412, TIOCSCTTY=0x540E, TIOCLINUX=0x541C, SIOCGIFCONF=0x8912, FIBMAP=1, FICLONE=0x40049409)
    return {name: tried(lambda: ioctl(number)) for name, number in requests.items()}
""")

    assert finding.got == {}


def test_settings_of_the_process_stay_as_they_are(attacker):
    finding = attacker.attack("""
def attack(data):
    def prctl(*words):
        if libc.prctl(*[ctypes.c_ulong(word) for word in words]) < 0:
            raise OSError(ctypes.get_errno(), "")
    return dict(
        dumpable=tried(lambda: prctl(4, 1, 0, 0, 0)), deathsig=tried(lambda: prctl(1, 0, 0, 0, 0)),
        keepcaps=tried(lambda: prctl(8, 1, 0, 0, 0)), ptracer=tried(lambda: prctl(0x59616D61, 2**64 - 1, 0, 0, 0)),
        ambient=tried(lambda: prctl(47, 2, 21, 0, 0)), seccomp=tried(lambda: prctl(22, 1, 0, 0, 0)),
        subreaper=tried(lambda: prctl(36, 1, 0, 0, 0)), mm=tried(lambda: prctl(35, 1, 0, 0, 0)),
    )
""")

    assert finding.got == {}
