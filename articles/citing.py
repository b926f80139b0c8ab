"""Who cites the law: live articles by hub, with their sentences, and their numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from articles.models import ArticleVersion, Citation
from articles.models.citation import rows_of
from legislation.lookup import in_words
from legislation.models import Instrument, Provision
from legislation.paragraphs import first_step, order
from regulators.models import Hub

# Sentences of one article that stand beside each other; the others are in the article.
MOST_SENTENCES = 2


@dataclass
class Citing:
    """An article that cites it: `parts` are the paragraphs in words, `sentences` those that rely on it."""

    version: ArticleVersion
    parts: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    more: int = 0


@dataclass
class HubCiting:
    hub: Hub
    articles: list[Citing] = field(default_factory=list)


@dataclass(frozen=True)
class Cited:
    """`by_paragraph` counts articles by the label of the paragraph they cite."""

    hubs: list[HubCiting]
    by_paragraph: dict[str, int]

    @property
    def article_count(self) -> int:
        return sum(len(hub.articles) for hub in self.hubs)

    @property
    def hub_count(self) -> int:
        return len(self.hubs)


@dataclass(frozen=True)
class LawCited:
    """An instrument that an article cites, with the provisions of it, each once."""

    instrument: Instrument
    provisions: list[Provision]


def of_provision(provision: Provision, at: datetime) -> Cited:
    return gathered(live_rows(at).of_provision(provision))


def of_instrument(instrument: Instrument, at: datetime) -> Cited:
    return gathered(live_rows(at).of_instrument(instrument))


def live_rows(at: datetime) -> Any:
    rows = Citation.objects.of_live(at).in_reading_order().select_related("version__article__hub__jurisdiction")
    return rows.defer("version__body", "version__body_html", "version__contents", "version__citations")


def gathered(rows: Iterable[Citation]) -> Cited:
    """Rows in reading order to hubs in the order of names; an article's paragraphs in the order of the text."""
    articles: dict[int, Citing] = {}
    labels: dict[int, dict[str, str]] = {}
    paragraphs: dict[str, set[int]] = {}
    for row in rows:
        article = row.version.article_id
        citing = articles.setdefault(article, Citing(row.version))
        labels.setdefault(article, {})[row.label] = row.paragraph
        if paragraph := first_step(row.paragraph):
            paragraphs.setdefault(paragraph, set()).add(article)
        if row.sentence in citing.sentences:
            continue
        if len(citing.sentences) < MOST_SENTENCES:
            citing.sentences.append(row.sentence)
        else:
            citing.more += 1
    hubs: dict[int, HubCiting] = {}
    for article, citing in articles.items():
        citing.parts = parts_of(labels[article])
        hub = citing.version.article.hub
        hubs.setdefault(hub.pk, HubCiting(hub)).articles.append(citing)
    in_order = sorted(hubs.values(), key=lambda each: each.hub.jurisdiction.name)
    return Cited(in_order, {label: len(cited) for label, cited in paragraphs.items()})


def parts_of(paths: dict[str, str]) -> list[str]:
    """By label the path below the provision: "(3c)", "section 10.4"; the provision as a whole has none."""
    below = [(path, label) for label, path in paths.items() if path]
    below.sort(key=lambda pair: order(first_step(pair[0])))
    return [path if path.startswith("(") else in_words(label).partition(", ")[2] for path, label in below]


def count_by_instrument(at: datetime) -> dict[int, int]:
    rows = Citation.objects.of_live(at).order_by().filter(instrument__isnull=False).values_list("instrument")
    return dict(rows.annotate(count=Count("version__article", distinct=True)))


def count_by_provision(instrument: Instrument, at: datetime) -> dict[int, int]:
    rows = Citation.objects.of_live(at).of_instrument(instrument).order_by().filter(provision__isnull=False)
    return dict(rows.values_list("provision").annotate(count=Count("version__article", distinct=True)))


def law_of(version: ArticleVersion) -> list[LawCited]:
    """The law that a version cites, in the order of the text. One query; a draft has no rows yet and asks for more."""
    rows = rows_of(version) if version.is_draft else version.citation_rows.with_address()
    found: dict[int, LawCited] = {}
    for row in rows:
        if row.instrument:
            cited = found.setdefault(row.instrument.pk, LawCited(row.instrument, []))
            if row.provision and row.provision not in cited.provisions:
                cited.provisions.append(row.provision)
    for cited in found.values():
        cited.provisions.sort(key=lambda provision: provision.position)
    return list(found.values())
