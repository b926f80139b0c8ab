"""What readers have of a text, as words to compare: all of them, and nothing that only a screen or a parser needs."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub import comparison, markdown, prose
from legislation import rendering
from tests import factories

MARKS = st.sampled_from(
    [
        *("# a\n", "## b\n", "- c\n", "  - d\n", "3. e\n", "> f\n", "\n", "g", " ", "\u00a0", "*", "**", "`"),
        *("[h](https://i.no/a)", "[j](#k)", "![l](/m.png)", "[^1]", "\n\n[^1]: n\n", "    o\n", "```\np\n```\n"),
        *("\n| q | r |\n|---|--:|\n| s | t |\n", "\nTable: u\n", "\n::: note v\nw\n:::\n", "\nx\n: y\n", "\\\n"),
        *("&amp;", "&lt;b>", "<i>", "***\n", "z&nbsp;z", "å", "<https://æ.no>"),
    ]
)
SOURCES = st.lists(MARKS, max_size=30).map("".join) | st.text(max_size=60)


class Letters(HTMLParser):
    """All that stands between tags, but for the ways back from footnotes."""

    def __init__(self, html):
        super().__init__()
        self.found, self.is_way_back = "", False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.is_way_back = dict(attrs).get("aria-label", "").startswith("Back to the text")

    def handle_endtag(self, tag):
        self.is_way_back = False

    def handle_data(self, data):
        self.found += "" if self.is_way_back else "".join(data.split())


def words(source):
    return prose.read(markdown.render(source).html).words


def is_within(letters, text):
    """The letters are in the text in this order, with others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


@given(SOURCES)
def test_no_letter_that_readers_see_is_lost(source):
    html = markdown.render(source).html
    assert is_within(Letters(html).found, prose.read(html).words)


@given(st.text("ab <>/&;\"'=!-\n", max_size=80) | st.text(max_size=80))
def test_any_html_is_read_to_its_end(html):
    prose.read(html)


@given(SOURCES, SOURCES)
def test_a_comparison_of_it_holds_both_texts_to_the_letter(old, new):
    one, other = (prose.read(markdown.render(source).html) for source in (old, new))
    pieces = [piece for passage in comparison.passages(one, other) for piece in passage.pieces]
    assert "".join(piece.text for piece in pieces if piece.state != comparison.INSERTED) == one.words
    assert "".join(piece.text for piece in pieces if piece.state != comparison.REMOVED) == other.words


@given(SOURCES)
def test_a_text_is_set_like_itself(source):
    text = prose.read(markdown.render(source).html)
    assert all(passage.is_set_alike for passage in comparison.passages(text, text))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("One *two* **three** `four`.\nFive.", "One two three four. Five."),
        ("## Scope {#scope}\n\nAll.", "Scope\n\nAll."),
        ("One\\\ntwo", "One\ntwo"),
        ("- one\n- two\n  - three\n\n    four\n- five", "• one\n\n• two\n\n◦ three\n\nfour\n\n• five"),
        ("3. one\n4. two", "3. one\n\n4. two"),
        ("> said", "said"),
        ("Table: Dates\n\n| A | B |\n|---|---|\n| c |  |\n|  | d |", "Dates\n\nA | B\n\nc | \n\n | d"),
        ("Term\n: What it means.\n: And more.", "Term\nWhat it means.\n\nAnd more."),
        ("::: warning Dates\nOne.\n\nTwo.\n:::", "Warning: Dates\nOne.\n\nTwo."),
        ("One[^1]. Two[^1].\n\n[^1]: A *note*.", "One[1]. Two[1].\n\nFootnotes\n\n[1] A note."),
        ("![A label](/a.png) ![](/b.png)", "[Picture: A label] [Picture]"),
        ("[DMP](https://dmp.no/en), [here](/law/), [above](#a).", "DMP (https://dmp.no/en), here (/law/), above."),
        ("<https://dmp.no/å> [a@b.no](mailto:a@b.no)", "https://dmp.no/å a@b.no"),
        ("&lt;b&gt; &amp; 5&nbsp;mm", "<b> & 5\u00a0mm"),
        ("    a  b\n\n    c", "a  b\n\nc"),
        ("[](https://dmp.no)", "(https://dmp.no)"),
        ("", ""),
    ],
)
def test_a_text_reads_as_its_page_does(source, expected):
    assert words(source).removesuffix("\n\n") == expected


@pytest.mark.django_db
def test_links_that_the_site_makes_show_their_words_alone():
    factories.make_mdr()
    html = rendering.render("See MDR Article 120.").html
    assert 'class="law"' in html
    assert prose.read(html).words == "See MDR Article 120.\n\n"


def test_headings_are_known_by_their_place():
    text = prose.read(markdown.render("One.\n\n## Until *when*\n\n- Two.").html)
    assert text.headings == ((6, "Until when"),)
    assert text.titles(0, 6) == []
    assert text.titles(6, len(text.words)) == ["Until when"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A *word*.", "A **word**."),
        ("A *word* or two.", "A word *or* two."),
        ("## Scope", "### Scope"),
        ("![A](/a.png)", "![A](/b.png)"),
        ("| A |\n|---|\n| b |", "| A |\n|--:|\n| b |"),
        ("[a](#b)", "[a](#c)"),
        ("[a b](#c)", "[a](#c) b"),
        ("Said.", "> Said."),
        ("One.\n\nTwo.", "One.\n\n***\n\nTwo."),
    ],
)
def test_what_is_set_otherwise_has_the_same_words_and_another_setting(old, new):
    one, other = (prose.read(markdown.render(source).html) for source in (old, new))
    assert one.words == other.words
    assert one.settings != other.settings


@pytest.mark.parametrize(
    ("old", "new"), [("A *word*.", "A _word_."), ("One\ntwo.", "One two."), ("## A {#b}", "## A"), ("A\n===", "# A")]
)
def test_what_only_its_author_sees_is_no_difference(old, new):
    assert prose.read(markdown.render(old).html) == prose.read(markdown.render(new).html)
