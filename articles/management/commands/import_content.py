import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from articles.content.frontmatter import ContentError
from articles.content.importing import import_folder

ABOUT = """
Import a hub from its folder: hub.md, its articles NN-slug.md, and the reference rows (*.json) in the folder above it.
Everything is written, or nothing: a file that is wrong stops the import and is named with line and cure.

new        A new article is published: version 1 goes live at 00:00 UTC of its date, which may lie ahead; with
           "date: draft" it stays a working copy. A new hub goes live at the date of its oldest article.
changed    A working copy that differs from its file is set to the file. Readers see it when an editor publishes it.
skipped    What is the same already, and every working copy that an editor changed since it was last published;
           --overwrite replaces those too.

Reference rows are set to their files. Nothing is ever deleted: what has no file stays as it is.
"""


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.CONTENT_DIR / "norway"
        parser.add_argument("folder", nargs="?", type=Path, default=default, help="A hub's folder (default: Norway's).")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and write nothing.")
        parser.add_argument("--overwrite", action="store_true", help="Replace what editors changed, too.")

    def handle(self, *args: Any, folder: Path, dry_run: bool, overwrite: bool, verbosity: int, **options: Any) -> None:
        try:
            with transaction.atomic():
                report = import_folder(folder, overwrite=overwrite)
                transaction.set_rollback(dry_run)
        except ContentError as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except IntegrityError as error:
            problem = str(error).partition("\n")[0]
            raise CommandError(f"The database refused a row: {problem}. Nothing was written. Import again.") from error
        if verbosity:
            for line in report.lines:
                self.stdout.write(line)
        self.stdout.write(f"Dry run, nothing was written: {report}" if dry_run else str(report))
