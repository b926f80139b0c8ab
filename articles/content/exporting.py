"""The working copies of the whole site, written as the files that an import reads."""

from pathlib import Path

from articles.models import Article
from regulators.models import Hub

from . import reference, texts
from .frontmatter import shown
from .working_copies import article_text, first_moment, hub_text


class LeftoverError(ValueError):
    """A file in the folder that this export would not replace, so that the next import would read it too."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} is not one of the exported files. Remove it, or name an empty folder.")


def export_to(folder: Path) -> list[Path]:
    """Write the reference rows and every hub below the folder; returns the files. Raises LeftoverError first."""
    files = {folder / name: reference.dump(name) for name in reference.FILES}
    for hub in Hub.objects.select_related("jurisdiction", "regulator").order_by("slug"):
        files |= {folder / hub.slug / name: text for name, text in hub_files(hub).items()}
        for path in sorted((folder / hub.slug).glob("*.md")):
            if path not in files:
                raise LeftoverError(path)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def hub_files(hub: Hub) -> dict[str, str]:
    """By file name: the hub, then its articles numbered in reading order, drafts last."""
    articles = [article_text(article) for article in in_file_order(hub)]
    named = {f"{number:02}-{text.slug}.md": text for number, text in enumerate(articles, start=1)}
    files = {name: texts.article_file(text) for name, text in named.items()}
    return {texts.HUB_FILE: texts.hub_file(hub_text(hub))} | files


def in_file_order(hub: Hub) -> list[Article]:
    """Newest first, same-day articles as they were made: the order of ArticleVersion.in_reading_order. Drafts last."""
    articles = Article.objects.filter(hub=hub).select_related("category", "topic").order_by("pk")
    moments = {article: moment for article in articles if (moment := first_moment(article))}
    drafts = [article for article in articles if article not in moments]
    return [*sorted(moments, key=moments.__getitem__, reverse=True), *drafts]
