"""From bytes to text: caps, files that are no CSV, and the encodings that Japanese offices use."""

from __future__ import annotations

from grader.csvfile.predictions import SubmissionRejected
from grader.pack.form import Limits
from grader.problems import JSON, Problem

LONGEST_LINE = 10_000
BLANK = b"\r\n\t ,"

# What Python's cp932 makes of bytes that stand for nothing in CP932 (0x80, 0xA0, 0xFD to 0xFF).
_NOT_IN_CP932 = set("\x80\uf8f0\uf8f1\uf8f2\uf8f3")

_BY_FIRST_BYTES = (
    (b"\xd0\xcf\x11\xe0", "file_is_excel"),
    (b"PK\x03\x04", "file_is_zip"),
    (b"PK\x05\x06", "file_is_zip"),
    (b"\x1f\x8b", "file_is_zip"),
    (b"7z\xbc\xaf", "file_is_zip"),
    (b"BZh", "file_is_zip"),
    (b"\xfd7zXZ", "file_is_zip"),
    (b"Rar!", "file_is_zip"),
    (b"%PDF-", "file_is_binary"),
    (b"PAR1", "file_is_binary"),
    (b"\x89PNG", "file_is_binary"),
    (b"\x93NUMPY", "file_is_binary"),
    (b"\xff\xd8\xff", "file_is_binary"),
    (b"\xff\xfe", "encoding_utf16"),
    (b"\xfe\xff", "encoding_utf16"),
    *((b"\x80" + bytes([protocol]), "file_is_pickle") for protocol in range(2, 6)),
)


def clean_bytes(data: bytes, *, limits: Limits) -> bytes:
    """The file in UTF-8 with \\n, without BOM and blank lines at its end. Raises SubmissionRejected.

    Costs are bounded before anything is parsed: size first, then the number of lines, then the length of a line.
    """
    _check_size(data, limits)
    _check_is_text(data)
    text = _in_utf8(data.removeprefix(b"\xef\xbb\xbf"))
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = _without_blank_end(text)
    if not text:
        raise _refusal("file_empty")
    if text.count(b"\n") > limits.rows:
        raise _refusal("too_many_rows", limit=limits.rows)
    _check_lines(text)
    return text


def _without_blank_end(text: bytes) -> bytes:
    """Without the blank lines at the end; the last line keeps its empty cells."""
    last = len(text.rstrip(BLANK))
    end = text.find(b"\n", last)
    return text[: end if end >= 0 else len(text)].rstrip(b"\t ") if last else b""


def _refusal(code: str, **params: JSON) -> SubmissionRejected:
    return SubmissionRejected([Problem(code, dict(params))])


def _check_size(data: bytes, limits: Limits) -> None:
    if not data:
        raise _refusal("file_empty")
    if len(data) > limits.bytes:
        raise _refusal("file_too_large", bytes=len(data), limit=limits.bytes)


def _check_is_text(data: bytes) -> None:
    for start, code in _BY_FIRST_BYTES:
        if data.startswith(start):
            raise _refusal("file_is_excel" if code == "file_is_zip" and b"xl/" in data else code)
    if (nul := data.find(b"\0")) >= 0:
        if _looks_binary(data[:4096]):
            raise _refusal("file_is_binary")
        raise _refusal("file_has_nul", line=_line_of(data, nul))


def _looks_binary(start: bytes) -> bool:
    """Whether more than a tenth of the bytes are control characters that no text has."""
    controls = sum(byte < 32 and byte not in b"\t\r\n" for byte in start)
    return controls * 10 > len(start)


def _in_utf8(data: bytes) -> bytes:
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError as error:
        return _from_cp932(data, utf8_until=error.start)


def _from_cp932(data: bytes, *, utf8_until: int) -> bytes:
    """The bytes of CP932 in UTF-8; a refusal names the line up to which the better of both encodings came."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        raise _unknown_encoding(data, max(utf8_until, error.start)) from None
    if not _NOT_IN_CP932.isdisjoint(text):
        raise _unknown_encoding(data, utf8_until)
    return text.encode("utf-8")


def _unknown_encoding(data: bytes, position: int) -> SubmissionRejected:
    if _looks_binary(data[:4096]):
        return _refusal("file_is_binary")
    return _refusal("encoding_unknown", line=_line_of(data, position))


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _check_lines(text: bytes) -> None:
    """No line may be endless; short files, and lines of a usual length, need no look at each line."""
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = text.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            raise _refusal("line_too_long", line=_line_of(text, start), limit=LONGEST_LINE)
        start = end + 1
