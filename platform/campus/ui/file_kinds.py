"""What an uploaded file is: its content decides, not its name."""

from collections.abc import Callable
from pathlib import PurePath

# A picture is shown in pages, so its first bytes must be those of its kind: media type and test, by the name's ending.
PICTURES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".png": ("image/png", lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", lambda data: data.startswith(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", lambda data: data.startswith(b"\xff\xd8\xff")),
    ".gif": ("image/gif", lambda data: data[:6] in {b"GIF87a", b"GIF89a"}),
    ".webp": ("image/webp", lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
}
# UTF-8 and the Japanese encoding of Windows.
ENCODINGS = ("utf-8-sig", "cp932")


def is_text(data: bytes) -> bool:
    """Text in one of the ENCODINGS, without control characters of other formats."""
    if b"\0" in data:
        return False
    for encoding in ENCODINGS:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-")


def plain_name(name: str, *, longest: int) -> str:
    """The last part of the name without signs that lead elsewhere or can't be seen; the ending stays."""
    name = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    stem, suffix = PurePath(name).stem or "file", PurePath(name).suffix
    return f"{stem[: longest - len(suffix)]}{suffix}"
