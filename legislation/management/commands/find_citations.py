import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from legislation import register
from legislation.citations import Citation, Register, find

ABOUT = """
Read texts from standard input, one JSON object a line, and write the legal citations in each:

in   {"id": "a", "text": "See Article 22 MDR."}
out  {"id": "a", "citations": [{"start": 4, "end": 18, "instrument": "MDR", "provisions": ["art_22"], "valid": true}]}

Start and end count code points. The instrument is null when it is not known which act is meant; valid is false when
the act has no such provision. Acts, their names and how far they go are those of the register in the database.
"""


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def handle(self, **options: Any) -> None:
        known = register.current()
        if not known.acts:
            raise CommandError("The register of law is empty. Load it with: manage.py import_content")
        refused = 0
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if not line.strip():
                continue
            try:
                self.stdout.write(answer(line, known))
                self.stdout.flush()
            except ValueError as error:
                refused += 1
                self.stderr.write(f"Line {number}: {error}")
        if refused:
            raise CommandError(f"Not read: {refused} of {number} lines, named above. All others were answered.")


def answer(line: bytes, known: Register) -> str:
    """The line to write for one line read. Raises ValueError with the cure."""
    identity, text = read(line)
    return json.dumps({"id": identity, "citations": [as_row(citation) for citation in find(text, known)]})


def read(line: bytes) -> tuple[str | int, str]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError("A character is not UTF-8. Send UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError('This is not JSON. Write {"id": …, "text": …}.') from error
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int) or not isinstance(row.get("text"), str):
        raise ValueError('An id or a text is missing. Write {"id": "a", "text": "…"}.')
    return row["id"], row["text"]


def as_row(citation: Citation) -> dict[str, Any]:
    return {
        "start": citation.start,
        "end": citation.end,
        "instrument": citation.instrument,
        "provisions": list(citation.provisions),
        "valid": citation.exists,
    }
