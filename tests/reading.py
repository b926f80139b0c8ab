"""Reading answers as a browser or a machine would."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Reader(HTMLParser):
    """Every element in the order it begins, each with all the text inside it."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def text(response: HttpResponse) -> str:
    return response.content.decode()


def elements(response: HttpResponse, tag: str, **attributes: str) -> list[Element]:
    """Those of the tag that have all these attributes; class_ stands for class."""
    wanted = {name.rstrip("_"): value for name, value in attributes.items()}
    return [
        element
        for element in Reader(text(response)).elements
        if element.tag == tag and wanted.items() <= element.attributes.items()
    ]


def words(response: HttpResponse) -> str:
    """What the page says between its masthead and its foot, each element's words set apart from its neighbours'."""
    main = text(response).partition("<main")[2].partition(">")[2].partition("</main>")[0]
    apart = re.sub(r"<[^>]*>", " ", main)
    return re.sub(r" ([,.:;)])", r"\1", " ".join(unescape(apart).split()))


def links(response: HttpResponse) -> dict[str, str]:
    """The address behind each link, by its words."""
    return {" ".join(link.text.split()): link.attributes.get("href", "") for link in elements(response, "a")}


def meta(response: HttpResponse) -> dict[str, str]:
    """The content of each meta element, by its name or property; the canonical address too."""
    found = {
        each.attributes.get("name") or each.attributes.get("property", ""): each for each in elements(response, "meta")
    }
    canonical = [each.attributes["href"] for each in elements(response, "link", rel="canonical")]
    return {name: each.attributes.get("content", "") for name, each in found.items()} | {
        "canonical": "".join(canonical)
    }


def structured_data(response: HttpResponse) -> dict[str, dict[str, Any]]:
    """The things of the page's JSON-LD, by their type."""
    (script,) = elements(response, "script")
    assert script.attributes == {"type": "application/ld+json"}
    data = json.loads(script.text)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}
