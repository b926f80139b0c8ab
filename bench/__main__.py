"""What is said to stay fast, as ratios within one run: `make bench`. Works on a database of its own."""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial

FOLDER = tempfile.TemporaryDirectory(prefix="elendihub-bench-")
os.environ |= {"DATA_DIR": FOLDER.name, "DJANGO_SETTINGS_MODULE": "elendihub.settings"}
os.environ.pop("DATABASE_URL", None)

import django

django.setup()

from django.core.management import call_command
from django.test import Client

from articles.models import Article, ArticleVersion
from elendihub import comparison, markdown, prose, touching
from legislation import citations, rendering
from legislation.addresses import current

MORE_ARTICLES = 2_000
PARAGRAPH = (
    "Norway applies **MDR Article 120(3c)** through the [EEA](https://www.dmp.no) Agreement, see `Annex VIII`.\n\n"
)

LEGAL_PROSE = (
    "The manufacturer keeps a quality system under Article 10(9) of the MDR, and the notified body of its choice "
    "looks at it as Annex IX, Section 2.2, says; see also MDCG 2020-5 and EN ISO 13485:2016 for the way to do it.\n\n"
)
ACTS = [
    citations.Act(
        "MDR", "MDR", ("2017/745",), {"article": citations.Extent("1", "123"), "annex": citations.Extent("I", "XVII")}
    ),
    *(citations.Act(f"EU-2020-{number}", f"Act number {number}") for number in range(300)),
]
HOSTILE_TO_CITATIONS = (
    "[",
    "(",
    "Article 1, 2, 3, ",
    "Articles 1-300, ",
    "Annex I, II, ",
    "Article ",
    "MDR ",
    "§ ",
    "2017/745",
    "1",
    "a/b/",
    "point (a) of ",
)

SENTENCE_OF_25 = (
    "The manufacturer number {0} keeps the record of device {0} for ten years, and tells the regulator of country {0} "
    "within {0} days of any change to it. "
)
# Pairs of texts of which a comparison finds little to hold on to.
HOSTILE_TO_COMPARISON = (
    ("equal words", "a ", "a a "),
    ("words of another text", "a ", "b "),
    ("shifted words", "a b ", "b a "),
    ("marks", ".", ")"),
    ("paragraphs", "a\n\n", "a\n\nb\n\n"),
)
# Texts whose HTML has the most elements for each letter.
HOSTILE_TO_READING = ("*a* ", "- a\n", "[a](b) ", "> > > > a\n\n", "a\\\n", "|a|a\n|-|-\n|b|c\n\n")


