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
from html import escape, unescape
from itertools import chain
from typing import Any, NamedTuple

FORMAT, MANIFEST, SEAL = "elendihub-evidence/2", "manifest.json", "manifest.sha256"
FRAME = ("README.txt", "index.html", "law.html", "law.json", "verify.py")
OF_A_VERSION = ("canonical.json", "details.json", "page.html", "text.md")
IGNORED = (".DS_Store", "Thumbs.db", "desktop.ini")  # left behind by file managers that only looked
NAME = re.compile(r"(?!\.)[A-Za-z0-9_.-]+(/(?!\.)[A-Za-z0-9_.-]+)*")
MOST_FILES, MOST_BYTES, LARGEST = 50_000, 500_000_000, 64_000_000
# What a canonical form holds and the manifest repeats.
REPEATED = ("number", "kind", "note", "title", "live_from", "previous_hash")
LISTS = (("Key responsibilities", "responsibilities"), ("Regulator facts", "facts"))
KINDS = {"first": "first published", "significant": "significant change", "minor": "minor change"}
REASONS = {"error": "Published in error", "merged": "Merged into another article", "obsolete": "No longer applies"}
SHOWN = {"note": "Note", "corrected_error": "What was wrong", "wrong_since": "Wrong since"}
SHOWN.update({"corrected_to": "What is right", "emergency_reason": "Published at once because"})
MONTHS = "January February March April May June July August September October November December".split()
# In the sanitised HTML of canonical forms text holds no "<" and values no quote, so that no tag is mistaken.
TAG = re.compile(r'<(/?[a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
# Nothing in a page of the pack acts, and nothing is asked of any network; pictures come from the pack.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:"
STYLE = """:root{color-scheme:light}*{box-sizing:border-box}body{margin:0 auto;padding:1.5rem 1rem 4rem;
max-width:46rem;font:1.0625rem/1.6 Georgia,"DejaVu Serif",serif;color:#17211f;background:#fff;
overflow-wrap:anywhere}img{max-width:100%;height:auto}h1,h2,h3{line-height:1.25;font-weight:600}
h2{margin-top:2.5rem;border-top:3px solid;padding-top:.5rem}a{color:#0a4a66}dt{font-weight:700;margin-top:.5rem}
a:focus-visible{outline:3px solid;outline-offset:2px}dd{margin:0}table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid #43514d;padding:.3rem .5rem .3rem 0;text-align:start;vertical-align:top}
code{font:.85em/1.5 monospace}pre{white-space:pre-wrap}ins::before{content:"[inserted: "}
del::before{content:"[removed: "}ins::after,del::after{content:"]"}.frame{border:1px solid;padding:0 1rem 1rem}
@media print{body{max-width:none;font-size:10.5pt}h2,h3{break-after:avoid}}"""


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


# What the readable files of a version are made of: the canonical form, and nothing that could say something else.


def text(record: dict[str, Any]) -> str:
    """The Markdown as the editors wrote it; of a hub its overview, then its lists."""
    if "regulator_record" not in record:
        return str(record.get("body", ""))
    parts = [record.get("overview", "")]
    for heading, name in LISTS:
        lines = [f"- {line['label']}: {line['text']}" for line in record.get(name, [])]
        parts += [f"## {heading}\n\n" + "\n".join(lines) + "\n"] if lines else []
    return "\n\n".join(str(part).rstrip("\n") for part in parts if part) + "\n"


def body_html(record: dict[str, Any]) -> str:
    if "regulator_record" not in record:
        return str(record.get("body_html", ""))
    parts = ["<h2>Overview</h2>", str(record.get("overview_html", ""))]
    for heading, name in LISTS:
        lines = [f"<dt>{escape(line['label'])}</dt><dd>{line['text_html']}</dd>" for line in record.get(name, [])]
        parts += [f"<h2>{heading}</h2>\n<dl>{''.join(lines)}</dl>"] if lines else []
    return "\n".join(parts)


def terms_html(record: dict[str, Any]) -> str:
    """What the text means by its terms, where its links to them lead."""
    lines = [
        f'<dt id="term-{escape(term["slug"])}">{escape(term["name"])}</dt>'
        f"<dd>{escape(': '.join(filter(None, [term['expansion'], term['definition']])))}</dd>"
        for term in record.get("terms", [])
    ]
    return f'\n<h2 id="terms">Terms used here</h2>\n<dl>{"".join(lines)}</dl>' if lines else ""


def page(manifest: dict[str, Any], place: str, entry: dict[str, Any], record: dict[str, Any]) -> str:
    """The text in a plain frame: readable offline, without scripts or anything from elsewhere."""
    facts = [
        ("Version", f"{entry['number']}, {KINDS.get(entry['kind'], entry['kind'])}"),
        ("Live", f"{words(entry['live_from'])} to {words(entry['live_until']) or 'the moment of this pack'}"),
        ("First published", words(record["published_at"])),
        ("Last changed by more than a minor edit", words(record["changed_at"])),
        ("Withdrawn", REASONS.get(record.get("withdrawal_reason", ""), "")),
        *((label, str(record.get(name, ""))) for name, label in SHOWN.items()),
        *(("SHA-256", entry["hash"]), ("Permanent address", entry["address"])),
    ]
    rows = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in facts if value)
    body = offline(body_html(record) + terms_html(record), manifest, "../" * (place.count("/") + 1))
    title = escape(record["title"])
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}, version {entry['number']}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n<p>{escape(record.get('summary', ''))}</p>\n"
        f'<dl class="frame">{rows}</dl>\n{body}\n</main>\n</body>\n</html>\n'
    )


def words(moment: str | None) -> str:
    """16 February 2026, 09:00:00 UTC"""
    return f"{int(moment[8:10])} {MONTHS[int(moment[5:7]) - 1]} {moment[:4]}, {moment[11:19]} UTC" if moment else ""


def offline(html: str, manifest: dict[str, Any], up: str) -> str:
    """As the pack shows it: addresses of the site in full, pictures from the pack, which lies `up` from the page."""

    def changed(found: re.Match[str]) -> str:
        values = attributes(found[2])
        source = values.get("src", "")
        file = manifest["pictures"].get(source, {}).get("file")
        if found[1] == "img" and not file:
            return f"<b>[Picture that is not in this pack: {escape(values.get('alt', ''))} ({escape(source)})]</b>"
        if found[1] == "img":
            values["src"] = up + file
            values.pop("loading", None)  # on paper all of them are wanted
        elif found[1] == "a" and re.match("/(?!/)", values.get("href", "")):
            values["href"] = manifest["site"]["address"] + values["href"]
        else:
            return found[0]
        return f"<{found[1]} " + " ".join(f'{name}="{escape(value)}"' for name, value in values.items()) + ">"

    return TAG.sub(changed, html)


def attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}


def pictures(record: dict[str, Any]) -> list[str]:
    """The address of each that its text shows."""
    tags = TAG.findall(body_html(record))
    return list(dict.fromkeys(attributes(tag).get("src", "") for name, tag in tags if name == "img"))


def sources(record: dict[str, Any]) -> list[dict[str, str]]:
    """Every address outside the site, with the words that lead there, in the order of the text."""
    found: list[dict[str, str]] = []
    is_open = False
    parts = TAG.split(body_html(record))
    for name, tag, words in zip(parts[1::3], parts[2::3], parts[3::3]):
        if name in ("a", "/a"):
            address = attributes(tag).get("href", "")
            is_open = address.startswith(("https://", "http://"))
            found += [{"title": "", "url": address}] if is_open else []
        if is_open:
            found[-1]["title"] += unescape(words)
    return found


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
