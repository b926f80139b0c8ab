from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.content.exporting import LeftoverError, export_to
from articles.content.frontmatter import shown


class Command(BaseCommand):
    help = (
        "Write the site's content as the files that import_content reads: the reference rows (*.json) and a folder "
        "for each hub. The text written is the working copy, so that no edit is lost; the date is that of first "
        "publication, and “draft” for what is not public or withdrawn. Published versions stay in the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Where to write; fixtures has this form.")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            files = export_to(folder)
        except LeftoverError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}. Name another folder.") from error
        if verbosity:
            for path in files:
                self.stdout.write(shown(path))
        self.stdout.write(f"{len(files)} files written.")
