"""Which calls of the kernel a sandbox may make, as BPF programs for seccomp.

Submissions get a list of what is allowed; everything else answers EPERM. Python code may start threads but no
processes: that way one limit of address space bounds the memory of a whole submission. Notebooks, in which people work,
get a list of what is refused. Numbers are those of <asm/unistd.h> of each machine.
"""

from __future__ import annotations

import struct

from grader.runner.sandbox.kernel import MACHINE

EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_ANY, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
_NUMBER, _ARCH = 0, 4
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_PROT_EXEC = 4
# A thread shares memory, files, handlers and process; no other clone is allowed.
_THREAD = 0x00000100 | 0x00000200 | 0x00000400 | 0x00000800 | 0x00010000
_NEW_NAMESPACES = 0x7E020080
_PR_NAMES = (15, 16)  # PR_SET_NAME, PR_GET_NAME
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032, 1034)  # duplicate, flags, locks of files, size of a pipe, seals
_HARMLESS_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX

# What computing, and speaking by descriptors that are open already, takes.
_COMPUTE = """
read write readv writev pread64 lseek close fstat newfstatat dup fcntl mmap munmap mremap madvise brk futex sched_yield
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack exit exit_group getpid gettid getuid geteuid getgid getegid
getppid clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday getrandom getrusage times
sched_getaffinity getcpu set_robust_list get_robust_list rseq restart_syscall uname sysinfo membarrier
mprotect
"""
# What Python code needs besides: files below its own folder, pipes to itself, threads.
_FILES_AND_THREADS = """
openat statx faccessat faccessat2 readlinkat getdents64 getcwd chdir fchdir mkdirat unlinkat renameat
renameat2 linkat symlinkat ftruncate fallocate fsync fdatasync fadvise64 pwrite64 preadv pwritev preadv2 pwritev2
copy_file_range sendfile utimensat umask fchmod fchmodat dup3 pipe2 ppoll pselect6 epoll_create1 epoll_ctl
epoll_pwait eventfd2 statfs fstatfs flock fsetxattr sched_setaffinity sched_getscheduler sched_getparam
getpgid getsid getgroups getresuid getresgid prlimit64 tgkill wait4 waitid rt_sigtimedwait rt_sigpending rt_sigsuspend
timer_create timer_settime timer_delete timerfd_create timerfd_settime setitimer getitimer mincore msync mlock munlock
capget getpriority set_tid_address clone ioctl prctl clone3
"""
# The same in older clothes, which only x86_64 still has.
_OLD = "open stat lstat access readlink mkdir rmdir unlink rename link symlink chmod dup2 pipe poll select time \
getpgrp epoll_wait epoll_create eventfd arch_prctl alarm utimes getdents"

# What nobody needs to compute, and what has let people out of sandboxes: namespaces and mounts, memory and descriptors
# of other processes, keys, programs and traces of the kernel, calls that no filter sees, the machine's clock, modules.
_REFUSED_TO_NOTEBOOKS = """
unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp add_key request_key keyctl bpf perf_event_open userfaultfd
io_uring_setup io_uring_enter io_uring_register name_to_handle_at open_by_handle_at personality syslog vmsplice
move_pages settimeofday clock_settime clock_adjtime adjtimex init_module finit_module delete_module kexec_load
kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd
"""
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16  # not AF_VSOCK: it passes network namespaces by
_FORGED_INPUT = (0x5412, 0x541C)  # ioctls TIOCSTI, TIOCLINUX
_FIRST_UNKNOWN = 470  # Calls that came after these lists were made are not there.

