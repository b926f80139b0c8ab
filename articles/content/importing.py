"""A hub's folder into the database. What is new is published; what is there becomes a changed working copy at most."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, Category, Topic
from articles.models.version import IMPORT_TOOK
from elendihub.document import Document
from legislation import rendering
from legislation.lint import refusals
from regulators.models import Hub, Jurisdiction, Regulator

from . import reference
from .frontmatter import ContentError, Page
from .report import CHANGED, MADE, SKIPPED, UNCHANGED, Report
from .texts import ArticleText, HubText, article_file, hub_file, read_articles, read_hub
from .working_copies import article_text, first_moment, hub_text

EDITED = "its working copy was edited in the desk and is not published; --overwrite replaces it"
WAITS = "working copy; publish it in the desk"


def import_folder(folder: Path, *, overwrite: bool = False) -> Report:
    """Import the hub and its articles, after the reference rows. Raises ContentError; belongs in a transaction."""
    hub_page, hub_text = read_hub(folder)
    articles = read_articles(folder)
    report = Report()
    reference.load(reference_folder(folder), report)
    days = [text.published_on for _, text in articles if text.published_on]
    is_there = Hub.objects.filter(slug=hub_text.slug).exists()
    hub = import_hub(hub_page, hub_text, min(days, default=None), report, overwrite=overwrite)
    # What comes with its hub bears its moment: by it, lists of the past know that they held it (listed_at()).
    entered_at = None if is_there else begun(hub)
    for page, text in articles:
        import_article(hub, page, text, report, entered_at, overwrite=overwrite)
    return report


def reference_folder(folder: Path) -> Path:
    """The folder above when it holds reference rows, else the site's own."""
    has_rows = any((folder.parent / name).exists() for name in reference.FILES)
    return folder.parent if has_rows else settings.CONTENT_DIR


def import_hub(page: Page, text: HubText, day: date | None, report: Report, *, overwrite: bool) -> Hub:
    hub = Hub.objects.select_for_update().filter(slug=text.slug).first() or Hub(slug=text.slug)
    is_new = hub.pk is None
    wanted = {
        "jurisdiction": find(Jurisdiction, page, "jurisdiction", text.jurisdiction, by="code"),
        "regulator": find(Regulator, page, "regulator", text.regulator, by="slug"),
        **{name: getattr(text, name) for name in ("title", "summary", "overview")},
    }
    differs = is_new or hub_file(hub_text(hub)) != hub_file(text)
    if reason := reason_to_skip(hub, differs, overwrite):
        report.add(SKIPPED, page.path, reason=reason)
        return hub
    save(hub, wanted, page)
    refuse(page, page.body_line, rendering.render(text.overview))
    write_lines(hub.responsibilities, text.responsibilities, page)
    write_lines(hub.facts, text.facts, page)
    report.add(MADE if is_new else CHANGED, page.path, reason=go_live(hub, day) if is_new else WAITS)
    return hub


def import_article(
    hub: Hub, page: Page, text: ArticleText, report: Report, entered_at: datetime | None, *, overwrite: bool
) -> None:
    own = Article.objects.select_for_update().filter(hub=hub, slug=text.slug)
    article = own.first() or Article(hub=hub, slug=text.slug, updated_at=entered_at or timezone.now())
    is_new = article.pk is None
    topic, *also = [find(Topic, page, "topics", slug, by="slug") for slug in text.topics]
    wanted = {
        "category": find(Category, page, "category", text.category, by="name"),
        "topic": topic,
        **{name: getattr(text, name) for name in ("title", "summary", "body")},
    }
    refuse_other_day(article, page, text.published_on)
    differs = is_new or is_different(article, text)
    too_soon = too_soon_after(hub, text.published_on) if is_new and entered_at is None else ""
    if reason := reason_to_skip(article, differs, overwrite) or too_soon:
        report.add(SKIPPED, page.path, reason=reason)
        return
    save(article, wanted, page)
    article.also.set(also)
    if text.published_on:
        refuse(page, page.body_line, rendering.render(text.body))
    reason = go_live(article, text.published_on, entered_at) if is_new else WAITS
    report.add(MADE if is_new else CHANGED, page.path, reason=reason)


