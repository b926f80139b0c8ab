"""What a visitor sends to be checked: read from the request, or refused with the cure."""

import json

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from legislation.checking import MOST_BYTES

TOO_LONG = f"The text is longer than {MOST_BYTES // 1000} KB. Check it in parts."
JSON, PLAIN = "application/json", "text/plain"
EXAMPLE = '{"text": "MDR Article 10"}'


class Refused(Exception):
    """The message tells the cure."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def text_of_form(request: HttpRequest) -> str:
    """The field `text` with line ends as they were typed. Raises Refused where the form itself cannot be read."""
    refuse_oversize(request)
    try:
        return request.POST.get("text", "").replace("\r\n", "\n")
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused("The form cannot be read. Paste the text into the form of this page.") from error


def text_of_body(request: HttpRequest) -> str:
    """Of an API request: a JSON object with "text", or plain text, in UTF-8. Raises Refused."""
    if request.content_type not in (JSON, PLAIN):
        raise Refused(f"Send Content-Type: {JSON} with {EXAMPLE}, or {PLAIN} with the text itself.", 415)
    refuse_oversize(request)
    try:
        body = request.body.decode()
    except UnicodeDecodeError as error:
        raise Refused(f"Byte {error.start} of the body is not UTF-8. Send the body in UTF-8.") from error
    return body if request.content_type == PLAIN else text_of_json(body)


def text_of_json(body: str) -> str:
    cure = f"Send an object such as {EXAMPLE}."
    try:
        data = json.loads(body.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise Refused(f"The body is not JSON: line {error.lineno}, column {error.colno}. {cure}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"The body is JSON that no text is in. {cure}") from error
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise Refused(f"The JSON holds no text. {cure}")
    return text


def refuse_oversize(request: HttpRequest) -> None:
    """Before a byte is read: an upload that large would be written to a temporary file."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    # Encoding for the journey makes a text longer, at most as much as a form may be.
    if not length.isdecimal() or len(length) > 9 or int(length) > 6 * MOST_BYTES + 10_000:
        raise Refused(TOO_LONG, 413)


def refuse_unreadable(text: str) -> None:
    """What cannot be checked as a text at all."""
    if not text.strip():
        raise Refused("There is no text. Paste or send the text to check.")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise Refused(f"{place(text, error.start)} is half a character (a lone surrogate). Remove it.") from error
    if size > MOST_BYTES:
        raise Refused(TOO_LONG, 413)
    if "\x00" in text:
        raise Refused(f"{place(text, text.index(chr(0)))} is a NUL character, which no text holds. Remove it.")


def place(text: str, at: int) -> str:
    before = text[:at]
    return f"Line {before.count(chr(10)) + 1}, column {at - before.rfind(chr(10))}"
