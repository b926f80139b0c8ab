"""Who cites the law: live articles and hubs by hub, with their sentences, and the numbers of articles."""

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
from regulators.models import Hub, HubCitation, HubVersion

# Sentences of one text that stand beside each other; the others are in the text.
MOST_SENTENCES = 2


@dataclass
class Citing:
    """A text that cites it: `parts` are the paragraphs in words, `sentences` those that rely on it."""

    version: ArticleVersion | HubVersion
    parts: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    more: int = 0


@dataclass
class HubCiting:
    """`texts` are its own page, where that cites it, and its articles."""

    hub: Hub
    texts: list[Citing] = field(default_factory=list)

    @property
    def article_count(self) -> int:
        return sum(isinstance(text.version, ArticleVersion) for text in self.texts)


@dataclass(frozen=True)
class Cited:
    """`by_paragraph` counts articles by the label of the paragraph they cite."""

    hubs: list[HubCiting]
    by_paragraph: dict[str, int]

    @property
    def article_count(self) -> int:
        return sum(hub.article_count for hub in self.hubs)

    @property
    def hub_count(self) -> int:
        """Of hubs with such an article."""
        return sum(hub.article_count > 0 for hub in self.hubs)

    @property
    def page_count(self) -> int:
        """Of hubs whose own page cites it."""
        return sum(len(hub.texts) > hub.article_count for hub in self.hubs)


@dataclass(frozen=True)
class LawCited:
    """An instrument that an article cites, with the provisions of it, each once."""

    instrument: Instrument
    provisions: list[Provision]


def of_provision(provision: Provision, at: datetime) -> Cited:
    return gathered(hub_rows(at).of_provision(provision), live_rows(at).of_provision(provision))


def of_instrument(instrument: Instrument, at: datetime) -> Cited:
    return gathered(hub_rows(at).of_instrument(instrument), live_rows(at).of_instrument(instrument))


def live_rows(at: datetime) -> Any:
    rows = Citation.objects.of_live(at).in_reading_order().select_related("version__article__hub__jurisdiction")
    return rows.defer("version__body", "version__body_html", "version__contents", "version__citations")


def hub_rows(at: datetime) -> Any:
    large = [f"version__{name}" for name in ("overview", "overview_html", "responsibilities", "facts")]
    rows = HubCitation.objects.of_live(at).select_related("version__hub__jurisdiction")
    return rows.defer(*large, "version__regulator_record")


def gathered(of_hubs: Iterable[HubCitation], of_articles: Iterable[Citation]) -> Cited:
    """Rows in reading order to hubs in the order of names; a text's paragraphs in the order of the law."""
    articles = list(of_articles)
    paragraphs: dict[str, set[int]] = {}
    for row in articles:
        if paragraph := first_step(row.paragraph):
            paragraphs.setdefault(paragraph, set()).add(row.version.article_id)
    pages = [(text.version.hub, text) for text in texts_of(of_hubs)]
    hubs: dict[int, HubCiting] = {}
    for hub, text in [*pages, *((text.version.article.hub, text) for text in texts_of(articles))]:
        hubs.setdefault(hub.pk, HubCiting(hub)).texts.append(text)
    in_order = sorted(hubs.values(), key=lambda each: each.hub.jurisdiction.name)
    return Cited(in_order, {label: len(cited) for label, cited in paragraphs.items()})


def texts_of(rows: Iterable[Any]) -> list[Any]:
    """A Citing of each version, in the order of its first row."""
    texts: dict[int, Citing] = {}
    labels: dict[int, dict[str, str]] = {}
    for row in rows:
        citing = texts.setdefault(row.version_id, Citing(row.version))
        labels.setdefault(row.version_id, {})[row.label] = row.paragraph
        if row.sentence in citing.sentences:
            continue
        if len(citing.sentences) < MOST_SENTENCES:
            citing.sentences.append(row.sentence)
        else:
            citing.more += 1
    for version, citing in texts.items():
        citing.parts = parts_of(labels[version])
    return list(texts.values())


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
