import pickle
import sys
from subprocess import run

import pytest

from legislation.citations import Act, Extent, Register, find
from legislation.citations.eu_numbers import act_number
from legislation.citations.numerals import arabic, between, roman, to_roman

from .register import ACTS, REGISTER


@pytest.mark.parametrize("number", ["1", "123", "10a", "10A"])
def test_an_extent_holds_what_lies_in_it(number):
    assert Extent("1", "123", frozenset({"10a"})).holds(number)


@pytest.mark.parametrize("number", ["0", "124", "10b", "x", "", "9" * 400, "²", "3-1"])
def test_an_extent_holds_nothing_else(number):
    assert not Extent("1", "123", frozenset({"10a"})).holds(number)


def test_roman_and_arabic_numbers_are_compared_by_value():
    assert Extent("I", "XVII").holds("17")
    assert not Extent("I", "XVII").holds("XVIII")


def test_a_register_says_how_far_an_act_goes():
    assert REGISTER.describe("MDR", "article") == "Articles 1 to 123 and 10a"
    assert REGISTER.describe("MDR", "paragraph") == ""
    assert REGISTER.describe("unknown", "article") == ""


def test_a_register_survives_pickling():
    copy = pickle.loads(pickle.dumps(REGISTER))
    assert find("Article 5 of Regulation (EU) 2017/745", copy) == find(
        "Article 5 of Regulation (EU) 2017/745", REGISTER
    )


def test_every_form_of_a_listed_number_is_the_act():
    register = Register([Act("X", "X act", ("Directive 93/42/EEC",))])
    assert [one.instrument for one in find("93/42/EEC, Council Directive 93/42/EEC", register)] == ["X", "X"]


def test_an_empty_register_still_knows_numbers():
    assert [one.instrument for one in find("Regulation (EU) 2017/745 and ISO 13485", Register([]))] == [
        "EU-2017-745",
        "ISO-13485",
    ]


@pytest.mark.parametrize("name", ["", " ", "93/42", "2017/745 and more", "9" * 400 + "/2"])
def test_other_names_are_no_numbers(name):
    assert name == "93/42" or act_number(name) is None


def test_roman_numbers_are_read_in_their_correct_spelling_only():
    assert [roman(to_roman(number)) for number in range(1, 90)] == list(range(1, 90))
    assert [roman(text) for text in ("IIII", "IC", "VX", "", "ABC")] == [None] * 5


def test_ranges_know_their_steps():
    assert between("3", "3c") == ("3a", "3b", "3c")
    assert between("3a", "4") == ("4",)
    assert between("a", "d") == ("b", "c", "d")
    assert between("i", "iv") == ("ii", "iii", "iv")
    assert between("5", "3") is None
    assert between("1", "9999") is None
    assert arabic("IA") == (1, "a")


def test_the_recogniser_needs_no_framework():
    code = "import sys, legislation.citations; sys.exit('django' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_acts_are_plain_rows():
    assert REGISTER.act("MDR") is ACTS[0]
    assert REGISTER.act("none") is None
