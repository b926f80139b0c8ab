"""The pages that articles rest on: whether they still say what they said. A program notices, a person decides."""

import hashlib
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

import nh3
from django.db import transaction

from articles import links
from articles.models import ArticleVersion, Check, SourceReading, SourceText
from articles.models.link import LONGEST_ADDRESS
from elendihub.fetching import KEPT_OUT, Answer, Asking, Outcome, fetch

Event = SourceText.Event
Fields = dict[str, object]
News = tuple[Event, Fields]
# Bytes of one source, and sources read at once: together what a run may hold.
MOST_BYTES = 10_000_000
MOST_AT_ONCE = 6
GONE = (404, 410)
# Characters: less is the frame of a page that scripts fill in, or a word that asks to wait.
LEAST_TEXT = 200
WEEK, QUIET = timedelta(days=7), timedelta(days=30)
LOST = (Event.MISSED, Event.VANISHED)
UNSTEADY = (Event.CHANGED, Event.MOVED, Event.UNREAD)
# Of a page's frame or of its machinery, not of what it says.
FRAME = frozenset("aside button footer form header iframe nav noscript script select style svg template".split())
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

    What changes by itself inside the text, such as today's date, is text too: `calm` knows it by how often it drifts.
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
    bare = nh3.clean(page.replace("<", " <"), tags=set(), clean_content_tags=set(FRAME))
    return " ".join(html.unescape(bare).split())


def fingerprint(answer: Answer) -> tuple[str, int]:
    """SHA-256 and length, of the visible text of a page, and of the bytes of everything else.

    Empty where there is nothing that could be compared.
    """
    if HTML.match(answer.kind):
        text = text_of(answer.body, answer.kind)
        read, length, least = text.encode(errors="replace"), len(text), LEAST_TEXT
    else:
        read, length, least = answer.body, len(answer.body), 1
    return (hashlib.sha256(read).hexdigest() if length >= least else ""), length


def record(answer: Answer, articles: Iterable[int], at: datetime) -> list[SourceText]:
    """What is new about the source, as rows, saved at once; none when all is as it was or nothing was to be had."""
    with transaction.atomic():
        SourceReading.objects.update_or_create(url=answer.url, defaults={"asked_at": at})
        rows = list(SourceText.objects.filter(url=answer.url).order_by("pk"))
        made = [
            SourceText(url=answer.url, event=event, fetched_at=at, status=answer.status, **fields)
            for event, fields in news(answer, rows, at)
        ]
        for row in made:
            row.save()
            row.articles.set(articles)
        return made


def news(answer: Answer, rows: list[SourceText], at: datetime) -> list[News]:
    """`rows` are those of the source, oldest first."""
    last = rows[-1].event if rows else ""
    before = next((row for row in reversed(rows) if row.fingerprint), None)
    if answer.status in GONE:
        return lost(rows, at)
    if answer.status in KEPT_OUT and before is None and last != Event.UNREAD:
        return [(Event.UNREAD, {})]
    if answer.outcome is not Outcome.GOOD or answer.status != 200:
        return []
    mark, length = fingerprint(answer)
    fields: Fields = {"fingerprint": mark, "length": length, "final_url": answer.final_url[:LONGEST_ADDRESS]}
    if mark and before is None:
        return [(Event.FIRST, fields)]
    found = calm(differences(before, fields, last), rows, at)
    if not found and (last in LOST or (mark and last == Event.UNREAD)):
        found = [Event.RETURNED]
    return [(event, fields) for event in found]


def lost(rows: list[SourceText], at: datetime) -> list[News]:
    last = rows[-1].event if rows else ""
    if last == Event.MISSED and at.date() != rows[-1].fetched_at.date():
        return [(Event.VANISHED, {})]
    return [] if last in LOST else [(Event.MISSED, {})]


def differences(before: SourceText | None, fields: Fields, last: str) -> list[Event]:
    if before is None or not fields["fingerprint"]:
        return [] if last == Event.UNREAD else [Event.UNREAD]
    found = [Event.MOVED] if links.has_moved(before.final_url, str(fields["final_url"])) else []
    return found + ([Event.CHANGED] if before.fingerprint != fields["fingerprint"] else [])


def calm(found: list[Event], rows: list[SourceText], at: datetime) -> list[Event]:
    """What changed on three days of one week changes by itself: a person is told so, and nothing more for 30 days."""
    if any(row.event == Event.RESTLESS and abs(at - row.fetched_at) < QUIET for row in rows):
        return []
    days = {row.fetched_at.date() for row in rows if row.event in UNSTEADY and abs(at - row.fetched_at) < WEEK}
    return [Event.RESTLESS] if found and len(days - {at.date()}) > 1 else found


def in_turn(addresses: Iterable[str]) -> list[str]:
    """Those never asked first, then those longest unasked, so that a limited run comes round."""
    asked = dict(SourceReading.objects.values_list("url", "asked_at"))
    return sorted(addresses, key=lambda url: (url in asked, str(asked.get(url, "")), url))
