import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation.sentences import LONGEST, sentence_at


def around(text, words):
    start = text.index(words)
    return sentence_at(text, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("One. Two MDR three. Four.", "MDR", "Two MDR three."),
        ("One? Two MDR! Four.", "MDR", "Two MDR!"),
        ("Only MDR", "MDR", "Only MDR"),
        ("Regulation (EC) No. 765/2008 of MDR. Next.", "MDR", "Regulation (EC) No. 765/2008 of MDR."),
        ("See e.g. The MDR. Next.", "MDR", "See e.g. The MDR."),
        ("He said “so.” The\nMDR  holds. Next.", "MDR", "The MDR holds."),
        ("Ends with MDR. Next.", "MDR", "Ends with MDR."),
        ("Version 2.0 of MDR. Next.", "MDR", "Version 2.0 of MDR."),
    ],
)
def test_the_sentence_is_the_one_around_the_words(text, words, sentence):
    assert around(text, words) == sentence


def test_a_sentence_without_end_is_cut_between_words():
    sentence = around("word " * 400 + "MDR" + " word" * 400, "MDR")
    assert sentence.startswith("… word ")
    assert sentence.endswith(" word …")
    assert len(sentence) < 2 * LONGEST + 20


@given(st.text("a. (Bé\n?!”", max_size=900), st.integers(0, 900), st.integers(1, 400))
def test_it_is_one_line_of_bounded_length(text, start, length):
    sentence = sentence_at(text, min(start, len(text)), min(start + length, len(text)))
    assert "\n" not in sentence
    assert len(sentence) <= 3 * LONGEST + 4
