"""Stored pictures. The name of one begins with the SHA-256 of its bytes, so a text that names it says what it shows.

Older ones are named by chance, in the form of a version 4 UUID: of a file with such a name only its being there is
known. One name by content in 64 has that form too.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from elendihub.chain import CHUNK, Broken, place
from elendihub.images import Picture

FOLDER = "images"
DIGITS = 32
BY_CHANCE = re.compile(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab]")
# In HTML, or in HTML inside JSON.
SHOWN = r'src=\\?"{}images/([0-9a-f]{{32}}-[0-9]{{1,5}}x[0-9]{{1,5}}\.webp)\\?"'
READABLE_BY_ALL = 0o644


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / name


def keep(picture: Picture) -> str:
    """Stores it whole or not at all, and returns its place in the media folder. The same picture twice is one file."""
    name = f"{hashlib.sha256(picture.data).hexdigest()[:DIGITS]}-{picture.width}x{picture.height}.webp"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with open(number, "wb") as file:
            file.write(picture.data)
            file.flush()
            os.fsync(number)
        os.chmod(draft, READABLE_BY_ALL)
        # Whoever stores the same picture at the same moment puts the same bytes there.
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return f"{FOLDER}/{name}"


def is_told(name: str) -> bool:
    """The name tells the bytes."""
    return not BY_CHANCE.match(name)


def fault(name: str) -> str:
    """What is wrong with the stored picture; empty when nothing is, as far as its name can tell."""
    try:
        with path_of(name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return f"picture: {name} is gone"
    if found.startswith(name[:DIGITS]) or not is_told(name):
        return ""
    return f"picture: {name} is another one now, whose bytes hash to {found}"


def broken(versions: Any, texts: Sequence[str], found: dict[str, str]) -> Iterator[Broken]:
    """Versions whose columns `texts` show a picture that does not hold; `found` keeps the fault of each, or empty."""
    shown = {f"{name}_as_text": Cast(name, TextField()) for name in texts}
    pattern = re.compile(SHOWN.format(re.escape(settings.MEDIA_URL)))
    showing = Q(*[(f"{name}__contains", f"{settings.MEDIA_URL}{FOLDER}/") for name in shown], _connector=Q.OR)
    rows = versions.annotate(**shown).filter(showing).order_by("pk").defer(*texts)
    for version in rows.iterator(CHUNK):
        for name in sorted({name for text in shown for name in pattern.findall(getattr(version, text))}):
            if name not in found:
                found[name] = fault(name)
            if found[name]:
                yield Broken(f"{versions.model.__name__}: {place(versions.model, vars(version))}", found[name])
