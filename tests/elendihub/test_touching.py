"""What no minor edit may touch: found without a database, in time that grows with the text and no faster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub import markdown, prose, touching
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
        "category_id": 1,
        "topics": [{"slug": "a1", "name": "A"}],
        "contents": [{"a": "1"}],
    }
    after = {
        "category_id": 2,
        "topics": [{"slug": "a2", "name": "A"}],
        "contents": [{"a": "2"}],
    }
    assert touched(before, after) == []
    assert touched(before, after | {"topics": [{"slug": "a2", "name": "A 2"}]}) == ["the number “2”"]


@pytest.mark.parametrize(
    "hidden",
    [
        "sh**all**",
        "sh&shy;all",
        "sh\u00adall",
        "s&#8203;hall",
        "sh`all`",
        "sh[all](https://a.example/)",
        "sh&#97;ll",
        *("sh\u034fall", "sh\u3164all", "s\ufe0fhall", "shal&#x115f;l"),
    ],
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


# What readers see

DUTY = "Manufacturers must report within 10 days."
TEXT = f"## Duty\n\nThe rule.\n\n{DUTY}\n\nImporters wait.\n"
# The same words in the same order, of which readers see none, or only those who have pictures read to them.
HIDDEN = [
    f"[^z]: {DUTY}",
    f"[{DUTY}]: https://a.example",
    f"[a]: https://a.example '{DUTY}'",
    f"[a]: https://a.example\n'{DUTY}'",
    f"[a](https://a.example '{DUTY}')",
    f"[](https://a.example '{DUTY}')",
    f"![{DUTY}](https://a.example/b.webp)",
    f"![a](https://a.example/b.webp '{DUTY}')",
    f"``` {DUTY}\na\n```",
    f"~~~ {DUTY}\n~~~",
    f"| a |\n|---|\n| b | {DUTY} |",
    f"[^z]: ![{DUTY}](https://a.example/b.webp)",
    f"> [{DUTY}]: https://a.example",
    f"- [{DUTY}]: <https://a.example>",
    f"[a]({DUTY.replace(' ', '+')})",
    f"[](/{DUTY.replace(' ', '/')})",
    f"![]({DUTY.replace(' ', '+')})",
    f"[a](mailto:{DUTY.replace(' ', '+')})",
]


def fields(source):
    return {"body": source, "body_html": markdown.render(source).html}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_duty_is_neither_hidden_nor_shown_by_marks_around_it(hidden):
    shown, not_shown = fields(TEXT), fields(TEXT.replace(DUTY, hidden))
    for before, after in ((shown, not_shown), (not_shown, shown)):
        assert {"the word “must”", "the number “10”"} & {*touched(before, after)}


@pytest.mark.parametrize("written", ["m![](/a.webp)ust", "m[](/a)ust", "m[u](</a 'b' href=>)st"])
def test_nor_is_one_shown_in_pieces(written):
    before, after = fields("They report."), fields(f"They {written} report.")
    assert "the word “must”" in touched(before, after)
    assert "the word “must”" in touched(after, before)


@pytest.mark.parametrize("name", ["facts", "responsibilities"])
def test_nor_is_one_in_a_line_of_a_hub(name):
    before, after = (
        {name: [{"label": "Duty", "text": text, "text_html": markdown.render_inline(text)}]}
        for text in (DUTY, f"![{DUTY}](https://a.example/b.webp)")
    )
    assert touched(before, after)
    assert touched(after, before)


def test_a_footnote_with_a_duty_stays_where_it_was_called():
    note = "\n\n[^z]: It must.\n"
    old, new = (fields(text + note) for text in ("They wait.[^z] We go.", "They wait. We go.[^z]"))
    assert touched(old, new) == ["the number “1”"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The role.", "**The** *role*."),
        ("See the guide.", "See [the guide](https://a.example/5/must)."),
        ("- a fee\n- a form", "* a fee\n* a form\n* a copy"),
        ("Term\n: 30 days", "Word\n: 30 days"),
        ("See.[^1]\n\n[^1]: See it. You must.", "See.[^1]\n\n[^1]: Read it. You must."),
        ("| a | b |\n|---|---|\n| 5 | c |", "| d | b |\n|---|:-:|\n| 5 | e |"),
        ("1. a fee\n2. a form", "1. The fee\n2. a copy, too"),
        ("You must report.", "You must\\\nreport."),
        ("## Scope", "### The scope"),
        ("![a](https://a.example/b.webp)", "![c](https://a.example/b.webp)"),
        ("::: note\nYou must.\n:::", "::: warning\nYou must.\n:::"),
        ("::: note Look\nYou must.\n:::", "::: note See\nYou must.\n:::"),
        ("You must &amp; they wait.", "You must & they wait."),
        ("They wait. `code`", "They wait. code"),
    ],
)
def test_words_and_looks_can_change_beside_a_duty(old, new):
    assert touched(fields(f"{old}\n\n{DUTY}"), fields(f"{new}\n\n{DUTY}")) == []


def test_what_is_too_large_to_be_read_is_no_minor_change():
    most = prose.MOST_TAGS // 2
    old, new = ({"body": "", "body_html": "<b>a</b>" * most + word} for word in ("", "a"))
    assert touched(old, new) == [touching.TOO_LARGE]
    assert touched(old, old) == []


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
