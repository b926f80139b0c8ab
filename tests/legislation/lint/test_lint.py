"""What lint finds in a text, and what it leaves alone."""

from datetime import date

import pytest

from legislation.lint import FormerName, advice, lint
from legislation.rendering import render
from tests.factories import make_mdr

pytestmark = pytest.mark.django_db

FORMER = FormerName("Norwegian Medicines Agency", "NoMA", date(2023, 12, 31), "Norwegian Medical Products Agency")


def found(source, top=2):
    return [(finding.line, finding.words) for finding in advice(render(source), top=top, names=[FORMER])]


def is_found(source):
    return bool(found(source))


def test_a_plain_text_has_no_finding():
    assert found("## In short\n\nDMP inspects since 3 March 2026.\n\n### More\n\n[DMP on vigilance](/x)") == []


def test_findings_stand_in_the_order_of_the_text_and_only_what_does_not_exist_is_wrong():
    make_mdr()
    text = render("## A\n\nMDR Article 220.\n\n[here](/x)\n\nRegulation (EU) 2019/4321.\n\n#### Deep")
    lines = [(finding.line, finding.is_wrong) for finding in lint(text, top=2)]
    assert lines == [(3, True), (5, False), (7, False), (9, False)]
    assert str(lint(text, top=2)[0]) == (
        "Line 3: MDR has Articles 1 to 123 and 10a; Article 220 does not exist. "
        "Correct the number, or name another act."
    )


# Obsolete terms


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("the essential requirements", "general safety and performance requirements (MDR Annex I, IVDR Annex I)"),
        ("a MEDDEV", "the MDCG document on the subject"),
        ("an EC declaration of conformity", "EU declaration of conformity (MDR Article 19, IVDR Article 17)"),
        ("the technical\nfile", "technical documentation"),
        ("the competent authority for CE marking", "notified body"),
    ],
)
def test_a_word_of_the_directives_is_found_with_what_to_write(words, cure):
    ((line, said),) = found(f"## A\n\nThe maker keeps {words} ready.")
    assert line == 3
    assert f"Write: {cure}" in said


@pytest.mark.parametrize(
    "source",
    [
        "Directive 93/42/EEC spoke of essential requirements.",
        "Under the MDD these were essential requirements.",
        "The former essential requirements.",
        'Remove wording such as "CE approved" from labels.',
        "The requirement is essential. It is technical, and a file.",
    ],
)
def test_what_speaks_of_the_directives_may_use_their_words(source):
    assert not [each for each in found(source) if "essential requirements”" in each[1] or "CE approved" in each[1]]


def test_the_sentence_before_does_not_excuse():
    assert is_found("Directive 93/42/EEC is repealed. Makers meet the essential requirements.")


# Names


@pytest.mark.parametrize(
    "source", ["The Norwegian Medicines Agency inspects.", "NoMA inspects makers.", "The Norwegian\nMedicines Agency."]
)
def test_a_name_out_of_use_is_found_with_the_name_of_today(source):
    ((_, said),) = found(source)
    assert "was its name until 31 December 2023. Write Norwegian Medical Products Agency, or say" in said


@pytest.mark.parametrize(
    "source",
    [
        "DMP, formerly the Norwegian Medicines Agency, inspects.",
        "Until 31 December 2023 it was the Norwegian Medicines Agency.",
        "The Norwegian Medicines Agency wrote so on 3 May 2021.",
        "NOMA is its English acronym.",
        "The Norwegian Medical Products Agency inspects.",
    ],
)
def test_a_name_of_its_time_is_left_alone(source):
    assert not is_found(source)


# Time


@pytest.mark.parametrize("word", ["currently", "Recently", "now", "at present", "soon", "nowadays"])
def test_a_time_without_a_day_is_found(word):
    ((line, said),) = found(f"## A\n\nFirst.\nThe list is {word} longer.")
    assert (line, said.split("”")[0]) == (4, f"“{word}")


@pytest.mark.parametrize(
    "source",
    ["It is now, as at 3 March 2026, longer.", "Report as soon as possible.", "The knowledge is sooner known."],
)
def test_a_time_with_a_day_is_left_alone(source):
    assert not is_found(source)


def test_a_year_in_a_number_is_no_day():
    assert is_found("Regulation (EU) 2023/607 now applies.")
    assert is_found("MDCG 2021-24 is currently valid.")


# Headings, links and pictures


@pytest.mark.parametrize(
    ("source", "top", "line"), [("## A\n\n#### B", 2, 3), ("### A", 2, 1), ("### A\n\n##### B", 3, 3)]
)
def test_a_skipped_level_is_found(source, top, line):
    ((found_line, said),) = found(source, top)
    assert found_line == line
    assert "skips a level" in said


@pytest.mark.parametrize("source", ["## A\n\n### B\n\n## C\n\n### D\n\n#### E\n\n## F", ""])
def test_levels_may_rise_by_one_and_fall_by_any(source):
    assert found(source) == []


@pytest.mark.parametrize("words", ["here", "Click here", "this link", "read more", "*here*", "here."])
def test_a_link_that_does_not_say_where_it_leads_is_found(words):
    ((line, said),) = found(f"## A\n\nRead it\n[{words}](https://www.dmp.no).")
    assert line == 4
    assert "does not say where it leads" in said


@pytest.mark.parametrize("alt", ["", "describe this image"])
def test_a_picture_without_description_is_found(alt):
    ((line, said),) = found(f"A\n![{alt}](/media/a.webp)")
    assert (line, said) == (2, "The image /media/a.webp has no description. Write one between its square brackets.")


def test_a_described_picture_in_a_link_is_left_alone():
    assert found("[![Map of Norway](/media/a.webp)](https://www.dmp.no)") == []