def begun(hub: Hub) -> datetime | None:
    """When the hub's first version was made; None while it has none."""
    first: datetime | None = hub.versions.filter(number=1).values_list("created_at", flat=True).first()
    return first


def too_soon_after(hub: Hub, day: date | None) -> str:
    """Why a new text with this day has to wait, empty if it need not: it would count as brought with its hub."""
    began = begun(hub)
    if began is None or day is None or began + IMPORT_TOOK < timezone.now() or midnight(day) > timezone.now():
        return ""
    return f"its hub was published minutes ago; import it again after {began + IMPORT_TOOK:%H:%M:%S} UTC"


def find(model: type[Any], page: Page, key: str, value: str, *, by: str) -> Any:
    """The row that a file names. Raises ContentError with what could be meant."""
    if row := model.objects.filter(**{by: value}).first():
        return row
    known = sorted(model.objects.values_list(by, flat=True))
    raise page.error(key, f"{key}: “{value}” is unknown. Use one of: {', '.join(known)}.")


def is_different(article: Article, text: ArticleText) -> bool:
    """An export would not write this file; its date is not part of the working copy."""
    stored = replace(article_text(article), published_on=text.published_on)
    return article_file(stored) != article_file(text)


def refuse_other_day(article: Article, page: Page, day: date | None) -> None:
    moment = first_moment(article) if article.pk else None
    if moment and day and moment.date() != day:
        known = moment.date().isoformat()
        raise page.error("date", f"It was first published on {known}, and a published date stays. Write date: {known}.")


def reason_to_skip(document: Document, differs: bool, overwrite: bool) -> str:
    if not differs:
        return UNCHANGED
    return EDITED if document.pk and is_edited(document) and not overwrite else ""


def is_edited(document: Document) -> bool:
    """The working copy holds a person's text that no version has; an import signs its own with nobody."""
    last = document.versions.order_by("number").last()
    return document.updated_by_id is not None and (last is None or document.updated_at > last.created_at)


def save(document: Hub | Article, wanted: dict[str, Any], page: Page) -> None:
    """Store the working copy as an edit that nobody signed. Raises ContentError."""
    for name, value in wanted.items():
        setattr(document, name, value)
    is_new = document.pk is None
    try:
        document.full_clean()
    except ValidationError as error:
        raise page.error(line_key(error), f"{reference.said(error)} Correct this file.") from error
    document.save()
    if not is_new:
        document.changed(by=None)


def line_key(error: ValidationError) -> str:
    """The key of the file that holds the first field in error."""
    field = next(iter(error.message_dict))
    return {"overview": "body", "topic": "topics"}.get(field, field)


def write_lines(parts: Any, rows: list[tuple[str, str]], page: Page) -> None:
    """Replace the parts of a hub. Raises ContentError."""
    parts.all().delete()
    for position, (label, text) in enumerate(rows, start=1):
        part = parts.model(hub=parts.instance, position=position, label=label, text=text)
        try:
            part.full_clean()
        except ValidationError as error:
            raise page.error("body", f"{label}: {reference.said(error)} Correct this file.") from error
        part.save()
        refuse(page, line_of(page, text), rendering.render_line(text))


def refuse(page: Page, line: int, text: rendering.Text) -> None:
    """Raises ContentError for what keeps the text from being published; `line` is where it begins in the file."""
    for finding in refusals(text):
        raise ContentError(page.path, line + finding.line - 1, finding.words)


def line_of(page: Page, text: str) -> int:
    """The line of the file on which the text of a part stands."""
    lines = enumerate(page.body.split("\n"), start=page.body_line)
    return max(number for number, line in lines if line.startswith(": ") and line[2:].strip() == text)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def go_live(document: Hub | Article, day: date | None, entered_at: datetime | None = None) -> str:
    """Publish the first version for the day, at midnight UTC; without one it stays a working copy. Says which."""
    if day is None:
        return WAITS
    version = document.publish(by=None, live_from=midnight(day), is_import=True, entered_at=entered_at)
    return f"live from {version.live_from:%-d %B %Y}"
