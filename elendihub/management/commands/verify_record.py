from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import (
    Article,
    ArticleVersion,
    Category,
    Check,
    Citation,
    Flag,
    FormerSlug,
    HubFlag,
    PastAddress,
    Topic,
    VersionTopic,
)
from elendihub import chain, pictures, trail
from elendihub.chain import Broken, Count
from elendihub.trail import Kept
from legislation.models import Amendment
from regulators.models import Hub, HubCitation, HubVersion

CHAINS: tuple[tuple[Any, str], ...] = ((ArticleVersion, "article"), (HubVersion, "hub"))
# What pages of past moments, addresses and marks rest on.
TABLES = (
    *(Kept(model, is_permanent=True) for model in (ArticleVersion, HubVersion, VersionTopic, Citation)),
    *(Kept(model, is_permanent=True) for model in (HubCitation, Check, Flag, HubFlag, PastAddress)),
    *(Kept(model) for model in (FormerSlug, Category, Topic, Amendment)),
    *(Kept(Article, ("hub_id", "slug")), Kept(Hub, ("slug",))),
)
SINCE = ("articles", "0012_audited_articles")
SHOWN_IN: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (ArticleVersion, ("body_html",)),
    (HubVersion, ("overview_html", "responsibilities", "facts")),
)


class Command(BaseCommand):
    help = (
        "Compute every hash of the record again, and compare its rows with the audit trail and its pictures with their "
        "names. Ends with 1 and the first broken row when one does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = "of the audit trail: count and hash the entries up to this one, to compare with a line noted earlier"
        parser.add_argument("--until", type=int, metavar="ID", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        with trail.one_moment():
            counts, shown = [Count() for _ in CHAINS], dict[str, str]()
            if broken := next(found(counts, shown), None):
                raise CommandError(str(broken))
            entries, newest, digest = trail.digest(options["until"])
        for count, (model, document) in zip(counts, CHAINS, strict=True):
            self.stdout.write(f"{model.__name__}: {count.versions} versions of {count.documents} {document}s hold.")
        told = sum(pictures.is_told(name) for name in shown)
        self.stdout.write(f"Pictures: {len(shown)} are there, {told} of them proved by their names.")
        self.stdout.write(f"Audit trail: {entries} entries, the newest {newest}, SHA-256 {digest}.")


def found(counts: list[Count], shown: dict[str, str]) -> Iterator[Broken]:
    """All that does not hold; counts versions and keeps the names of pictures as it goes."""
    for count, (model, document) in zip(counts, CHAINS, strict=True):
        yield from chain.broken(model.objects.order_by(), document, count)
        yield from trail.emptied(model.objects.all(), SINCE)
    for kept in TABLES:
        yield from trail.unlike(kept)
    for model, texts in SHOWN_IN:
        yield from pictures.broken(model.objects.order_by(), texts, shown)
