"""Markdown as editors write it; test_hostile_markdown.py has it as others might."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub.anchors import RESERVED_IDS, Heading
from elendihub.markdown import render, render_inline
from tests.reading import Reader

BLOCK = re.compile(r"\s*(</?(?:blockquote|br|caption|dd|div|dl|dt|h\d|hr|li|ol|p|pre|t\w+|ul)\b[^>]*>)\s*")


def flat(html):
    """White space that no reader sees, left out."""
    return re.sub(r"\s+", " ", BLOCK.sub(r"\1", html)).strip()


def ids_of(html):
    return [element.attributes["id"] for element in Reader(html).elements if "id" in element.attributes]


# What the house adds to CommonMark


def test_a_table_has_column_and_row_headers():
    html = flat(render("| Class | Rule |\n|---|--:|\n| IIa | 9 |").html)
    assert '<th scope="col">Class</th><th class="end" scope="col">Rule</th>' in html
    assert '<th scope="row">IIa</th><td class="end">9</td>' in html


def test_a_table_takes_the_caption_written_before_it_and_is_named_by_it():
    html = flat(render("Table: *Classes* and rules\n\n| Class | Rule |\n|---|---|\n| IIa | 9 |").html)
    assert '<caption id="table-1"><em>Classes</em> and rules</caption>' in html
    assert '<div class="scroll" role="region" aria-labelledby="table-1" tabindex="0"><table>' in html
    assert "<p>" not in html


@pytest.mark.parametrize("before", ["", "Words.\n\n", "Table:\n\n", "> Table: not its own\n\n"])
def test_a_table_without_a_caption_is_named_by_its_number(before):
    html = render(f"{before}| Class |\n|---|\n| IIa |\n\n| B |\n|---|\n").html
    assert 'aria-label="Table 1"' in html
    assert 'aria-label="Table 2"' in html
    assert "<caption" not in html


def test_footnotes_lead_there_and_back():
    html = render("Devices[^a] and devices[^a].\n\n[^a]: Annex VIII.").html
    ids = ids_of(html)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert ids == ["ref-1", "ref-1-2", "footnotes", "note-1"]
    assert sorted(targets) == ["note-1", "note-1", "ref-1", "ref-1-2"]


def test_footnotes_stand_in_the_contents_and_not_in_heading_titles():
    rendered = render("## Rules[^a]\n\n[^a]: Annex VIII.")
    assert rendered.contents == [Heading(2, "rules", "Rules"), Heading(2, "footnotes", "Footnotes")]


def test_definition_lists_are_lists_of_terms():
    assert (
        flat(render("UDI\n: Unique device identifier").html) == "<dl><dt>UDI</dt><dd>Unique device identifier</dd></dl>"
    )


@pytest.mark.parametrize(("name", "label"), [("note", "Note"), ("warning", "Warning")])
def test_a_callout_says_what_it_is_in_words(name, label):
    html = flat(render(f"::: {name}\nCheck the *date*.\n:::").html)
    assert html == f'<div class="{name}" role="note"><p><b>{label}</b></p><p>Check the <em>date</em>.</p></div>'


def test_a_callout_may_have_a_title_which_is_plain_text():
    html = flat(render("::: warning <b onclick=x>Dates\nText.\n:::").html)
    assert "<p><b>Warning: &lt;b onclick=x&gt;Dates</b></p>" in html


def test_an_unknown_callout_stays_text():
    assert flat(render("::: danger\nText.\n:::").html) == "<p>::: danger Text. :::</p>"


def test_pasted_bullets_become_list_items():
    expected = "<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul>"
    assert flat(render("• one\n•\u00a0two\n  ◦ three").html) == expected


def test_an_uploaded_image_has_the_size_its_name_tells():
    rendered = render("![A label](/media/label-640x480.png)\n\n![](/media/plain.png)")
    assert 'src="/media/label-640x480.png" alt="A label" width="640" height="480" loading="lazy"' in rendered.html
    assert 'src="/media/plain.png" alt="">' in rendered.html
    assert rendered.images == [("/media/label-640x480.png", "A label"), ("/media/plain.png", "")]


# Headings and their anchors

PARTS = ["## Scope", "## Dates", "### Høring og språk", "## What *changes*"]


def anchors(parts):
    return [heading.anchor for heading in render("\n\n".join(parts)).contents]


def test_anchors_come_from_the_words_of_the_heading():
    assert anchors(PARTS) == ["scope", "dates", "horing-og-sprak", "what-changes"]
    assert anchors(["## 日本", "## !!"]) == ["section", "section-section"]


def test_contents_list_h2_and_h3_with_plain_titles():
    assert render("# T\n\n## A `b` *c*\n\n#### D").contents == [Heading(2, "a-b-c", "A b c")]


@given(st.lists(st.sampled_from(["## New", "### Newer", "## Other words", "Text.", "# Top"]), max_size=6), st.data())
def test_an_anchor_stays_while_other_headings_come_go_and_change(others, data):
    parts = list(PARTS)
    for other in others:
        parts.insert(data.draw(st.integers(0, len(parts))), other)
    assert set(anchors(PARTS)) <= set(anchors(parts))
    parts.remove("## Scope")
    assert set(anchors(PARTS)) - {"scope"} <= set(anchors(parts))


def test_a_repeated_heading_takes_its_parents_words_not_a_number():
    assert anchors(["## MDR", "### Dates", "## IVDR", "### Dates"]) == ["mdr", "dates", "ivdr", "ivdr-dates"]


def test_a_written_anchor_stays_whatever_happens_to_headings_of_equal_words():
    second = "### Dates {#ivdr-last-days}"
    before = anchors(["## MDR", "### Dates", "## IVDR", second])
    assert before == ["mdr", "dates", "ivdr", "ivdr-last-days"]
    assert anchors(["## MDR", "## IVDR", second]) == ["mdr", "ivdr", "ivdr-last-days"]
    assert anchors(["## Other words {#scope}", "## Scope"]) == ["scope", "section-scope"]
    assert anchors(["## Scope", "## Other words {#scope}"]) == ["section-scope", "scope"]


def test_a_written_anchor_is_no_part_of_the_words():
    rendered = render("## What *changes* {#changes-2027}\n\nUnder\n---\n\n### In `code` {#coded} ###")
    assert [(heading.anchor, heading.title) for heading in rendered.contents] == [
        ("changes-2027", "What changes"),
        ("under", "Under"),
        ("coded", "In code"),
    ]
    assert '<h2 id="changes-2027">What <em>changes</em></h2>' in rendered.html
    assert "{#" not in rendered.html


@pytest.mark.parametrize(
    "mark",
    [
        "{#}",
        "{#A}",
        "{#1a}",
        "{#a--b}",
        "{#a b}",
        '{#a"onclick}',
        "{#é}",
        "{#main}",
        "{#note-1}",
        "{#own}",
        "{#" + "a" * 81 + "}",
    ],
)
def test_what_cannot_be_an_anchor_stays_in_sight(mark):
    html = render(f"## First {{#own}}\n\n## Words {mark}").html
    assert mark.replace('"', "&quot;") in html.replace('"onclick', "&quot;onclick")
    assert len(ids_of(html)) == len(set(ids_of(html))) == 2
    assert render("## {#alone}").contents[0].title == "{#alone}"


def test_many_equal_headings_have_anchors_of_their_own():
    found = anchors(["## Dates"] * 50)
    assert len(set(found)) == 50


@pytest.mark.parametrize(
    "title", ["Main", "Contents", "Overview", "Articles", "Footnotes", "Topic", "Note 1", "Table 1"]
)
def test_no_heading_takes_an_anchor_that_the_page_uses_itself(title):
    source = f"## {title}\n\nText[^a].\n\nTable: words\n\n| a |\n|---|\n| b |\n\n[^a]: Words."
    ids = ids_of(render(source).html)
    assert len(ids) == len(set(ids))
    assert not set(anchors([f"## {title}"])) & RESERVED_IDS


# CommonMark, in examples of our own

COMMONMARK = [
    ("plain", "<p>plain</p>"),
    ("two\nlines", "<p>two lines</p>"),
    ("hard  \nbreak", "<p>hard<br>break</p>"),
    ("*a* **b** ***c***", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em></p>"),
    ("snake_case_word", "<p>snake_case_word</p>"),
    ("\\*not\\*", "<p>*not*</p>"),
    ("`a <b>`", "<p><code>a &lt;b&gt;</code></p>"),
    ("``a ` b``", "<p><code>a ` b</code></p>"),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
    ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    ("- a\n  1. b", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
    ("> a\nb", "<blockquote><p>a b</p></blockquote>"),
    ("> > a", "<blockquote><blockquote><p>a</p></blockquote></blockquote>"),
    ("    code\n", "<pre><code>code </code></pre>"),
    ("```py\na < b\n```", '<pre><code class="language-py">a &lt; b </code></pre>'),
    ("~~~\nopen\n", "<pre><code>open </code></pre>"),
    ("***", "<hr>"),
    ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
    ("Title\n---", '<h2 id="title">Title</h2>'),
    ("## Closed ##", '<h2 id="closed">Closed</h2>'),
    ("#hash", "<p>#hash</p>"),
    ("[a](/b 'c')", '<p><a href="/b" title="c">a</a></p>'),
    ("[a][x]\n\n[X]: </b c> (d)", '<p><a href="/b%20c" title="d">a</a></p>'),
    ("[a]\n\n[a]: /b", '<p><a href="/b">a</a></p>'),
    ("[a](<x y", "<p>[a](&lt;x y</p>"),
    (
        "<https://example.org/?a=1&b=2>",
        '<p><a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a></p>',
    ),
    ("<me@example.org>", '<p><a href="mailto:me@example.org">me@example.org</a></p>'),
    ("&copy; &#198; &amp;", "<p>© Æ &amp;</p>"),
    ("<i>no</i>", "<p>&lt;i&gt;no&lt;/i&gt;</p>"),
    ("![a *b*](/c)", '<p><img src="/c" alt="a b"></p>'),
]


@pytest.mark.parametrize(("source", "html"), COMMONMARK)
def test_commonmark_is_kept(source, html):
    assert flat(render(source).html) == html


def test_a_line_has_no_paragraph_around_it():
    assert render_inline("The *agency*, [site](https://example.org)") == (
        'The <em>agency</em>, <a href="https://example.org">site</a>'
    )
