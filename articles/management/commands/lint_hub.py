from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.lint import findings, twins
from articles.models import Article
from regulators import lint as regulators_lint
from regulators.models import Hub


class Command(BaseCommand):
    help = (
        "Read the working copies of a hub and its articles and print what an editor should look at again, as "
        "“slug:line: finding. cure”; lines count from the first of the text, without its front matter. All of it is "
        "advice, and the status is 0, unless a citation does not exist: then it is 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("hub", nargs="?", help="The hub's slug, such as norway.")
        parser.add_argument("--all", action="store_true", help="Every hub.")

    def handle(self, *args: Any, hub: str | None, all: bool, **options: Any) -> None:
        wrong = count = 0
        for each in chosen(hub, every=all):
            for line, is_wrong in lines_of(each):
                self.stdout.write(line)
                wrong, count = wrong + is_wrong, count + 1
        if not count:
            self.stdout.write("Nothing found.")
        if wrong:
            raise CommandError(f"{wrong} {'citation does' if wrong == 1 else 'citations do'} not exist.")


def chosen(slug: str | None, *, every: bool) -> list[Hub]:
    """Raises CommandError with the hubs that there are."""
    hubs = list(Hub.objects.order_by("slug"))
    if every:
        return hubs
    if found := [hub for hub in hubs if hub.slug == slug]:
        return found
    known = ", ".join(hub.slug for hub in hubs) or "none yet; import one first"
    problem = f"No hub is called “{slug}”." if slug else "Name a hub, or --all."
    raise CommandError(f"{problem} There are: {known}.")


def lines_of(hub: Hub) -> Iterator[tuple[str, bool]]:
    """Each finding as a line, and whether it is about something that does not exist."""
    for label, finding in regulators_lint.findings(hub):
        place = f"{hub.slug}, {label}" if label else hub.slug
        yield f"{place}:{finding.line}: {finding.words}", finding.is_wrong
    for article in Article.objects.filter(hub=hub).order_by("pk"):
        for finding in findings(article):
            yield f"{article.slug}:{finding.line}: {finding.words}", finding.is_wrong
        for twin in twins(article):
            yield f"{article.slug}:1: This may duplicate {twin.article.slug}. {twin.words}", False
