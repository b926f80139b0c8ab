"""The recogniser as a command: a line in, a line out, and nothing lost."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_mdr


def run(monkeypatch, *lines: bytes) -> tuple[list[dict], str, str]:
    """The rows written, what was said about lines, and what stopped the command."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines) + b"\n")))
    out, said, stopped = io.StringIO(), io.StringIO(), ""
    try:
        call_command("find_citations", stdout=out, stderr=said, no_color=True)
    except CommandError as error:
        stopped = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], said.getvalue(), stopped


def row(text: str, identity: str | int = "a") -> bytes:
    return json.dumps({"id": identity, "text": text}).encode()


@pytest.mark.django_db
def test_citations_are_written_in_the_order_of_the_lines(monkeypatch):
    make_mdr()
    rows, said, stopped = run(monkeypatch, row("😀 See Article 22 MDR."), b"", row("MDR Article 124", 7), row("None."))
    assert rows == [
        {
            "id": "a",
            "citations": [{"start": 6, "end": 20, "instrument": "MDR", "provisions": ["art_22"], "valid": True}],
        },
        {
            "id": 7,
            "citations": [{"start": 0, "end": 15, "instrument": "MDR", "provisions": ["art_124"], "valid": False}],
        },
        {"id": "a", "citations": []},
    ]
    assert (said, stopped) == ("", "")


@pytest.mark.django_db
def test_an_act_that_nobody_named_is_null(monkeypatch):
    make_mdr()
    (line,), _, _ = run(monkeypatch, row("See Article 5."))
    assert [(each["instrument"], each["provisions"]) for each in line["citations"]] == [(None, ["art_5"])]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "cure"),
    [
        (b"{not json", 'This is not JSON. Write {"id": '),
        (b"[" * 100_000, "This is not JSON."),
        (b'{"id": ' + b"9" * 6000 + b', "text": "x"}', "This is not JSON."),
        (b'{"id": "a", "text": "\xff"}', "A character is not UTF-8. Send UTF-8."),
        (b'["a", "text"]', "An id or a text is missing."),
        (b'{"text": "MDR"}', "An id or a text is missing."),
        (b'{"id": "a", "text": null}', "An id or a text is missing."),
    ],
)
def test_a_bad_line_is_named_and_all_others_are_answered(monkeypatch, bad, cure):
    make_mdr()
    rows, said, stopped = run(monkeypatch, row("MDR", 1), bad, row("MDR", 3))
    assert [line["id"] for line in rows] == [1, 3]
    assert said.startswith("Line 2: ")
    assert cure in said
    assert stopped == "Not read: 1 of 3 lines, named above. All others were answered."


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["MDR \x00 MDR", "MDR \ud800 MDR", "MDR " + "9" * 300, "(" * 5000])
def test_hostile_text_is_answered(monkeypatch, text):
    make_mdr()
    rows, said, stopped = run(monkeypatch, row(text))
    assert len(rows) == 1
    assert (said, stopped) == ("", "")


@pytest.mark.django_db
def test_an_empty_register_says_how_to_load_it(monkeypatch):
    assert run(monkeypatch, row("MDR")) == (
        [],
        "",
        "The register of law is empty. Load it with: manage.py import_content",
    )
