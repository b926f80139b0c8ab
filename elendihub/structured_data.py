"""JSON-LD for search engines, in the words of schema.org."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

# What could end the script element or open another is written as an escape of JSON.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def script_html(*things: dict[str, Any]) -> SafeString:
    """The content of a script element of type application/ld+json."""
    graph = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    return mark_safe(graph.translate(ESCAPES))  # noqa: S308 - every character that HTML reads is escaped


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """`steps` are (name, path) from the top down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def publisher() -> dict[str, Any]:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")}


def absolute(path: str) -> str:
    return settings.SITE_URL + path
