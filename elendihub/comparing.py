"""What the pages of single versions, and those that compare two of a document, have in common."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from elendihub import comparison, errors
from elendihub.comparison import Passage
from elendihub.document import Document

WORDS = {"changed": "changed", "added": "added", "removed": "removed"}
# Versions that the form offers, the newest.
MOST_CHOICES = 200
# Digits from which on no version has such a number.
LONGEST = 10


@dataclass(frozen=True)
class Change:
    """A passage that differs; `place` is the field it stands in, or the heading in the text."""

    place: str
    passage: Passage


def context(old: Any, new: Any) -> dict[str, Any]:
    """For comparison.html: `old` and `new` are versions of one document, or `new` a draft of its working copy."""
    fields = comparison.fields(old.compared(), new.compared())
    passages = [(passage.heading or field.label, passage) for field in fields for passage in field.passages]
    changes = [Change(place, passage) for place, passage in passages if passage.state != "same"]
    places = {change.place for change in changes}
    return {
        "old": old,
        "new": new,
        "changes": changes,
        "summary": in_words(Counter(change.passage.state for change in changes)),
        "unchanged": list(dict.fromkeys(place for place, _ in passages if place not in places)),
    }


def in_words(counts: Counter[str]) -> str:
    """2 passages changed, 1 added, 1 removed"""
    found = [(counts[state], words) for state, words in WORDS.items() if counts[state]]
    if not found:
        return ""
    (number, words), *others = found
    first = f"{number} passage{'s' if number > 1 else ''} {words}"
    return ", ".join([first, *(f"{count} {word}" for count, word in others)])


def page(document: Document, names: list[str], numbers: tuple[int, int], at: datetime) -> dict[str, Any] | None:
    """The context for two published versions; `names` are what the addresses of the document are made of.

    None when a number is not that of a published version.
    """
    published = document.versions.published(at)
    # Not number__in, which asks the database for numbers that no column holds.
    chosen = Q(number=numbers[0]) | Q(number=numbers[1])
    found = {version.number: version for version in published.filter(chosen)}
    if not {*numbers} <= found.keys():
        return None
    kind = document._meta.model_name
    choices = published.order_by("-number").only("number", "live_from", document.versions.field.name)
    return context(found[numbers[0]], found[numbers[1]]) | {
        "choices": choices[:MOST_CHOICES],
        "address": document.get_absolute_url(),
        "choose_address": reverse(f"{kind}_compare_chosen", args=names),
        "old_address": reverse(f"{kind}_version", args=[*names, numbers[0]]),
        "new_address": reverse(f"{kind}_version", args=[*names, numbers[1]]),
    }


def unknown(request: HttpRequest, document: Document, at: datetime) -> HttpResponse:
    """404, with what there is."""
    numbers = document.versions.published(at).order_by("number").values_list("number", flat=True)[:MOST_CHOICES]
    if not numbers:
        return errors.page(request, 404)
    cure = f"No such version was ever published here. Published are: {', '.join(map(str, numbers))}."
    return errors.page(request, 404, cure=cure, path=document.get_absolute_url())


def chosen(request: HttpRequest, document: Document, names: list[str], at: datetime) -> HttpResponse:
    """The way from the form, whose two numbers stand in the query, to the comparison; else to the last change."""
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    last = document.versions.published(at).order_by("-number").values_list("number", flat=True)[:2]
    numbers = [*last, *last][:2]
    # Of what was never public, not even that it is there: it leads nowhere, whatever is asked.
    if any(asked) and last:
        numbers = [int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < LONGEST]
    if len(numbers) < len(asked):
        return unknown(request, document, at)
    return redirect(f"{document._meta.model_name}_compare", *names, *sorted(numbers))