def fastest(work: Callable[[], object], runs: int = 15) -> float:
    """Seconds of the fastest run: the one that the machine disturbed least."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def page(address: str) -> Callable[[], object]:
    client = Client(SERVER_NAME="localhost")
    assert client.get(address).status_code == 200, address
    return lambda: client.get(address)


def copies_of(article: Article, count: int) -> None:
    """Further live articles with the same text."""
    for number in range(count):
        copy = Article.objects.create(
            hub=article.hub,
            slug=f"copy-{number}",
            title=f"Copy {number}",
            summary=article.summary,
            body="Text.",
            category=article.category,
            topic=article.topic,
        )
        copy.publish(by=None)


def say(what: str, small: float, large: float, factor: float) -> None:
    print(
        f"{what:58} {1000 * small:7.1f} ms {1000 * large:7.1f} ms   {large / small:5.2f}× for {factor:.0f}× the input"
    )


def compare_texts() -> None:
    old = "".join(SENTENCE_OF_25.format(number) for number in range(200))
    new = old.replace("7 days", "9 days").replace("device 1", "product 1")
    print(f"{'Comparison of 5,000 words':58} {1000 * fastest(lambda: comparison.compare(old, new), 5):7.1f} ms")
    for name, one, other in HOSTILE_TO_COMPARISON:
        pairs = [(one * (size // len(one)), other * (size // len(other))) for size in (100_000, 200_000)]
        times = [fastest(lambda pair=pair: comparison.compare(*pair), 3) for pair in pairs]  # type: ignore[misc]
        say(f"Comparison of 100 and 200 KB: {name}", times[0], times[1], 2)
    shown = [markdown.render(text.replace(". ", ".\n\n")).html for text in (old, new)]
    print(f"{'The same, read from HTML':58} {1000 * fastest(lambda: compare_shown(*shown), 5):7.1f} ms")
    most = prose.MOST_TAGS // 2
    for unit in HOSTILE_TO_READING:
        each = markdown.render(unit).html.count("<")
        texts = [markdown.render(unit * (tags // each)).html for tags in (most // 2, most)]
        times = [fastest(partial(prose.read, html), 3) for html in texts]
        say(f"Reading HTML of {most // 2:,} and {most:,} tags: {unit!r}", times[0], times[1], 2)


def compare_shown(old: str, new: str) -> object:
    return comparison.passages(prose.read(old), prose.read(new))


def judge_edits() -> None:
    """What a minor edit may not touch, in texts made of nothing else."""
    for source in (SENTENCE_OF_25, "shall not ", "1 ", "a.b ", "I."):
        texts = [source * (size // len(source) - 1) for size in (100_000, 200_000)]
        one, two = (fastest(partial(touching.touched, fields(text), fields(f"x{text}")), 3) for text in texts)
        say(f"Judging an edit of 100 and 200 KB: {source[:14]!r}", one, two, 2)


def fields(text: str) -> dict[str, str]:
    return {"body": text, "body_html": markdown.render(text).html}


def pack() -> None:
    hub, article = (fastest(page(f"/hubs/norway/{name}evidence.zip"), 2) for name in ("", "udi/"))
    print(f"{'Evidence packs of an article and of the hub':58} {1000 * article:7.1f} ms {1000 * hub:7.1f} ms")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_content", verbosity=0)
    before = ArticleVersion.objects.count()
    pack()
    addresses = {"index of hubs": "/", "hub": "/hubs/norway/", "article": "/hubs/norway/udi/"}
    small = {name: fastest(page(address)) for name, address in addresses.items()}
    copies_of(Article.objects.get(slug="udi"), MORE_ARTICLES)
    for name, address in addresses.items():
        say(f"{name} page, {before} and {before + MORE_ARTICLES} articles", small[name], fastest(page(address)), 118)
    for source, name in ((PARAGRAPH * 60, "prose"), ("[" * 6_000, "open brackets"), ("# a\n" * 1_500, "headings")):
        one = fastest(lambda text=source: markdown.render(text), 5)  # type: ignore[misc]
        two = fastest(lambda text=source * 2: markdown.render(text), 5)  # type: ignore[misc]
        say(f"Markdown of {len(source):,} and {2 * len(source):,} characters: {name}", one, two, 2)
    law = current()
    for source in (PARAGRAPH, "MDR Article 5 ", "*MDR* Article 5 of ", "[MDR](/x) Article 5 ", "Articles 1-119 MDR, "):
        text = source * (90_000 // len(source))
        one = fastest(lambda text=text: rendering.render(text, law), 2)  # type: ignore[misc]
        two = fastest(lambda text=text * 2: rendering.render(text, law), 2)  # type: ignore[misc]
        say(f"Text of 90 and 180 KB with citations: {source[:14]!r}", one, two, 2)
    compare_texts()
    judge_edits()
    register = citations.Register(ACTS)
    print(f"{'Register of 301 acts':58} {1000 * fastest(lambda: citations.Register(ACTS), 5):7.1f} ms")
    words = " ".join((LEGAL_PROSE * 30).split(" ")[:1000])
    print(f"{'Citations of 1,000 words':58} {1000 * fastest(lambda: citations.find(words, register), 5):7.1f} ms")
    sentences = [LEGAL_PROSE] * 10_000
    time_of_all = fastest(lambda: [citations.find(sentence, register) for sentence in sentences], 1)
    print(f"{'Citations of 10,000 sentences':58} {1000 * time_of_all:7.1f} ms")
    for unit in (LEGAL_PROSE, *HOSTILE_TO_CITATIONS):
        source = unit * (100_000 // len(unit))
        one = fastest(lambda text=source: citations.find(text, register), 3)  # type: ignore[misc]
        two = fastest(lambda text=source * 2: citations.find(text, register), 3)  # type: ignore[misc]
        say(f"Citations of 100 and 200 KB: {unit[:24]!r}", one, two, 2)


if __name__ == "__main__":
    main()
