"""The pages that articles rest on: whether they still say what they said. A program notices, a person decides."""

import hashlib
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

import nh3
from django.db import transaction

from articles import links
from articles.models import ArticleVersion, Check, SourceText
from articles.models.link import LONGEST_ADDRESS
from elendihub.fetching import Answer, Asking, Outcome, fetch

Event = SourceText.Event
# Bytes of one source, and sources read at once: together what a run may hold.
MOST_BYTES = 10_000_000
MOST_AT_ONCE = 6
GONE = (404, 410)
# Of a page's frame or of its machinery, not of what it says.
UNREAD = frozenset("aside button footer form header iframe nav noscript script select style svg template".split())
HTML = re.compile(r"\s*(text/html|application/xhtml\+xml)", re.IGNORECASE)
CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
# Encodings of the web; Python knows others that are none, and slow.
ENCODINGS = re.compile(
    r"utf-?8|utf-?16(le|be)?|iso-?8859-?\d+|latin-?1|us-ascii|windows-125\d|gb\w*|big5|shift_jis|euc-\w\w"
)


def named(at: datetime) -> dict[str, set[int]]:
    """Every address that a live article names as a source, with the articles. Each collector yields such pairs."""
    found: dict[str, set[int]] = defaultdict(set)
    for collect in (links.of_articles, of_checks):
        for address, article in collect(at):
            found[address].add(article)
    return found


def of_checks(at: datetime) -> Iterator[tuple[str, int]]:
    """Each address in the sources of an article's last check, while the article is live."""
    live = ArticleVersion.objects.live(at).readable().values("article_id")
    checks = Check.objects.recorded_by(at).filter(article_version__article__in=live).order_by("recorded_at", "pk")
    # Of several of one article the last stays.
    last = dict(checks.values_list("article_version__article_id", "sources"))
    for article, sources in last.items():
        for source in sources:
            if address := links.clean(source["url"]):
                yield address, article


reading: Asking = partial(fetch, most_bytes=MOST_BYTES)


def text_of(body: bytes, kind: str) -> str:
    """The words that a reader of the page sees, in one line: no scripts, no frame of the site.

    What changes by itself inside the text, such as today's date, is text too: it counts as drift.
    """
    found = CHARSET.search(kind.encode(errors="ignore")) or CHARSET.search(body[:2048])
    encoding = found[1].decode("ascii").lower() if found else "utf-8"
    if not ENCODINGS.fullmatch(encoding):
        encoding = "utf-8"
    try:
        page = body.decode(encoding, "replace")
    except LookupError:
        page = body.decode("utf-8", "replace")
    # Between elements stands a space, or words would run together when only the markup changes.
    bare = nh3.clean(page.replace("<", " <"), tags=set(), clean_content_tags=set(UNREAD))
    return " ".join(html.unescape(bare).split())


def fingerprint(answer: Answer) -> tuple[str, int]:
    """SHA-256 and length, of the visible text of a page, and of the bytes of everything else."""
    if HTML.match(answer.kind):
        text = text_of(answer.body, answer.kind)
        return hashlib.sha256(text.encode(errors="replace")).hexdigest(), len(text)
    return hashlib.sha256(answer.body).hexdigest(), len(answer.body)


def record(answer: Answer, articles: Iterable[int], at: datetime) -> list[SourceText]:
    """What is new about the source, as rows, saved at once; none when all is as it was or nothing was to be had."""
    with transaction.atomic():
        rows = list(SourceText.objects.filter(url=answer.url).order_by("pk"))
        made = [
            SourceText(url=answer.url, event=event, fetched_at=at, status=answer.status, **fields)
            for event, fields in news(answer, rows, at)
        ]
        for row in made:
            row.save()
            row.articles.set(articles)
        return made


def news(answer: Answer, rows: list[SourceText], at: datetime) -> list[tuple[Event, dict[str, object]]]:
    """`rows` are those of the source, oldest first."""
    last = rows[-1].event if rows else ""
    if answer.status in GONE:
        if last == Event.MISSED and at.date() > rows[-1].fetched_at.date():
            return [(Event.VANISHED, {})]
        return [] if last in (Event.MISSED, Event.VANISHED) else [(Event.MISSED, {})]
    if answer.outcome is not Outcome.GOOD or answer.status != 200:
        return []
    mark, length = fingerprint(answer)
    fields: dict[str, object] = {"fingerprint": mark, "length": length, "final_url": answer.final_url[:LONGEST_ADDRESS]}
    before = next((row for row in reversed(rows) if row.fingerprint), None)
    if before is None:
        return [(Event.FIRST, fields)]
    found = []
    if links.has_moved(before.final_url, answer.final_url):
        found.append((Event.MOVED, fields))
    if before.fingerprint != mark:
        found.append((Event.CHANGED, fields))
    if not found and last in (Event.MISSED, Event.VANISHED):
        found.append((Event.RETURNED, fields))
    return found


def in_turn(addresses: Iterable[str]) -> list[str]:
    """Those never read first, then those whose last news is oldest, so that a limited run comes round."""
    seen = dict(SourceText.objects.newest_of_each().values_list("url", "fetched_at"))
    return sorted(addresses, key=lambda url: (url in seen, str(seen.get(url, "")), url))