_X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16,
    "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "pipe": 22, "select": 23,
    "sched_yield": 24, "mremap": 25, "msync": 26, "mincore": 27, "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35,
    "getitimer": 36, "alarm": 37, "setitimer": 38, "getpid": 39, "sendfile": 40, "clone": 56, "exit": 60, "wait4": 61,
    "uname": 63, "fcntl": 72, "flock": 73, "fsync": 74, "fdatasync": 75, "ftruncate": 77, "getdents": 78, "getcwd": 79,
    "chdir": 80, "fchdir": 81, "rename": 82, "mkdir": 83, "rmdir": 84, "link": 86, "unlink": 87, "symlink": 88,
    "readlink": 89, "chmod": 90, "fchmod": 91, "umask": 95, "gettimeofday": 96, "getrusage": 98, "sysinfo": 99,
    "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111,
    "getgroups": 115, "getresuid": 118, "getresgid": 120, "getpgid": 121, "getsid": 124, "capget": 125,
    "rt_sigpending": 127, "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "sigaltstack": 131, "statfs": 137,
    "fstatfs": 138, "getpriority": 140, "sched_getparam": 143, "sched_getscheduler": 145, "mlock": 149, "munlock": 150,
    "prctl": 157, "arch_prctl": 158, "gettid": 186, "fsetxattr": 190, "time": 201, "futex": 202,
    "sched_setaffinity": 203, "sched_getaffinity": 204, "epoll_create": 213, "getdents64": 217, "set_tid_address": 218,
    "restart_syscall": 219, "fadvise64": 221, "timer_create": 222, "timer_settime": 223, "timer_delete": 226,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "epoll_wait": 232,
    "epoll_ctl": 233, "tgkill": 234, "utimes": 235, "waitid": 247, "openat": 257, "mkdirat": 258, "newfstatat": 262,
    "unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267, "fchmodat": 268,
    "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273, "get_robust_list": 274, "utimensat": 280,
    "epoll_pwait": 281, "timerfd_create": 283, "eventfd": 284, "fallocate": 285, "timerfd_settime": 286,
    "eventfd2": 290, "epoll_create1": 291, "dup3": 292, "pipe2": 293, "preadv": 295, "pwritev": 296, "prlimit64": 302,
    "getcpu": 309, "renameat2": 316, "getrandom": 318, "membarrier": 324, "copy_file_range": 326, "preadv2": 327,
    "pwritev2": 328, "statx": 332, "rseq": 334, "clone3": 435, "faccessat2": 439,
    "socket": 41, "ptrace": 101, "syslog": 103, "personality": 135, "pivot_root": 155, "adjtimex": 159, "chroot": 161,
    "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169,
    "init_module": 175, "delete_module": 176, "quotactl": 179, "clock_settime": 227, "kexec_load": 246, "add_key": 248,
    "request_key": 249, "keyctl": 250, "unshare": 272, "vmsplice": 278, "move_pages": 279, "perf_event_open": 298,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip
_AARCH64 = {
    "getcwd": 17, "eventfd2": 19, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22, "dup": 23, "dup3": 24,
    "fcntl": 25, "ioctl": 29, "flock": 32, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37,
    "renameat": 38, "statfs": 43, "fstatfs": 44, "ftruncate": 46, "fallocate": 47, "faccessat": 48, "chdir": 49,
    "fchdir": 50, "fchmod": 52, "fchmodat": 53, "openat": 56, "close": 57, "pipe2": 59, "getdents64": 61, "lseek": 62,
    "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pwrite64": 68, "preadv": 69, "pwritev": 70,
    "sendfile": 71, "pselect6": 72, "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80, "fsync": 82,
    "fdatasync": 83, "timerfd_create": 85, "timerfd_settime": 86, "utimensat": 88, "capget": 90, "exit": 93,
    "exit_group": 94, "waitid": 95, "set_tid_address": 96, "futex": 98, "set_robust_list": 99, "get_robust_list": 100,
    "nanosleep": 101, "getitimer": 102, "setitimer": 103, "timer_create": 107, "timer_settime": 110,
    "timer_delete": 111, "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getscheduler": 120,
    "sched_getparam": 121, "sched_setaffinity": 122, "sched_getaffinity": 123, "sched_yield": 124,
    "restart_syscall": 128, "tgkill": 131, "sigaltstack": 132, "rt_sigsuspend": 133, "rt_sigaction": 134,
    "rt_sigprocmask": 135, "rt_sigpending": 136, "rt_sigtimedwait": 137, "rt_sigreturn": 139, "getpriority": 141,
    "getresuid": 148, "getresgid": 150, "times": 153, "getpgid": 155, "getsid": 156, "getgroups": 158, "uname": 160,
    "getrusage": 165, "umask": 166, "prctl": 167, "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173,
    "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214,
    "munmap": 215, "mremap": 216, "clone": 220, "mmap": 222, "fadvise64": 223, "mprotect": 226, "msync": 227,
    "mlock": 228, "munlock": 229, "mincore": 232, "madvise": 233, "wait4": 260, "prlimit64": 261, "renameat2": 276,
    "getrandom": 278, "membarrier": 283, "copy_file_range": 285, "preadv2": 286, "pwritev2": 287, "statx": 291,
    "rseq": 293, "fsetxattr": 7, "clone3": 435, "faccessat2": 439,
    "socket": 198, "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "quotactl": 60, "vmsplice": 75,
    "acct": 89, "personality": 92, "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
    "clock_settime": 112, "syslog": 116, "ptrace": 117, "reboot": 142, "settimeofday": 170, "adjtimex": 171,
    "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "swapoff": 225, "move_pages": 239,
    "perf_event_open": 241, "name_to_handle_at": 264, "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268,
    "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280,
    "userfaultfd": 282, "kexec_file_load": 294,
}  # fmt: skip
# Calls of the last years have one number everywhere.
_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442,
    "quotactl_fd": 443,
}  # fmt: skip
_TABLES = {"x86_64": _X86_64 | _EVERYWHERE, "aarch64": _AARCH64 | _EVERYWHERE}


