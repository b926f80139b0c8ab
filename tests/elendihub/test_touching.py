"""What no minor edit may touch: found without a database, in time that grows with the text and no faster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub import touching
from elendihub.touching import between, touched


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Wait 1.5 hours", "Wait 15 hours", ["the number “1.5”", "the number “15”"]),
        ("Store at -5 °C", "Store at 5 °C", ["the number “-5”", "the number “5”"]),
        ("Class IIa", "Class IIb", ["the number “IIa”", "the number “IIb”"]),
        ("A fee of 5 %", "A fee of 5 €", ["the number “%”", "the number “€”"]),
        ("You mustn’t wait", "You wait", ["the word “mustn’t”"]),
        ("It Shall apply", "It applies", ["the word “shall”"]),
        ("Two men and 3 boys", "3 boys and Two men", ["the number “Two”", "the number “3”"]),
        ("He shall. She shall not.", "He shall not. She shall.", ["the word “shall”"]),
        ("at least 3 copies", "at most 3 copies", ["the number “3”"]),
        ("shall", "sh\u200ball", ["the word “shall”"]),
    ],
)
def test_what_differs_is_named(old, new, found):
    assert sorted(set(between(old, new))) == sorted(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("Report in 5 days. Then wait.", "Report in 5 days. Now wait."),
        ("You must report.\n\nThey wait.", "You must report.\n\nThen they wait."),
        ("You must report", "**You must** report"),
        ("You must\nreport", "You must report"),
        ("Shall it wait?", "shall it wait?"),
        ("- one thing", "* one thing"),
        ("See https://a.example/5/must", "See https://b.example/6/may"),
    ],
)
def test_what_is_the_same_is_not_touched(old, new):
    assert between(old, new) == []


def test_what_readers_never_read_does_not_count():
    before = {
        "body_html": "<p>1</p>",
        "category_id": 1,
        "topics": [{"slug": "a1", "name": "A"}],
        "contents": [{"a": "1"}],
    }
    after = {
        "body_html": "<p>2</p>",
        "category_id": 2,
        "topics": [{"slug": "a2", "name": "A"}],
        "contents": [{"a": "2"}],
    }
    assert touched(before, after) == []
    assert touched(before, after | {"topics": [{"slug": "a2", "name": "A 2"}]}) == ["the number “2”"]


@pytest.mark.parametrize(
    "hidden",
    ["sh**all**", "sh&shy;all", "sh\u00adall", "s&#8203;hall", "sh`all`", "sh[all](https://a.example/)", "sh&#97;ll"],
)
def test_a_duty_counts_however_it_is_written(hidden):
    assert touched({"body": "You report"}, {"body": f"You {hidden} report"}) == ["the word “shall”"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("See [a](https://a.example/) now", "See [a](https://a.example/)—must now"),
        ("a dozen copies", "a hundred copies"),
        ("the thirteenth", "the fifteenth"),
        ("by Monday", "by Friday"),
        ("report annually", "report monthly"),
        ("a fee &gt; 5", "a fee &lt; 5"),
        ("under point (a)", "under point (b)"),
        ("under point (i)", "under point (ii)"),
        ("it is prohibited", "it is permitted"),
        ("It applies if", "It applies unless"),
    ],
)
def test_what_an_edit_could_slip_past_is_found(old, new):
    assert touched({"body": old}, {"body": new})


def test_another_order_of_citations_counts():
    one, two = ({"instrument": "MDR", "provisions": [label]} for label in ("art_5", "art_6"))
    assert touched({"citations": [one, two]}, {"citations": [two, one]}) == ["a citation"]
    assert touched({"citations": [one]}, {"citations": [one | {"line": 7, "surface": "x"}]}) == []


def test_a_refusal_names_a_few_and_not_a_thousand():
    assert len(touched({"body": ""}, {"body": " ".join(map(str, range(1000)))})) == touching.MOST_NAMED


WORDS = st.sampled_from(
    "the importer must not may shall 5 days March keep . \n | IIa -3 1.5 https://x.example/5 ’".split(" ")
)


@given(st.lists(WORDS).map(" ".join))
def test_a_text_never_differs_from_itself(text):
    assert between(text, text) == []


@given(st.text(), st.text())
def test_any_text_can_be_compared_and_both_ways_find_the_same(one, other):
    assert set(between(one, other)) == set(between(other, one))


@given(st.lists(WORDS).map(" ".join), st.lists(WORDS).map(" ".join))
def test_a_duty_that_is_added_is_always_found(before, after):
    assert between(f"{before} . {after}", f"{before} . you must . {after}") != []


@pytest.mark.parametrize(
    "piece",
    ["a", "1", " ", "\n", "\n ", "must ", "1.", "-", "’", "a’", "https://", "<a ", '<a class="law" ', "|", "1.a"],
)
def test_the_work_grows_with_the_text_and_no_faster(piece, count_steps):
    small, large = (count_steps(piece * (size // len(piece))) for size in (2_000, 20_000))
    assert large <= 12 * small + 1000


@pytest.fixture
def count_steps():
    """Pieces that the text is taken apart into: each is looked at once, and no more pieces than characters."""

    def count(text):
        found = list(touching.PIECE.finditer(text))
        assert len(found) <= len(text)
        assert all(one.end() <= other.start() for one, other in zip(found, found[1:], strict=False))
        return len(list(touching.words(text)))

    return count
