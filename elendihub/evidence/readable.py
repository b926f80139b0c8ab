"""What the readable files of a version are made of: the canonical form, and nothing that could say something else.

It travels inside verify.py (see program.py), which makes these files again: the standard library, Python 3.8 or newer.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

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
