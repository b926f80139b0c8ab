from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import links, watching
from articles.models import SourceText
from elendihub.fetching import Asking, Outcome, ask_all
from elendihub.running import alone

from .check_links import positive


class Command(BaseCommand):
    stealth_options = ("asking",)
    help = (
        "Read the pages that live articles name as their sources, and note which changed, moved or vanished. A person "
        "decides at the desk what follows. Made to run once a day; each finding is saved as it comes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=positive, help="Read so many only, those longest unread first.")

    def handle(self, *args: Any, limit: int | None = None, asking: Asking = watching.reading, **options: Any) -> None:
        with alone(*links.ASKING):
            self.run(limit, asking)

    def run(self, limit: int | None, asking: Asking) -> None:
        named = watching.named(timezone.now())
        chosen = watching.in_turn(named)[:limit]
        unread = 0
        for answer in ask_all(chosen, asking, most_at_once=watching.MOST_AT_ONCE):
            for row in watching.record(answer, named[answer.url], timezone.now()):
                if row.is_waiting:
                    self.stdout.write(f"{row.get_event_display()}: {row.url}")
            if answer.outcome is not Outcome.GOOD:
                unread += 1
                self.stdout.write(f"Not to be had: {answer.url}: {answer.words}")
        found = SourceText.objects
        self.stdout.write(
            f"{len(chosen)} sources read, {unread} of them not to be had. A person has to look at "
            f"{found.waiting().count()}: {found.drifted().count()} changed, {found.moved().count()} moved, "
            f"{found.vanished().count()} vanished, {found.restless().count()} changing by themselves, "
            f"{found.unread().count()} that cannot be watched."
        )
