import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import links
from articles.models import Link
from elendihub.fetching import Asking, Outcome, ask, ask_all
from elendihub.running import alone


class Command(BaseCommand):
    stealth_options = ("asking",)
    help = (
        "Ask every address that live texts lead out to, and the official sites of regulators, whether it still "
        "answers. Failing on two days makes a link broken. Made to run once a day; each answer is saved as it comes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=positive, help="Ask so many only, those longest unasked first.")

    def handle(self, *args: Any, limit: int | None = None, asking: Asking = ask, **options: Any) -> None:
        with alone(*links.ASKING):
            self.run(limit, asking)

    def run(self, limit: int | None, asking: Asking) -> None:
        links.gather(timezone.now())
        counts = dict.fromkeys(Outcome, 0)
        for answer in ask_all(list(links.chosen(limit)), asking):
            links.record(answer, timezone.now())
            counts[answer.outcome] += 1
        links.tell_regulators(timezone.now())
        broken = Link.objects.broken().with_places()
        for link in broken:
            texts = ", ".join(str(place) for place in link.places.all())
            self.stdout.write(f"Broken: {link.url}: {link.words} In: {texts}.")
        self.stdout.write(
            f"{sum(counts.values())} asked: {counts[Outcome.GOOD]} good, {counts[Outcome.FAILED]} failed, "
            f"{counts[Outcome.UNDECIDED]} undecided. {len(broken)} broken, {Link.objects.doubtful().count()} doubtful, "
            f"{Link.objects.moved().count()} moved."
        )


def positive(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise ValueError
    return int(text)
