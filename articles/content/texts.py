"""What hub.md and NN-slug.md say, read from the files and written back."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from elendihub.markdown import MAX_SOURCE, TooLong

from . import frontmatter
from .frontmatter import ContentError, Page

HUB_FILE = "hub.md"
HUB_KEYS = ("title", "jurisdiction", "regulator", "slug", "summary")
ARTICLE_KEYS = ("title", "date", "category", "topics", "summary")
ARTICLE_FILE = re.compile(r"(\d{2,})-([-a-zA-Z0-9_]+)\.md", re.ASCII)
# In place of a date: not public; an import makes the working copy alone.
DRAFT = "draft"
RESPONSIBILITIES, FACTS = "## Key Responsibilities", "## Regulator facts"


@dataclass(frozen=True)
class HubText:
    title: str
    jurisdiction: str
    regulator: str
    slug: str
    summary: str
    overview: str
    responsibilities: list[tuple[str, str]]
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class ArticleText:
    """`published_on`: day of first publication, None for a draft. `topics`: slugs, the main one first, then A to Z."""

    slug: str
    title: str
    published_on: date | None
    category: str
    topics: list[str]
    summary: str
    body: str


def read_hub(folder: Path) -> tuple[Page, HubText]:
    """Raises ContentError."""
    if not (folder / HUB_FILE).is_file():
        raise ContentError(folder / HUB_FILE, 1, "There is none. Name the folder of one hub, as fixtures/norway.")
    page = read_page(folder / HUB_FILE, HUB_KEYS)
    lines = page.body.split("\n")
    places = [find_last(lines, heading) for heading in (RESPONSIBILITIES, FACTS)]
    if -1 in places or places[0] > places[1]:
        raise page.error("body", f"“{RESPONSIBILITIES}” and “{FACTS}” are to end the text. Add them in this order.")
    first, second = places
    overview = frontmatter.plain("\n".join(lines[:first]))
    responsibilities = read_parts(page, lines, first + 1, second)
    facts = read_parts(page, lines, second + 1, len(lines))
    return page, HubText(**page.values, overview=overview, responsibilities=responsibilities, facts=facts)


def read_parts(page: Page, lines: list[str], start: int, end: int) -> list[tuple[str, str]]:
    """The pairs of a definition list: a label, and below it a colon with one line of text."""
    filled = [index for index in range(start, end) if lines[index].strip()]
    parts = []
    for label, text in zip(filled[::2], [*filled[1::2], None], strict=False):
        if text != label + 1 or not lines[text].startswith(": "):
            problem = f"“{lines[label]}” has no text. Write it on the next line, after a colon and a space."
            raise ContentError(page.path, page.body_line + label, problem)
        parts.append((lines[label].strip(), lines[text].removeprefix(": ").strip()))
    return parts


def find_last(lines: list[str], wanted: str) -> int:
    return max((index for index, line in enumerate(lines) if line == wanted), default=-1)


def hub_file(text: HubText) -> str:
    parts = {RESPONSIBILITIES: text.responsibilities, FACTS: text.facts}
    blocks = [frontmatter.plain(text.overview)]
    for heading, rows in parts.items():
        blocks += [heading, *(f"{frontmatter.one_line(label)}\n: {frontmatter.one_line(line)}" for label, line in rows)]
    return frontmatter.write({key: getattr(text, key) for key in HUB_KEYS}, "\n\n".join(blocks))


def read_articles(folder: Path) -> list[tuple[Page, ArticleText]]:
    """Every article of the folder in the order of the file numbers. Raises ContentError."""
    found: dict[int, Path] = {}
    slugs: dict[str, Path] = {}
    for path in sorted(folder.glob("*.md")):
        if path.name == HUB_FILE:
            continue
        if not (name := ARTICLE_FILE.fullmatch(path.name)):
            raise ContentError(path, 1, "The name of an article’s file is 01-its-slug.md. Rename it, or move it away.")
        number, slug = int(name[1]), name[2]
        if number in found:
            raise ContentError(path, 1, f"The number {name[1]} is also that of {found[number].name}. Give one another.")
        if slug in slugs:
            raise ContentError(path, 1, f"The slug {slug} is also that of {slugs[slug].name}. Give one another.")
        found[number] = slugs[slug] = path
    return [read_article(found[number]) for number in sorted(found)]


def read_article(path: Path) -> tuple[Page, ArticleText]:
    page = read_page(path, ARTICLE_KEYS)
    values = page.values
    main, *also = [topic.strip() for topic in values["topics"].split(",")]
    if len({main, *also}) <= len(also):
        raise page.error("topics", "A topic stands here twice. Keep one.")
    return page, ArticleText(
        slug=path.stem.partition("-")[2],
        title=values["title"],
        published_on=read_date(page),
        category=values["category"],
        topics=[main, *sorted(also)],
        summary=values["summary"],
        body=page.body,
    )


def read_date(page: Page) -> date | None:
    value = page.values["date"]
    if value == DRAFT:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError as error:
        problem = f"“{value}” is not a date. Write year-month-day as 2026-02-17, or {DRAFT} for a text not yet public."
        raise page.error("date", problem) from error


def read_page(path: Path, keys: tuple[str, ...]) -> Page:
    page = frontmatter.read(path, keys)
    if len(page.body) > MAX_SOURCE:
        raise page.error("body", str(TooLong(len(page.body))))
    return page


def article_file(text: ArticleText) -> str:
    values = {
        "title": text.title,
        "date": text.published_on.isoformat() if text.published_on else DRAFT,
        "category": text.category,
        "topics": ", ".join(text.topics),
        "summary": text.summary,
    }
    return frontmatter.write(values, text.body)
