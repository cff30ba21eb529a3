"""Makes the source of a notebook's cell plain Python: magics belong to a kernel, and there is none."""

from __future__ import annotations

import re

# Cell magics that only watch Python; a cell under any other one is not Python, or writes where nothing is kept.
_WATCHING = {"time", "timeit", "capture", "prun", "memit"}
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)$")
_ASSIGNED = re.compile(r"^(\s*)([A-Za-z_]\w*)\s*=\s*[%!].*$")


def plain_python(source: str) -> str:
    """The cell with as many lines as before: magics do nothing, shell commands neither."""
    lines = source.replace("\r\n", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first][2:].split(maxsplit=1)[:1] not in [[name] for name in _WATCHING]:
            return ""
        lines[first] = ""
    if not any(_MAGIC.match(line) or _ASSIGNED.match(line) for line in lines) or _is_python("\n".join(lines)):
        return "\n".join(lines)
    return "\n".join(_without_magic(line) for line in lines)


def _is_python(source: str) -> bool:
    """Whether it compiles as it stands: a line of a long text may well begin with %."""
    try:
        compile(source, "cell", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _without_magic(line: str) -> str:
    if found := _ASSIGNED.match(line):
        return f"{found[1]}{found[2]} = None"
    if found := _MAGIC.match(line):
        return f"{found[1]}pass"
    return line
