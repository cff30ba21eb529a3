"""No page takes in an upload beyond the limit, least of all from strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from campus.ui.uploads import ENVELOPE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("size", "read"), [(ENVELOPE + 2_000, False), (ENVELOPE - 2_000, True)])
def test_a_strangers_upload_is_read_up_to_the_limit(size: int, read: bool, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    stranger = Client(enforce_csrf_checks=True)
    stranger.get("/accounts/login/")  # With its cookie, the check for forgery reads the whole form.

    answer = stranger.post("/accounts/login/", {"file": SimpleUploadedFile("big.csv", b"1" * size)})

    assert answer.status_code == (403 if read else 400)
