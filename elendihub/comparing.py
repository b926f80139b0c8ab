"""What the pages of single versions, and those that compare two of a document, have in common."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from elendihub import comparison, errors, moments, prose
from elendihub.comparison import Passage, Text, Told
from elendihub.document import Document

WORDS = {"changed": "changed", "added": "added", "removed": "removed"}
# What the address asks for: the texts as readers have them, or as their authors wrote them.
PARAMETER, SHOWN, WRITTEN = "as", "shown", "written"
# Versions that the form offers, the newest.
MOST_CHOICES = 200
# Versions whose reasons stand beside a comparison, the newest.
MOST_REASONS = 20
# Digits from which on no version has such a number; the database is not asked for one.
LONGEST = 10


@dataclass(frozen=True)
class Change:
    """A passage that differs; `place` is the field it stands in, or the heading in the text."""

    place: str
    passage: Passage


@dataclass(frozen=True)
class Field:
    """A public field of both versions. `is_written_alike` tells of its source, whatever its passages are made of."""

    label: str
    passages: tuple[Passage, ...]
    is_written_alike: bool

    @property
    def is_shown_alike(self) -> bool:
        return all(passage.state == "same" and passage.is_set_alike for passage in self.passages)


def is_written(request: HttpRequest, default: str = SHOWN) -> bool:
    """Whether the address asks for the texts as written. Raises moments.Refused."""
    asked = request.GET.get(PARAMETER, default)
    if asked not in (SHOWN, WRITTEN):
        raise moments.Refused(
            f"Behind “{PARAMETER}=” stands neither “{SHOWN}” nor “{WRITTEN}”. Leave it out to compare the texts as "
            f"readers have them, or write “{PARAMETER}={WRITTEN}” for their Markdown."
        )
    return asked == WRITTEN


def context(old: Any, new: Any, *, is_written: bool = False) -> dict[str, Any]:
    """For comparison.html: `old` and `new` are versions of one document, or `new` a draft of its working copy.

    `set_otherwise` are the places whose words are the same and look different; `is_written_otherwise` is for Markdown
    that differs and makes no difference to readers.
    """
    pairs = old.compared_with(new)
    # Texts with more HTML than is read at once are compared as written.
    is_too_large = prose.exceeds(told.shown_html or "" for pair in pairs for told in pair)
    is_written = is_written or is_too_large
    fields = [field(before, after, is_written) for before, after in pairs]
    passages = [(passage.heading or each.label, passage) for each in fields for passage in each.passages]
    changes = [Change(place, passage) for place, passage in passages if passage.state != "same"]
    set_otherwise = [place for place, passage in passages if passage.state == "same" and not passage.is_set_alike]
    places = {*set_otherwise, *(change.place for change in changes)}
    return {
        "old": old,
        "new": new,
        "changes": changes,
        "summary": in_words(Counter(change.passage.state for change in changes)),
        "set_otherwise": list(dict.fromkeys(set_otherwise)),
        "is_written_otherwise": any(each.is_shown_alike and not each.is_written_alike for each in fields),
        "unchanged": list(dict.fromkeys(place for place, _ in passages if place not in places)),
        "is_written": is_written,
        "is_too_large": is_too_large,
    }


def field(old: Told, new: Told, is_written: bool) -> Field:
    passages = comparison.passages(text(old, is_written), text(new, is_written))
    return Field(old.label, tuple(passages), old.written == new.written)


def text(told: Told, is_written: bool) -> Text:
    if told.shown_html is None:
        return Text(told.written)
    return comparison.markdown(told.written) if is_written else prose.read(told.shown_html)


def in_words(counts: Counter[str]) -> str:
    """2 passages changed, 1 added, 1 removed"""
    found = [(counts[state], words) for state, words in WORDS.items() if counts[state]]
    if not found:
        return ""
    (number, words), *others = found
    first = f"{number} passage{'s' if number > 1 else ''} {words}"
    return ", ".join([first, *(f"{count} {word}" for count, word in others)])


def page(
    request: HttpRequest, document: Document, names: list[str], numbers: tuple[int, int], at: datetime
) -> dict[str, Any] | None:
    """The context for two published versions; `names` are what the addresses of the document are made of.

    None when a number is not that of a published version. Raises moments.Refused.
    """
    if max(numbers) >= 10 ** (LONGEST - 1):
        return None
    published = document.versions.published(at)
    # Not number__in, which asks the database for numbers that no column holds.
    chosen = Q(number=numbers[0]) | Q(number=numbers[1])
    found = {version.number: version for version in published.filter(chosen)}
    if not {*numbers} <= found.keys():
        return None
    shows_source = is_written(request)
    kind, told = document._meta.model_name, reasons(document, numbers, at)
    choices = published.order_by("-number").only("number", "live_from", document.versions.field.name)
    return context(found[numbers[0]], found[numbers[1]], is_written=shows_source) | {
        "choices": choices[:MOST_CHOICES],
        "address": document.get_absolute_url(),
        "choose_address": reverse(f"{kind}_compare_chosen", args=names),
        "old_address": reverse(f"{kind}_version", args=[*names, numbers[0]]),
        "new_address": reverse(f"{kind}_version", args=[*names, numbers[1]]),
        "reasons": told,
        "more_reasons": told[0].of - len(told),
    }


def reasons(document: Document, numbers: tuple[int, int], at: datetime) -> list[Any]:
    """The newest MOST_REASONS versions from after the first number up to the second, which is one of them.

    Each knows how many `of` them there are. One query.
    """
    old, new = numbers
    told = ("note", "emergency_reason", "approver_name", "corrected_error", "wrong_since", "corrected_to")
    between = document.versions.published(at).filter(number__gte=min(old + 1, new), number__lte=new)
    rows = between.annotate(of=Window(Count("pk"))).with_emergency_review(at).order_by("-number")
    return list(rows.only("number", "kind", "live_from", *told, document.versions.field.name)[:MOST_REASONS])


def is_turned(document: Document, old: int, new: int, at: datetime) -> bool:
    """Whether the later number comes first. Of what was never public, not even that it is there."""
    return old > new and document.versions.published(at).exists()


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


def corrected_since(version: Any, document: Document, names: list[str], at: datetime) -> list[tuple[Any, str]]:
    """The corrections, with their addresses, of errors that stand in this version of the document. One query at most.

    They stand in what readers had on a day since which the text was wrong, and in what was corrected.
    """
    if version.live_until is None or version.live_until > at:
        return []
    last_day = version.live_until.astimezone(UTC).date()
    later = document.versions.published(at).corrections().filter(number__gt=version.number)
    of_here = later.filter(Q(wrong_since__lt=last_day) | Q(live_from=version.live_until)).order_by("number")
    found = of_here.only("number", "corrected_error", "corrected_to", document.versions.field.name)[:MOST_REASONS]
    return [(each, reverse(f"{document._meta.model_name}_version", args=[*names, each.number])) for each in found]
