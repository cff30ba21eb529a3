"""Files in posts: shown or saved, never opened, and nobody else's."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from campus.discussion.actions import delete_post
from campus.discussion.models import Attachment, Place, Post, Thread
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}
SECRET = b"35.857 N, 139.649 E"


def _png() -> bytes:
    """A small picture, and behind its pixels what a camera adds."""
    out, text = BytesIO(), PngInfo()
    text.add_text("Location", SECRET.decode())
    Image.new("RGB", (4, 4), "tomato").save(out, "PNG", pnginfo=text)
    return out.getvalue()


PNG = _png()


def send(thread: Thread, person: Person, *files: SimpleUploadedFile) -> object:
    data = {"text": "添付です", "attachments": list(files)}
    return signed_in(person).post(f"{thread.path}posts/", data, **JSON)


def test_a_picture_is_shown_and_runs_nothing(thread: Thread, mate: Person, learner: Person) -> None:
    sent = send(thread, mate, SimpleUploadedFile("図.png", PNG, "text/html")).json()["post"]
    answer = signed_in(learner).get(sent["attachments"][0]["url"])
    shown = b"".join(answer)
    assert (answer["Content-Type"], Image.open(BytesIO(shown)).size) == ("image/png", (4, 4))
    assert SECRET in PNG
    assert SECRET not in shown
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_all_else_is_saved_and_never_opened(thread: Thread, mate: Person, learner: Person) -> None:
    sent = send(thread, mate, SimpleUploadedFile("<b>.csv", b"a,b\n<script>")).json()["post"]
    answer = signed_in(learner).get(sent["attachments"][0]["url"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<script>"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.png", b"<script>alert(1)</script>"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.xlsx", b"PK\x03\x04 no office"),
        ("a.pdf", b"MZ program"),
        ("a.png", b""),
        ("noending", b"x"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_not_what_it_says_is_refused(thread: Thread, mate: Person, name: str, data: bytes) -> None:
    answer = send(thread, mate, SimpleUploadedFile(name, data))
    assert answer.status_code == 422
    assert Post.objects.count() == 1


def test_five_are_too_many(thread: Thread, mate: Person) -> None:
    files = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(5)]
    assert send(thread, mate, *files).status_code == 422


def test_a_page_that_comes_back_says_what_is_wrong_with_a_file_and_that_it_has_to_be_chosen_again(
    places: dict[str, Place], mate: Person
) -> None:
    wrong = SimpleUploadedFile("a.exe", b"MZ")
    typed = {
        "place": places["cohort"].pk,
        "kind": "question",
        "title": "添付できますか",
        "text": "本文",
        "attachments": wrong,
    }

    form = signed_in(mate).post("/cohorts/spring/discussion/new/", typed).context["form"]

    assert (form["title"].value(), form["text"].value()) == ("添付できますか", "本文")
    assert "a.exe" in form.errors["attachments"][0]
    assert len(form.errors["attachments"]) == 2


def test_nobody_else_gets_them(
    places: dict[str, Place], learner: Person, stranger: Person, outsider: Person, mate: Person
) -> None:
    thread = ask(places["team"], learner)
    url = send(thread, mate, SimpleUploadedFile("a.png", PNG)).json()["post"]["attachments"][0]["url"]
    assert signed_in(learner).get(url).status_code == 200
    assert [signed_in(one).get(url).status_code for one in (stranger, outsider)] == [404, 404]
    delete_post(post=Post.objects.get(thread=thread, number=2))
    assert signed_in(learner).get(url).status_code == 404
    assert not Attachment.objects.exists()
