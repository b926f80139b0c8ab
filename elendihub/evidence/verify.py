"""Proves an evidence pack, offline: python3 verify.py [pack [earlier pack]]. Python 3.8 or newer is enough.

A pack is a ZIP or an unpacked folder; without an argument it is the folder that this program stands in. An earlier pack
proves that what it holds was not rewritten since. It ends with 0 when the pack holds, with 1 and the first thing
that is wrong when it does not, with 2 when it could not be read.
"""

from __future__ import annotations  # Python 3.8 or newer is needed

import hashlib
import json
import os
import re
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from elendihub.evidence.readable import page, pictures, sources, text

FORMAT, MANIFEST, SEAL = "elendihub-evidence/2", "manifest.json", "manifest.sha256"
FRAME = ("README.txt", "index.html", "law.html", "law.json", "verify.py")
OF_A_VERSION = ("canonical.json", "details.json", "page.html", "text.md")
IGNORED = (".DS_Store", "Thumbs.db", "desktop.ini")  # left behind by file managers that only looked
NAME = re.compile(r"(?!\.)[A-Za-z0-9_.-]+(/(?!\.)[A-Za-z0-9_.-]+)*")
MOST_FILES, MOST_BYTES, LARGEST = 50_000, 500_000_000, 64_000_000
# What a canonical form holds and the manifest repeats.
REPEATED = ("number", "kind", "note", "title", "live_from", "previous_hash")


class Broken(Exception):
    """The pack does not hold; the message begins with the file or version that does not."""


class Pack(NamedTuple):
    """`sizes` is the size of each file by its name."""

    sizes: dict[str, int]
    read: Callable[[str], bytes]


def at_path(path: str) -> Pack:
    pack = of_folder(path) if os.path.isdir(path) else of_zip(zipfile.ZipFile(path))
    for name in pack.sizes:
        if not NAME.fullmatch(name):
            raise Broken(f"{name!r}: no file of a pack has such a name")
    sizes = pack.sizes.values()
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES or max(sizes, default=0) > LARGEST:
        raise Broken(f"{path}: it holds more than any pack does, and is not read")
    return pack


def of_zip(archive: zipfile.ZipFile) -> Pack:
    sizes: dict[str, int] = {}
    for entry in archive.infolist():
        name = entry.filename
        if name in sizes or entry.flag_bits & 1 or stat.S_ISLNK(entry.external_attr >> 16):
            raise Broken(f"{name}: it is in the archive twice, or is no plain file")
        if not entry.is_dir():
            sizes[name] = entry.file_size

    def read(name: str) -> bytes:
        with archive.open(name) as file:
            return file.read(sizes[name] + 1)

    return Pack(sizes, read)


def of_folder(folder: str) -> Pack:
    sizes: dict[str, int] = {}
    for parent, folders, files in os.walk(folder):
        for name, path in ((name, os.path.join(parent, name)) for name in (*folders, *files)):
            if os.path.islink(path):
                raise Broken(f"{path}: it is a link, and no plain file")
            if name in files and name not in IGNORED:
                sizes[os.path.relpath(path, folder).replace(os.sep, "/")] = os.path.getsize(path)

    def read(name: str) -> bytes:
        with open(os.path.join(folder, *name.split("/")), "rb") as file:
            return file.read(sizes[name] + 1)

    return Pack(sizes, read)


def verify(pack: Pack) -> Iterator[str]:
    """A line for each document that holds. Raises Broken at the first thing that does not."""
    manifest = sealed(pack)
    check_files(pack, manifest)
    index = pack.read("index.html").decode()
    for document in manifest["documents"]:
        check_document(pack, manifest, document, index)
        last = document["versions"][-1]
        yield f"{document['folder']}: version 1 to {last['number']} hold; the last is {last['hash']}"
    last = {document["folder"]: document["versions"][-1]["number"] for document in manifest["documents"]}
    for change in manifest["changes"]:
        if change["to"] != last[change["folder"]] or (change["from"] or 1) > change["to"]:
            raise Broken(f"{change['folder']}: the list of changes names versions that it does not have")


def sealed(pack: Pack) -> dict[str, Any]:
    """The manifest."""
    raw, seal = present(pack, MANIFEST), present(pack, SEAL)
    if seal != f"{digest(raw)}  {MANIFEST}\n".encode():
        raise Broken(f"{MANIFEST}: its SHA-256 is not the one in {SEAL}" + converted(raw, seal[:64].decode()))
    manifest: dict[str, Any] = json.loads(raw)
    if manifest["format"] != FORMAT:
        raise Broken(f"{MANIFEST}: its format is not {FORMAT}; the verify.py inside that pack can read it")
    return manifest


