"""Which law the texts of a published hub cite, and whether the rows that say so can be right."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.urls import reverse

from legislation import addresses, rendering
from legislation.lookup import KINDS, Place, place_of
from legislation.models import Provision
from legislation.rendering import Text

TAG = re.compile(r"<[^>]+>")

# The key of an act and the place in it that a text leads to; no place: the act as a whole.
Target = tuple[str, Place | None]


def records_of(version: Any) -> list[dict[str, Any]]:
    """What legislation.rendering.citations makes of its overview and its lines, then what they link to besides.

    Read against the register as it is now; a link tells what was cited also where the register has forgotten the name.
    """
    read = citations_of(version)
    known = {target for record in read for target in targets(record["instrument"], record["provisions"])}
    for words, (key, place) in links_of(version):
        if (key, place) not in known:
            known.add((key, place))
            labels = [f"{Provision.PREFIXES[place.kind]}_{place.number}"] if place else []
            read.append({"surface": words, "instrument": key, "provisions": labels, "sentence": words})
    return [record | {"position": position} for position, record in enumerate(read, start=1)]


def citations_of(version: Any) -> list[dict[str, Any]]:
    law = addresses.current()
    lines = [rendering.render_line(line["text"], law) for line in (*version.responsibilities, *version.facts)]
    texts: list[Text] = [rendering.render(version.overview, law, explains_terms=False), *lines]
    return [record for text in texts for record in rendering.citations(text)]


def links_of(version: Any) -> Iterator[tuple[str, Target]]:
    """The words of each link to a page of the law, by whose hand soever, and what it leads to."""
    link = re.compile(
        rf'<a\b[^>]*\bhref="{reverse("law")}([^/"#]+)/(?:([^/"#]+)/)?(?:#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL
    )
    for instrument, provision, words in link.findall(html_of(version)):
        prefix, _, number = unquote(provision).partition("-")
        place = Place(KINDS[prefix], number.lower()) if prefix in KINDS and number else None
        yield plain(words), (unquote(instrument).upper(), place)


def targets(key: str, labels: Iterable[str]) -> set[Target]:
    """The act, and each of the places."""
    places = filter(None, map(place_of, labels))
    return {(key.upper(), None), *((key.upper(), addresses.small(place)) for place in places)}


def can_be(rows: Iterable[Any], version: Any) -> bool:
    """Every row quotes words that the texts print, and everything that they link to has its row.

    Nothing here asks the register, which may say more or less now than on the day of publication.
    """
    printed, known = plain(html_of(version)), set[Target]()
    for row in rows:
        if row.surface.removesuffix("…").rstrip() not in printed:
            return False
        known |= targets(row.instrument_key, [row.label])
    return all(target in known for _, target in links_of(version))


def html_of(version: Any) -> str:
    return "\n".join(
        [version.overview_html, *(line["text_html"] for line in (*version.responsibilities, *version.facts))]
    )


def plain(html: str) -> str:
    return " ".join(unescape(TAG.sub("", html)).split())