def program_for_models(machine: str = MACHINE) -> bytes:
    """Compute and write to open descriptors; no new executable memory, no files, no threads, no processes."""
    return _assemble(_COMPUTE.split(), machine, may_load_code=False)


def program_for_code(machine: str = MACHINE) -> bytes:
    """The same, and files, threads and imports of compiled modules; no processes, sockets or namespaces."""
    names = [*_COMPUTE.split(), *_FILES_AND_THREADS.split(), *(_OLD.split() if machine == "x86_64" else [])]
    return _assemble(names, machine, may_load_code=True)


def program_for_notebooks(machine: str = MACHINE) -> bytes:
    """Everything but what is refused: people start processes and threads, and open sockets, but no namespaces."""
    table = _TABLES[machine]
    lines = _beginning(machine)
    lines += [_op(_JUMP_GE, _FIRST_UNKNOWN, no=1), _op(_RETURN, _ERRNO | ENOSYS)]
    for name in _REFUSED_TO_NOTEBOOKS.split():
        lines += _when(table[name], [_op(_RETURN, _ERRNO | EPERM)])
    lines += _when(table["clone3"], [_op(_RETURN, _ERRNO | ENOSYS)])  # see _ruled
    lines += _when(table["clone"], [*_no_namespaces(), _op(_RETURN, _ALLOW)])
    families = (_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK)
    lines += _when(table["socket"], _one_of(0, families, otherwise=EAFNOSUPPORT))
    lines += _when(table["ioctl"], _none_of(1, _FORGED_INPUT))
    return b"".join([*lines, _op(_RETURN, _ALLOW)])


def _assemble(names: list[str], machine: str, *, may_load_code: bool) -> bytes:
    table = _TABLES[machine]
    lines = _beginning(machine)
    for name in names:
        lines += _when(table[name], _ruled(name, may_load_code=may_load_code))
    lines.append(_op(_RETURN, _ERRNO | EPERM))
    return b"".join(lines)


def _beginning(machine: str) -> list[bytes]:
    """Calls of another machine kill; then the number of the call is at hand."""
    lines = [_op(_LOAD, _ARCH), _op(_JUMP_EQ, _AUDIT_ARCH[machine], yes=1), _op(_RETURN, _KILL), _op(_LOAD, _NUMBER)]
    return [*lines, _op(_JUMP_GE, _X32, no=1), _op(_RETURN, _KILL)]


def _when(number: int, then: list[bytes]) -> list[bytes]:
    """The lines ``then``, which end by returning, for one call."""
    return [_op(_JUMP_EQ, number, no=len(then)), *then]


def _ruled(name: str, *, may_load_code: bool) -> list[bytes]:
    """What decides on an allowed call by its arguments."""
    if name in ("mmap", "mprotect") and not may_load_code:
        return [_argument(2), _op(_JUMP_ANY, _PROT_EXEC, no=1), _op(_RETURN, _ERRNO | EPERM), _op(_RETURN, _ALLOW)]
    if name == "clone":
        return _only_threads()
    if name == "clone3":  # its flags lie in memory, where no filter can look: the C library falls back to clone
        return [_op(_RETURN, _ERRNO | ENOSYS)]
    if name == "fcntl":
        return _one_of(1, _FCNTLS)
    if name == "prctl":
        return _one_of(0, _PR_NAMES)
    if name == "ioctl":
        return _one_of(1, _HARMLESS_IOCTLS)
    return [_op(_RETURN, _ALLOW)]


def _only_threads() -> list[bytes]:
    refuse = _op(_RETURN, _ERRNO | EPERM)
    shares_all = [_argument(0), _op(_AND, _THREAD), _op(_JUMP_EQ, _THREAD, yes=1), refuse]
    return [*shares_all, *_no_namespaces(), _op(_RETURN, _ALLOW)]


def _no_namespaces() -> list[bytes]:
    return [_argument(0), _op(_JUMP_ANY, _NEW_NAMESPACES, no=1), _op(_RETURN, _ERRNO | EPERM)]


def _one_of(place: int, allowed: tuple[int, ...], *, otherwise: int = EPERM) -> list[bytes]:
    lines = [_argument(place)]
    for value in allowed:
        lines += [_op(_JUMP_EQ, value, no=1), _op(_RETURN, _ALLOW)]
    return [*lines, _op(_RETURN, _ERRNO | otherwise)]


def _none_of(place: int, refused: tuple[int, ...]) -> list[bytes]:
    lines = [_argument(place)]
    for value in refused:
        lines += [_op(_JUMP_EQ, value, no=1), _op(_RETURN, _ERRNO | EPERM)]
    return [*lines, _op(_RETURN, _ALLOW)]


def _argument(place: int) -> bytes:
    """Load the lower half of an argument; struct seccomp_data has them from byte 16 on."""
    return _op(_LOAD, 16 + 8 * place)


def _op(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One struct sock_filter."""
    return struct.pack("=HBBI", code, yes, no, value)
