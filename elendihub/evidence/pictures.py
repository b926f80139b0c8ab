"""The pictures that the versions of a pack show: uploads, as they are stored. No version is hashed with their bytes."""

from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, resolve

# Of all pictures in one pack. An upload is drawn again at 1600 pixels a side, so hundreds of them have room.
MOST_BYTES = 50_000_000
ELSEWHERE = "It is none of the pictures that were uploaded to the site."
MISSING = "The site no longer holds its file."
NO_ROOM = f"A pack holds up to {MOST_BYTES // 1_000_000} MB of pictures."


def named(address: str) -> tuple[str, str]:
    """Its name in the pack, and why it has none."""
    try:
        found = resolve(address.removeprefix(settings.SITE_URL))
    except Resolver404:
        return "", ELSEWHERE
    return (f"pictures/{found.kwargs['name']}", "") if found.url_name == "media" else ("", ELSEWHERE)


def stored(name: str, room: int) -> tuple[bytes, str]:
    """The file of that name in the pack, and why it cannot be had; `room` is the most bytes that it may have."""
    path = Path(settings.MEDIA_ROOT) / "images" / name.rpartition("/")[2]
    try:
        is_small = path.stat().st_size <= room
        return (path.read_bytes(), "") if is_small else (b"", NO_ROOM)
    except OSError:
        return b"", MISSING