def follow(path: str, pack: Pack) -> Iterator[str]:
    """A line for each document of the earlier pack at the path. Raises Broken at the first that was rewritten since."""
    try:
        earlier = at_path(path)
        list(verify(earlier))
    except (Broken, LookupError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Broken(f"{path}: it cannot serve as the earlier pack: {error}") from error
    before, now = sealed(earlier), sealed(pack)
    if before["site"]["address"] != now["site"]["address"]:
        raise Broken(f"{MANIFEST}: the earlier pack is one of {before['site']['address']}, another site")
    if before["moment"] > now["moment"]:
        raise Broken(f"{MANIFEST}: the earlier pack is the later one; name it first")
    chains = [[document["folder"], *hashes(document)] for document in now["documents"]]
    for document in before["documents"]:
        folder, *was = document["folder"], *hashes(document)
        known = next((each for each in chains if folder == each[0] or was[0] == each[1]), None)
        if known and known[1 : len(was) + 1] != was:
            raise Broken(f"{folder}: its versions are not those of the earlier pack; its record was made anew")
        yield (
            f"{folder}: "
            + ("as in the earlier pack" if known else "in the earlier pack only")
            + f", to version {len(was)}"
        )


def hashes(document: dict[str, Any]) -> list[str]:
    return [entry["hash"] for entry in document["versions"]]


def check_files(pack: Pack, manifest: dict[str, Any]) -> None:
    listed = {file["name"]: file for file in manifest["files"]}
    for name in sorted({*pack.sizes, *listed} - {MANIFEST, SEAL}):
        if name not in listed:
            raise Broken(f"{name}: the manifest does not list it")
        content = present(pack, name)
        if len(content) != listed[name]["size"] or digest(content) != listed[name]["sha256"]:
            raise Broken(
                f"{name}: it is not the file that the manifest lists{converted(content, listed[name]['sha256'])}"
            )
    versions = [(document, entry) for document in manifest["documents"] for entry in document["versions"]]
    known = {*FRAME, *(change["comparison"] for change in manifest["changes"] if change["comparison"])}
    for address, picture in manifest["pictures"].items():
        if picture["file"] not in (None, picture_place(address)):
            raise Broken(f"{MANIFEST}: {picture['file']} is not the picture {address}")
    known |= {picture["file"] for picture in manifest["pictures"].values() if picture["file"]}
    known |= {f"{place(*pair)}/{name}" for pair in versions for name in OF_A_VERSION if "kind" in pair[1]}
    for name in sorted(known ^ listed.keys()):
        raise Broken(f"{name}: " + ("it belongs to no version" if name in listed else "the manifest does not list it"))


def check_document(pack: Pack, manifest: dict[str, Any], document: dict[str, Any], index: str) -> None:
    before, began = "", ""
    ends = [entry["live_from"] for entry in document["versions"][1:] if "kind" in entry]
    for number, entry in enumerate(document["versions"], start=1):
        name = place(document, entry)
        if entry["number"] != number:
            raise Broken(f"{name}: version {number} is missing before it")
        if entry["previous_hash"] != before:
            raise Broken(f"{name}: previous_hash is not the hash of the version before")
        if entry["hash"] not in index:
            raise Broken(f"index.html: the hash of {name} is not in it")
        if "kind" in entry:
            check_version(pack, manifest, name, entry)
            if not began < entry["live_from"] <= manifest["moment"]:
                raise Broken(f"{name}: it is not live from a moment between the version before and the pack")
            later = [moment for moment in ends if moment > entry["live_from"]]
            if entry["live_until"] != (later[0] if later else None):
                raise Broken(f"{name}: it does not end where the next version begins")
            began = entry["live_from"]
        before = entry["hash"]
    if "kind" not in document["versions"][-1]:
        raise Broken(f"{document['folder']}: its last version never went live")


def check_version(pack: Pack, manifest: dict[str, Any], name: str, entry: dict[str, Any]) -> None:
    raw = pack.read(f"{name}/canonical.json")
    if digest(raw) != entry["hash"]:
        raise Broken(f"{name}/canonical.json: it does not hash to the version's hash")
    record = json.loads(raw)
    for field in REPEATED:
        if record.get(field, "") != entry[field]:
            raise Broken(f"{name}: {field} in the manifest is not what canonical.json says")
    for address in pictures(record):
        if address not in manifest["pictures"]:
            raise Broken(f"{name}: the manifest says nothing of the picture {address}")
    for file, content in (("text.md", text(record)), ("page.html", page(manifest, name, entry, record))):
        if pack.read(f"{name}/{file}") != content.encode():
            raise Broken(f"{name}/{file}: it does not say what canonical.json says")
    details = json.loads(pack.read(f"{name}/details.json"))
    if details["sources"] != sources(record):
        raise Broken(f"{name}/details.json: its sources are not the links of the text")
    if cited(details["citations"]) != cited(record.get("citations", [])):
        raise Broken(f"{name}/details.json: its citations are not those of canonical.json")


def present(pack: Pack, name: str) -> bytes:
    if name not in pack.sizes:
        raise Broken(f"{name}: it is missing")
    return pack.read(name)


def converted(content: bytes, wanted: str) -> str:
    is_known = wanted in (digest(content.replace(b"\r\n", b"\n")), digest(content.rstrip(b"\r\n") + b"\n"))
    return "; only its line ends were changed, so unpack the ZIP anew, without any conversion" if is_known else ""


def place(document: dict[str, Any], entry: dict[str, Any]) -> str:
    return f"{document['folder']}/v{entry['number']}"


def picture_place(address: str) -> str:
    return f"pictures/{address.rpartition('/')[2]}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def cited(citations: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {tuple(each[name] for name in ("position", "line", "surface", "sentence")) for each in citations}


def printable(line: str) -> str:
    """Without what would command a terminal: a forged pack may bring it in names."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def main(arguments: list[str]) -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    path, *earlier = arguments or [os.path.dirname(os.path.abspath(__file__))]
    try:
        pack = at_path(path)
        lines = [verify(pack), *(follow(each, pack) for each in earlier)]
        for line in chain.from_iterable(lines):
            print(printable(line))
    except Broken as broken:
        print(printable(f"BROKEN. {broken}."))
        return 1
    except OSError as error:
        print(f"NOT READ. {error}.")
        return 2
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with what was not made as a pack, it does not hold
        print(f"BROKEN. It is not made as a pack: {error!r}.")
        return 1
    print("The pack holds. Compare the hashes above with those at the permanent addresses in index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
