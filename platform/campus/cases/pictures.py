"""Pictures of a pack, sent so that nothing in them can act."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control

PICTURE_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
# A picture opened on its own page runs no script and loads nothing, whatever the pack put into it.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def picture_of(pack: Path, manifest: Mapping[str, Any], name: str) -> HttpResponse:
    """A picture that the manifest lists, of a type that is safe to show. Raises Http404 for any other name."""
    listed = {PurePosixPath(path).name: path for path in manifest.get("pictures", [])}
    content_type = PICTURE_TYPES.get(PurePosixPath(name).suffix.lower())
    if name not in listed or content_type is None:
        raise Http404
    return shown_picture((pack / listed[name]).read_bytes(), content_type)


def shown_picture(content: bytes, content_type: str) -> HttpResponse:
    """A picture of a pack or of its data as an answer."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Security-Policy"] = PICTURE_POLICY
    patch_cache_control(response, private=True, max_age=3600)
    return response
