"""The pictures that the versions of a pack show: uploads, as they are stored. No version is hashed with their bytes."""

from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, resolve

# Of all pictures in one pack. An upload is drawn again at 1600 pixels a side, so hundreds of them have room.
MOST_BYTES = 50_000_000
UNKNOWN = "No picture that was uploaded to the site has this address."
MISSING = "The site no longer holds its file."
NO_ROOM = f"A pack holds up to {MOST_BYTES // 1_000_000} MB of pictures."


def stored(address: str, room: int) -> tuple[bytes, str]:
    """The file that the address in a text leads to, of no more than `room` bytes, and why it cannot be had."""
    try:
        found = resolve(address)
    except Resolver404:
        return b"", UNKNOWN
    if found.url_name != "media":
        return b"", UNKNOWN
    path = Path(settings.MEDIA_ROOT) / "images" / found.kwargs["name"]
    try:
        is_small = path.stat().st_size <= room
        return (path.read_bytes(), "") if is_small else (b"", NO_ROOM)
    except OSError:
        return b"", MISSING
