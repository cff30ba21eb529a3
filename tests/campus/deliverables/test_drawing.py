"""Pages are drawn by a process that is shut in; what it can't draw is told in words."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from campus.deliverables.files import check_and_store
from campus.deliverables.models import FileKind
from campus.deliverables.pages import kept
from campus.ui.files import digest_of
from tests.campus.deliverables.files import slides, upload


def drawn(kind: FileKind, data: bytes) -> kept.Drawing:
    kept.draw(kind, digest_of(data), data)
    drawing = kept.drawing_of(digest_of(data))
    assert drawing is not None
    return drawing


def test_each_page_becomes_a_picture_with_its_words() -> None:
    data = slides("廃棄を3割減らす", "Thanks")
    drawing = drawn(FileKind.PDF, data)
    assert [(page.width, page.height) for page in drawing.pages] == [(1600, 900)] * 2
    assert "廃棄を3割減らす" in drawing.pages[0].text
    assert (drawing.left_out, drawing.fault) == (0, "")
    with kept.open_page(digest_of(data), 2) as file, Image.open(file) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 900))


def test_of_a_long_file_the_first_pages_are_shown() -> None:
    drawing = drawn(FileKind.PDF, slides(*[str(n) for n in range(62)]))
    assert (len(drawing.pages), drawing.left_out) == (60, 2)


@pytest.mark.parametrize(
    ("kind", "data"), [(FileKind.PDF, b"%PDF-1.7 rubbish"), (FileKind.PICTURE, b"\x89PNG rubbish")]
)
def test_a_damaged_file_is_called_so(kind: FileKind, data: bytes) -> None:
    assert drawn(kind, data) == kept.Drawing(fault="damaged")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SECONDS", 0.01)
    assert drawn(FileKind.PDF, slides("遅い")).fault == "stopped"


def test_where_the_machine_cant_isolate_it_nothing_is_drawn_and_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = slides("allein")
    monkeypatch.setattr(kept, "_run", lambda *_args: kept.NOT_ISOLATED)
    kept.draw(FileKind.PDF, digest_of(data), data)
    assert kept.drawing_of(digest_of(data)) is None


def test_what_a_captured_process_says_is_not_believed() -> None:
    def answer(header: bytes, picture: bytes) -> kept.Drawing:
        frames = len(header).to_bytes(4) + len(picture).to_bytes(4) + header + picture
        return kept._keep(kept._frames(io.BytesIO(frames)), digest="d" * 64, status=0)

    assert answer(b'{"width": 1, "height": 1}', b"<svg onload=alert(1)>").pages == []
    assert answer(b'{"width": "1\\" onload=\\"x", "height": 1}', b"RIFF0000WEBP").pages == []
    assert answer(b'{"fault": "<script>"}', b"").fault == ""
    assert answer(b"x" * 200_000, b"").fault == "stopped"


def test_a_photo_loses_what_the_camera_wrote() -> None:
    photo, out = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of Hanako", 6  # turned by a quarter
    photo.save(out, "JPEG", exif=exif)
    stored = check_and_store(upload("photo.jpg", out.getvalue()))
    assert stored.kind == FileKind.PICTURE
    assert stored.digest != digest_of(out.getvalue())
    from django.core.files.storage import default_storage

    with default_storage.open(f"deliverables/{stored.digest[:2]}/{stored.digest}", "rb") as file:
        kept_bytes = file.read()
    assert b"Hanako" not in kept_bytes
    drawing = drawn(FileKind.PICTURE, kept_bytes)
    assert [(page.width, page.height) for page in drawing.pages] == [(20, 40)]


ATTEMPTS = {
    "read a file": "open('/etc/passwd').read()",
    "write a file": "open('/tmp/deliverables-attack', 'w')",
    "start a program": "import os; os.fork()",
    "speak to the network": "import socket; socket.socket()",
    "see other processes": "open('/proc/1/environ').read()",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_once_shut_in_the_process_can_do_nothing_else(attempt: str) -> None:
    program = f"""
import os, socket, sys
from campus.deliverables.pages import child
child.warm_up()
child.isolate()
try:
    {attempt.replace("; ", chr(10) + "    ")}
except OSError:
    sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert done.returncode == 7, done.stderr.decode()
