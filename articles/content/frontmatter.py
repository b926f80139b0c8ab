"""Text files that begin with `key: value` lines between two `---` and go on in Markdown.

One line a key, no quotes, UTF-8. What is read knows its line, so that an error can name it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FENCE = "---"


class ContentError(ValueError):
    """A file that cannot be imported: `file:line: what is wrong. cure`."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{shown(path)}:{line}: {problem}")


@dataclass(frozen=True)
class Page:
    """A file taken apart; lines count from 1."""

    path: Path
    values: dict[str, str]
    lines: dict[str, int]
    body: str
    body_line: int

    def error(self, key: str, problem: str) -> ContentError:
        """At the line of the key, of the body, or at the first line for what has no line of its own."""
        return ContentError(self.path, self.lines.get(key, self.body_line if key == "body" else 1), problem)


def shown(path: Path) -> str:
    """The path as a person types it: from the current folder when it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path)


def read_text(path: Path) -> str:
    """The file as text with line feeds only. Raises ContentError unless it is UTF-8 that any database can hold."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(path, 1, f"It cannot be read: {error.strerror}. Name a file that is there.") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(path, line, "A character is not UTF-8. Save the file in UTF-8.") from error
    if text.startswith("\ufeff"):
        raise ContentError(path, 1, "It begins with a byte order mark. Save it as UTF-8 without one.")
    if "\x00" in text:
        raise ContentError(path, text.count("\n", 0, text.index("\x00")) + 1, "A NUL character stands here. Remove it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(path: Path, keys: Sequence[str]) -> Page:
    """Take the file apart; it has exactly these keys, each with a value, and a body. Raises ContentError."""
    lines = read_text(path).split("\n")
    if lines[0] != FENCE or FENCE not in lines[1:]:
        raise ContentError(path, 1, "Front matter is missing. Put it between two lines ---.")
    end = lines.index(FENCE, 1)
    page = Page(path, {}, {}, "\n".join(lines[end + 1 :]).strip("\n"), first_filled(lines, end + 1) + 1)
    for number, line in enumerate(lines[1:end], start=2):
        key, _, value = (part.strip() for part in line.partition(":"))
        if not value:
            raise ContentError(path, number, f"“{line}” is not a key with a value. Write it as key: value.")
        if key not in keys:
            raise ContentError(path, number, f"The key {key} is unknown. Use {', '.join(keys)}.")
        if key in page.values:
            raise ContentError(path, number, f"The key {key} stands here twice. Keep one.")
        page.values[key], page.lines[key] = value, number
    for key in keys:
        if key not in page.values:
            raise ContentError(path, end + 1, f"The key {key} is missing. Add a line {key}: … above this one.")
    if not page.body.strip():
        raise ContentError(path, end + 1, "The text is missing. Write it below this line.")
    return page


def first_filled(lines: list[str], start: int) -> int:
    """The index of the first line from `start` on that is not empty, or `start`."""
    return next((index for index in range(start, len(lines)) if lines[index]), start)


def write(values: Mapping[str, str], body: str) -> str:
    """The text of a file that `read` takes apart into the same values and body."""
    head = [f"{key}: {one_line(value)}" for key, value in values.items()]
    return "\n".join([FENCE, *head, FENCE, plain(body), ""])


def one_line(text: str) -> str:
    return " ".join(part.strip() for part in plain(text).split("\n") if part.strip())


def plain(text: str) -> str:
    """Without the carriage returns that a browser's text box brings, nor empty lines around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
