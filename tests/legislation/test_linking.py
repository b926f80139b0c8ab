"""Where citations become links, and what is known of each."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elendihub import markdown
from legislation import addresses, linking
from legislation.rendering import render, render_line
from tests.factories import make_instrument, make_mdr
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    make_mdr()


def links(html):
    return [(each.text, each.attributes["href"]) for each in Reader(html).elements if "law" in each.attributes.values()]


def found(source):
    return [(each.surface, each.state) for each in render(source).citations]


def words(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


# Links


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("See MDR Article 120(3c).", "/law/mdr/art-120/"),
        ("See Rule 11 of Annex VIII to the MDR.", "/law/mdr/rule-11/"),
        ("See MDR, Annex XIV.", "/law/mdr/anx-xiv/"),
        ("See recital 19 of the MDR.", "/law/mdr/rec-19/"),
        ("See the MDR.", "/law/mdr/"),
        ("See MDR Articles 5 to 7.", "/law/mdr/art-5/"),
    ],
)
def test_a_citation_leads_to_the_page_of_its_provision(source, address):
    assert [link for _, link in links(render(source).html)] == [address]


def test_an_act_without_described_provisions_leads_to_its_own_page():
    make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607", celex="32023R0607")
    html = render("Article 1 of Regulation (EU) 2023/607 changed it.").html
    assert links(html) == [("Article 1 of Regulation (EU) 2023/607", "/law/eu-2023-607/")]


@pytest.mark.parametrize(
    "source",
    [
        "`MDR Article 5`",
        "    MDR Article 5",
        "```\nMDR Article 5\n```",
        "## MDR Article 5",
        "[MDR Article 5](https://example.org)",
        "[*MDR* Article 5](https://example.org)",
        "![MDR Article 5](/media/images/a.webp)",
        "<https://example.org/MDR/Article-5>",
        "https://example.org/MDR",
        "[a]\n\n[a]: https://example.org 'MDR Article 5'",
    ],
)
def test_nothing_is_linked_where_a_link_does_not_belong(source):
    assert links(render(source).html) == []


@pytest.mark.parametrize("source", ["## MDR Article 5", "[MDR Article 5](https://example.org)"])
def test_what_headings_and_links_cite_is_known_all_the_same(source):
    assert found(source) == [("MDR Article 5", "resolved")]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*Article 5 of the MDR*", '<em><a class="law" href="/law/mdr/art-5/">Article 5 of the MDR</a></em>'),
        ("Article 5 of the **MDR**", '<a class="law" href="/law/mdr/art-5/">Article 5 of the <strong>MDR</strong></a>'),
        ("**Article 5** MDR", '<a class="law" href="/law/mdr/art-5/"><strong>Article 5</strong> MDR</a>'),
        ("MDR Article\n5", '<a class="law" href="/law/mdr/art-5/">MDR Article\n5</a>'),
        (
            "Article 5 of the *MDR and more*",
            '<a class="law" href="/law/mdr/art-5/">Article 5 of the </a><em>MDR and more</em>',
        ),
        (
            "*See Article 5* of the MDR",
            '<em>See <a class="law" href="/law/mdr/art-5/">Article 5</a></em> of the MDR',
        ),
    ],
)
def test_a_citation_across_emphasis_and_lines_is_one_link_where_nesting_allows(source, html):
    assert render(source).html == f"<p>{html}</p>\n"
    assert render_line(source).html == html


def test_captions_table_cells_lists_definitions_and_footnotes_are_read():
    source = (
        "Table: Rules of MDR Annex VIII\n\n| Rule | Class |\n| - | - |\n| MDR Article 2 | I |\n\n"
        "- MDR Article 3\n\nTerm\n: MDR Article 4\n\nNote.[^1]\n\n[^1]: MDR Article 6."
    )
    addresses_found = [address.rsplit("/", 2)[1] for _, address in links(render(source).html)]
    assert addresses_found == ["anx-viii", "art-2", "art-3", "art-4", "art-6"]


@pytest.mark.parametrize("source", ["MDR Article 220", "Article 22(9) MDR", "Article 22", "Regulation (EU) 2019/4321"])
def test_what_does_not_exist_or_leads_nowhere_is_not_linked(source):
    assert links(render(f"See {source}.").html) == []


# What is known of each


def test_a_citation_knows_its_place_act_provisions_and_sentence():
    source = "## Head\n\nFirst words. Makers keep\nto MDR Articles 5 and 6(1). Last."
    (citation,) = render(source).citations
    assert (citation.position, citation.line, citation.surface) == (1, 4, "MDR Articles 5 and 6(1)")
    assert (citation.instrument, citation.labels) == ("MDR", ("art_5", "art_6(1)"))
    assert citation.sentence == "Makers keep to MDR Articles 5 and 6(1)."
    assert citation.state == linking.RESOLVED


@pytest.mark.parametrize(
    ("source", "state", "reason"),
    [
        ("MDR Article 220", "missing", "MDR has Articles 1 to 123 and 10a; Article 220 does not exist."),
        ("Article 22(9) of the MDR", "missing", "Article 22 of the MDR has paragraphs 1 to 5; 9 does not exist."),
        ("Article 22", "unresolved", "No act is named near Article 22. Name it: MDR Article 22."),
        ("Regulation (EU) 2019/4321", "unresolved", "EU-2019-4321 is not in the register of law"),
    ],
)
def test_what_leads_nowhere_says_why_and_the_cure(source, state, reason):
    (citation,) = render(f"See {source}.").citations
    assert citation.state == state
    assert citation.reason.startswith(reason)


def test_lines_are_those_of_the_source_in_tables_lists_and_notes():
    source = "One^[MDR Article 1].\n\n| A | B |\n| - | - |\n| a | MDR Article 2 |\n\n- b\n- MDR Article 3\n\n[^n]\n\n"
    source += "[^n]: Note\n    of MDR Article 4"
    assert sorted(each.line for each in render(source).citations) == [1, 5, 8, 13]


def test_a_table_gives_the_whole_row_for_the_sentence():
    (citation,) = render("| A | B |\n| - | - |\n| MDR Article 2 | *terms* |").citations
    assert citation.sentence == "MDR Article 2 · terms"


def test_code_and_pictures_keep_apart_what_is_around_them():
    assert found("MDR `x` Article 5") != [("MDR Article 5", "resolved")]
    assert found("MDR ![](/a.webp) Article 5") != [("MDR Article 5", "resolved")]


def test_an_alias_added_to_the_register_is_known_at_the_next_rendering():
    act = make_instrument(slug="eu-2024-1689", short_name="AI Act", celex="32024R1689")
    assert found("See the Artificial Intelligence Act.") == []
    act.names.create(name="Artificial Intelligence Act")
    assert found("See the Artificial Intelligence Act.") == [("Artificial Intelligence Act", "resolved")]


def test_rendering_asks_two_questions_and_reads_the_register_when_it_changed(django_assert_max_num_queries):
    render("MDR Article 5")
    with django_assert_max_num_queries(2):
        render("MDR Article 5, MDR Article 6 and Article 220 of the MDR.")


# Any text

PIECES = st.sampled_from(
    [
        *("Article 5", "MDR", "Annex VIII", "Rule 11", "of the ", "Articles 5 to 7", "(3c)", "2017/745", "§ 6", "220"),
        *("*", "**", "_", "`", "[", "](https://a.example)", "![", "^[", "]", "[^1]", "\n", "\n\n", "  \n", "\\", "<"),
        *("## ", "- ", "> ", "    ", "| ", "|\n|-|-|\n|", "\u00a0", "&amp;", "æ", "😀", " ", ", ", ". ", "[^1]: "),
    ]
)
SOURCES = st.lists(PIECES, max_size=30).map("".join)
any_text = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@any_text
@given(SOURCES)
def test_words_are_never_changed(source):
    plain, linked = markdown.render(source), render(source)
    assert words(linked.html) == words(plain.html)
    assert linked.contents == plain.contents
    assert re.sub(r'<a class="law"[^>]*>', "<a>", linked.html).count("<a>") == linked.html.count('class="law"')


@any_text
@given(SOURCES)
def test_links_never_stand_in_links_code_or_headings_and_are_closed(source):
    open_tags = []
    for mark, tag, rest in re.findall(r"<(/?)(\w+)([^>]*)>", render(source).html):
        if mark:
            assert open_tags.pop() == tag
        elif tag not in ("br", "hr", "img"):
            if 'class="law"' in rest:
                assert not {"a", "code", "pre", *(f"h{level}" for level in range(1, 7))} & set(open_tags)
            open_tags.append(tag)
    assert open_tags == []


@any_text
@given(SOURCES)
def test_rendering_is_the_same_each_time_and_spans_never_overlap(source):
    law = addresses.current()
    first, again = render(source, law), render(source, law)
    assert (first.html, first.citations) == (again.html, again.citations)
    assert [each.position for each in first.citations] == list(range(1, len(first.citations) + 1))
    ends = {}
    for span in linking.spans_of(list(first.blocks), law):
        assert ends.get(id(span.part), 0) <= span.start < span.end <= len(span.part.seen)
        ends[id(span.part)] = span.end
    lines = source.count("\n") + 1
    assert all(1 <= each.line <= lines for each in first.citations)


@pytest.mark.parametrize("unit", ["Article 1, 2, 3, ", "MDR Article 5 ", "*MDR* Article 5 ", "| MDR Article 5 "])
def test_long_texts_keep_their_citations_small(unit):
    source = unit * (20_000 // len(unit))
    for citation in render(source).citations:
        assert len(citation.surface) <= 300
        assert len(citation.sentence) <= 1_000
